"""Terms of contracts: how days move by months, and what a ledger line says. No queries."""

import calendar
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from banso.customers.models import ContractChange
from banso.lib.money import monthly


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds from a ledger line on. Money in minor units, `covers_until` exclusive."""

    amount: int
    term_months: int
    seats: int | None
    covers_until: date | None
    notice_on: date | None
    is_trial: bool

    @property
    def mrr(self) -> Decimal:
        """Minor units a month, six decimals, as signed (a trial's counts as 0 elsewhere)."""
        return monthly(self.amount, self.term_months)

    def but(self, **given: Any) -> "Terms":
        """The same with what is given; None stays as it was."""
        return replace(self, **{name: one for name, one in given.items() if one is not None})


def terms_of(change: ContractChange) -> Terms:
    """What a line of the ledger says."""
    return Terms(
        amount=change.amount,
        term_months=change.term_months,
        seats=change.quantity,
        covers_until=change.covers_until,
        notice_on=change.notice_on,
        is_trial=change.is_trial,
    )


def next_term(start_on: date, current: Terms, *, term_months: int | None = None) -> Terms:
    """The same once more: one term later, counted from the first day so that ends do not drift."""
    months = term_months or current.term_months
    end = current.covers_until
    if end is None:
        return replace(current, term_months=months)
    notice = move_months(current.notice_on, months) if current.notice_on else None
    return replace(
        current,
        term_months=months,
        covers_until=_next_end(start_on, end, months),
        notice_on=notice,
    )


def _next_end(start_on: date, end: date, months: int) -> date:
    so_far = (end.year - start_on.year) * 12 + end.month - start_on.month
    if move_months(start_on, so_far, keep_month_end=False) == end:
        return move_months(start_on, so_far + months, keep_month_end=False)
    return move_months(end, months)


def move_months(day: date, months: int, *, keep_month_end: bool = True) -> date:
    """`day` moved by whole months; the 31st becomes the last day of a shorter month.

    `keep_month_end`: the last day of a month stays a last day (9/30 and six months is 3/31).
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    at_end = keep_month_end and (day + timedelta(days=1)).day == 1
    return date(year, month + 1, last if at_end else min(day.day, last))
