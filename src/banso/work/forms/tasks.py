"""Forms of the work room."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from banso.core.models import Membership
from banso.customers.queries import people_of
from banso.work.models import CallKind

MOST_NOTE = 4000


class TaskForm(forms.Form):
    title = forms.CharField(label=_("What is to be done"), max_length=200)
    due_on = forms.DateField(
        label=_("Due"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


class ContactField(forms.TypedChoiceField):
    """Whom of a customer's people it is about."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("About whom"), required=False, coerce=UUID, empty_value=None, **kwargs
        )

    def offer(self, customer_id: UUID | None) -> None:
        """The customer's people are the choices; nobody where there is no customer."""
        people = people_of(customer_id) if customer_id else []
        told = [(str(one.pk), f"{one.name} {one.title}".strip()) for one in people]
        self.choices = [("", _("Nobody in particular")), *told]


class CustomerTaskForm(TaskForm):
    """A task about a customer, and perhaps about one of its people."""

    contact_id = ContactField()

    def __init__(self, *args: Any, customer_id: UUID | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["contact_id"]
        field.offer(customer_id)


class CallForm(forms.Form):
    """`since` may be left out: today."""

    kind = forms.ChoiceField(label=_("Kind"), choices=CallKind.choices)
    since = forms.DateField(
        label=_("Since"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=MOST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class EditTaskForm(CustomerTaskForm):
    """As CustomerTaskForm, and who does it. A coded task keeps its own words when the title is empty."""

    title = forms.CharField(label=_("What is to be done"), max_length=200, required=False)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=MOST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    owner_id = forms.TypedChoiceField(
        label=_("Done by"), required=False, choices=[], empty_value=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Membership.objects.select_related("person").order_by("person__name_reading")
        chosen = [(str(one.person_id), one.person.name) for one in people]
        self.fields["owner_id"].choices = [("", _("Nobody")), *chosen]  # type: ignore[attr-defined]
        if kwargs["customer_id"] is None:
            del self.fields["contact_id"]
