"""REST of monthly closings."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema, Status
from pydantic import Field

from banso.core.access import Request, requires
from banso.core.api import Body, Text
from banso.insight.metrics import answers, queries, services
from banso.insight.metrics.api.figures import FigureOut
from banso.insight.metrics.models import Closing
from banso.insight.metrics.restatements.compared import Compared, compared

router = Router(tags=["metrics"])


class MonthClosingsIn(Schema):
    """`reopened`: those that do not stand any more, too."""

    reopened: bool = False
    cursor: Annotated[Text, Field(max_length=2000)] = ""
    limit: int = Field(50, ge=1, le=200)


class MonthClosingOut(Schema):
    """A month, by its first day, whose figures are kept as they were reported at `closed_at`."""

    id: UUID
    month: date
    closed_at: datetime
    closed_by_id: UUID | None
    reopened_at: datetime | None
    reopened_by_id: UUID | None
    reopened_why: str


class MonthClosingsOut(Schema):
    rows: list[MonthClosingOut]
    next_cursor: str


class MonthToCloseIn(Body):
    """`month`: its first day."""

    month: date


class MonthToReopenIn(Body):
    """Why its figures are to be the ledger's again."""

    reason: Annotated[Text, Field(min_length=1, max_length=500)]


class ClosedFiguresIn(Schema):
    """Left out: the whole."""

    by: Literal["", "plan", "tier", "owner"] = ""


class ComparedOut(Schema):
    """Null where a part of the cut was not there then, or is not there now."""

    reported: FigureOut | None
    now: FigureOut | None
    difference: int | float | None
    is_changed: bool


@router.get("/metrics/closings", response=MonthClosingsOut, summary=_("List closed months"))
@requires("metrics.read")
def closings(request: Request, asked: Query[MonthClosingsIn]) -> dict[str, Any]:
    """The latest month first."""
    rows, cursor = queries.closing_page(**asked.dict())
    return {"rows": rows, "next_cursor": cursor}


@router.post("/metrics/closings", response={201: MonthClosingOut}, summary=_("Close a month"))
@requires("metrics.manage")
def close(request: Request, body: MonthToCloseIn) -> Status[Closing]:
    """Its headline figures are kept as they are told now. A month that is closed is refused."""
    return Status(201, services.close_month(body.month, by=request.person))


@router.get(
    "/metrics/closings/{uuid:closing_id}/figures",
    response=list[ComparedOut],
    summary=_("List the reported figures of a closed month"),
)
@requires("metrics.read")
def figures(
    request: Request, closing_id: UUID, asked: Query[ClosedFiguresIn]
) -> list[dict[str, Any]]:
    """Each as it was reported, beside what the ledger says now."""
    closing = Closing.objects.get(pk=closing_id)
    return [_compared(pair) for pair in compared([closing], asked.by)[closing.pk]]


@router.put(
    "/metrics/closings/{uuid:closing_id}/reopened",
    response=MonthClosingOut,
    summary=_("Reopen a closed month"),
)
@requires("metrics.manage")
def reopen(request: Request, closing_id: UUID, body: MonthToReopenIn) -> Closing:
    """Its figures are the ledger's again; what was reported is kept with this closing."""
    return services.reopen_month(closing_id, reason=body.reason, by=request.person)


def _compared(pair: Compared) -> dict[str, Any]:
    sides = {"reported": pair.reported, "now": pair.now}
    told = {name: answers.as_object(one) if one else None for name, one in sides.items()}
    return {
        **told,
        "difference": answers.number(pair.difference),
        "is_changed": pair.is_changed,
    }
