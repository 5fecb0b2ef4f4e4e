"""Closed months: what was reported beside what the ledger says now. Reads the whole ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from banso.insight.metrics import queries
from banso.insight.metrics.asking import Asked, Figure
from banso.insight.metrics.models import Closing
from banso.insight.metrics.queries import HEADLINE, month_of
from banso.lib.periods import Period

Told = dict[tuple[str, str], Figure]  # by KPI and part
NOTHING = Decimal(0)


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

    None where one of two rates is not known, or two amounts are of two currencies.
    """
    told = [each for each in (one, other) if each]
    before, after = (each.value if each else None for each in (one, other))
    if any(each.denominator is not None for each in told):
        return None if before is None or after is None else after - before
    if len({each.currency for each in told if each.value is not None}) > 1:
        return None
    return (after or NOTHING) - (before or NOTHING)


def is_other(one: Figure | None, other: Figure | None) -> bool:
    """Whether numerator or denominator differ."""
    return any(
        (getattr(one, name) if one else NOTHING) != (getattr(other, name) if other else NOTHING)
        for name in ("numerator", "denominator")
        if any(getattr(each, name) is not None for each in (one, other) if each)
    )


def compared(closings: Sequence[Closing], by: str = "") -> dict[UUID, list[Compared]]:
    """For each closing every headline figure, in their order, and every part of the cut.

    The ledger is read once.
    """
    now = figures_now(closings, by)
    return {one.pk: _pairs(queries.figures_of(one, by), now[one.pk]) for one in closings}


def figures_now(
    closings: Sequence[Closing], by: str = "", known_at: datetime | None = None
) -> dict[UUID, Told]:
    """The headline figures of the closings' months as known at a moment; None: now."""
    from banso.insight.metrics.making import figures  # noqa: PLC0415  (numpy, which pages do without)

    months = {one.pk: month_of(one) for one in closings}
    told: dict[Period, Told] = {month: {} for month in months.values()}
    if not closings:
        return {}
    reading = figures.read_for(Asked("mrr", (), known_at=known_at))
    for kpi in HEADLINE:
        for one in figures.figures(Asked(kpi, tuple(told), by=by, known_at=known_at), reading):
            told[one.period][kpi, one.cut] = one
    return {pk: told[month] for pk, month in months.items()}


def _pairs(reported: Told, now: Told) -> list[Compared]:
    keys = dict.fromkeys((*reported, *now))  # parts in the order in which they were reported
    pairs = [Compared(reported.get(key), now.get(key)) for key in keys]
    return sorted(pairs, key=lambda pair: HEADLINE.index(pair.figure.kpi))


def moved_otherwise(closing: Closing, by: str = "") -> bool:
    """Whether figures of the month are others than reported by more than lines of the ledger.

    As the ledger was known at the closing they would be what was reported: rules, customers that
    were deleted or merged, imports that were taken back, plans and owners set anew for past days
    make them others. One reading.
    """
    reported = queries.figures_of(closing, by)
    known = figures_now([closing], by, closing.closed_at)[closing.pk]
    return any(is_other(reported.get(key), known.get(key)) for key in {*reported, *known})
