"""Segments: each a whole of its own, for they overlap."""

from collections.abc import Mapping

import numpy as np

from banso.core.sql import rows
from banso.customers.models import Segment
from banso.insight.metrics.asking import Standing
from banso.insight.metrics.cutting.by_customer import places_of
from banso.insight.metrics.cutting.layers import ByCustomer, Layer
from banso.insight.metrics.reading import Reading
from banso.lib.ledger.cutting import History, history_of

_MOVES = """
SELECT customer_id, entered, ("on" - '0001-01-01'::date + 1)::int FROM customers_segmentmove
WHERE workspace_id = %(workspace)s AND segment_id = %(segment)s ORDER BY customer_id, id
"""
_MEMBERS = """
SELECT customer_id FROM customers_segmentmember
WHERE workspace_id = %(workspace)s AND segment_id = %(segment)s
"""


def segments(reading: Reading, standing: Standing) -> list[Layer]:
    """A layer each: they overlap. Who is in none, or in another, is not told."""
    places = places_of(reading)
    return [_segment(reading, one, places, standing) for one in Segment.objects.order_by("name")]


def _segment(
    reading: Reading, one: Segment, places: Mapping[bytes, int], standing: Standing
) -> ByCustomer:
    first = np.zeros(len(places), dtype=np.int64)
    for (customer,) in rows(_MEMBERS, {"segment": one.pk}):
        if (code := places.get(customer.bytes)) is not None:
            first[code] = 1
    told: list[tuple[int, int, int]] = []
    if standing == "then":
        seen: set[int] = set()
        for customer, entered, day in rows(_MOVES, {"segment": one.pk}):
            if (code := places.get(customer.bytes)) is not None:
                if code not in seen:
                    first[code] = 1 - int(entered)
                seen.add(code)
                told.append((code, day, int(entered)))
    columns = [np.array([row[i] for row in told], dtype=np.int64) for i in range(3)]
    return ByCustomer(
        history_of(len(places), first, History(*columns)), {1: (str(one.pk), one.name)}
    )
