"""Segments, opened: who is in, since when and why, who came and who left.

Who may not see a column must not learn of it by who fits: each read takes what the reader may see.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext as _

from banso.core import cursors
from banso.core.errors import Refused
from banso.core.scope import current_workspace
from banso.customers import filters
from banso.customers.fields import annotate, prepare
from banso.customers.filters import Condition
from banso.customers.fitting import Reader, definition, flags, written
from banso.customers.models import Customer, Segment, SegmentMember, SegmentMove, TierProposal

NEWS_DAYS = 28
MOST = 200
Permits = frozenset[str]


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """A segment and what moved lately. All None where the reader may not see a column of it, now
    or once, and where one is gone; `members` also before they are first known.
    """

    segment: Segment
    conditions: tuple[Condition, ...] | None
    members: int | None
    entered: int | None
    left: int | None
    proposals: int | None


@dataclass(frozen=True, slots=True)
class MovePage:
    """Who came and who left, the latest first."""

    rows: list[SegmentMove]
    next_cursor: str


@dataclass(frozen=True, slots=True)
class Why:
    """Each condition of a segment, and whether it holds of a customer on `on`.

    `values` are the customer's, by Field; `since` is the day on which the stay began, None for who
    is not in. The conditions are tested now: a change of the last seconds may be known here first.
    """

    segment: Segment
    customer: Customer
    on: date
    since: date | None
    conditions: list[tuple[Condition, bool]]
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class OfCustomer:
    """The segments a customer is in, by name, and its latest moves."""

    stays: list[SegmentMember]
    moves: list[SegmentMove]


def segment_conditions(segment: Segment, *, permits: Permits | None = None) -> list[Condition]:
    """The segment's conditions, read anew: Refused when a Field of theirs is gone.

    `permits`: as in filters. Who may not see a column must not learn of it by who fits.
    """
    return filters.parse(segment.conditions, permits=permits)


def must_know(segment: Segment, *, permits: Permits) -> list[Condition]:
    """Its conditions, for who may know its history. Refused as `segment_conditions`.

    Refused also where it has ever asked for a column that the reader may not see: who stayed in it
    since, and who came when that was changed, would tell who fitted.
    """
    if not permits.issuperset(segment.permissions):
        words = _("This segment has asked for columns that are not yours to see.")
        raise Refused(words, code="unknown_field", field="filter")
    return segment_conditions(segment, permits=permits)


def segment_rows(*, permits: Permits) -> list[SegmentRow]:
    """Every segment by name. 3 queries, and 1 for each custom attribute that they ask for."""
    return _rows(Segment.objects.order_by("name"), permits)


def segment_row(segment: Segment, *, permits: Permits) -> SegmentRow:
    """The one segment. 2 queries, as above."""
    [row] = _rows([segment], permits, segment=segment)
    return row


def _rows(segments: Iterable[Segment], permits: Permits, **narrowed: Segment) -> list[SegmentRow]:
    told = TierProposal.objects.filter(tier=F("segment__tier"), **narrowed)
    waiting = told.filter(state=TierProposal.State.OPEN)
    proposals, moved = _counted(waiting), _moved(**narrowed)
    rows = []
    for one in segments:
        if (read := _known(one, permits)) is None:
            rows.append(SegmentRow(one, None, None, None, None, None))
            continue
        known = one.size if one.filled_at else None
        came, went = moved[one.pk][True], moved[one.pk][False]
        rows.append(SegmentRow(one, tuple(read), known, came, went, proposals[one.pk]))
    return rows


def _known(segment: Segment, permits: Permits) -> list[Condition] | None:
    try:
        return must_know(segment, permits=permits)
    except Refused:
        return None


def _counted(rows: "QuerySet[Any]") -> Counter[UUID]:
    counted = rows.order_by().values_list("segment").annotate(n=Count("pk"))
    return Counter(dict(counted))


def _moved(**narrowed: Segment) -> dict[UUID, Counter[bool]]:
    """How many entered (True) and left (False) in the last 28 days, by segment. 1 query."""
    since = current_workspace().today() - timedelta(days=NEWS_DAYS - 1)
    rows = SegmentMove.objects.filter(on__gte=since, **narrowed).order_by()
    found: dict[UUID, Counter[bool]] = defaultdict(Counter)
    for segment, entered, n in rows.values_list("segment", "entered").annotate(n=Count("pk")):
        found[segment][entered] = n
    return found


def segment_moves(
    segment: Segment, *, permits: Permits, cursor: str = "", limit: int = 50
) -> MovePage:
    """Who came and who left, the latest first, with the customers. 1 query.

    Refused as `must_know`, and for a cursor of another list.
    """
    found = every_segment_move(segment, permits=permits)
    kind, size = f"moves:{segment.pk}", max(1, min(limit, MOST))
    if cursor:
        [last] = cursors.read(kind, cursor)
        found = found.filter(pk__lt=last)
    rows = list(found[: size + 1])
    more = cursors.write(kind, [rows[size - 1].pk]) if len(rows) > size else ""
    return MovePage(rows[:size], more)


def every_segment_move(segment: Segment, *, permits: Permits) -> "QuerySet[SegmentMove]":
    """All of them, in the same order. Refused as `must_know`."""
    must_know(segment, permits=permits)
    return _moves(segment=segment).select_related("customer").order_by("-pk")


def _moves(**narrowed: Any) -> "QuerySet[SegmentMove]":
    """Moves of customers that are here."""
    moves: QuerySet[SegmentMove] = SegmentMove.objects.filter(customer__deleted_at=None, **narrowed)
    return moves


def segment_members(
    segment: Segment, *, permits: Permits, limit: int | None = 50
) -> "QuerySet[SegmentMember]":
    """Stays with their customers, the latest first, all where `limit` is None. 1 query.

    Refused as `must_know`.
    """
    must_know(segment, permits=permits)
    stays: QuerySet[SegmentMember] = SegmentMember.objects.filter(
        segment=segment, customer__deleted_at=None
    )
    return stays.select_related("customer").order_by("-pk")[:limit]


def why(segment: Segment, customer_id: UUID, *, permits: Permits) -> Why:
    """Why the customer is in the segment, or is not. Refused as `must_know`.

    Raises Customer.DoesNotExist. 3 queries, and what the values' Fields need.
    """
    conditions, on = must_know(segment, permits=permits), current_workspace().today()
    fields = {one.field.key: one.field for one in conditions}
    kept = prepare(fields.values(), on=on)
    only = Customer.objects.filter(pk=customer_id)
    customer = annotate(only, fields, on=on, kept=kept).get()
    told, places = definition(segment), {written(one): n for n, one in enumerate(conditions)}
    [(_id, held)] = flags(only, conditions, on=on) if conditions else [(customer_id, 0)]
    bits = Reader(told, places).held(held) if told else 0
    stay = SegmentMember.objects.filter(segment=segment, customer_id=customer_id).first()
    return Why(
        segment,
        customer,
        on,
        stay.since if stay else None,
        [(one, bool(bits >> nth & 1)) for nth, one in enumerate(conditions)],
        {key: getattr(customer, field.alias) for key, field in fields.items()},
    )


def segments_of(customer_id: UUID, *, permits: Permits, limit: int = 6) -> OfCustomer:
    """The customer's segments and latest moves, as far as the reader may see their columns.

    Raises Customer.DoesNotExist. 4 queries, and 1 for each custom attribute that segments ask for.
    """
    Customer.objects.only("pk").get(pk=customer_id)
    seen = [one.pk for one in Segment.objects.all() if _known(one, permits) is not None]
    stays = SegmentMember.objects.filter(customer_id=customer_id, segment__in=seen)
    moves = _moves(customer_id=customer_id, segment__in=seen)
    return OfCustomer(
        list(stays.select_related("segment").order_by("segment__name")),
        list(moves.select_related("segment").order_by("-pk")[:limit]),
    )


def tier_proposals(
    segment: Segment, *, permits: Permits, only: Collection[UUID] | None = None
) -> "QuerySet[TierProposal]":
    """Open proposals of a segment, the oldest first, with their customers: of the tier that it
    proposes now, others wait to lapse.

    Refused as `must_know`. `only`: of these ids.
    """
    must_know(segment, permits=permits)
    waiting: QuerySet[TierProposal] = TierProposal.objects.filter(
        segment=segment,
        tier=segment.tier,
        state=TierProposal.State.OPEN,
        customer__deleted_at=None,
    )
    if only is not None:
        waiting = waiting.filter(pk__in=only)
    return waiting.select_related("customer").order_by("pk")
