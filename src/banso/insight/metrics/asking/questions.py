"""What people and programs ask of the figures, read and bounded. Raises Refused, naming the field."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.scope import current_workspace
from banso.insight.metrics.asking import CountedBy
from banso.insight.metrics.asking.registry import MEASURES, Measure
from banso.lib.months import DAY
from banso.lib.periods import (
    TRAILING,
    Kind,
    Length,
    Period,
    add_months,
    period_of,
    periods_between,
    trailing,
)
from banso.lib.wall_clock import first_moment

MOST_PERIODS = 120
FIRST_YEAR, LAST_YEAR = 1900, 2999
_CODE = re.compile(r"(?:FY)?([0-9]{4})(?:-(Q|H)?([0-9]{1,2}))?", re.ASCII)
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})", re.ASCII)
_MONTHS = re.compile(r"[0-9]{4}-[0-9]{2}/([0-9]{4})-([0-9]{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Question:
    """A figure as known at `then` beside as known at `now` (aware; None: as it is known now)."""

    kpi: str
    periods: tuple[Period, ...]
    then: datetime
    now: datetime | None = None
    by: str = ""
    unit: CountedBy = "user"


def measure_called(kpi: str) -> Measure:
    """Refused where no such KPI is known."""
    if kpi not in MEASURES:
        words = _("This figure is not known: %(id)s. Choose one of: %(known)s.")
        said = {"id": kpi[:50], "known": ", ".join(MEASURES)}
        raise Refused(words % said, code="unknown_kpi")
    return MEASURES[kpi]


def read_month(text: str, field: str) -> date:
    """The first day of a month written as 2026-04."""
    found = _MONTH.fullmatch(text)
    year, month = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= month <= 12:
        raise Refused(_("Write the month as YYYY-MM."), code="bad_month", field=field)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused(_("The date is out of range."), code="bad_month", field=field)
    return date(year, month, 1)


def months_asked(first: str, last: str) -> tuple[date, date]:
    """The first days of the months written so; left empty: the year up to this month."""
    until = read_month(last, "to") if last else current_workspace().today().replace(day=1)
    return read_month(first, "from") if first else add_months(until, -11), until


def periods_asked(first: date, last: date, kind: Length, field: str = "to") -> tuple[Period, ...]:
    """The periods that share a day with the months from that of `first` to that of `last`; trailing:
    the twelve months up to each of these months.

    Refused where they run backwards, out of all years, or are more than MOST_PERIODS.
    """
    if kind == TRAILING:
        return tuple(map(trailing, periods_asked(first, last, "month", field)))
    ours = current_workspace()
    if first > last:
        raise Refused(
            _("The last month comes before the first one."), code="backwards", field=field
        )
    if first.year < FIRST_YEAR or last.year > LAST_YEAR:
        raise Refused(_("The date is out of range."), code="invalid", field=field)
    until = period_of(last, "month").last_day
    found = tuple(periods_between(first, until, kind, ours.fiscal_start_month))
    if len(found) > MOST_PERIODS:
        words = _("%(count)d periods are asked for; %(most)d at most are told at once.")
        said = {"count": len(found), "most": MOST_PERIODS}
        raise Refused(words % said, code="too_many_periods", field=field)
    return found


def known_on(day: date | None, field: str = "as_of") -> datetime | None:
    """The end of that local day; None: now. Refused for days to come and before 1900."""
    if day is None:
        return None
    ours = current_workspace()
    if day > ours.today():
        raise Refused(_("Choose today or a day before."), code="in_future", field=field)
    if day.year < FIRST_YEAR:
        raise Refused(_("The date is out of range."), code="invalid", field=field)
    return first_moment(ours.tz, day + DAY, 0) - datetime.resolution


def told_on(known_at: datetime | None) -> date:
    """The day up to which figures are told that are known at that moment (None: now)."""
    ours = current_workspace()
    return min(ours.day_of(known_at), ours.today()) if known_at else ours.today()


def code_of(period: Period) -> str:
    """As `period_called` reads it; a year that is no fiscal one by its months, 2025-12/2026-11."""
    if period.kind == "year" and period.fiscal_start != current_workspace().fiscal_start_month:
        return f"{period.start:%Y-%m}/{period.last_day:%Y-%m}"
    return period.code


def period_called(code: str, field: str = "period") -> Period:
    """The period of that code: 2026-04, FY2026-Q1, FY2026-H1, FY2026, 2025-12/2026-11, as figures
    tell them.
    """
    if twelve := _twelve_months(code):
        return twelve
    found = _CODE.fullmatch(code)
    year = int(found[1]) if found else 0
    if found and FIRST_YEAR <= year < LAST_YEAR:
        number = int(found[3] or 1)
        period = _period(year, found[2] or ("M" if found[3] else "Y"), number)
        if period and period.code == code:
            return period
    if found and not FIRST_YEAR <= year < LAST_YEAR:
        raise Refused(_("The date is out of range."), code="bad_period", field=field)
    words = _(
        "This period is not known: %(code)s. Write it as 2026-04, FY2026-Q1, FY2026-H1, FY2026 "
        "or, for any twelve months, 2025-12/2026-11."
    )
    raise Refused(words % {"code": code[:30]}, code="bad_period", field=field)


def _twelve_months(code: str) -> Period | None:
    """Of 2025-12/2026-11; None for what is none."""
    found = _MONTHS.fullmatch(code)
    year, month = (int(found[1]), int(found[2])) if found else (0, 0)
    if not FIRST_YEAR < year <= LAST_YEAR or not 1 <= month <= 12:
        return None
    period = trailing(period_of(date(year, month, 1), "month"))
    return period if f"{period.start:%Y-%m}/{period.last_day:%Y-%m}" == code else None


def _period(year: int, letter: str, number: int) -> Period | None:
    fiscal = current_workspace().fiscal_start_month
    kinds: dict[str, tuple[Kind, int]] = {
        "M": ("month", 12), "Q": ("quarter", 4), "H": ("half", 2), "Y": ("year", 1),
    }  # fmt: skip
    kind, most = kinds[letter]
    if not 1 <= number <= most:
        return None
    if kind == "month":
        return period_of(date(year, number, 1), kind, fiscal)
    first = date(year, fiscal, 1)
    for _before in range(number - 1):
        first = period_of(first, kind, fiscal).end
    return period_of(first, kind, fiscal)
