"""Cuts in which customers stand: owner, tier, stage, industry, cohort, tenure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from banso.core.columns import columns
from banso.core.sql import Params, rows
from banso.customers.models import Reassigned, Stage
from banso.insight.metrics.asking import Standing
from banso.insight.metrics.making.cut_words import TENURES
from banso.insight.metrics.making.cutting.layers import NOBODY, ByCustomer, Layer
from banso.insight.metrics.making.reading import Reading
from banso.lib.ledger.columns import Ints, first_of_each
from banso.lib.ledger.cutting import History, history_of


@dataclass(frozen=True, slots=True, eq=False)
class _Changes:
    """By customer, oldest first: from which day on a value holds. Day 0: what was before all others."""

    entity: Ints
    since: Ints
    values: list[str]


def _coded(values: Iterable[str]) -> tuple[Ints, list[str]]:
    """Codes of the values, and the values by code; "" is code 0."""
    known = {"": 0}
    codes = [known.setdefault(value, len(known)) for value in values]
    return np.array(codes, dtype=np.int64), list(known)


def _layer(
    now: Sequence[str],
    changes: _Changes,
    words: Callable[[list[str]], Mapping[str, str]],
) -> ByCustomer:
    """Customers by a value: as it is now where nothing changed it, else as the changes tell."""
    codes, values = _coded(chain(now, changes.values))
    first, later = codes[: len(now)], codes[len(now) :]
    history = history_of(len(now), first, History(changes.entity, changes.since, later))
    labels = words(values[1:])
    named = {code: (value, labels.get(value, value)) for code, value in enumerate(values)}
    return ByCustomer(history, {**named, 0: (NOBODY[0], str(NOBODY[1]))})


_NOW = """
SELECT id, coalesce(main_owner_id::text, '') AS main_owner, coalesce(sub_owner_id::text, '') AS
    sub_owner, tier, stage, industry FROM customers_customer WHERE workspace_id = %(workspace)s
"""
_VALUES = ("main_owner", "sub_owner", "tier", "stage", "industry")


def _now(reading: Reading, column: str) -> list[str]:
    """A column of all customers that count, in the order of their codes. 1 query for all columns."""
    return reading.once("now", lambda: _all_columns(reading))[column]


def _all_columns(reading: Reading) -> dict[str, list[str]]:
    """By id, since others may have come and gone after the ledger was read."""
    ids, *columns_now = columns(_NOW, {"id": "uuid", **dict.fromkeys(_VALUES, "text")})
    code = reading.codes_of(ids)
    found = {}
    for name, values in zip(_VALUES, columns_now, strict=True):
        now = np.full(len(reading.customers), "", dtype=object)
        now[code[code >= 0]] = values[code >= 0]
        found[name] = now.tolist()
    return found


def _as_is(values: list[str]) -> dict[str, str]:
    return {value: value for value in values}


def choices(choices: Iterable[tuple[str, Any]]) -> Callable[[list[str]], Mapping[str, str]]:
    return lambda _values: {value: str(label) for value, label in choices}


def people(_values: list[str]) -> dict[str, str]:
    from_db = rows(
        "SELECT p.id::text, p.name FROM core_person p JOIN core_membership m ON m.person_id = p.id"
        " WHERE m.workspace_id = %(workspace)s"
    )
    return {str(one): name for one, name in from_db}


_REASSIGNED = """
SELECT customer_id, before, after, effective_on AS since FROM customers_reassignment
WHERE workspace_id = %(workspace)s AND what = %(what)s ORDER BY customer_id, effective_on, id
"""
_STAGES = """
SELECT customer_id, stage AS before, stage AS after, entered_on AS since FROM customers_stagechange
WHERE workspace_id = %(workspace)s ORDER BY customer_id, entered_on, id
"""
_CHANGE = {"customer_id": "uuid", "before": "text", "after": "text", "since": "date"}


def _changes(reading: Reading, sql: str, params: Params | None = None) -> _Changes:
    """Who had which value from which day on; before the first known change, what that replaced."""
    ids, *told = columns(sql, _CHANGE, params)
    code = reading.codes_of(ids)
    code, before, after, since = (one[code >= 0] for one in (code, *told))
    is_first = first_of_each(code)
    return _Changes(
        entity=np.concatenate([code[is_first], code]),
        since=np.concatenate([np.zeros(is_first.sum(), dtype=np.int64), since]),
        values=[*before[is_first], *after],
    )


_UNCHANGED = _Changes(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), [])


def by_reassignment(what: str, words: Any) -> Callable[[Reading, Standing], list[Layer]]:
    def layers(reading: Reading, standing: Standing) -> list[Layer]:
        return [_reassigned(reading, what, words, standing)]

    return layers


def _reassigned(reading: Reading, what: str, words: Any, standing: Standing) -> ByCustomer:
    is_then = standing == "then"
    changes = _changes(reading, _REASSIGNED, {"what": what}) if is_then else _UNCHANGED
    return _layer(_now(reading, what), changes, words)


def owners(reading: Reading) -> tuple[ByCustomer, ByCustomer]:
    """Who was main owner of each customer, and who sub owner, day by day. 3 queries, once."""
    return reading.once("owners", lambda: _owners(reading))


def _owners(reading: Reading) -> tuple[ByCustomer, ByCustomer]:
    main, sub = (
        _reassigned(reading, one, _as_is, "then")
        for one in (Reassigned.MAIN_OWNER, Reassigned.SUB_OWNER)
    )
    return main, sub


def stages(reading: Reading, standing: Standing) -> list[Layer]:
    changes = _changes(reading, _STAGES) if standing == "then" else _UNCHANGED
    return [_layer(_now(reading, "stage"), changes, choices(Stage.choices))]


def industries(reading: Reading, _standing: Standing) -> list[Layer]:
    return [_layer(_now(reading, "industry"), _UNCHANGED, _as_is)]


def cohorts(reading: Reading, _standing: Standing) -> list[Layer]:
    births = reading.book.births()
    months = np.where(births > 0, _months_of(births), NEVER)
    codes, of = np.unique(months, return_inverse=True)
    parts = {
        code: (NOBODY[0], str(NOBODY[1])) if month == NEVER else (str(month), str(month))
        for code, month in enumerate(codes)
    }
    return [ByCustomer(history_of(len(births), of.astype(np.int64), _NO_HISTORY), parts)]


_NO_HISTORY = History(_UNCHANGED.entity, _UNCHANGED.since, _UNCHANGED.entity)
NEVER = np.datetime64("0000-01", "M")
_EPOCH = date(1970, 1, 1).toordinal()


def _months_of(days: Ints) -> "NDArray[np.datetime64]":
    return (days - _EPOCH).astype("datetime64[D]").astype("datetime64[M]")


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
