"""Segments: each a whole of its own, for they overlap."""

import numpy as np

from banso.core.columns import columns
from banso.customers.models import Segment
from banso.insight.metrics import queries
from banso.insight.metrics.asking import Standing
from banso.insight.metrics.making.cutting.layers import ByCustomer, Layer
from banso.insight.metrics.making.reading import Reading
from banso.lib.ledger.columns import FAR
from banso.lib.ledger.cutting import History, history_of

_MOVES = """
SELECT customer_id, entered::int::int2 AS entered, "on" AS day FROM customers_segmentmove
WHERE workspace_id = %(workspace)s AND segment_id = %(segment)s ORDER BY customer_id, id
"""
_MEMBERS = """
SELECT customer_id FROM customers_segmentmember
WHERE workspace_id = %(workspace)s AND segment_id = %(segment)s
"""
_MOVE = {"customer_id": "uuid", "entered": "int2", "day": "date"}


def segments(reading: Reading, standing: Standing) -> list[Layer]:
    """A layer each: they overlap. Who is in none, or in another, is not told. As they were then they
    are known since they were first worked out; as they are today, of every day.
    """
    since = {pk: day.toordinal() for pk, day in queries.segments_since().items()}
    return [
        _segment(reading, one, standing, since.get(one.pk, FAR))
        for one in Segment.objects.order_by("name")
    ]


def _segment(reading: Reading, one: Segment, standing: Standing, since: int) -> ByCustomer:
    """Who had left it before its first record is in it nowhere: of those days, `since` which it is
    known, only who stayed would be counted.
    """
    (members,) = columns(_MEMBERS, {"customer_id": "uuid"}, {"segment": one.pk})
    codes = reading.codes_of(members)
    first = np.zeros(len(reading.customers), dtype=np.int64)
    first[codes[codes >= 0]] = 1
    moves = _moves(reading, one)
    if standing == "today":
        moves = moves.where(np.zeros(len(moves), dtype=bool))
    first[moves.entity[::-1]] = 1 - moves.code[::-1]  # of each customer the first move tells
    parts = {1: (str(one.pk), one.name)}
    known = 0 if standing == "today" else since
    return ByCustomer(history_of(len(first), first, moves), parts, known)


def _moves(reading: Reading, one: Segment) -> History:
    """Who went in (1) or out (0) on which day."""
    ids, entered, day = columns(_MOVES, _MOVE, {"segment": one.pk})
    told = History(reading.codes_of(ids), day, entered)
    return told.where(told.entity >= 0)
