"""Which values of a customer are kept in another system, and may not be changed here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.core.declarations import Words
from banso.core.errors import Refused
from banso.customers.models import CustomAttribute, Customer, Master

ATTRIBUTE = "attributes."
LINK = ("source", "source_id")  # what says that the customer comes from there
LABELS: Mapping[str, Words] = {
    "name": gettext_lazy("Customer name"),
    "name_reading": gettext_lazy("Reading (kana)"),
    "corporate_number": gettext_lazy("Corporate number"),
    "former_names": gettext_lazy("Former names"),
    "domain": gettext_lazy("Web domain"),
    "parent_id": gettext_lazy("Parent company"),
    "industry": gettext_lazy("Industry"),
    "country": gettext_lazy("Country"),
    "employees": gettext_lazy("Employees"),
    "since": gettext_lazy("Customer since"),
    "tier": gettext_lazy("Touch tier"),
    "main_owner_id": gettext_lazy("Main owner"),
    "sub_owner_id": gettext_lazy("Sub owner"),
    "goals": gettext_lazy("Goals"),
    "approach": gettext_lazy("Our approach"),
    "purpose": gettext_lazy("What they use it for"),
    "maturity": gettext_lazy("Maturity"),
    "competitor": gettext_lazy("Competing product"),
    "switched_from": gettext_lazy("Switched from"),
    "fiscal_month": gettext_lazy("Fiscal year ends in"),
}


def choices() -> list[tuple[str, Words]]:
    """Every value of a customer that can have a master, with its label. 1 query."""
    custom = CustomAttribute.objects.order_by("label").values_list("key", "label")
    return [*LABELS.items(), *((ATTRIBUTE + key, label) for key, label in custom)]


def master_of(customer: Customer) -> Master | None:
    """The master of some of the customer's values. 1 query for a customer of a source, else none."""
    if not (customer.source and customer.source_id):
        return None
    found: Master | None = Master.objects.filter(code=customer.source).first()
    return found


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
        return self.by_code.get(source) if source_id and source != self.source else None

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
    labels = {**LABELS, "source": _("Source system"), "source_id": _("ID in the source system")}
    label = labels.get(name) or label_of(name.removeprefix(ATTRIBUTE))
    words = _("“%(field)s” is kept in %(master)s. Change it there.")
    asked = name.removesuffix("_id") if name != "source_id" else name
    return Refused(words % {"field": label, "master": master.name}, code="mastered", field=asked)


def label_of(key: str) -> str:
    """What people call a custom attribute. 1 query."""
    found = CustomAttribute.objects.filter(key=key).values_list("label", flat=True).first()
    return str(found or key)


def closed(name: str, masters: Iterable[Master]) -> Q | None:
    """Customers whose value `name` may not be changed by people; None where there are none."""
    codes = [one.code for one in masters if name in one.fields]
    return Q(source__in=codes) & ~Q(source_id="") if codes else None
