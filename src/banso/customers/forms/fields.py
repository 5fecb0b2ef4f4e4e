"""Fields that read what people type: days, whole numbers, amounts, people, companies."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, ClassVar

from babel import Locale
from django import forms
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.models import Membership, Person
from banso.customers.forms.overtaking import is_overtaken, overtaken_words, standing_input
from banso.customers.models import Customer
from banso.lib.bad_value import BadValue
from banso.lib.cells import parse_int
from banso.lib.dates import parse_date
from banso.lib.money import to_minor
from banso.lib.names import fold_company
from banso.lib.text import has_forbidden

Words = str | Promise
MOST_NAMED = 2
NO_STATES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}  # groups and tests in Unicode's list


class DayField(forms.DateField):
    """A day: from the browser's calendar, or written as 2026/4/1 or 令和8年4月1日."""

    widget = forms.DateInput(
        format="%Y-%m-%d", attrs={"type": "date", "min": "1900-01-01", "max": "2999-12-31"}
    )

    def to_python(self, value: Any) -> date | None:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        try:
            return parse_date(value, "ymd")
        except BadValue as error:
            raise forms.ValidationError(_("Write the date as YYYY-MM-DD.")) from error


class WholeField(forms.CharField):
    """A whole number, full-width digits and thousands commas too. Empty is None."""

    def __init__(self, *, most: int = 2**31 - 1, least: int = 0, **kwargs: Any) -> None:
        self.most, self.least = most, least
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "numeric"}), **kwargs)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return parse_int(text, minimum=self.least, maximum=self.most)
        except BadValue as error:
            raise forms.ValidationError(self._words(error)) from error

    def _words(self, error: BadValue) -> str:
        if error.code not in {"too_small", "too_large"}:
            return _("Give a whole number.")
        words = _("Give a whole number from %(least)s to %(most)s.")
        return words % {"least": f"{self.least:,}", "most": f"{self.most:,}"}


class AmountField(forms.CharField):
    """Money as people write it (「１，２００，０００円」); `in_minor` makes minor units of it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal"}), **kwargs)


AMOUNT_WORDS: dict[str, Words] = {
    "too_many_decimals": gettext_lazy("The currency does not have this many decimals."),
    "other_currency": gettext_lazy("The sign is of another currency than the contract's."),
    "too_many_digits": gettext_lazy("The amount is out of range."),
}


def in_minor(text: str, currency: str) -> int:
    """Minor units; ValidationError in words."""
    try:
        return to_minor(text, currency)
    except BadValue as error:
        words = AMOUNT_WORDS.get(error.code, _("Write an amount, such as 1,200,000."))
        raise forms.ValidationError(str(words)) from error


def currency_words(currency: str) -> str:
    """What people call a currency: 円, Japanese Yen. The code where it has no name."""
    return str(Locale.parse(get_language() or "ja", sep="-").currencies.get(currency, currency))


def people() -> QuerySet[Person]:
    """The members of the open workspace, by reading."""
    members = Membership.objects.values("person_id")
    return Person.objects.filter(pk__in=members).order_by("name_reading", "name")


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """One of this workspace's people; nobody else is a choice."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Person.objects.none(), empty_label=_lazy_nobody, **kwargs)


_lazy_nobody: Any = gettext_lazy("Nobody")


def named_customer(text: str) -> Customer:
    """The customer of this external id or name; ValidationError when none or several."""
    if has_forbidden(text):
        raise forms.ValidationError(_("There is no customer of this name."))
    found = list(same_name(text)[:MOST_NAMED]) or list(
        Customer.objects.filter(external_id=text)[:MOST_NAMED]
    )
    if not found:
        raise forms.ValidationError(_("There is no customer of this name."))
    if len(found) > 1:
        raise forms.ValidationError(_("Several customers have this name. Use the external ID."))
    return found[0]


def same_name(name: str) -> QuerySet[Customer]:
    """Customers whose name is the same to a reader: 株式会社, width and old kanji set aside."""
    folded = fold_company(name)
    named: QuerySet[Customer] = Customer.objects.filter(
        Q(name_folded=folded) | Q(name_folded__startswith=f"{folded} ")
    )
    return named if folded else named.none()


def countries() -> list[tuple[str, str]]:
    """ISO 3166-1 in the reader's language, Japan first."""
    names: dict[str, str] = dict(Locale.parse(get_language() or "ja", sep="-").territories)
    known = (code for code in names if len(code) == 2 and code.isalpha() and code not in NO_STATES)
    codes = sorted(known, key=lambda code: names[code])
    return [("", "—"), ("JP", names["JP"]), *((c, names[c]) for c in codes if c != "JP")]


def months() -> list[tuple[int, str]]:
    """The months of a year in the reader's language."""
    names = Locale.parse(get_language() or "ja", sep="-").months["stand-alone"]["wide"]
    return [(number, names[number]) for number in range(1, 13)]


class RoomForm(forms.Form):
    """A form that shows a service's refusal at the field it is about."""

    # Where a service's word for an input is not the form's: end_on is asked as last_on.
    asked_as: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = people()
        for one in self.fields.values():
            if isinstance(one, PersonField):
                one.queryset = members

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """A Refused raised inside becomes an error of this form, said once."""
        try:
            yield
        except Refused as refusal:
            name, words = self.asked_at(refusal.field), str(refusal.message)
            if words not in self.errors.get(name or "", ()):
                self.add_error(name if name in self.fields else None, words)

    def asked_at(self, field: str | None) -> str | None:
        """Where the form asks for what the service calls `field`."""
        return self.asked_as.get(field or "", field)

    def groups(self) -> list[tuple[Words, list[forms.BoundField]]]:
        """Titles with their fields, as the page shows them."""
        return [("", list(self))]


class EditForm(RoomForm):
    """A form over what is there already: it carries what was shown, and tells what was changed.

    Two people who change different fields of one row both keep their changes. Who changes a field
    that somebody else has changed since it was shown is told so once; saving again then wins.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.overtaken: set[str] = set()
        for one in self.fields.values():
            one.show_hidden_initial = True

    def seen(self) -> SafeString:
        """Hidden inputs with the values as they were when the page was made."""
        shown = (
            standing_input(one) if one.name in self.overtaken else one.as_hidden(only_initial=True)
            for one in self
        )
        return mark_safe("".join(shown))  # noqa: S308 (Django's own widgets)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for one in self:
            if one.name in cleaned and one.name in self.changed_data and is_overtaken(one):
                self.overtaken.add(one.name)
                self.add_error(one.name, overtaken_words(one))
        return cleaned

    def changes(self) -> dict[str, Any]:
        """Only what the person really changed."""
        changed = set(self.changed_data)
        return {name: value for name, value in self.cleaned_data.items() if name in changed}
