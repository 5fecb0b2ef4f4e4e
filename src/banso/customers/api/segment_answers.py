"""What the API gives of segments."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Schema

from banso.customers.api.answers import value_out
from banso.customers.filter_words import describe
from banso.customers.models import SegmentMove, TierProposal
from banso.customers.queries import SegmentRow, Why
from banso.customers.segment_words import reason


class SegmentOut(Schema):
    """`count`: its customers; null until first known, and where a column is not yours to see.

    `tier`: the touch tier that is proposed for them; empty for none.
    """

    id: UUID
    name: str
    conditions: list[dict[str, Any]]
    sort: str
    columns: list[str]
    tier: str
    count: int | None


def segment_out(row: SegmentRow) -> dict[str, Any]:
    names = ("id", "name", "conditions", "sort", "columns", "tier")
    return {**{name: getattr(row.segment, name) for name in names}, "count": row.members}


class MoveOut(Schema):
    """Somebody came (`entered`) or left on a day. `changed`: the conditions that brought it about.

    `cause`: values, edited (the segment's conditions were changed) or book (the customer was added
    or binned).
    """

    customer_id: UUID
    name: str
    entered: bool
    on: date
    at: datetime
    cause: str
    changed: list[dict[str, Any]]
    text: str

    @staticmethod
    def resolve_name(move: SegmentMove) -> str:
        return move.customer.name

    @staticmethod
    def resolve_text(move: SegmentMove) -> str:
        return reason(move)


class MovesOut(Schema):
    items: list[MoveOut]
    next_cursor: str


class HoldsOut(Schema):
    """A condition in words, whether it holds, and the customer's own value."""

    field: str
    op: str
    value: Any
    text: str
    holds: bool
    now: Any


class WhyOut(Schema):
    """`since`: the day on which the customer came in; null for who is not in."""

    since: date | None
    conditions: list[HoldsOut]


def why_out(told: Why) -> dict[str, Any]:
    conditions = [
        {
            **one.to_json(),
            "text": describe(one),
            "holds": holds,
            "now": value_out(one.field, told.values[one.field.key], told.customer),
        }
        for one, holds in told.conditions
    ]
    return {"since": told.since, "conditions": conditions}


class TierProposalOut(Schema):
    """A member that would go from touch tier `before` to `tier`."""

    id: UUID
    customer_id: UUID
    name: str
    before: str
    tier: str
    proposed_at: datetime

    @staticmethod
    def resolve_name(proposal: TierProposal) -> str:
        return proposal.customer.name


class TierProposalsOut(Schema):
    """The 200 oldest, and how many there are."""

    items: list[TierProposalOut]
    total: int


class DecidedOut(Schema):
    """How many proposals were decided; at most 1,000 at a time."""

    decided: int
