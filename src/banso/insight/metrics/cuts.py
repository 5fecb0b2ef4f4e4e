"""How figures are cut: where each customer, or each contract, stands, and what the parts are called."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.utils.translation import gettext_lazy as _

from banso.core.declarations import Words
from banso.core.sql import rows
from banso.customers.models import Customer, Plan, Product, Reassigned, Segment, Stage, Tier
from banso.insight.metrics.asking import Standing
from banso.insight.metrics.reading import Reading
from banso.lib.ledger.columns import Ints
from banso.lib.ledger.cutting import History, history_of
from banso.lib.periods import add_months

Parts = Mapping[int, tuple[str, str]]
"""Code → id and words. What has a code without a part is not told, as whoever is in no segment."""


@dataclass(frozen=True, slots=True, eq=False)
class ByCustomer:
    """Customers stand in parts that exclude each other, day by day."""

    history: History
    parts: Parts


@dataclass(frozen=True, slots=True, eq=False)
class ByContract:
    """Contracts stand in parts that exclude each other, for good."""

    of_contract: Ints
    parts: Parts


Layer = ByCustomer | ByContract


@dataclass(frozen=True, slots=True)
class Cut:
    id: str
    label: Words
    layers: Callable[[Reading, Standing], list[Layer]]


NOBODY = ("none", _("Not set"))


def _coded(values: Sequence[Any]) -> tuple[Ints, list[Any]]:
    """Codes of the values, and the values by code; None and "" are code 0."""
    known: dict[Any, int] = {"": 0}
    codes = [known.setdefault(value if value is not None else "", len(known)) for value in values]
    return np.array(codes, dtype=np.int64), list(known)


def _layer(
    reading: Reading,
    now: Sequence[Any],
    changes: Iterable[tuple[int, int, Any]],
    words: Callable[[list[Any]], Mapping[Any, str]],
) -> ByCustomer:
    """Customers by a value: as it is now, and (customer, from which day, what it was from then on).

    Changes of each customer come oldest first; one on day 0 tells what was before all others.
    """
    told = list(changes)
    codes, values = _coded([*now, *(value for _who, _day, value in told)])
    first, later = codes[: len(now)], codes[len(now) :]
    history = history_of(
        len(now),
        first,
        History(
            entity=np.array([who for who, _day, _value in told], dtype=np.int64),
            since=np.array([day for _who, day, _value in told], dtype=np.int64),
            code=later,
        ),
    )
    labels = words([value for value in values if value != ""])
    parts = {
        code: (str(value), labels.get(value, str(value)))
        if value != ""
        else (NOBODY[0], str(NOBODY[1]))
        for code, value in enumerate(values)
    }
    return ByCustomer(history, parts)


def _columns_now(reading: Reading, column: str) -> list[Any]:
    """A column of all customers that count, in the order of their codes. 1 query.

    By id, since others may have come and gone after the ledger was read.
    """
    now, places = [None] * len(reading.customers), _places(reading)
    for pk, value in Customer.with_deleted.values_list("pk", column):
        if (code := places.get(pk.bytes)) is not None:
            now[code] = value
    return now


def _places(reading: Reading) -> dict[bytes, int]:
    return {
        bytes(one).ljust(16, b"\0"): code for code, one in enumerate(reading.customers.tolist())
    }


def _as_is(values: list[Any]) -> dict[Any, str]:
    return {value: str(value) for value in values}


def _choices(choices: Iterable[tuple[str, Any]]) -> Callable[[list[Any]], Mapping[Any, str]]:
    return lambda _values: {value: str(label) for value, label in choices}


def _people(values: list[Any]) -> dict[Any, str]:
    from_db = rows(
        "SELECT p.id::text, p.name FROM core_person p JOIN core_membership m ON m.person_id = p.id"
        " WHERE m.workspace_id = %(workspace)s"
    )
    return {str(one): name for one, name in from_db}


_REASSIGNED = """
SELECT customer_id, before, after, (effective_on - '0001-01-01'::date + 1)::int FROM customers_reassignment
WHERE workspace_id = %(workspace)s AND what = %(what)s ORDER BY customer_id, effective_on, id
"""


def _reassigned(reading: Reading, what: str) -> list[tuple[int, int, str]]:
    """Who had which value from which day on; before the first known change, what that replaced."""
    places, told, seen = _places(reading), [], set()
    for customer, before, after, day in rows(_REASSIGNED, {"what": what}):
        code = places.get(customer.bytes)
        if code is None:
            continue
        if code not in seen:
            seen.add(code)
            told.append((code, 0, before))
        told.append((code, day, after))
    return told


def _by_reassignment(
    column: str, what: str, words: Any
) -> Callable[[Reading, Standing], list[Layer]]:
    def layers(reading: Reading, standing: Standing) -> list[Layer]:
        now = ["" if one is None else str(one) for one in _columns_now(reading, column)]
        changes = _reassigned(reading, what) if standing == "then" else []
        return [_layer(reading, now, changes, words)]

    return layers


_STAGES = """
SELECT customer_id, stage, (entered_on - '0001-01-01'::date + 1)::int FROM customers_stagechange
WHERE workspace_id = %(workspace)s ORDER BY customer_id, entered_on, id
"""


def _stages(reading: Reading, standing: Standing) -> list[Layer]:
    now, places = _columns_now(reading, "stage"), _places(reading)
    changes: list[tuple[int, Any, Any]] = []
    if standing == "then":
        seen: set[int] = set()
        for customer, stage, day in rows(_STAGES):
            if (code := places.get(customer.bytes)) is not None:
                if code not in seen:
                    changes.append((code, 0, stage))
                seen.add(code)
                changes.append((code, day, stage))
    return [_layer(reading, now, changes, _choices(Stage.choices))]


def _industries(reading: Reading, _standing: Standing) -> list[Layer]:
    return [_layer(reading, _columns_now(reading, "industry"), [], _as_is)]


_MOVES = """
SELECT customer_id, entered, ("on" - '0001-01-01'::date + 1)::int FROM customers_segmentmove
WHERE workspace_id = %(workspace)s AND segment_id = %(segment)s ORDER BY customer_id, id
"""
_MEMBERS = """
SELECT customer_id FROM customers_segmentmember
WHERE workspace_id = %(workspace)s AND segment_id = %(segment)s
"""


def _segments(reading: Reading, standing: Standing) -> list[Layer]:
    """A layer each: they overlap. Who is in none, or in another, is not told."""
    places = _places(reading)
    return [_segment(reading, one, places, standing) for one in Segment.objects.order_by("name")]


def _segment(
    reading: Reading, one: Segment, places: Mapping[bytes, int], standing: Standing
) -> ByCustomer:
    first = np.zeros(len(places), dtype=np.int64)
    for (customer,) in rows(_MEMBERS, {"segment": one.pk}):
        if (code := places.get(customer.bytes)) is not None:
            first[code] = 1
    told: list[tuple[int, int, int]] = []
    if standing == "then":
        seen: set[int] = set()
        for customer, entered, day in rows(_MOVES, {"segment": one.pk}):
            if (code := places.get(customer.bytes)) is not None:
                if code not in seen:
                    first[code] = 1 - int(entered)
                seen.add(code)
                told.append((code, day, int(entered)))
    columns = [np.array([row[i] for row in told], dtype=np.int64) for i in range(3)]
    return ByCustomer(
        history_of(len(places), first, History(*columns)), {1: (str(one.pk), one.name)}
    )


def _first_days(reading: Reading) -> Ints:
    """By customer: the first day it ever paid; 0 for who never did."""
    runs = reading.book.spells
    first = np.zeros(reading.book.entities, dtype=np.int64)
    order = np.arange(len(runs))[::-1]
    first[runs.group[order]] = runs.begin[order]
    return first


def _cohorts(reading: Reading, _standing: Standing) -> list[Layer]:
    months = [
        date.fromordinal(day).strftime("%Y-%m") if day else ""
        for day in _first_days(reading).tolist()
    ]
    return [_layer(reading, months, [], _as_is)]


TENURES = ((0, "1-3", _("3 months or less")), (3, "4-6", _("4 to 6 months")),
           (6, "7-12", _("7 to 12 months")), (12, "13-", _("13 months or more")))  # fmt: skip


def _tenures(reading: Reading, _standing: Standing) -> list[Layer]:
    """Months since the first paid day, the running one counted."""
    first = _first_days(reading)
    changes = [
        (who, _later(day, months), name)
        for who, day in enumerate(first.tolist())
        if day
        for months, name, _words in TENURES
    ]
    now = [""] * len(first)
    return [_layer(reading, now, changes, lambda _v: {name: str(w) for _m, name, w in TENURES})]


def _later(ordinal: int, months: int) -> int:
    day = date.fromordinal(ordinal)
    month = add_months(day.replace(day=1), months)
    last = (add_months(month, 1) - month).days
    return month.replace(day=min(day.day, last)).toordinal()


def _by_contract(column: str, named: Callable[[Reading], Mapping[int, tuple[str, str]]]) -> Any:
    def layers(reading: Reading, _standing: Standing) -> list[Layer]:
        parts = {-1: (NOBODY[0], str(NOBODY[1])), **named(reading)}
        return [ByContract(getattr(reading.contracts, column), parts)]

    return layers


def _products(_reading: Reading) -> dict[int, tuple[str, str]]:
    found = Product.objects.order_by("pk").values_list("pk", "name")
    return {code: (str(pk), name) for code, (pk, name) in enumerate(found)}


def _plans(_reading: Reading) -> dict[int, tuple[str, str]]:
    """Named with their product where another product has a plan of that name."""
    found = list(Plan.objects.order_by("pk").values_list("pk", "name", "product__name"))
    names = [name for _pk, name, _product in found]
    return {
        code: (str(pk), name if names.count(name) == 1 else f"{product} {name}")
        for code, (pk, name, product) in enumerate(found)
    }


def _resellers(reading: Reading) -> dict[int, tuple[str, str]]:
    codes = [code for code in np.unique(reading.contracts.reseller).tolist() if code >= 0]
    ids = {code: reading.customer_id(code) for code in codes}
    names = dict(Customer.objects.filter(pk__in=ids.values()).values_list("pk", "name"))
    return {code: (str(pk), names.get(pk, "")) for code, pk in ids.items()}


CUTS = {
    one.id: one
    for one in (
        Cut("plan", _("Price plan"), _by_contract("plan", _plans)),
        Cut("product", _("Product"), _by_contract("product", _products)),
        Cut("segment", _("Segment"), _segments),
        Cut(
            "owner",
            _("Main owner"),
            _by_reassignment("main_owner_id", Reassigned.MAIN_OWNER, _people),
        ),
        Cut(
            "tier",
            _("Touch tier"),
            _by_reassignment("tier", Reassigned.TIER, _choices(Tier.choices)),
        ),
        Cut("industry", _("Industry"), _industries),
        Cut("stage", _("Lifecycle stage"), _stages),
        Cut("cohort", _("Month first paid"), _cohorts),
        Cut("tenure", _("Tenure"), _tenures),
        Cut("reseller", _("Reseller"), _by_contract("reseller", _resellers)),
    )
}
