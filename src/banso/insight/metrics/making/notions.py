"""Three notions of who left: contracts that ended, notices of cancellation, and a flag of the source.

They disagree by nature. The first one is what the rates count; the others stand beside it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from banso.core.as_of import known
from banso.customers.models import CancellationNotice, Customer
from banso.insight.metrics.making.figures import until_today
from banso.insight.metrics.making.reading import Reading
from banso.lib.ledger import kpis
from banso.lib.periods import Period

FLAG = "churn_flag"  # the custom attribute by which a source says that a customer has left
_TRUE = (True, 1, "true", "True", "TRUE", "1", "yes", "Yes", "YES")
Ids = frozenset[UUID]
Overlap = tuple[bool, bool, bool]  # by contract, by notice, by flag


class _Notice(NamedTuple):
    customer: UUID
    noticed_on: date
    effective_on: date | None


@dataclass(frozen=True, slots=True)
class Said:
    """Who left in a period: by contract (which the rate counts), by the day of a notice (申出日), and
    by the day on which the notice says that they leave.
    """

    period: Period
    left: Ids
    noticed: Ids
    leaving: Ids


@dataclass(frozen=True, slots=True)
class Notions:
    """What is said of each period, and whom the source flags: it says no day. None: no such flag."""

    said: tuple[Said, ...]
    flagged: Ids | None

    @property
    def left(self) -> Ids:
        return _all(one.left for one in self.said)

    @property
    def noticed(self) -> Ids:
        """Whose notice was given, or took effect, in the periods."""
        return _all(one.noticed | one.leaving for one in self.said)

    def overlap(self, which: Overlap) -> Ids:
        """Who is meant by just these notions, and by none of the others."""
        found = (self.left, self.noticed, self.flagged or frozenset())
        there = _all(found)
        for is_in, one in zip(which, found, strict=True):
            there = there & one if is_in else there - one
        return there

    def overlaps(self) -> list[tuple[Overlap, Ids]]:
        """Everybody whom any notion means, once: in all three first, then in fewer and fewer."""
        yes_or_no = (True, False)
        every = [(a, b, c) for a in yes_or_no for b in yes_or_no for c in yes_or_no]
        fewer = sorted(every[:-1], key=lambda one: -sum(one))
        return [(which, self.overlap(which)) for which in fewer]


def notions(periods: Sequence[Period], reading: Reading) -> Notions | None:
    """What the three say of these periods; None in a workspace that has neither notices nor flags.

    Customers are counted as users of their contracts: of these notices and flags are told. Notices
    as known when the ledger is; a flag only knows today. At most 4 queries.
    """
    flagged, notices = _flagged(), _notices(periods, reading)
    if flagged is None and not notices and not CancellationNotice.objects.exists():
        return None
    told = [(one, until_today(one, reading.today)) for one in periods]
    said = [
        Said(
            period,
            _left(so_far, reading),
            _who(notices, period, "noticed_on"),
            _who(notices, period, "effective_on"),
        )
        for period, so_far in told
        if so_far
    ]
    return Notions(tuple(said), flagged)


def _left(period: Period, reading: Reading) -> Ids:
    """Whom the logo churn rate counts."""
    rows = kpis.logo_churn(reading.book, period)
    gone = rows.entity[rows.numerator > 0]
    return frozenset(reading.customer_id(code) for code in gone.tolist())


def _notices(periods: Sequence[Period], reading: Reading) -> list[_Notice]:
    """Notices that say anything of these periods. 1 query."""
    days = (min(one.start for one in periods), max(one.last_day for one in periods))
    within = Q(noticed_on__range=days) | Q(effective_on__range=days)
    found = CancellationNotice.objects.filter(
        known(reading.known_at), within, customer__deleted_at=None
    )
    rows = found.values_list("customer_id", "noticed_on", "effective_on")
    return [_Notice(*row) for row in rows]


def _who(notices: list[_Notice], period: Period, column: str) -> Ids:
    """Customers with a notice whose day in that column falls in the period."""
    return frozenset(
        one.customer
        for one in notices
        if (day := getattr(one, column)) and period.start <= day < period.end
    )


def _flagged() -> Ids | None:
    """Whom the source flags as having left; None where it flags nobody, neither way."""
    told = Customer.objects.filter(attributes__has_key=FLAG)
    if not told.exists():
        return None
    return frozenset(told.filter(attributes__churn_flag__in=_TRUE).values_list("pk", flat=True))


def _all(some: Iterable[Ids]) -> Ids:
    return frozenset(one for ids in some for one in ids)
