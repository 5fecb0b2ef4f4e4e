"""The ledger, read once for many figures. numpy is imported when the first one is asked for."""

from datetime import datetime
from decimal import Decimal

from banso.insight.metrics.answers import exchange_differences
from banso.insight.metrics.asking import Asked, Counted, Figure
from banso.lib.periods import Period


class Ledger:
    """The whole of it, as it was known at a moment (aware); None: as it is known now."""

    def __init__(self, known_at: datetime | None = None) -> None:
        from banso.insight.metrics.making import figures  # noqa: PLC0415  (pages that ask nothing stay small)

        self._engine = figures
        self._known_at = known_at
        self._reading = figures.read_for(self._asked("mrr"))

    def figures(self, kpi: str, *periods: Period) -> list[Figure]:
        """One for each period, in their order."""
        return self._engine.figures(self._asked(kpi, *periods), self._reading)

    def rows(self, kpi: str, period: Period) -> list[Counted]:
        """What the figure is the sum of."""
        return self._engine.opened(self._asked(kpi, period), period, "", self._reading)

    def exchanged(self, period: Period) -> Decimal | None:
        """What exchange rates alone made of MRR since the period before."""
        return exchange_differences([(period, period.before)], self._reading)[0]

    def _asked(self, kpi: str, *periods: Period) -> Asked:
        return Asked(kpi, periods, known_at=self._known_at)
