"""Amounts of several currencies in one."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from banso.core.scope import current_workspace
from banso.insight.metrics.queries import rates_for
from banso.insight.metrics.reading import MICRO, Reading
from banso.lib.ledger.columns import Ints
from banso.lib.ledger.kpis import Rows
from banso.lib.money import minor_digits
from banso.lib.periods import Period


class Money:
    """Sums of columns in major units of one currency: the ledger's own, where it has but one, else
    the workspace's, at the last rate on or before a period's first day.
    """

    def __init__(self, reading: Reading, periods: Sequence[Period]) -> None:
        own = current_workspace().currency
        self.currencies = list(reading.currencies) or [own]
        self.currency = self.currencies[0] if len(self.currencies) == 1 else own
        self._units = [Decimal(MICRO * 10 ** minor_digits(one)) for one in self.currencies]
        self._rates: dict[tuple[str, date], Decimal] = {}
        if len(self.currencies) > 1:
            self._rates = rates_for(
                self.currencies, [one.start for one in periods], reading.known_at
            )

    def total(self, rows: Rows, amounts: Ints, period: Period) -> Decimal:
        """The sum of `amounts`, by whose rows' currencies they are exchanged."""
        found = Decimal(0)
        for code in range(len(self.currencies)):
            part = int(amounts[rows.currency == code].sum())
            found += self.major(part, code, period)
        return found

    def major(self, amount: int, code: int, period: Period) -> Decimal:
        """Millionths of a minor unit of the currency with that code, exchanged."""
        rate = self._rates.get((self.currencies[code], period.start), Decimal(1))
        return Decimal(amount) / self._units[code] * rate
