"""Forms about activities: writing one down, correcting it, asking for some."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from banso.core.errors import Refused
from banso.core.models import Membership, Person
from banso.core.query_form import QueryForm
from banso.core.scope import current_workspace
from banso.customers.models import Customer, Presence
from banso.customers.queries import people_of
from banso.work.models import Activity, ActivityKind, Mood
from banso.work.queries import Asked
from banso.work.services import NextStep
from banso.work.services.activity_checks import LONGEST

MOMENT = "%Y-%m-%dT%H:%M"
SIDES = ("contact_ids", "member_ids")


class PastedField(forms.CharField):
    """A long text, kept as it was pasted; only line ends are what we store everywhere."""

    def __init__(self, *, rows: int, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(strip=False, required=False, widget=widget, **kwargs)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


class PeopleField(forms.TypedMultipleChoiceField):
    """People by id, as boxes to tick."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=UUID, required=False, widget=forms.CheckboxSelectMultiple, **kwargs)


class DayInput(forms.DateInput):
    input_type = "date"


class ActivityForm(forms.Form):
    """A new activity of a customer, or what stands in `activity`, whose people remain choices."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ActivityKind.choices)
    happened_at = forms.DateTimeField(
        label=_("When"),
        input_formats=[MOMENT, "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(format=MOMENT, attrs={"type": "datetime-local"}),
    )
    title = forms.CharField(label=_("What it was about"), max_length=LONGEST["title"])
    body = PastedField(label=_("What was said"), rows=7, max_length=LONGEST["body"])
    decisions = PastedField(label=_("Decisions"), rows=2, max_length=LONGEST["decisions"])
    contact_ids = PeopleField(label=_("Their people"))
    member_ids = PeopleField(label=_("Our people"))
    mood = forms.ChoiceField(
        label=_("Mood"), choices=[("", _("Not noted")), *Mood.choices], required=False
    )
    next_step = forms.CharField(label=_("Next step"), max_length=200, required=False)
    next_step_on = forms.DateField(label=_("Due"), required=False, widget=DayInput)
    next_step_by = forms.TypedChoiceField(
        label=_("Done by"), required=False, coerce=UUID, empty_value=None
    )

    def __init__(
        self, *args: Any, customer: Customer, activity: Activity | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        ours, theirs = _members(activity), _contacts(customer, activity)
        chosen: Any = self.fields
        chosen["member_ids"].choices, chosen["contact_ids"].choices = ours, theirs
        chosen["next_step_by"].choices = [("", _("Nobody")), *_members(None)]
        for name in LONGEST.keys() | {"kind", "happened_at", "mood", *SIDES}:
            chosen[name].show_hidden_initial = activity is not None

    def seen(self) -> SafeString:
        """Hidden inputs with the values as they were when the page was made."""
        shown = [one.as_hidden(only_initial=True) for one in self if one.field.show_hidden_initial]
        return mark_safe("".join(shown))  # noqa: S308 (Django's own widgets)

    def values(self, names: Iterable[str] | None = None) -> dict[str, Any]:
        """What `log_activity` and `edit_activity` take; of these names alone, where given."""
        own = self.fields.keys() - {"next_step", "next_step_on", "next_step_by"}
        wanted = own if names is None else own & set(names)
        return {name: self.cleaned_data[name] for name in sorted(wanted)}

    def step(self) -> NextStep | None:
        data = self.cleaned_data
        if not data["next_step"]:
            return None
        return NextStep(data["next_step"], data["next_step_on"], data["next_step_by"])

    def refuse(self, refusal: Refused) -> None:
        """The service's refusal, at the field it is about."""
        known = refusal.field if refusal.field in self.fields else None
        self.add_error(known, str(refusal.message))


class AskedForm(QueryForm):
    """Which activities a list shows."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All kinds")), *ActivityKind.choices]
    )
    mood = forms.ChoiceField(
        label=_("Mood"), required=False, choices=[("", _("All moods")), *Mood.choices]
    )
    member = forms.TypedChoiceField(
        label=_("Our people"), required=False, coerce=UUID, empty_value=None
    )
    since = forms.DateField(
        label=pgettext_lazy("first day", "From"), required=False, widget=DayInput
    )
    until = forms.DateField(label=_("Until"), required=False, widget=DayInput)
    customer = forms.UUIDField(required=False, widget=forms.HiddenInput)
    contact = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        member: Any = self.fields["member"]
        member.choices = [("", _("Everybody of ours")), *_members(None)]

    def asked(self) -> Asked:
        """Refused in words for what cannot be asked."""
        data = self.said()
        return Asked(
            words=data["q"],
            customer_id=data["customer"],
            kind=data["kind"],
            mood=data["mood"],
            member_id=data["member"],
            contact_id=data["contact"],
            since=data["since"],
            until=data["until"],
        )


def fresh_values(kind: str, person: Person) -> dict[str, Any]:
    """What a new activity's form begins with: now, on the day it is here, and me."""
    ours = current_workspace()
    clock = timezone.localtime(timezone=ours.tz).time().replace(second=0, microsecond=0)
    return {
        "kind": kind,
        "happened_at": datetime.combine(ours.today(), clock),
        "member_ids": [str(person.pk)],
        "next_step_by": str(person.pk),
    }


def standing_values(activity: Activity, person: Person) -> dict[str, Any]:
    """What stands in the activity."""
    present = list(activity.attendees.all())
    names = ("kind", "happened_at", "title", "body", "decisions", "mood")
    return {
        **{name: getattr(activity, name) for name in names},
        "contact_ids": [str(one.contact_id) for one in present if one.contact_id],
        "member_ids": [str(one.member_id) for one in present if one.member_id],
        "next_step_by": str(person.pk),
    }


def _members(activity: Activity | None) -> list[tuple[str, str]]:
    members = Membership.objects.select_related("person")
    people = {one.person_id: one.person for one in members}
    present = activity.attendees.all() if activity else []
    people |= {one.member_id: one.member for one in present if one.member_id}
    ordered = sorted(people.values(), key=lambda one: (one.name_reading, one.name))
    return [(str(one.pk), one.name or one.email) for one in ordered]


def _contacts(customer: Customer, activity: Activity | None) -> list[tuple[str, str]]:
    """Those in post first, then the others who are known; people of other companies, too."""
    known: dict[Any, Any] = {one.pk: one for one in people_of(customer.pk)}
    present = activity.attendees.all() if activity else []
    known |= {one.contact_id: one.contact for one in present if one.contact_id}
    ordered = sorted(
        known.values(),
        key=lambda one: (one.presence != Presence.HERE, one.name_reading, one.name),
    )
    return [(str(one.pk), f"{one.name} {one.title}".strip()) for one in ordered]
