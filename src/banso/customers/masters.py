"""Which values of a customer are kept in another system, and may not be changed here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from banso.core.declarations import Words
from banso.core.errors import Refused
from banso.customers.labels import ATTRIBUTE, CUSTOMER, attribute_labels, customer_label
from banso.customers.models import Customer, Master
from banso.lib.text import as_code

LINK = ("source", "source_id")  # what says that the customer comes from there


def choices() -> list[tuple[str, Words]]:
    """Every value of a customer that can have a master, with its label. 1 query."""
    custom = attribute_labels().items()
    return [*CUSTOMER.items(), *((ATTRIBUTE + key, label) for key, label in custom)]


def master_of(customer: Customer) -> Master | None:
    """The master of some of the customer's values. 1 query for a customer of a source, else none."""
    if not (customer.source and customer.source_id):
        return None
    found: Master | None = Master.objects.filter(code=as_code(customer.source)).first()
    return found


def kept_elsewhere(customer: Customer) -> frozenset[str]:
    """The customer's values that another system keeps. 1 query for a customer of a source, else none."""
    master = master_of(customer)
    return frozenset(master.fields) if master else frozenset()


@dataclass(frozen=True, slots=True)
class Masters:
    """Who may change what. `source`: the system whose values are being written; "" for people."""

    source: str = ""
    by_code: Mapping[str, Master] = field(default_factory=dict)

    @classmethod
    def known(cls, *, source: str = "") -> "Masters":
        """Of the open workspace. 1 query."""
        return cls(source, {one.code: one for one in Master.objects.all()})

    @classmethod
    def about(cls, customer: Customer) -> "Masters":
        """For people's changes of one customer. 1 query where it comes from somewhere, else none."""
        found = master_of(customer)
        return cls("", {found.code: found} if found else {})

    def of(self, source: str, source_id: str) -> Master | None:
        """The master that is to be asked; None where there is none, or where it is writing itself."""
        code = as_code(source)
        return self.by_code.get(code) if source_id and code != as_code(self.source) else None

    def kept(self, customer: Customer) -> frozenset[str]:
        """The customer's values that its master keeps, whoever is writing."""
        master = self.by_code.get(as_code(customer.source)) if customer.source_id else None
        return frozenset(master.fields) if master else frozenset()

    def check(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """Refused(code="mastered", field=...) for a value that its master alone may change.

        Both hold every column that can have a master, `attributes`, `source` and `source_id`.
        """
        if (master := self.of(before["source"], before["source_id"])) is None:
            return
        for name in self._closed(master):
            if _value(before, name) != _value(after, name):
                raise refusal(master, name)

    def open_to_people(self, customer: Customer, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Those of the changes that may be made here."""
        master = self.of(customer.source, customer.source_id)
        shut = set(master.fields) if master else set()
        return {name: value for name, value in changes.items() if name not in shut}

    @staticmethod
    def _closed(master: Master) -> Iterable[str]:
        return (*master.fields, *LINK) if master.fields else ()


def _value(values: Mapping[str, Any], name: str) -> Any:
    if name.startswith(ATTRIBUTE):
        return values["attributes"].get(name.removeprefix(ATTRIBUTE))
    return values[name]


def refusal(master: Master, name: str) -> Refused:
    """Why the value cannot be changed here, and where it can."""
    label = customer_label(name)
    words = _("“%(field)s” is kept in %(master)s. Change it there.")
    asked = name.removesuffix("_id") if name != "source_id" else name
    return Refused(words % {"field": label, "master": master.name}, code="mastered", field=asked)


def closed(name: str, masters: Iterable[Master]) -> Q | None:
    """Customers whose value `name` may not be changed by people; None where there are none."""
    codes = [one.code for one in masters if name in one.fields]
    return Q(source__in=codes) & ~Q(source_id="") if codes else None
