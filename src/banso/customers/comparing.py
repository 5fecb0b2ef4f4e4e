"""Two customers line by line, as a person compares them before saying whether they are one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from banso.core.declarations import Words
from banso.core.ui.wording import money, number, short_day
from banso.customers import queries
from banso.customers.labels import customer_label
from banso.customers.models import Contact, Likeness
from banso.customers.queries import CustomerCard

PEOPLE = 5  # shown of each side
_FIGURES = ("customers.mrr", "customers.last_contact_on")


@dataclass(frozen=True, slots=True)
class Line:
    """What both sides have under one label; texts, "" where a side has nothing."""

    label: Words
    first: str
    second: str

    @property
    def differs(self) -> bool:
        return bool(self.first and self.second) and self.first != self.second


def compared(pair: Likeness, *, permits: frozenset[str]) -> list[Line]:
    """Every line of which at least one side knows something. 10 queries."""
    first, second = (
        _texts(queries.customer_card(pk, columns=_FIGURES, permits=permits))
        for pk in (pair.first_id, pair.second_id)
    )
    return [
        Line(customer_label(key), first[key], second[key])
        for key in _COMPARED
        if first[key] or second[key]
    ]


_COMPARED = (
    "name", "name_reading", "former_names", "corporate_number", "domain", "external_id", "source_id",
    "parent_id", "industry", "employees", "country", "stage", "tier", "main_owner_id", "since", "mrr",
    "contracts", "last_contact_on", "contacts",
)  # fmt: skip
_PLAIN = (
    "name", "name_reading", "corporate_number", "domain", "external_id", "source_id", "industry",
    "country",
)  # fmt: skip


def _texts(card: CustomerCard) -> dict[str, str]:
    one = card.customer
    mrr, spoken = (card.values[key] for key in _FIGURES)
    return {
        **{name: getattr(one, name) for name in _PLAIN},
        "former_names": " · ".join(one.former_names),
        "parent_id": one.parent.name if one.parent else "",
        "employees": _or_nothing(one.employees, number),
        "stage": str(one.get_stage_display()),
        "tier": str(one.get_tier_display()),
        "main_owner_id": one.main_owner.name if one.main_owner else "",
        "since": _or_nothing(one.since, short_day),
        "mrr": "" if mrr is None else str(money(mrr, one.currency)),
        "contracts": " · ".join(str(held.contract.product) for held in card.contracts),
        "last_contact_on": _or_nothing(spoken, short_day),
        "contacts": _people(card.contacts),
    }


def _or_nothing(value: Any, words: Callable[[Any], object]) -> str:
    return "" if value is None else str(words(value))


def _people(contacts: list[Contact]) -> str:
    """The first few with their addresses, and how many more."""
    named = [f"{one.name} {one.email}".strip() for one in contacts[:PEOPLE]]
    more = len(contacts) - len(named)
    return " · ".join([*named, *([f"+{more}"] if more else [])])
