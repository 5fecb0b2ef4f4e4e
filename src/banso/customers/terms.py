"""Terms of contracts: what a ledger line says, and what follows from it. No queries."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from banso.customers.models import Contract, ContractChange
from banso.lib.money import monthly
from banso.lib.months import deadline_before, move_months, term_end

DEADLINE = ("notice_months", "notice_days", "minimum_months")


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds from a ledger line on. Money in minor units, `covers_until` exclusive.

    `notice_on` is counted from the end by `notice_months` or `notice_days` where either is given
    (`counted`). `minimum_months` run from the contract's first day.
    """

    amount: int
    term_months: int
    seats: int | None
    covers_until: date | None
    notice_on: date | None
    is_trial: bool
    notice_months: int | None = None
    notice_days: int | None = None
    minimum_months: int | None = None

    @property
    def mrr(self) -> Decimal:
        """Minor units a month, six decimals, as signed (a trial's counts as 0 elsewhere)."""
        return monthly(self.amount, self.term_months)

    def but(self, **given: Any) -> "Terms":
        """The same with what is given; None stays as it was. Months and days take each other's place."""
        known = {name: one for name, one in given.items() if one is not None}
        if "notice_months" in known and "notice_days" not in known:
            known["notice_days"] = None
        elif "notice_days" in known and "notice_months" not in known:
            known["notice_months"] = None
        return replace(self, **known)

    def leaves_from(self, start_on: date) -> date | None:
        """The first day on which a contract begun on `start_on` can be over; None: at any time.

        The end of the term, or of the minimum term where that is later.
        """
        minimum = term_end(start_on, self.minimum_months) if self.minimum_months else None
        return max((day for day in (self.covers_until, minimum) if day), default=None)

    def counted(self, start_on: date, *, before: "Terms | None" = None) -> "Terms":
        """With the deadline that follows from months or days, where those are agreed.

        `before`: terms from which these came; a deadline told by its day stands while nothing that
        it could be counted from differs.
        """
        leaves = self.leaves_from(start_on)
        if leaves is None or (self.notice_months is None and self.notice_days is None):
            return self
        if before is not None and self.notice_on and _ground(before) == _ground(self):
            return self
        months, days = self.notice_months or 0, self.notice_days or 0
        return replace(self, notice_on=deadline_before(leaves, months=months, days=days))


def _ground(terms: Terms) -> tuple[Any, ...]:
    return (terms.covers_until, *(getattr(terms, name) for name in DEADLINE))


def terms_of(change: ContractChange) -> Terms:
    """What a line of the ledger says."""
    return Terms(
        amount=change.amount,
        term_months=change.term_months,
        seats=change.quantity,
        covers_until=change.covers_until,
        notice_on=change.notice_on,
        is_trial=change.is_trial,
        notice_months=change.notice_months,
        notice_days=change.notice_days,
        minimum_months=change.minimum_months,
    )


def told_deadline(one: Contract) -> date | None:
    """The contract's notice deadline where it was told by its day; None where it is counted."""
    counted = Terms(
        amount=0,
        term_months=1,
        seats=None,
        covers_until=one.end_on,
        notice_on=None,
        is_trial=False,
        **{name: getattr(one, name) for name in DEADLINE},
    ).counted(one.start_on)
    return None if counted.notice_on == one.notice_on else one.notice_on


def next_term(
    start_on: date,
    current: Terms,
    *,
    term_months: int | None = None,
    begins_on: date | None = None,
) -> Terms:
    """The same once more: one term later, counted from the first day so that ends do not drift.

    `begins_on`: an early or late renewal, which runs its whole term from that day on.
    """
    months = term_months or current.term_months
    end = current.covers_until
    if end is None:
        return replace(current, term_months=months)
    if begins_on is None or begins_on == end:
        ends = _next_end(start_on, end, months)
        notice = move_months(current.notice_on, months) if current.notice_on else None
    else:
        ends = term_end(begins_on, months)
        notice = ends - (end - current.notice_on) if current.notice_on else None
    later = replace(current, term_months=months, covers_until=ends, notice_on=notice)
    return later.counted(start_on)


def _next_end(start_on: date, end: date, months: int) -> date:
    so_far = (end.year - start_on.year) * 12 + end.month - start_on.month
    if move_months(start_on, so_far, keep_month_end=False) == end:
        return move_months(start_on, so_far + months, keep_month_end=False)
    return move_months(end, months)
