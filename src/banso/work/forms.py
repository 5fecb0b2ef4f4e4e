"""Forms of the work room."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from banso.core.models import Membership
from banso.work.models import CallKind

MOST_NOTE = 4000


class TaskForm(forms.Form):
    title = forms.CharField(label=_("What is to be done"), max_length=200)
    due_on = forms.DateField(
        label=_("Due"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


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


class EditTaskForm(TaskForm):
    """As TaskForm, and who does it. A coded task keeps its own words when the title is empty."""

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
