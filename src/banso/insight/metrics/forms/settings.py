"""Forms of what a workspace tells the figures."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.core.scope import current_workspace
from banso.core.workspaces import members
from banso.customers.forms.fields import DayField, RoomForm
from banso.insight.metrics.forms.fields import MonthField, NumberField, PercentField
from banso.insight.metrics.models import KpiRules
from banso.lib.bad_value import BadValue
from banso.lib.money import to_major, to_minor

HUNDRED = Decimal(100)


class RulesForm(RoomForm):
    """How this workspace counts; margin and weight as people say them."""

    grace_days = forms.IntegerField(
        label=gettext_lazy("Grace period (days)"),
        min_value=0,
        max_value=366,
        help_text=gettext_lazy(
            "A customer whose contract begins again within so many days does not count as churned."
        ),
    )
    reversal_days = forms.IntegerField(
        label=gettext_lazy("Reversal of an upsell (days)"),
        min_value=0,
        max_value=366,
        help_text=gettext_lazy("An upsell that is taken back within so many days does not count."),
    )
    gross_margin = PercentField(
        label=gettext_lazy("Gross margin (%)"),
        required=False,
        help_text=gettext_lazy(
            "The share of revenue that is left after the cost of providing the service. "
            "While it is empty, lifetime values are of revenue."
        ),
    )
    sub_owner_weight = NumberField(
        label=gettext_lazy("Weight of a sub owner"),
        help_text=gettext_lazy(
            "What a customer counts for its sub owner, where it counts 1 for its main owner."
        ),
    )

    def values(self) -> dict[str, Any]:
        """As `set_rules` takes them."""
        margin = self.cleaned_data["gross_margin"]
        return {**self.cleaned_data, "gross_margin": None if margin is None else margin / HUNDRED}

    def clean_gross_margin(self) -> Decimal | None:
        margin: Decimal | None = self.cleaned_data["gross_margin"]
        if margin is not None and not 0 <= margin <= HUNDRED:
            raise forms.ValidationError(_("Give a percentage from 0 to 100."))
        return margin


def standing_rules(rules: KpiRules) -> dict[str, Any]:
    """What the form shows of them."""
    margin = rules.gross_margin
    return {
        "grace_days": rules.grace_days,
        "reversal_days": rules.reversal_days,
        "gross_margin": "" if margin is None else _plain(margin * HUNDRED),
        "sub_owner_weight": _plain(rules.sub_owner_weight),
    }


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class RateForm(RoomForm):
    """A new exchange rate."""

    currency = forms.CharField(
        label=gettext_lazy(
            "Currency"
        ),  # of any length: browsers would cut XXX1 to a code that is known
        help_text=gettext_lazy("Its code, such as USD."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "size": 4}),
    )
    on = DayField(
        label=gettext_lazy("Counts from"),
        help_text=gettext_lazy("It counts until the day of the next rate."),
    )
    rate = NumberField(label=gettext_lazy("Rate"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = _("How many %(currency)s one unit of it is worth.")
        self.fields["rate"].help_text = words % {"currency": current_workspace().currency}


class CorrectionForm(RoomForm):
    """Another rate of the same currency and day."""

    rate = NumberField(label=gettext_lazy("Rate"))


class CostsForm(RoomForm):
    """What winning customers cost in each of these months, in the workspace's currency."""

    def __init__(self, *args: Any, months: Sequence[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.months = {f"cost-{month:%Y-%m}": month for month in months}
        for name, month in self.months.items():
            self.fields[name] = forms.CharField(
                label=f"{month:%Y/%m}",
                required=False,
                max_length=40,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "num"}),
            )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for name in self.months:
            try:
                said[name] = (
                    to_minor(said[name], current_workspace().currency) if said.get(name) else None
                )
            except BadValue as error:
                self.add_error(name, _amount_words(error))
        return said

    def amounts(self) -> dict[date, int | None]:
        """As `set_costs` takes them."""
        return {month: self.cleaned_data[name] for name, month in self.months.items()}


def _amount_words(error: BadValue) -> str:
    if error.code == "too_many_decimals":
        return _("The currency does not have this many decimals.")
    return _("Write an amount, such as 1,200,000.")


def standing_costs(costs: dict[date, int | None]) -> dict[str, Any]:
    """What the form shows of them."""
    own = current_workspace().currency
    return {
        f"cost-{month:%Y-%m}": f"{to_major(amount, own):,}"
        for month, amount in costs.items()
        if amount is not None
    }


class FteForm(RoomForm):
    """How much of a post one of us gives to customers, from a month on."""

    asked_as: ClassVar[dict[str, str]] = {"person_id": "person"}

    person = forms.TypedChoiceField(label=gettext_lazy("Who"), choices=[], coerce=UUID)
    since = MonthField(label=gettext_lazy("From the month"))
    fte = NumberField(
        label=gettext_lazy("FTE"),
        help_text=gettext_lazy("1 is a full-time post for customers, 0.5 half of one."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [(str(one.person_id), one.person.name) for one in members()]
        self.fields["person"].choices = listed  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """As `set_fte` takes them."""
        said = self.cleaned_data
        return {"person_id": said["person"], "since": said["since"], "fte": said["fte"]}
