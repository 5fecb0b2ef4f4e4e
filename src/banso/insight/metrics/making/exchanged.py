"""Amounts of several currencies in one."""

from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from banso.core.scope import current_workspace
from banso.insight.metrics.making.reading import MICRO, Reading
from banso.insight.metrics.queries import NoRate, rates_where_known
from banso.lib.ledger.columns import Floats, Ints
from banso.lib.ledger.kpis import Rows
from banso.lib.money import minor_digits
from banso.lib.periods import Period

WRAPS = 2.0**62  # sums that are less, by far, fit into 64 bits


class Money:
    """Sums of columns in major units of one currency: the ledger's own, where it has but one, else
    the workspace's, at the last rate on or before a period's first day.

    Raises NoRate for amounts whose rate is missing; nothing needs none.
    """

    def __init__(self, reading: Reading, periods: Sequence[Period]) -> None:
        own = current_workspace().currency
        self.currencies = list(reading.currencies) or [own]
        self.currency = self.currencies[0] if len(self.currencies) == 1 else own
        self._units = [Decimal(MICRO * 10 ** minor_digits(one)) for one in self.currencies]
        days = [one.start for one in periods]
        self._rates = (
            rates_where_known(self.currencies, days, reading.known_at)
            if len(self.currencies) > 1
            else dict.fromkeys(((self.currency, day) for day in days), Decimal(1))
        )

    def total(self, rows: Rows, amounts: Ints, period: Period) -> Decimal:
        """The sum of `amounts`, by whose rows' currencies they are exchanged."""
        if len(self.currencies) == 1:
            return self.major(_sum(amounts), 0, period)
        found = Decimal(0)
        for code in range(len(self.currencies)):
            part = _sum(amounts[rows.currency == code])
            found += self.major(part, code, period)
        return found

    def major(self, amount: int, code: int, period: Period) -> Decimal:
        """Millionths of a minor unit of the currency with that code, exchanged."""
        if not amount:
            return Decimal(0)
        rate = self.rate(code, period)
        if rate is None:
            raise NoRate(self.currencies[code], period.start)
        return Decimal(amount) / self._units[code] * rate

    def worth(self, period: Period) -> Floats | None:
        """What one of each currency's columns is about worth in the period; None where one is all."""
        if len(self.currencies) == 1:
            return None
        rates = [self.rate(code, period) or Decimal(0) for code in range(len(self.currencies))]
        return np.array([float(one / of) for one, of in zip(rates, self._units, strict=True)])

    def weighed(self, amounts: Ints, currency: Ints, period: Period) -> Ints | Floats:
        """Amounts as they compare with each other, each in the currency of its code."""
        worth = self.worth(period)
        return amounts if worth is None else amounts * worth[currency]

    def rate(self, code: int, period: Period) -> Decimal | None:
        """By which amounts of a period are exchanged; None where it is missing."""
        return self._rates.get((self.currencies[code], period.start))


def exchange_differences(
    reading: Reading, pairs: Sequence[tuple[Period, Period]]
) -> list[Decimal | None]:
    """By how much the MRR at the opening, at the rates of a period, is more than the close of the
    period before at its own; pairs of them. None where there is nothing to exchange, or a rate is
    missing. 1 query.
    """
    money = Money(reading, [one for pair in pairs for one in pair])
    if len(money.currencies) == 1:
        return [None] * len(pairs)
    return [_difference(reading, money, *pair) for pair in pairs]


def _difference(reading: Reading, money: Money, period: Period, before: Period) -> Decimal | None:
    accounts, stood = reading.book.accounts, reading.book.mrr(period.opens_after)
    found = Decimal(0)
    for code in range(len(money.currencies)):
        amount = _sum(stood[accounts.currency == code])
        try:
            found += money.major(amount, code, period) - money.major(amount, code, before)
        except NoRate:
            return None
    return found


def _sum(amounts: Ints) -> int:
    """Exact, also where it needs more than 64 bits: what wraps around on the way comes back."""
    if abs(float(amounts.sum(dtype=float))) < WRAPS:
        return int(amounts.sum())
    return (int((amounts >> 32).sum()) << 32) + int((amounts & 0xFFFFFFFF).sum())
