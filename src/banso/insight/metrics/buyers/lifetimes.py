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
    known = _known(seen, currency, until)
    again = int((seen.again > 0).sum())
    told = PurchaseLifetimes(currency, until, len(seen), again, buyers=sorted(known, key=_lately))
    if told.n_again < FEW:
        return replace(told, notes=("low_n",))
    try:
        buying, spending = fit_buying(seen), fit_spending(seen)
        buyers = _foretold(known, seen, buying, spending, currency, ahead)
    except NoFit:
        return replace(told, notes=("no_fit",))
    return replace(
        told,
        value=sum((one.value or Decimal(0) for one in buyers), Decimal(0)) / len(buyers),
        buyers=sorted(buyers, key=_by_value),
        buying=buying,
        spending=spending,
        notes=("capped",) if ahead.margin is not None else ("capped", "revenue_only"),
    )


def _lately(one: Buyer) -> tuple[int, Decimal, UUID]:
    return -one.last_on.toordinal(), -one.paid, one.customer_id


def _by_value(one: Buyer) -> tuple[bool, Decimal, UUID]:
    return one.days == 1, -(one.value or Decimal(0)), one.customer_id


def _known(seen: Histories[UUID], currency: str, until: date) -> list[Buyer]:
    """What they did, whatever a model says of it."""
    away = (seen.known - seen.last) * DAYS_A_WEEK
    return [
        Buyer(
            customer_id=key,
            days=round(again) + 1,
            last_on=until - timedelta(days=round(days)),
            paid=to_major(round(paid), currency),
        )
        for key, again, days, paid in zip(
            seen.keys, seen.again.tolist(), away.tolist(), seen.paid.tolist(), strict=True
        )
    ]


def _foretold(
    known: list[Buyer],
    seen: Histories[UUID],
    buying: Buying,
    spending: Spending,
    currency: str,
    ahead: Ahead,
) -> list[Buyer]:
    """With what is expected of them. NoFit where that is no number."""
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
    expected = buying.expected(seen, ahead.months * WEEKS_A_MONTH)
    columns = (buying.alive(seen), expected, spending.expected(seen), values)
    return [
        replace(
            one,
            alive=alive if one.days > 1 else None,
            purchases=purchases,
            spend=to_major(round(spend), currency),
            value=to_major(round(value), currency),
        )
        for one, alive, purchases, spend, value in zip(
            known, *(column.tolist() for column in columns), strict=True
        )
    ]
