"""Business days and business hours, in any zone, holidays included."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, pairwise
from types import MappingProxyType
from zoneinfo import ZoneInfo

from banso.lib.bad_value import BadValue
from banso.lib.wall_clock import first_moment

_DAY_MINUTES = 24 * 60
_HORIZON_YEARS = 100
_ZERO = timedelta(0)

YearlyDays = Callable[[int], frozenset[date]]
"""Gives the days off of one calendar year, so that a calendar holds for every year."""

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Opening hours [start, end) in minutes after local midnight; end may be 1440 (24:00)."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= _DAY_MINUTES:
            raise BadValue("bad_interval", start=self.start, end=self.end)

    @classmethod
    def parse(cls, text: str) -> "Interval":
        """'9:00-12:00' or '18:00-24:00'. Raises BadValue('bad_interval')."""
        try:
            start, end = (_minutes_of(clock) for clock in text.split("-"))
        except ValueError:
            raise BadValue("bad_interval", value=text) from None
        return cls(start, end)


def _minutes_of(clock: str) -> int:
    hours, minutes = clock.strip().split(":")
    if not (hours.isdecimal() and minutes.isdecimal() and int(minutes) < 60):
        raise ValueError(clock)
    return int(hours) * 60 + int(minutes)


@dataclass(frozen=True)
class BusinessCalendar:
    """When a team works. Immutable; keep it, for it remembers each year once asked.

    `week` maps 0 (Monday) to 6 (Sunday) to that day's intervals; a day without any is off.
    `holidays` and `company_days` are the days off: fixed dates, or a function of the year.
    Raises BadValue 'no_business_hours' when no weekday has an interval, 'bad_weekday', and
    'overlapping_intervals'.

    Intervals follow the clock on the wall, which is taken never to run back: where it jumps
    forward the skipped hours do not count, where an hour comes twice the interval goes on
    through it. Moments of the years 2 to 9998 can be asked.
    """

    zone: ZoneInfo
    week: Mapping[int, tuple[Interval, ...]] = field(hash=False)
    holidays: frozenset[date] | YearlyDays = frozenset()
    company_days: frozenset[date] | YearlyDays = frozenset()
    _days: dict[int, tuple[int, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _times: dict[int, tuple[timedelta, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        week = {day: tuple(sorted(hours)) for day, hours in self.week.items() if hours}
        if not week:
            raise BadValue("no_business_hours")
        if not week.keys() <= set(range(7)):
            raise BadValue("bad_weekday")
        if any(a.end > b.start for hours in week.values() for a, b in pairwise(hours)):
            raise BadValue("overlapping_intervals")
        object.__setattr__(self, "week", MappingProxyType(week))

    def is_business_day(self, day: date) -> bool:
        """Whether any business hours lie on this local day."""
        counts, index = self._day_counts(day.year), _index(day)
        return counts[index + 1] > counts[index]

    def business_days(self, start: date, end: date) -> int:
        """Business days in [start, end): start counts, end does not. 0 when end <= start."""
        if end <= start:
            return 0
        years = sum(self._day_counts(year)[-1] for year in range(start.year, end.year))
        return years + self._days_before(end) - self._days_before(start)

    def add_business_days(self, day: date, n: int) -> date:
        """The n-th business day after `day` (before it when n < 0); `day` itself is not counted.

        n = 0 gives `day` when it is a business day, else the next one. From a business day, adding
        n and then -n comes back. Raises BadValue('out_of_range') when it takes over 100 years.
        """
        counts, index = self._day_counts(day.year), _index(day)
        position = counts[index + 1] + n if n > 0 else counts[index] + 1 + n
        for year in self._years_towards(day.year, backwards=n < 0):
            total = self._day_counts(year)[-1]
            if year < day.year:
                position += total
            if 1 <= position <= total:
                ordinal = bisect_left(self._day_counts(year), position)
                return date(year, 1, 1) + timedelta(days=ordinal - 1)
            if n >= 0:
                position -= total
        raise BadValue("out_of_range")

    def business_time(self, start: datetime, end: datetime) -> timedelta:
        """Exact business time in [start, end), both aware. Zero when end <= start.

        Adds up: any moment between splits it into two parts that sum to the whole.
        """
        if end <= start:
            return _ZERO
        first, last = self._day_of(start), self._day_of(end)
        years = (self._day_times(year)[-1] for year in range(first.year, last.year))
        return sum(years, _ZERO) + self._time_before(last, end) - self._time_before(first, start)

    def business_minutes(self, start: datetime, end: datetime) -> float:
        """`business_time` in minutes; whole minutes come out as whole numbers."""
        return self.business_time(start, end) / timedelta(minutes=1)

    def add_business_time(self, start: datetime, amount: timedelta) -> datetime:
        """The nearest moment (aware UTC) with exactly `amount` of business time from `start`.

        Ahead for a positive amount, back for a negative; zero gives `start`. An amount that is
        used up at closing time ends at closing time, not at the next opening.
        Raises BadValue('out_of_range') when it takes over 100 years.
        """
        if not amount:
            return start.astimezone(UTC)
        day = self._day_of(start)
        target = self._time_before(day, start) + amount
        for year in self._years_towards(day.year, backwards=amount < _ZERO):
            total = self._day_times(year)[-1]
            if year < day.year:
                target += total
            if amount > _ZERO:
                if target <= total:
                    return self._reach(year, target, backwards=False)
                target -= total
            elif target >= _ZERO:
                return self._reach(year, target, backwards=True)
        raise BadValue("out_of_range")

    def add_business_minutes(self, start: datetime, minutes: float) -> datetime:
        """`add_business_time` in minutes, rounded to the microsecond. Aware UTC."""
        return self.add_business_time(start, timedelta(minutes=minutes))

    def spans(self, day: date) -> list[Span]:
        """The business hours of one local day as [start, end) in UTC, in order; [] on a day off."""
        if not self.is_business_day(day):
            return []
        hours = self.week[day.weekday()]
        zone = self.zone
        return [(first_moment(zone, day, h.start), first_moment(zone, day, h.end)) for h in hours]

    def _off(self, year: int) -> frozenset[date]:
        holidays, company = self.holidays, self.company_days
        return (holidays(year) if callable(holidays) else holidays) | (
            company(year) if callable(company) else company
        )

    def _day_counts(self, year: int) -> tuple[int, ...]:
        """Item i: business days among the first i days of the year."""
        if year not in self._days:
            off = self._off(year)
            open_days = (d.weekday() in self.week and d not in off for d in _days_of(year))
            self._days[year] = tuple(accumulate(open_days, initial=0))
        return self._days[year]

    def _day_times(self, year: int) -> tuple[timedelta, ...]:
        """Item i: business time in the first i days of the year."""
        if year not in self._times:
            lengths = (_length(self.spans(day)) for day in _days_of(year))
            self._times[year] = tuple(accumulate(lengths, initial=_ZERO))
        return self._times[year]

    def _days_before(self, day: date) -> int:
        return self._day_counts(day.year)[_index(day)]

    def _time_before(self, day: date, moment: datetime) -> timedelta:
        """Business time from New Year of `day`'s year to `moment`, which lies in `day`."""
        so_far = (_until(span, moment) for span in self.spans(day))
        return sum(so_far, self._day_times(day.year)[_index(day)])

    def _years_towards(self, year: int, *, backwards: bool) -> Iterator[int]:
        if backwards:
            yield from range(year, max(2, year - _HORIZON_YEARS) - 1, -1)
        else:
            yield from range(year, min(9998, year + _HORIZON_YEARS) + 1)

    def _reach(self, year: int, target: timedelta, *, backwards: bool) -> datetime:
        """The moment with `target` business time behind it in the year.

        Closing time and the next opening both have it: backwards takes the later of the two.
        """
        times = self._day_times(year)
        index = (bisect_right if backwards else bisect_left)(times, target) - 1
        left = target - times[index]
        for start, end in self.spans(date(year, 1, 1) + timedelta(days=index)):
            if left < end - start or (left == end - start and not backwards):
                return start + left
            left -= end - start
        raise AssertionError("the day holds the target")

    def _day_of(self, moment: datetime) -> date:
        """The local day, by a clock that never runs back: 23:30 seen again is already tomorrow."""
        if moment.tzinfo is None:
            raise BadValue("naive_datetime")
        day = moment.astimezone(self.zone).date()
        tomorrow = day + timedelta(days=1)
        return tomorrow if moment >= first_moment(self.zone, tomorrow, 0) else day


def _index(day: date) -> int:
    return day.timetuple().tm_yday - 1


def _days_of(year: int) -> Iterator[date]:
    first = date(year, 1, 1).toordinal()
    return (date.fromordinal(first + i) for i in range(_index(date(year, 12, 31)) + 1))


def _until(span: Span, moment: datetime) -> timedelta:
    return max(_ZERO, min(span[1], moment) - span[0])


def _length(spans: list[Span]) -> timedelta:
    return sum((end - start for start, end in spans), _ZERO)
