"""Months, quarters, half-years and fiscal years: [start, end) of a workspace's calendar."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

Kind = Literal["month", "quarter", "half", "year"]
Length = Literal[Kind, "trailing"]  # trailing: for each month the twelve that end with it
KINDS: tuple[Kind, ...] = get_args(Kind)
TRAILING: Literal["trailing"] = "trailing"
MONTHS: dict[Kind, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days [start, end). Quarters, halves and years count from the fiscal year's first month.

    What stood at its opening is what stood at the end of the day before it (`opens_after`), what
    stands at its close what stands at the end of its last day: a contract that begins on the first
    is new in the period, and changes dated inside it add up to the difference of the two.
    """

    start: date
    end: date
    kind: Kind = "month"
    fiscal_start: int = 1

    @property
    def opens_after(self) -> date:
        return self.start - timedelta(days=1)

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)

    @property
    def fiscal_year(self) -> int:
        """The year in which its fiscal year began: 2026年度 is April 2026 to March 2027."""
        return self.start.year - (self.start.month < self.fiscal_start)

    @property
    def number(self) -> int:
        """Which of its kind in the fiscal year, from 1 on; a month is its calendar month."""
        if self.kind == "month":
            return self.start.month
        return (self.start.month - self.fiscal_start) % 12 // MONTHS[self.kind] + 1

    @property
    def code(self) -> str:
        """2026-04; by fiscal years that begin later than in January FY2026-Q1, FY2026-H1, FY2026;
        else 2026-Q1, 2026-H1, 2026.
        """
        if self.kind == "month":
            return f"{self.start:%Y-%m}"
        year = f"FY{self.fiscal_year}" if self.fiscal_start > 1 else str(self.fiscal_year)
        letter = {"quarter": "-Q", "half": "-H"}.get(self.kind)
        return f"{year}{letter}{self.number}" if letter else year

    @property
    def before(self) -> "Period":
        """The equal period right before it."""
        return period_of(self.opens_after, self.kind, self.fiscal_start)


def period_of(day: date, kind: Kind, fiscal_start: int = 1) -> Period:
    """The period of that kind that `day` falls in."""
    length = MONTHS[kind]
    into = (day.month - fiscal_start) % 12 % length if length > 1 else 0
    start = add_months(day.replace(day=1), -into)
    return Period(start, add_months(start, length), kind, fiscal_start)


def trailing(period: Period) -> Period:
    """The twelve months that end with the period: a year that begins wherever it must."""
    start = add_months(period.end, -MONTHS["year"])
    return Period(start, period.end, "year", start.month)


def periods_between(first: date, last: date, kind: Kind, fiscal_start: int = 1) -> list[Period]:
    """Every period of that kind that shares a day with [first, last], oldest first."""
    return list(_from(period_of(first, kind, fiscal_start), last))


def _from(period: Period, last: date) -> Iterator[Period]:
    while period.start <= last:
        yield period
        period = period_of(period.end, period.kind, period.fiscal_start)


def add_months(first_of_month: date, months: int) -> date:
    """The first of the month so many months later."""
    year, month = divmod(first_of_month.year * 12 + first_of_month.month - 1 + months, 12)
    return date(year, month + 1, 1)
