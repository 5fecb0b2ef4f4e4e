"""The days by which usage is judged as of a day, in the open workspace."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from time import monotonic

from django.core.cache import cache

from banso.core import workspaces
from banso.core.models import Workspace
from banso.core.scope import current_workspace, current_workspace_id
from banso.lib.bad_value import BadValue
from banso.lib.days_off import japanese_company_days, public_holidays
from banso.lib.usage_windows import Window, comparable, quiet_days, telling_days
from banso.touchpoints.usage import store
from banso.touchpoints.usage.models import DayFigures

FEWEST_CUSTOMERS = 10
DAYS = 28
KNOWN_SHARE = 20  # a feature is known when one in twenty of the active customers use it
KNOWN_DAYS = 90
LONG = 0.1  # seconds that nobody should wait for at every look
REMEMBERED = 1000  # times as long as it took to find out
_MARGIN = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class Compared:
    """A window up to and with `on`, the one before it, and the telling days of each."""

    window: Window
    recent: tuple[date, ...]
    previous: tuple[date, ...]

    @property
    def comparable(self) -> bool:
        return comparable(self.recent, self.previous)


def compared(on: date, days: int = DAYS) -> Compared:
    """The last `days` local days up to and with `on`, and the days in them that tell something.

    Days off: the workspace's weekend, public holidays of its country, its own company days, in
    Japan also 年末年始, the days between in GW and お盆 whether declared or not (it is the
    customers' rest that counts, not ours), and working days on which the median of ten customers
    or more did less than 30 % of the usual; of 28 days that was fixed when the day was first
    scored (`freeze_figures`). Today is not over and tells nothing yet. 2 queries.
    """
    window, today = Window(on, days), current_workspace().today()
    off = _days_off_around(window)
    fixed = figures(on) if days == DAYS else None
    off |= _quiet(window, off) if fixed is None else frozenset(map(date.fromisoformat, fixed.quiet))
    rests = partial(_rests, _week(), off)
    recent = telling_days(window, rests=rests)
    return Compared(
        window,
        tuple(day for day in recent if day < today),
        telling_days(window.previous, rests=rests),
    )


def features_broad(on: date) -> int:
    """Different features that the broadest tenth of the active customers used in 28 days, as 2,000 say.

    As fixed when the day was first scored, else as it is now. 1 query or 2.
    """
    fixed = figures(on)
    return store.features_broad(Window(on, DAYS)) if fixed is None else fixed.broad


def features_known(on: date) -> int:
    """Features that one in twenty or more of the active customers used in 90 days. 1 query or 3.

    It reads 90 days of everybody: where that takes long, the answer is remembered.
    """
    key = f"usage.features_known:{current_workspace_id()}:{on}"
    if (found := cache.get(key)) is not None:
        return int(found)
    begin = monotonic()
    known = store.features_known(Window(on, KNOWN_DAYS), share=KNOWN_SHARE)
    if (took := monotonic() - begin) > LONG:
        cache.set(key, known, REMEMBERED * took)
    return known


def figures(on: date) -> DayFigures | None:
    """What everybody is compared with on the day `on`, where it is fixed already. 1 query."""
    found: DayFigures | None = DayFigures.objects.filter(day=on).first()
    return found


def freeze_figures(on: date, *, anew: bool) -> None:
    """What everybody is compared with on the day `on` is fixed: it stays so, whatever arrives.

    `anew` takes it as of now, where it was fixed before: call it only to score everybody again,
    so that all scores of a day are of one measure. Reads the rollups of 56 days of all
    customers: about 1 s for 20,000.
    """
    if figures(on) and not anew:
        return
    window = Window(on, DAYS)
    quiet = sorted(day.isoformat() for day in _quiet(window, _days_off_around(window)))
    values = {"broad": store.features_broad(window), "quiet": quiet}
    DayFigures.objects.update_or_create(day=on, defaults=values)


def resting(start: date, end: date) -> Callable[[date], bool]:
    """Whether a day within [start, end) is one on which our customers rest. 1 query."""
    workspace = current_workspace()
    return partial(_rests, _week(), _days_off(workspace, start, end))


def _rests(week: frozenset[int], off: frozenset[date], day: date) -> bool:
    return day.weekday() not in week or day in off


def _week() -> frozenset[int]:
    """The weekdays with business hours; 0 is Monday."""
    week = current_workspace().business_week
    return frozenset(int(day) for day, hours in week.items() if hours)


def _days_off_around(window: Window) -> frozenset[date]:
    return _days_off(current_workspace(), window.previous.start - _MARGIN, window.end + _MARGIN)


def _days_off(workspace: Workspace, start: date, end: date) -> frozenset[date]:
    off = set(workspaces.rest_days(start=start, end=end))
    for year in range(start.year, end.year + 1):
        off |= _holidays(workspace.country, year)
        if workspace.country == "JP":
            off = off.union(*japanese_company_days(year).values())
    return frozenset(off)


def _holidays(country: str, year: int) -> frozenset[date]:
    try:
        return public_holidays(country, year)
    except BadValue:  # a country whose holidays nobody has listed
        return frozenset()


def _quiet(window: Window, off: frozenset[date]) -> frozenset[date]:
    rests, before = partial(_rests, _week(), off), current_workspace().today()
    span = [day for day in (*window.previous, *window) if not rests(day) and day < before]
    return quiet_days(store.daily_medians(span, fewest=FEWEST_CUSTOMERS))
