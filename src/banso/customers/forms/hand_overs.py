"""The form of a hand-over (担当変更)."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.customers.forms.fields import DayField, PersonField, RoomForm
from banso.customers.hand_overs import LONGEST_LINE, LONGEST_NOTE, MOST_LINES

LONGEST_LIST = MOST_LINES * (LONGEST_LINE + 1)


def _lines(label: Any, words: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 5})
    return forms.CharField(
        label=label, required=False, max_length=LONGEST_LIST, widget=area, help_text=words
    )


class HandOverForm(RoomForm):
    """`values` after is_valid is what plan_hand_over takes."""

    new_owner = PersonField(label=gettext_lazy("New main owner"))
    on = DayField(
        label=gettext_lazy("From which day"),
        help_text=gettext_lazy("A day to come: it happens by itself when that day begins."),
    )
    note = forms.CharField(
        label=gettext_lazy("Hand-over note"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("Stands on each customer's page, and in the tasks."),
    )
    list_for_old = _lines(
        gettext_lazy("Check list of the former owner"),
        gettext_lazy("One task a line, due on the day."),
    )
    list_for_new = _lines(
        gettext_lazy("Check list of the new owner"),
        gettext_lazy("One task a line, due a week after the day."),
    )
    passes_tasks = forms.BooleanField(
        label=gettext_lazy("Open tasks and calls to action about these customers pass on, too"),
        required=False,
    )

    asked_as = {"main_owner": "new_owner"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_owner"].empty_label = _("Choose a person")  # type: ignore[attr-defined]

    @staticmethod
    def usual(today: date) -> dict[str, Any]:
        """What stands in a fresh form."""
        old = [
            _("Write down what is promised and what is open"),
            _("Tell the customers of the change"),
        ]
        new = [
            _("Read the last activities of each customer"),
            _("Introduce myself to each customer"),
        ]
        lists = {"list_for_old": "\n".join(old), "list_for_new": "\n".join(new)}
        return {"on": today, "passes_tasks": True, **lists}

    def values(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        owner = given.pop("new_owner")
        lists = {name: given[name].splitlines() for name in ("list_for_old", "list_for_new")}
        return {**given, **lists, "new_owner_id": owner.pk}
