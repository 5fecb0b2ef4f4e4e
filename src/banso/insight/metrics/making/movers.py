"""Which customers moved a figure most in a period. Imports numpy: reach it through `answers`."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from banso.insight.metrics import queries
from banso.insight.metrics.asking import Asked
from banso.insight.metrics.asking.questions import measure_called
from banso.insight.metrics.asking.registry import Measure
from banso.insight.metrics.making.exchanged import Money
from banso.insight.metrics.making.figures import names_of, rows_of, told_of
from banso.insight.metrics.making.reading import Reading
from banso.insight.metrics.queries import NoRate
from banso.lib.ledger.columns import Ints
from banso.lib.ledger.kpis import Rows
from banso.lib.periods import Period

MOST = 5
INSTEAD = {"mrr": "movements"}  # what stands is moved by what is told elsewhere


@dataclass(frozen=True, slots=True)
class Mover:
    """A customer and by how much it moved the numerator, less its denominator where both are equal
    when nothing happens.
    """

    entity: str
    name: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Movers:
    """The greatest first; `others`: how many moved it besides. `kpi`: whose rows tell all of them."""

    kpi: str
    period: Period
    in_money: bool
    currency: str
    rows: tuple[Mover, ...]
    others: int


def movers(asked: Asked, period: Period, reading: Reading) -> Movers | None:
    """Who moved it; None where the KPI is no sum of customers, nothing has passed, or a rate is
    missing. 1 query more.
    """
    measure = measure_called(INSTEAD.get(asked.kpi, asked.kpi))
    told = told_of(measure, period, reading.today)
    if told is None or not _is_moved(measure):
        return None
    try:
        return _movers(asked, measure, period, told, reading)
    except NoRate:
        return None


def _movers(
    asked: Asked, measure: Measure, period: Period, told: Period, reading: Reading
) -> Movers:
    money = Money(reading, [period])
    rows = rows_of(measure, reading, told, [None], queries.rules(asked.known_at), money)
    entity, currency, amounts = _sums(rows, _moved(measure, rows))
    weights = money.weighed(amounts, currency, period) if measure.in_money else amounts
    order = np.argsort(-np.abs(weights), kind="stable")[:MOST]
    names = names_of(reading, entity[order])
    found = [
        Mover(
            *names[who],
            amount=money.major(amount, code, period) if measure.in_money else Decimal(amount),
        )
        for who, code, amount in zip(
            entity[order].tolist(), currency[order].tolist(), amounts[order].tolist(), strict=True
        )
    ]
    unit = money.currency if measure.in_money else ""
    others = len(entity) - len(found)
    return Movers(measure.id, period, measure.in_money, unit, tuple(found), others)


def _is_moved(measure: Measure) -> bool:
    """Shares of what stood at the opening or fell due, and sums of what happened."""
    if measure.made_by or measure.always_by:
        return False
    return measure.unit == "share" or measure.stands == "day"


def _moved(measure: Measure, rows: Rows) -> Ints:
    """What each row changed: of what is to be kept, what is missing or more."""
    if measure.unit == "share" and measure.higher_is_better:
        return rows.numerator - rows.denominator
    return rows.numerator


def _sums(rows: Rows, amounts: Ints) -> tuple[Ints, Ints, Ints]:
    """By customer and currency; whom nothing moved is left out."""
    currencies = int(rows.currency.max(initial=0)) + 1
    keys, of = np.unique(rows.entity * currencies + rows.currency, return_inverse=True)
    sums = np.zeros(len(keys), dtype=np.int64)
    np.add.at(sums, of, amounts)
    moved = sums != 0
    return keys[moved] // currencies, keys[moved] % currencies, sums[moved]
