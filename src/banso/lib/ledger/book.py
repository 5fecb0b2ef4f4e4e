"""A ledger, worked out: what every figure is asked of."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from banso.lib.ledger.columns import FAR, Bools, Ints, Lines, Spans, key, spans_of, standing
from banso.lib.ledger.dues import Dues, dues_of
from banso.lib.ledger.movements import Kind, Movements, movements_of
from banso.lib.ledger.reversals import taken_back
from banso.lib.ledger.spells import Runs, bridged, runs_of

_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True, eq=False)
class Accounts:
    """Customers by currency: nearly always one each. Rows of what stood at a closing."""

    entity: Ints
    currency: Ints


@dataclass(slots=True, eq=False)
class Book:
    """Spans, movements and dues of a ledger, and what stood at the close of days.

    `closing` costs a pass over the spans for all days that `closings` prepared at once.
    """

    entities: int
    grace: int
    today: int
    spans: Spans
    runs: Runs
    spells: Runs
    movements: Movements
    dues: Dues
    accounts: Accounts
    _account_of_span: Ints
    _columns: dict[int, tuple[Ints, Bools, Bools]] = field(default_factory=dict)
    _steps: tuple[Ints, Ints] | None = None
    _first_mrr: Ints | None = None
    _taken: dict[int, Ints] = field(default_factory=dict)
    _price_rises: Movements | None = None

    def closings(self, days: Iterable[date]) -> None:
        """Have ready what stood at the close of these days."""
        wanted = sorted({day.toordinal() for day in days} - self._columns.keys())
        if not wanted:
            return
        spans, runs, spells = self.spans, self.runs, self.spells
        rows = len(self.accounts.entity)
        mrr = standing(self._account_of_span, spans.begin, spans.end, spans.mrr, rows, wanted)
        ones = np.ones(len(runs), dtype=np.int64)
        active = standing(runs.group, runs.begin, runs.end, ones, self.entities, wanted) > 0
        ones = np.ones(len(spells), dtype=np.int64)
        stays = standing(spells.group, spells.begin, spells.end, ones, self.entities, wanted) > 0
        for index, day in enumerate(wanted):
            self._columns[day] = (mrr[:, index], active[:, index], stays[:, index])

    def mrr(self, day: date) -> Ints:
        """MRR at the close of a day, by account."""
        return self._closing(day)[0]

    def active(self, day: date) -> Bools:
        """Who has a paid contract on the day, by customer."""
        return self._closing(day)[1]

    def stays(self, day: date) -> Bools:
        """Who is a customer on the day: has a paid contract, or is back within the grace."""
        return self._closing(day)[2]

    def births(self) -> Ints:
        """By customer: the first day with a paid contract; 0 for who never had one."""
        births = np.zeros(self.entities, dtype=np.int64)
        latest_first = np.arange(len(self.spells))[::-1]
        births[self.spells.group[latest_first]] = self.spells.begin[latest_first]
        return births

    def first_mrr(self) -> Ints:
        """By account: MRR at the close of the month in which its customer first paid; today's where
        that month still runs.
        """
        if self._first_mrr is None:
            births = self.births()[self.accounts.entity]
            closes = np.minimum(_month_ends(births), self.today)
            days = [date.fromordinal(int(day)) for day in np.unique(closes[births > 0])]
            self.closings(days)
            self._first_mrr = np.zeros(len(births), dtype=np.int64)
            for day in days:
                there = (closes == day.toordinal()) & (births > 0)
                self._first_mrr[there] = self.mrr(day)[there]
        return self._first_mrr

    def taken_back(self, days: int) -> Ints:
        """What of each movement was taken back within so many days; see `reversals`."""
        if days not in self._taken:
            self._taken[days] = taken_back(self.movements, days, self.today)
        return self._taken[days]

    def price_rises(self) -> Movements:
        """The movements that are price rises, by day."""
        if self._price_rises is None:
            self._price_rises = self.movements.where(self.movements.kind == Kind.PRICE)
        return self._price_rises

    def steps(self) -> tuple[Ints, Ints]:
        """Where MRR changes, by account and day, and the running sum of all changes up to there."""
        if self._steps is None:
            spans = self.spans
            gone = spans.end < FAR
            at = np.concatenate(
                [
                    key(self._account_of_span, spans.begin),
                    key(self._account_of_span[gone], spans.end[gone]),
                ]
            )
            order = np.argsort(at, kind="stable")
            total = np.cumsum(np.concatenate([spans.mrr, -spans.mrr[gone]])[order])
            self._steps = (at[order], total)
        return self._steps

    def _closing(self, day: date) -> tuple[Ints, Bools, Bools]:
        if day.toordinal() not in self._columns:
            self.closings([day])
        return self._columns[day.toordinal()]


def _month_ends(days: Ints) -> Ints:
    """The last day of the month of each ordinal; 0 stays where there is none."""
    months = (days - _EPOCH).astype("datetime64[D]").astype("datetime64[M]")
    last = (months + 1).astype("datetime64[D]").astype(np.int64) - 1
    return np.where(days > 0, last + _EPOCH, 0)


def book_of(lines: Lines, *, entities: int, grace: int, today: date) -> Book:
    """Everything that follows from the lines; they come by contract, day and id."""
    spans = spans_of(lines)
    currencies = int(lines.currency.max()) + 1 if len(lines) else 1
    pairs, of_span = np.unique(spans.entity * currencies + spans.currency, return_inverse=True)
    runs = runs_of(spans.entity, spans.begin, spans.end)
    spells = bridged(runs, grace)
    return Book(
        entities=entities,
        grace=grace,
        today=today.toordinal(),
        spans=spans,
        runs=runs,
        spells=spells,
        movements=movements_of(spans, runs=runs, spells=spells, grace=grace),
        dues=dues_of(lines, grace=grace, today=today.toordinal()),
        accounts=Accounts(pairs // currencies, pairs % currencies),
        _account_of_span=of_span.astype(np.int64),
    )
