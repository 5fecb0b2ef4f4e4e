"""Customers and ARR per full-time post of those who look after them."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import numpy as np

from banso.insight.metrics import queries
from banso.insight.metrics.asking import Figure
from banso.insight.metrics.making.cutting import ByCustomer, owners
from banso.insight.metrics.making.reading import Reading
from banso.insight.metrics.models import KpiRules
from banso.lib.ledger.columns import Ints
from banso.lib.ledger.kpis import Rows
from banso.lib.periods import Period


def per_head(sums: Figure, rows: Rows, reading: Reading, period: Period, rules: KpiRules) -> Figure:
    """KPI 25: what the rows add up to, of customers with a main owner, ÷ full-time posts.

    1 query for the posts, 2 for who owns whom.
    """
    fte = sum(posts_of(rows, reading, period, rules).values(), Decimal(0))
    value = sums.numerator / fte if fte and sums.numerator is not None else None
    return replace(sums, denominator=fte, value=value)


def posts_of(rows: Rows, reading: Reading, period: Period, rules: KpiRules) -> dict[UUID, Decimal]:
    """How much of a full-time post each person has for the customers of these rows, most first.

    A person's post counts in a part as far as their customers do: a main owner by 1 each, a sub
    owner by `sub_owner_weight`.
    """
    entity, day = np.unique(rows.entity), period.last_day
    everybody = np.flatnonzero(reading.book.active(day))
    here, loads = (_weights(reading, some, period, rules) for some in (entity, everybody))
    posts = queries.fte(loads, day, reading.known_at)
    shares = {who: posts[who] * here.get(who, Decimal(0)) / load for who, load in loads.items()}
    greatest = sorted(shares.items(), key=lambda one: -one[1])
    return {who: share for who, share in greatest if share}


def with_owner(rows: Rows, reading: Reading, period: Period) -> Rows:
    """The rows of customers that have a main owner at the close. 4 queries."""
    main, _sub = owners(reading)
    day = np.full(len(rows), period.last_day.toordinal())
    nobody = [code for code, (name, _words) in main.parts.items() if name == "none"]
    return rows.where(~np.isin(main.history.on(rows.entity, day), nobody))


def _weights(
    reading: Reading, entity: Ints, period: Period, rules: KpiRules
) -> dict[UUID, Decimal]:
    """How much each person looks after of these customers."""
    load: dict[UUID, Decimal] = {}
    pairs = zip(owners(reading), (Decimal(1), rules.sub_owner_weight), strict=True)
    for layer, weight in pairs:
        for who, count in _counts(layer, entity, period).items():
            load[who] = load.get(who, Decimal(0)) + weight * count
    return {who: one for who, one in load.items() if one}


def _counts(layer: ByCustomer, entity: Ints, period: Period) -> dict[UUID, int]:
    day = np.full(len(entity), period.last_day.toordinal())
    codes, counts = np.unique(layer.history.on(entity, day), return_counts=True)
    named = (
        (layer.parts[code][0], count)
        for code, count in zip(codes.tolist(), counts.tolist(), strict=True)
    )
    return {UUID(name): count for name, count in named if name != "none"}
