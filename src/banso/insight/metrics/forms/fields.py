"""Fields of numbers and months, read generously."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.lib.bad_value import BadValue
from banso.lib.money import parse_amount
from banso.lib.text import narrow


class NumberField(forms.CharField):
    """A number as people write it: full-width digits and thousands commas too. Empty is None."""

    wrong = gettext_lazy("Give a number, such as 150.25.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal"}), **kwargs)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return self.read(text)
        except BadValue as error:
            raise forms.ValidationError(self.wrong) from error

    def read(self, text: str) -> Decimal:
        return parse_amount(text)


class PercentField(NumberField):
    """A percentage, with its sign or without, also full-width: 72.5, 80%, ８０％."""

    wrong = gettext_lazy("Give a percentage, such as 72.5 or 80%.")

    def read(self, text: str) -> Decimal:
        return parse_amount(narrow(text).strip().removesuffix("%"))


class MonthField(forms.Field):
    """A month as 2026-04: its first day."""

    widget = forms.TextInput(attrs={"type": "month", "placeholder": "2026-04"})

    def to_python(self, value: Any) -> date | None:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return date.fromisoformat(f"{text[:7]}-01") if len(text) == 7 else _no_month(text)
        except ValueError as error:
            raise forms.ValidationError(_("Write the month as YYYY-MM.")) from error

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%Y-%m}" if isinstance(value, date) else value


def _no_month(text: str) -> date:
    raise ValueError(text)
