"""Closed months: what was reported beside what the ledger says now. Reads the whole ledger."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from banso.insight.metrics import queries
from banso.insight.metrics.asking import Asked, Figure
from banso.insight.metrics.models import Closing
from banso.insight.metrics.queries import KEPT, Kept, period_kept
from banso.lib.periods import Period

ORDER = [(kind, kpi) for kind, kpis in KEPT.items() for kpi in kpis]
NOTHING = Decimal(0)
ROUNDED = Decimal("1e-15")  # quotients have more digits than a closing keeps


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure of a closed month: as reported, and as the ledger tells it now (締め後の修正).

    None where a part was not there then, or is not there now.
    """

    reported: Figure | None
    now: Figure | None

    @property
    def figure(self) -> Figure:
        """Whichever there is: for its KPI, part and currency."""
        found = [one for one in (self.reported, self.now) if one]
        return found[0]

    @property
    def is_changed(self) -> bool:
        return is_other(self.reported, self.now)

    @property
    def difference(self) -> Decimal | None:
        """Of the values; of amounts and counts also where a part is new or gone."""
        return difference(self.reported, self.now)


def difference(one: Figure | None, other: Figure | None) -> Decimal | None:
    """By how much the value became another.

    None where one of two rates is not known, two amounts are of two currencies, an exchange rate is
    missing, or all that is known of one is that it is at least so much.
    """
    told = [each for each in (one, other) if each]
    before, after = (each.value if each else None for each in (one, other))
    if before != after and any(each.is_bound or each.lacks_rate for each in told):
        return None
    if any(each.denominator is not None for each in told):
        return None if before is None or after is None else after - before
    if len({each.currency for each in told if each.value is not None}) > 1:
        return None
    return (after or NOTHING) - (before or NOTHING)


def is_other(one: Figure | None, other: Figure | None) -> bool:
    """Whether numerator or denominator differ by more than what keeping them rounds off."""
    return any(
        _is_apart(
            getattr(one, name) if one else NOTHING, getattr(other, name) if other else NOTHING
        )
        for name in ("numerator", "denominator")
        if any(getattr(each, name) is not None for each in (one, other) if each)
    )


def _is_apart(one: Decimal | None, other: Decimal | None) -> bool:
    if one is None or other is None:
        return one is not other
    return abs(one - other) > ROUNDED


def compared(closings: Sequence[Closing], by: str = "") -> dict[UUID, list[Compared]]:
    """For each closing every figure that it keeps, in their order, and every part of the cut.

    The ledger is read once.
    """
    then, now = queries.figures_kept(closings, by), figures_now(closings, by)
    return {one.pk: _pairs(then[one.pk], now[one.pk]) for one in closings}


def figures_now(
    closings: Sequence[Closing], by: str = "", known_at: datetime | None = None
) -> dict[UUID, Kept]:
    """The same figures as known at a moment; None: now."""
    from banso.insight.metrics.making import figures  # noqa: PLC0415  (numpy, which pages do without)

    if not closings:
        return {}
    reading, kept = figures.read_for(_asked("mrr", (), by, known_at)), queries.kpis_kept(closings)
    now: dict[UUID, Kept] = {one.pk: {} for one in closings}
    for kind, kpi in [each for each in ORDER if not by or each[0] == "month"]:
        ends = {one.pk: period_kept(one, kind) for one in closings if (kind, kpi) in kept[one.pk]}
        told = figures.figures(_asked(kpi, set(ends.values()), by, known_at), reading)
        for pk, period in ends.items():
            now[pk] |= {(kind, kpi, one.cut): one for one in told if one.period == period}
    return now


def _asked(kpi: str, periods: Iterable[Period], by: str, known_at: datetime | None) -> Asked:
    return Asked(kpi, tuple(sorted(periods)), by=by, known_at=known_at)


def _pairs(reported: Kept, now: Kept) -> list[Compared]:
    keys = dict.fromkeys((*reported, *now))  # parts in the order in which they were reported
    pairs = [(key[:2], Compared(reported.get(key), now.get(key))) for key in keys]
    return [pair for _key, pair in sorted(pairs, key=lambda one: ORDER.index(one[0]))]


def moved_otherwise(closing: Closing, by: str = "") -> bool:
    """Whether figures of the month are others than reported by more than lines of the ledger.

    As the ledger was known at the closing they would be what was reported: rules, customers that
    were deleted or merged, imports that were taken back, plans and owners set anew for past days
    make them others. One reading.
    """
    reported = queries.figures_kept([closing], by)[closing.pk]
    known = figures_now([closing], by, closing.closed_at)[closing.pk]
    return any(is_other(reported.get(key), known.get(key)) for key in {*reported, *known})
