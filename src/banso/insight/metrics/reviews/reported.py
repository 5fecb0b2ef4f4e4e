"""The ledger as a month and the one before it were reported, where they were."""

from dataclasses import dataclass
from uuid import UUID

from banso.insight.metrics import queries
from banso.insight.metrics.asking import Asked, Figure
from banso.insight.metrics.models import Closing
from banso.insight.metrics.restatements.compared import Compared
from banso.insight.metrics.reviews.ledger import Ledger
from banso.lib.periods import Period


@dataclass(frozen=True, slots=True)
class Beside:
    """A figure that was reported, with what the ledger says of it now, and by which closing."""

    pair: Compared
    closing: UUID


class ReportedLedger(Ledger):
    """Figures of closed months are those that were reported; all else is as known at `closing`."""

    def __init__(self, month: Period, closing: Closing | None) -> None:
        super().__init__(closing.closed_at if closing else None)
        asked = Asked("", (month.before, month))
        self._kept = queries.closed_figures(asked, queries.HEADLINE)
        self._now = Ledger() if closing and self._kept else None

    def figures(self, kpi: str, *periods: Period) -> list[Figure]:
        pairs = zip(periods, super().figures(kpi, *periods), strict=True)
        told = ((self._kept.get((kpi, period)), one) for period, one in pairs)
        return [kept.figure if kept else one for kept, one in told]

    def beside(self, kpi: str, period: Period) -> Beside | None:
        """None for what was not reported."""
        kept = self._kept.get((kpi, period))
        if kept is None:
            return None
        (now,) = self._now.figures(kpi, period) if self._now else super().figures(kpi, period)
        return Beside(Compared(kept.figure, now), kept.closing)
