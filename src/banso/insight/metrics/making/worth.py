"""What customers are worth, and when winning them is paid: made of the churn of a period."""

from dataclasses import replace
from decimal import Decimal

import numpy as np

from banso.core.scope import current_workspace
from banso.insight.metrics import queries
from banso.insight.metrics.asking import Figure
from banso.insight.metrics.making.reading import Reading
from banso.insight.metrics.models import KpiRules
from banso.lib.ledger.book import Book
from banso.lib.ledger.columns import FAR, Ints
from banso.lib.lifetime_value import CAP, FEW, formula_value, payback_months, survival_value
from banso.lib.money import to_major
from banso.lib.periods import Period
from banso.lib.survival import Survival, kaplan_meier

DAYS_A_MONTH = 365.25 / 12


def lifetime(churn: Figure, reading: Reading, period: Period, rules: KpiRules) -> Figure:
    """KPI 7 of the gross revenue churn of a period: ARPA × margin ÷ monthly churn.

    Part `survival` is the other way to see it: the area under the survival curve of all who ever
    paid × ARPA × margin; from the month `thin_from` on the curve rests on fewer than 30 of them.
    No value where nobody was there at the opening.
    """
    arpa, monthly = _arpa(churn), _monthly(churn, period)
    if arpa is None or monthly is None:
        return replace(churn, numerator=None, denominator=None, value=None, parts={})
    margin = rules.gross_margin
    formula = formula_value(arpa=arpa, churn=monthly, n=churn.n, margin=margin)
    curve = reading.once(("stays", period.last_day), lambda: _survival(reading.book, period))
    survival = survival_value(arpa=arpa, survival=curve, margin=margin)
    thin = curve.thin_from(FEW, CAP)
    thin_from = {} if thin is None else {"thin_from": Decimal(repr(thin))}
    return replace(
        churn,
        numerator=arpa if margin is None else arpa * margin,
        denominator=monthly,
        value=formula.amount,
        parts={"arpa": arpa, "survival": survival.amount, "months": formula.months, **thin_from},
        notes=(
            *churn.notes,
            *formula.notes,
            *(["survival_capped"] if survival.is_at_least else []),
            *(["survival_low_n"] if thin_from else []),
        ),
    )


def payback(churn: Figure, reading: Reading, period: Period, rules: KpiRules) -> Figure:
    """KPI 8 of the ARPA at a period's opening, and what winning customers cost in it.

    In a cut too CAC is that of all customers: costs are not told by part. No value without that
    cost, or where nobody was won or was there. Raises NoRate as amounts of the ledger do.
    """
    arpa, nothing = _arpa(churn), replace(churn, numerator=None, denominator=None, value=None)
    cost = queries.sales_costs([churn.period], reading.known_at)[churn.period]
    won = len(births_in(period, reading))
    if arpa is None or cost is None or not won:
        return nothing
    cac = _exchanged(cost, churn, reading) / won
    months = payback_months(cac=cac, arpa=arpa, margin=rules.gross_margin)
    divided_by = arpa if rules.gross_margin is None else arpa * rules.gross_margin
    notes = () if rules.gross_margin is not None else ("revenue_only",)
    return replace(nothing, numerator=cac, denominator=divided_by, value=months, n=won,
                   notes=(*churn.notes, *notes))  # fmt: skip


def births_in(period: Period, reading: Reading) -> Ints:
    """Whose first paid day is in the period."""
    births = reading.book.births()
    return np.flatnonzero((births >= period.start.toordinal()) & (births < period.end.toordinal()))


def _exchanged(cost: int, churn: Figure, reading: Reading) -> Decimal:
    """Minor units of the workspace's currency as major ones of the figure's."""
    own, wanted, day = current_workspace().currency, churn.currency, churn.period.start
    rate = queries.rates_for([wanted], [day], reading.known_at)[wanted, day]
    return to_major(cost, own) / rate


def _arpa(churn: Figure) -> Decimal | None:
    return churn.denominator / churn.n if churn.n and churn.denominator is not None else None


def _monthly(churn: Figure, period: Period) -> Decimal | None:
    """Gross revenue churn of one month: of longer periods the mean of the months that have begun.

    The running month counts whole, as most contracts end with a month and so churn on its first.
    """
    if not churn.denominator or churn.numerator is None:
        return None
    begun, last = period.start, period.last_day
    months = (last.year - begun.year) * 12 + last.month - begun.month + 1
    return churn.numerator / churn.denominator / months


def _survival(book: Book, period: Period) -> Survival:
    """How long everybody who ever paid had stayed by the close, in months.

    Who came back has one stay from the first day to the last.
    """
    close = period.last_day.toordinal()
    births, spells = book.births(), book.spells
    last = np.zeros(book.entities, dtype=np.int64)
    np.maximum.at(last, spells.group, np.where(spells.begin <= close, spells.end, 0))
    known = np.flatnonzero((births > 0) & (births <= close))
    days = np.minimum(last[known], close + 1) - births[known]
    ended = (last[known] <= close) & (last[known] < FAR)
    return kaplan_meier((days / DAYS_A_MONTH).tolist(), ended.tolist())
