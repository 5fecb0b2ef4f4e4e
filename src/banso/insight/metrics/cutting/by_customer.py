"""Cuts in which customers stand: owner, tier, stage, industry, cohort, tenure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from banso.core.sql import rows
from banso.customers.models import Customer, Reassigned, Stage
from banso.insight.metrics.asking import Standing
from banso.insight.metrics.cutting.layers import NOBODY, ByCustomer, Layer
from banso.insight.metrics.reading import Reading
from banso.lib.ledger.columns import Ints
from banso.lib.ledger.cutting import History, history_of


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


_COLUMNS = ("main_owner_id", "sub_owner_id", "tier", "stage", "industry")


def _columns_now(reading: Reading, column: str) -> list[Any]:
    """A column of all customers that count, in the order of their codes. 1 query for all columns."""
    return reading.once("now", lambda: _all_columns(reading))[column]


def _all_columns(reading: Reading) -> dict[str, list[Any]]:
    """By id, since others may have come and gone after the ledger was read."""
    nothing = (None,) * len(_COLUMNS)
    now, places = [nothing] * len(reading.customers), places_of(reading)
    for pk, *values in Customer.with_deleted.values_list("pk", *_COLUMNS):
        if (code := places.get(pk.bytes)) is not None:
            now[code] = tuple(values)
    return {name: [row[place] for row in now] for place, name in enumerate(_COLUMNS)}


def places_of(reading: Reading) -> dict[bytes, int]:
    """The code of each customer by its id."""
    return reading.once("places", lambda: _places(reading))


def _places(reading: Reading) -> dict[bytes, int]:
    return {
        bytes(one).ljust(16, b"\0"): code for code, one in enumerate(reading.customers.tolist())
    }


def _as_is(values: list[Any]) -> dict[Any, str]:
    return {value: str(value) for value in values}


def choices(choices: Iterable[tuple[str, Any]]) -> Callable[[list[Any]], Mapping[Any, str]]:
    return lambda _values: {value: str(label) for value, label in choices}


def people(values: list[Any]) -> dict[Any, str]:
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
    places, told, seen = places_of(reading), [], set()
    for customer, before, after, day in rows(_REASSIGNED, {"what": what}):
        code = places.get(customer.bytes)
        if code is None:
            continue
        if code not in seen:
            seen.add(code)
            told.append((code, 0, before))
        told.append((code, day, after))
    return told


def by_reassignment(
    column: str, what: str, words: Any
) -> Callable[[Reading, Standing], list[Layer]]:
    def layers(reading: Reading, standing: Standing) -> list[Layer]:
        now = ["" if one is None else str(one) for one in _columns_now(reading, column)]
        changes = _reassigned(reading, what) if standing == "then" else []
        return [_layer(reading, now, changes, words)]

    return layers


def owners(reading: Reading) -> tuple[ByCustomer, ByCustomer]:
    """Who was main owner of each customer, and who sub owner, day by day. 4 queries, once."""
    return reading.once("owners", lambda: _owners(reading))


def _owners(reading: Reading) -> tuple[ByCustomer, ByCustomer]:
    found = []
    for column, what in (
        ("main_owner_id", Reassigned.MAIN_OWNER),
        ("sub_owner_id", Reassigned.SUB_OWNER),
    ):
        now = ["" if one is None else str(one) for one in _columns_now(reading, column)]
        found.append(_layer(reading, now, _reassigned(reading, what), _as_is))
    return found[0], found[1]


_STAGES = """
SELECT customer_id, stage, (entered_on - '0001-01-01'::date + 1)::int FROM customers_stagechange
WHERE workspace_id = %(workspace)s ORDER BY customer_id, entered_on, id
"""


def stages(reading: Reading, standing: Standing) -> list[Layer]:
    now, places = _columns_now(reading, "stage"), places_of(reading)
    changes: list[tuple[int, Any, Any]] = []
    if standing == "then":
        seen: set[int] = set()
        for customer, stage, day in rows(_STAGES):
            if (code := places.get(customer.bytes)) is not None:
                if code not in seen:
                    changes.append((code, 0, stage))
                seen.add(code)
                changes.append((code, day, stage))
    return [_layer(reading, now, changes, choices(Stage.choices))]


def industries(reading: Reading, _standing: Standing) -> list[Layer]:
    return [_layer(reading, _columns_now(reading, "industry"), [], _as_is)]


def cohorts(reading: Reading, _standing: Standing) -> list[Layer]:
    births = reading.book.births()
    months = np.where(births > 0, _months_of(births), NEVER)
    codes, of = np.unique(months, return_inverse=True)
    parts = {
        code: (NOBODY[0], str(NOBODY[1])) if month == NEVER else (str(month), str(month))
        for code, month in enumerate(codes)
    }
    return [ByCustomer(history_of(len(births), of.astype(np.int64), _no_changes()), parts)]


NEVER = np.datetime64("1970-01", "M")
_EPOCH = date(1970, 1, 1).toordinal()


def _months_of(days: Ints) -> "NDArray[np.datetime64]":
    return (days - _EPOCH).astype("datetime64[D]").astype("datetime64[M]")


def _no_changes() -> History:
    nothing = np.zeros(0, dtype=np.int64)
    return History(nothing, nothing, nothing)


TENURES = ((0, "1-3", _("3 months or less")), (3, "4-6", _("4 to 6 months")),
           (6, "7-12", _("7 to 12 months")), (12, "13-", _("13 months or more")))  # fmt: skip


def tenures(reading: Reading, _standing: Standing) -> list[Layer]:
    """Months since the first paid day, the running one counted."""
    first = reading.book.births()
    paid = np.flatnonzero(first)
    begun = np.array([months for months, _name, _words in TENURES])
    changes = History(
        entity=np.repeat(paid, len(TENURES)),
        since=np.concatenate([_later(first[paid], months) for months in begun.tolist()])
        .reshape(len(TENURES), -1)
        .T.ravel(),
        code=np.tile(np.arange(1, len(TENURES) + 1), len(paid)),
    )
    parts = {code: (name, str(words)) for code, (_m, name, words) in enumerate(TENURES, 1)}
    before = {0: (NOBODY[0], str(NOBODY[1]))}
    zeros = np.zeros(len(first), dtype=np.int64)
    return [ByCustomer(history_of(len(first), zeros, changes), {**before, **parts})]


def _later(days: Ints, months: int) -> Ints:
    """The same day so many months later, or the last of a month that has none."""
    month = _months_of(days)
    first = month.astype("datetime64[D]")
    into = (days - _EPOCH).astype("datetime64[D]") - first
    last = (month + months + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
    found = np.minimum((month + months).astype("datetime64[D]") + into, last)
    result: Ints = found.astype(np.int64) + _EPOCH
    return result
