"""What customers who buy without a contract are worth over their lifetime.

Formulas and their sources: docs/decisions/0034.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import isfinite
from uuid import UUID

import numpy as np

from banso.core.scope import current_workspace
from banso.customers import queries
from banso.insight.metrics.buyers.worth import Buyer, Worth
from banso.lib.buying import Buying, NoFit, fit_buying
from banso.lib.lifetime_value import CAP, FEW
from banso.lib.money import to_major
from banso.lib.purchase_histories import DAYS_A_WEEK, Histories, histories
from banso.lib.spending import WEEKS_A_MONTH, Spending, customer_values, fit_spending


@dataclass(frozen=True, slots=True)
class Ahead:
    """How far, and how, what is yet to come counts; `margin` None: unknown, so it is revenue."""

    months: int = CAP
    monthly_discount: float = 0.0
    margin: Decimal | None = None


USUAL = Ahead()


@dataclass(frozen=True, slots=True)
class PurchaseLifetimes(Worth):
    """With the models that were fitted, where they tell anything."""

    buying: Buying | None = None
    spending: Spending | None = None


def purchase_lifetimes(
    *, until: date | None = None, known_at: datetime | None = None, ahead: Ahead = USUAL
) -> list[PurchaseLifetimes]:
    """By BG/NBD and Gamma-Gamma, one a currency, of purchases up to `until` (today), as known then.

    Purchases of one day are one. 1 query, and one for each currency.
    """
    day = until or current_workspace().today()
    found = list[PurchaseLifetimes]()
    for currency in queries.purchase_currencies(known_at=known_at):
        seen = histories(queries.purchases_in(currency, until=day, known_at=known_at), day)
        if len(seen):
            found.append(_lifetimes(seen, currency, day, ahead))
    return found


def _lifetimes(
    seen: Histories[UUID], currency: str, until: date, ahead: Ahead
) -> PurchaseLifetimes:
    told = PurchaseLifetimes(currency, until, len(seen), int((seen.again > 0).sum()))
    if told.n_again < FEW:
        return replace(told, notes=("low_n",))
    try:
        buying, spending = fit_buying(seen), fit_spending(seen)
        buyers = _buyers(seen, buying, spending, told, ahead)
    except NoFit:
        return replace(told, notes=("no_fit",))
    return replace(
        told,
        value=sum((one.value for one in buyers), Decimal(0)) / len(buyers),
        buyers=sorted(buyers, key=lambda one: (-one.value, one.customer_id)),
        buying=buying,
        spending=spending,
        notes=("capped",) if ahead.margin is not None else ("capped", "revenue_only"),
    )


def _buyers(
    seen: Histories[UUID],
    buying: Buying,
    spending: Spending,
    told: PurchaseLifetimes,
    ahead: Ahead,
) -> list[Buyer]:
    values = customer_values(
        buying,
        spending,
        seen,
        months=ahead.months,
        monthly_discount=ahead.monthly_discount,
        margin=1.0 if ahead.margin is None else float(ahead.margin),
    )
    if not (isfinite(spending.mean) and np.isfinite(values).all()):
        raise NoFit("the models foretell nothing")
    away = (seen.known - seen.last) * DAYS_A_WEEK
    columns = (
        seen.again, away, buying.alive(seen), buying.expected(seen, ahead.months * WEEKS_A_MONTH),
        spending.expected(seen), values,
    )  # fmt: skip
    return [
        Buyer(
            customer_id=key,
            again=round(again),
            last_on=told.until - timedelta(days=round(days)),
            alive=alive,
            purchases=purchases,
            spend=to_major(round(spend), told.currency),
            value=to_major(round(value), told.currency),
        )
        for key, again, days, alive, purchases, spend, value in zip(
            seen.keys, *(column.tolist() for column in columns), strict=True
        )
    ]
