"""Contracts as ledgers: terms that follow each other, and what changed in them."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from banso.cli.demo.book import Line
from banso.cli.demo.dates import add_months, months_between

NOTICE_MONTHS = {"high": 3, "low": 2, "tech": 1}
YEAR = 12


@dataclass(frozen=True, slots=True)
class Step:
    """From `on`, so many licences more or less, and the price of each times `price_factor`."""

    on: date
    kind: str
    seats: int = 0
    price_factor: float = 1.0


@dataclass(slots=True)
class Track:
    """A main contract's life. `seats` and `price` (yen a month each) are those of its last day.

    `start` to `first_end` is its first term, whole years follow; both None-less for annual ones.
    `first_end` None: billed monthly, open-ended.
    """

    start: date
    first_end: date | None
    seats: int
    price: int
    notice_months: int
    ends_on: date | None = None
    steps: list[Step] = field(default_factory=list)

    def boundaries(self, until: date) -> list[date]:
        """The days after `start` on which a new term begins, up to and including `until`."""
        if self.first_end is None:
            return []
        last = min(until, self.ends_on - timedelta(days=1)) if self.ends_on else until
        days, number = [self.first_end], 1
        while days[-1] <= last:
            days.append(add_months(self.first_end, YEAR * number))
            number += 1
        return days[:-1]

    def level_before(self, day: date) -> tuple[int, int]:
        """(licences, price) just before the changes of `day`."""
        seats, price = self.seats, self.price
        for step in sorted(self.steps, key=lambda one: one.on, reverse=True):
            if step.on >= day:
                seats -= step.seats
                price = round(price / step.price_factor / 100) * 100
        return seats, price

    def mrr_on(self, day: date) -> int:
        """Yen a month on the day; 0 outside of the contract."""
        if day < self.start or (self.ends_on and day >= self.ends_on):
            return 0
        seats, price = self.level_before(day + timedelta(days=1))
        return seats * price


def ledger(track: Track, today: date) -> list[Line]:
    """The lines up to today: new, then renewals and changes by day, then the end."""
    marks = [(day, 0, Step(day, "renewal")) for day in track.boundaries(today)]
    marks += [(step.on, 1, step) for step in track.steps]
    seats, price = track.level_before(track.start)
    lines = [_line(track, "new", track.start, seats, price)]
    for day, _rank, step in sorted(marks, key=lambda mark: mark[:2]):
        seats, price = track.level_before(day)
        if step.kind != "renewal":
            seats, price = track.level_before(day + timedelta(days=1))
        lines.append(_line(track, step.kind, day, seats, price))
    if track.ends_on and track.ends_on <= today:
        lines.append(Line("end", track.ends_on, track.ends_on, 0, lines[-1].term_months, seats))
    return lines


def _line(track: Track, kind: str, day: date, seats: int, price: int) -> Line:
    end = _term_end(track, day)
    if end is None:
        return Line(kind, day, None, seats * price, 1, seats)
    months = YEAR if end != track.first_end else months_between(track.start, end)
    notice = add_months(end, -track.notice_months) - timedelta(days=1)
    amount = seats * price * months
    return Line(kind, day, end, amount, months, seats, notice, track.notice_months)


def _term_end(track: Track, day: date) -> date | None:
    """The end of the term that holds `day`."""
    if track.first_end is None:
        return None
    number, end = 0, track.first_end
    while end <= day:
        number += 1
        end = add_months(track.first_end, YEAR * number)
    return end
