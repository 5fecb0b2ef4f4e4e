"""Forms of losses: why something was lost, and the list of reasons."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.customers.forms.fields import DayField, EditForm, RoomForm
from banso.customers.loss_reasons import Reason, reason_labels, reasons_in_use
from banso.customers.models import Loss
from banso.customers.services import NewLoss


class LossFields(RoomForm):
    """Why something was lost: two reasons of the list, words, a competitor, and when they said so."""

    main_reason = forms.ChoiceField(label=gettext_lazy("Main reason"), required=False)
    second_reason = forms.ChoiceField(label=gettext_lazy("Second reason"), required=False)
    noticed_on = DayField(label=gettext_lazy("Day of the notice"), required=False)
    competitor = forms.CharField(
        label=gettext_lazy("Competitor"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Whom they go to, or compare us with."),
    )
    detail = forms.CharField(
        label=gettext_lazy("What they said"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    OF_LOSS = ("main_reason", "second_reason", "noticed_on", "competitor", "detail")

    def __init__(self, *args: Any, standing: Loss | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "—"), *reasons_in_use()]
        if standing:  # what was given once may stay, retired or not
            labels, known = reason_labels(), {code for code, _label in choices}
            given = {standing.main_reason, standing.second_reason} - known
            choices += [(code, labels.get(code, code)) for code in sorted(given)]
        for name in ("main_reason", "second_reason"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def loss(self) -> NewLoss:
        return NewLoss(**{name: self.cleaned_data[name] for name in self.OF_LOSS})


class LossForm(LossFields, EditForm):
    """The reasons of one line of the ledger."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["main_reason"].required = True


def standing_loss(loss: Loss | None) -> dict[str, Any]:
    return {name: getattr(loss, name) for name in LossFields.OF_LOSS} if loss else {}


class LossReasonsForm(RoomForm):
    """The list of reasons: each has its name and whether it can be chosen; more, one a line."""

    added = forms.CharField(
        label=gettext_lazy("More reasons"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One a line."),
    )

    def __init__(self, *args: Any, reasons: list[Reason], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reasons = reasons
        for one in reasons:
            name = forms.CharField(label=str(one.label), max_length=60, required=False)
            used = forms.BooleanField(label=_("Can be chosen"), required=False)
            name.initial, used.initial = str(one.label), not one.is_retired
            self.fields[one.code], self.fields[f"use-{one.code}"] = name, used

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[one.code], self[f"use-{one.code}"]) for one in self.reasons]

    def values(self) -> dict[str, Any]:
        """As `set_loss_reasons` takes it."""
        said = self.cleaned_data
        return {
            "names": {one.code: said[one.code] for one in self.reasons},
            "in_use": [one.code for one in self.reasons if said[f"use-{one.code}"]],
            "added": said["added"].splitlines(),
        }
