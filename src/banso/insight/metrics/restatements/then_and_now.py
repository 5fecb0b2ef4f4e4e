"""さかのぼり修正: a figure as it was known beside how it is known, and which lines made the difference.

Imports numpy: reach it inside functions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

import numpy as np
from django.utils.translation import gettext as _

from banso.core.columns import one_moment
from banso.core.errors import Refused
from banso.insight.metrics import queries
from banso.insight.metrics.asking import Asked, CountedBy, Figure
from banso.insight.metrics.asking.questions import measure_called
from banso.insight.metrics.making.exchanged import Money
from banso.insight.metrics.making.figures import (
    figures,
    layers_of,
    names_of,
    read_for,
    rows_of,
    told_of,
)
from banso.insight.metrics.making.reading import Reading
from banso.insight.metrics.restatements.compared import NOTHING, difference, is_other
from banso.insight.metrics.restatements.lines import Changes, LineMoved
from banso.lib.ledger.columns import Bools, Ints
from banso.lib.periods import Period

MOST = 1_000_000
Amounts = tuple[Decimal, Decimal]  # numerator, denominator
Pair = tuple[Amounts, Amounts]  # then, now
ZERO: Amounts = (NOTHING, NOTHING)


@dataclass(frozen=True, slots=True)
class CustomerMoved:
    """What a customer adds to the figure, then and now, and the lines that made it another.

    Without lines: a rate was corrected, the counting rules are others, or the days since have told
    what was open (a period that ran, a term within its grace).
    """

    entity: str
    name: str
    then: Amounts
    now: Amounts
    lines: tuple[LineMoved, ...] = ()

    @property
    def numerator(self) -> Decimal:
        return self.now[0] - self.then[0]

    @property
    def denominator(self) -> Decimal:
        return self.now[1] - self.then[1]


@dataclass(frozen=True, slots=True)
class Restated:
    """A figure of a period (and part) at two moments. None: there was none of that part.

    Differences of all customers add up to the figure's, of numerators and of denominators.
    `customers`: the greatest differences first, perhaps not all of `count`.
    """

    period: Period
    then: Figure | None
    now: Figure | None
    customers: tuple[CustomerMoved, ...]
    count: int

    @property
    def figure(self) -> Figure:
        """Whichever there is: for its part and currency."""
        found = [one for one in (self.now, self.then) if one]
        return found[0]

    @property
    def anchor(self) -> str:
        """Where a page tells more of it."""
        return "-".join(one for one in ("of", self.period.code, self.figure.cut) if one)

    @property
    def is_rate(self) -> bool:
        return self.figure.denominator is not None

    @property
    def difference(self) -> Decimal | None:
        return difference(self.then, self.now)

    @property
    def parts(self) -> Amounts:
        """By how much numerator and denominator became others: what all customers add up to."""
        pair = [
            (getattr(self.now, name, None) or NOTHING) - (getattr(self.then, name, None) or NOTHING)
            for name in ("numerator", "denominator")
        ]
        return pair[0], pair[1]

    @property
    def is_changed(self) -> bool:
        return is_other(self.then, self.now)


def restated(
    kpi: str,
    periods: Sequence[Period],
    then: datetime,
    now: datetime | None = None,
    by: str = "",
    unit: CountedBy = "user",
    most: int = MOST,
) -> list[Restated]:
    """Each figure as known at `then` beside as known at `now` (aware; None: as it is known now).

    One for each period and part, in the order of the figures; with at most so many customers each.
    Raises Refused as `figures` does. Reads the ledger twice, in one moment.
    """
    if not measure_called(kpi).adds_up:
        words = _("%(kpi)s is no sum of customers: it cannot be told apart line by line.")
        raise Refused(words % {"kpi": measure_called(kpi).label}, code="no_sum", field="kpi")
    asked = [Asked(kpi, tuple(periods), by=by, known_at=at, unit=unit) for at in (then, now)]
    with one_moment():
        readings = _in_one_money([read_for(one) for one in asked])
        told = [_by_part(figures(*pair)) for pair in zip(asked, readings, strict=True)]
        currencies = sorted(readings[0].currencies)
        sides = [_Side(*pair, currencies) for pair in zip(asked, readings, strict=True)]
        changes = Changes(*readings)
        keys = sorted(dict.fromkeys((*told[1], *told[0])), key=lambda key: key[0].start)
        return [
            _restated(period, cut, [one.get((period, cut)) for one in told], sides, changes, most)
            for period, cut in keys
        ]


def _in_one_money(readings: list[Reading]) -> list[Reading]:
    """Where the two have other currencies, neither is told in the only one that it has."""
    both = sorted({currency for one in readings for currency in one.currencies})
    return [
        replace(one, currencies=[*one.currencies, *(c for c in both if c not in one.currencies)])
        for one in readings
    ]


def _by_part(found: Iterable[Figure]) -> dict[tuple[Period, str], Figure]:
    return {(one.period, one.cut): one for one in found}


class _Side:
    """One of the two moments. `currencies`: those of both, by the codes that both count in."""

    def __init__(self, asked: Asked, reading: Reading, currencies: list[str]) -> None:
        self.measure, self.reading = measure_called(asked.kpi), reading
        self.layers, self.money = (
            layers_of(self.measure, asked, reading),
            Money(reading, asked.periods),
        )
        self.rules, self.names = queries.rules(asked.known_at), dict[int, tuple[str, str]]()
        self.own = {currencies.index(one): code for code, one in enumerate(reading.currencies)}
        self.currencies = max(len(currencies), 1)

    def sums(self, period: Period, cut: str) -> tuple[Ints, Ints]:
        """Keys of customer and currency, ascending; numerators and denominators by them."""
        told = told_of(self.measure, period, self.reading.today)
        if told is None or not self.layers:
            return np.zeros(0, dtype=np.int64), np.zeros((2, 0), dtype=np.int64)
        rows = rows_of(self.measure, self.reading, told, self.layers, self.rules, self.money, cut)
        shared = np.array([*self.own, 0], dtype=np.int64)  # own codes ascend from 0
        keys = rows.entity * self.currencies + shared[rows.currency]
        keys, place = np.unique(keys, return_inverse=True)
        sums = np.zeros((2, len(keys)), dtype=np.int64)
        np.add.at(sums[0], place, rows.numerator)
        np.add.at(sums[1], place, rows.denominator)
        return keys, sums

    def named(self, entities: Sequence[int]) -> dict[int, tuple[str, str]]:
        """Ids and names of customers; 1 query for those that nobody asked for before."""
        if new := [one for one in entities if one not in self.names]:
            self.names |= names_of(self.reading, np.array(new, dtype=np.int64))
        return self.names

    def amount(self, value: int, currency: int, period: Period) -> Decimal:
        if not self.measure.in_money:
            return Decimal(value)
        return self.money.major(value, self.own[currency], period)

    def rate(self, currency: int, period: Period) -> Decimal | None:
        return self.money.rate(self.own[currency], period) if self.own else None


def _restated(
    period: Period,
    cut: str,
    told: list[Figure | None],
    sides: list[_Side],
    changes: Changes,
    most: int,
) -> Restated:
    moved = _moved(period, cut, sides)
    order = sorted(moved, key=lambda code: -_size(moved[code]))[:most]
    names = sides[1].named(order)
    lines = changes.of(order, period)
    customers = tuple(
        CustomerMoved(*names[code], *moved[code], lines=tuple(lines.get(code, ())))
        for code in order
    )
    return Restated(period, told[0], told[1], customers, len(moved))


def _size(pair: Pair) -> Decimal:
    return max(abs(now - then) for then, now in zip(*pair, strict=True))


def _moved(period: Period, cut: str, sides: list[_Side]) -> dict[int, Pair]:
    """By customer: numerator and denominator, then and now, where one of them differs."""
    currencies = sides[0].currencies
    sums = [side.sums(period, cut) for side in sides]
    keys = np.unique(np.concatenate([own for own, _amounts in sums]))
    then, now = (_spread(keys, *one) for one in sums)
    differs = (then != now).any(axis=0) | _revalued(sides, period)[keys % currencies]
    found: dict[int, Pair] = {}
    for place in np.flatnonzero(differs).tolist():
        entity, currency = divmod(int(keys[place]), currencies)
        known = found.get(entity, (ZERO, ZERO))
        found[entity] = (
            _added(known[0], sides[0], then[:, place], currency, period),
            _added(known[1], sides[1], now[:, place], currency, period),
        )
    return {entity: pair for entity, pair in found.items() if pair[0] != pair[1]}


def _added(known: Amounts, side: _Side, sums: Ints, currency: int, period: Period) -> Amounts:
    """What a customer has in another currency besides."""
    numerator, denominator = (side.amount(int(one), currency, period) for one in sums)
    return known[0] + numerator, known[1] + denominator


def _spread(keys: Ints, own: Ints, sums: Ints) -> Ints:
    """The sums at the places of all keys."""
    found = np.zeros((2, len(keys)), dtype=np.int64)
    found[:, np.searchsorted(keys, own)] = sums
    return found


def _revalued(sides: list[_Side], period: Period) -> Bools:
    """Which currencies had another rate then."""
    worth = ({side.rate(code, period) for side in sides} for code in range(sides[0].currencies))
    return np.array([len(one) > 1 for one in worth])
