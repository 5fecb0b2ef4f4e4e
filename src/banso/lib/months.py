"""Months as contracts count them: ends of terms, and deadlines so many months or days before.

Days are half open: a term covers [start, end), and its last day (満了日) is the day before `end`.
"""

import calendar
from datetime import date, timedelta

DAY = timedelta(days=1)


def move_months(day: date, months: int, *, keep_month_end: bool = True) -> date:
    """`day` moved by whole months; the 31st becomes the last day of a shorter month.

    `keep_month_end`: the last day of a month stays a last day (9/30 and six months is 3/31).
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    at_end = keep_month_end and (day + DAY).day == 1
    return date(year, month + 1, last if at_end else min(day.day, last))


def day_after(last: date) -> date:
    """The first day without cover, of a last day (満了日). The calendar's last day has none after it."""
    return last + DAY if last < date.max else last


def last_day(end: date | None) -> date | None:
    """満了日: the last day that is covered, of an exclusive end; None for no end."""
    return end - DAY if end else None


def term_end(start: date, months: int) -> date:
    """The first day after a term of whole months that begins on `start`.

    The same day of the month; where that month has none, its last day is still covered: a year
    from 2024/2/29 runs to 2025/2/28, a month from 1/31 to 2/28 or 2/29, both inclusive.
    Source: Japanese Civil Code, article 143 (2).
    """
    same = move_months(start, months, keep_month_end=False)
    return same if same.day == start.day else same + DAY


def deadline_before(end: date, *, months: int = 0, days: int = 0) -> date:
    """The last day on which somebody can speak up so many months, or days, before the end.

    The day of speaking does not count: it is the latest one after which whole months, or days, are
    left before `end` (exclusive). To 2027/3/31, three months: 2026/12/31; to 2027/2/28, one month:
    2027/1/31. Nothing before: the last day itself. Source: Civil Code, articles 140 and 143,
    counted back.
    """
    return move_months(end, -months, keep_month_end=False) - (days + 1) * DAY


def whole_months(start: date, end: date) -> int | None:
    """How many months [start, end) is, where it is a term of whole ones: 4/1 to 4/1 is 12."""
    about = (end.year - start.year) * 12 + end.month - start.month
    return next((n for n in (about, about - 1) if n > 0 and term_end(start, n) == end), None)
