"""Figures, made of the rows that add up to them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from banso.insight.metrics.asking import Figure
from banso.insight.metrics.asking.registry import Measure
from banso.insight.metrics.making import heads, worth
from banso.insight.metrics.making.exchanged import Money
from banso.insight.metrics.making.reading import Reading
from banso.insight.metrics.models import KpiRules
from banso.insight.metrics.queries import NoRate
from banso.lib.ledger.columns import Ints
from banso.lib.ledger.kpis import Rows
from banso.lib.periods import Period


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes figures of rows. `told`: as much of `period` as has passed. `without_rates`: what a rate
    is missing for has no value, rather than being refused.
    """

    measure: Measure
    reading: Reading
    period: Period
    told: Period
    money: Money
    rules: KpiRules
    without_rates: bool = False

    def figure(self, rows: Rows, notes: tuple[str, ...], whole: int | None = None) -> Figure:
        """The figure that the rows add up to; `whole`: what it is a share of, if not of itself."""
        try:
            return self._made(rows, notes, whole)
        except NoRate as missing:
            if not self.without_rates:
                raise
            return self._untold(rows, (*notes, missing.note))

    def _untold(self, rows: Rows, notes: tuple[str, ...]) -> Figure:
        n, currency = _distinct(rows.entity), self.money.currency
        return Figure(self.measure.id, self.period, None, None, None, n, currency, notes=notes)

    def _made(self, rows: Rows, notes: tuple[str, ...], whole: int | None) -> Figure:
        made = self._sums(rows, notes)
        if whole is not None:
            made = replace(
                made, denominator=Decimal(whole), value=_over(made.numerator, Decimal(whole))
            )
        match self.measure.made_by:
            case "ltv":
                return worth.lifetime(made, self.reading, self.told, self.rules)
            case "cac_payback":
                return worth.payback(made, self.reading, self.told, self.rules)
            case "per_head":
                return heads.per_head(made, rows, self.reading, self.told, self.rules)
        return made

    def _sums(self, rows: Rows, notes: tuple[str, ...]) -> Figure:
        measure, period = self.measure, self.period
        total = self.money.total if measure.in_money else _count
        numerator, denominator = total(rows, rows.numerator, period), None
        if measure.unit == "share" or measure.made_by:
            denominator = total(rows, rows.denominator, period)
        value = _over(numerator, denominator) if measure.unit == "share" else numerator
        return Figure(
            kpi=measure.id,
            period=period,
            numerator=numerator,
            denominator=denominator,
            value=value,
            n=len(rows) if measure.stands in ("day", "before") else _distinct(rows.entity),
            currency=self.money.currency if measure.in_money else "",
            parts=self._parts(rows, total),
            notes=notes,
        )

    def _parts(
        self, rows: Rows, total: Callable[[Rows, Ints, Period], Decimal]
    ) -> dict[str, Decimal]:
        named = (self.measure.parts or {}).items()
        of = {name: rows.where(rows.part == code) for code, name in named}
        return {
            name: total(one, one.numerator, self.period) for name, one in of.items() if len(one)
        }


def _over(numerator: Decimal | None, denominator: Decimal | None) -> Decimal | None:
    return numerator / denominator if denominator and numerator is not None else None


def _distinct(entity: Ints) -> int:
    """How many customers there are; rows stand by customer nearly always."""
    steps = np.diff(entity)
    if (steps < 0).any():
        return int(np.count_nonzero(np.bincount(entity)))
    return int(np.count_nonzero(steps)) + min(len(entity), 1)


def _count(_rows: Rows, amounts: Ints, _period: Period) -> Decimal:
    return Decimal(int(amounts.sum()))
