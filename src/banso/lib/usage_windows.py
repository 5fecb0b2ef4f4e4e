"""Windows of days, and which of their days say something about how much a customer uses."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from banso.lib.stats import median, trend_ratio

QUIET_BELOW = 0.3
SEASON_DAYS = 4
MARGIN_DAYS = 5
FEWEST_DAYS = 3
_HORIZON = 40


@dataclass(frozen=True)
class Window:
    """The last `days` local days up to and with `on`; half-open as [start, end)."""

    on: date
    days: int

    @cached_property
    def start(self) -> date:
        return self.end - timedelta(days=self.days)

    @cached_property
    def end(self) -> date:
        return self.on + timedelta(days=1)

    @property
    def previous(self) -> "Window":
        """The equally long window that ends the day before this one starts."""
        return Window(self.start - timedelta(days=1), self.days)

    def __iter__(self) -> Iterator[date]:
        return (self.start + timedelta(days=i) for i in range(self.days))


def telling_days(window: Window, *, rests: Callable[[date], bool]) -> tuple[date, ...]:
    """The days of `window` by which usage may be judged, oldest first.

    A rest day tells nothing (`rests`: weekend, public holiday, company day). Nor do the five
    working days before and after a season, which is four rest days or more in a row (年末年始,
    GW, お盆): many a customer rests a week longer than the calendar says. On all other days a
    customer who keeps working as before looks as before, whatever they did in the season.
    """
    first, last = window.start - timedelta(days=_HORIZON), window.end + timedelta(days=_HORIZON)
    span = [first + timedelta(days=i) for i in range((last - first).days)]
    resting = [rests(day) for day in span]
    margins = _margins(resting)
    return tuple(
        day
        for i, day in enumerate(span)
        if window.start <= day < window.end and not resting[i] and i not in margins
    )


def _margins(resting: list[bool]) -> set[int]:
    """Places of the working days that lie around a season."""
    working = [i for i, rest in enumerate(resting) if not rest]
    margins: set[int] = set()
    for k in range(len(working) - 1):
        if working[k + 1] - working[k] > SEASON_DAYS:
            margins.update(working[max(0, k - MARGIN_DAYS + 1) : k + 1 + MARGIN_DAYS])
    return margins


def quiet_days(medians: Mapping[date, float]) -> frozenset[date]:
    """Working days on which next to nobody used anything: a rest that no calendar knows.

    `medians`: for each working day, the median over the customers of (the customer's events that
    day ÷ the customer's mean a day). Quiet is below 30 % of the usual (the median of the days).
    Where the usual is 0, because most customers come only now and then, no day is quiet.
    """
    usual = median(list(medians.values())) or 0.0
    return frozenset(day for day, level in medians.items() if level < QUIET_BELOW * usual)


def trend(
    events: Mapping[date, float], *, recent: Collection[date], previous: Collection[date]
) -> float | None:
    """Events a telling day in `recent` ÷ the same in `previous`: 1.0 same pace, 0.5 half of it.

    None, no data: fewer than three telling days on either side, or nothing in `previous`.
    """
    if not comparable(recent, previous):
        return None
    return trend_ratio(
        sum(events.get(day, 0) for day in recent),
        sum(events.get(day, 0) for day in previous),
        recent_days=len(recent),
        previous_days=len(previous),
    )


def comparable(recent: Collection[date], previous: Collection[date]) -> bool:
    """Whether both sides have the three telling days below which a trend is chance."""
    return min(len(recent), len(previous)) >= FEWEST_DAYS
