"""Segments as files: all of them, and of one its members, who came and left, and what it proposes."""

from collections.abc import Iterable
from typing import Any, cast

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from banso.core.lists.declarations import Cell, List, Sheet
from banso.core.lists.sheets import Headed, day_of, sheet_of
from banso.customers import queries
from banso.customers.exports import known_by
from banso.customers.filter_words import describe
from banso.customers.forms.fields import people
from banso.customers.models import Segment
from banso.customers.queries import NEWS_DAYS, SegmentRow
from banso.customers.segment_words import reason
from banso.lib.uuid7 import as_uuid

Permits = frozenset[str]


def _asked(query: QueryDict) -> Segment:
    """The segment of `?segment=`. Raises Segment.DoesNotExist."""
    found: Segment = Segment.objects.get(pk=as_uuid(query.get("segment", "")))
    return found


def _names() -> dict[Any, str]:
    return dict(people().values_list("pk", "name"))


def read_segments(query: QueryDict, permits: Permits) -> Sheet:
    """Every segment, as far as the reader may see its columns."""
    days, names = {"n": NEWS_DAYS}, _names()
    columns: list[Headed] = [
        (_("Segment"), lambda row: row.segment.name),
        (_("Filters"), lambda row: _filters(row, names)),
        (_("Customers"), lambda row: row.members),
        (_("Came in %(n)s days") % days, lambda row: row.entered),
        (_("Left in %(n)s days") % days, lambda row: row.left),
        (_("Touch tier"), lambda row: row.segment.get_tier_display()),
        (_("To decide"), lambda row: row.proposals),
    ]
    return sheet_of(queries.segment_rows(permits=permits), columns)


def _filters(row: SegmentRow, names: dict[Any, str]) -> Cell:
    if row.conditions is None:
        return _("A column it asks for is gone, or not yours to see.")
    return " · ".join(describe(one, people=names) for one in row.conditions)


def read_members(query: QueryDict, permits: Permits) -> Sheet:
    """Who is in the segment, the latest first. Refused as its page."""
    stays = queries.segment_members(_asked(query), permits=permits, limit=None)
    known = known_by(lambda stay: stay.customer_id, lambda stay: stay.customer.name)
    since = (_("In it since"), lambda stay: stay.since)
    return sheet_of(_all(stays), [*known, since])


def read_moves(query: QueryDict, permits: Permits) -> Sheet:
    """Who came and who left, the latest first, and why. Refused as the segment's page."""
    names = _names()
    columns: list[Headed] = [
        (_("Customer"), lambda move: move.customer.name),
        (_("Customer's external ID"), lambda move: move.customer.external_id),
        (
            _("Came or left"),
            lambda move: (
                pgettext("a segment", "Came") if move.entered else pgettext("a segment", "Left")
            ),
        ),
        (_("Day"), lambda move: move.on),
        (_("Why"), lambda move: reason(move, people=names)),
    ]
    return sheet_of(_all(queries.every_segment_move(_asked(query), permits=permits)), columns)


def read_proposals(query: QueryDict, permits: Permits) -> Sheet:
    """Which touch tiers it proposes, the oldest first. Refused as their page."""
    columns: list[Headed] = [
        (_("Customer"), lambda one: one.customer.name),
        (_("Customer's external ID"), lambda one: one.customer.external_id),
        (_("Touch tier now"), lambda one: one.get_before_display()),
        (_("Proposed touch tier"), lambda one: one.get_tier_display()),
        (_("Proposed on"), lambda one: day_of(one.proposed_at)),
    ]
    return sheet_of(_all(queries.tier_proposals(_asked(query), permits=permits)), columns)


def _all(rows: Any) -> Iterable[Any]:
    return cast("Iterable[Any]", rows.iterator(chunk_size=1000))


_READ = "customers.read"
SEGMENT_LISTS = (
    List("segments", gettext_lazy("Segments"), _READ, "segments", read_segments),
    List("segment_members", gettext_lazy("Customers"), _READ, "customers", read_members),
    List("segment_moves", gettext_lazy("Came and left"), _READ, "segment-moves", read_moves),
    List(
        "tier_proposals",
        gettext_lazy("Proposed touch tiers"),
        _READ,
        "tier-proposals",
        read_proposals,
    ),
)
