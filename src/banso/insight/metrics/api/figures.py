"""REST of figures: which there are, what they are, and the rows that they are the sum of."""

from datetime import date, datetime
from typing import Annotated, Any

from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema
from pydantic import Field

from banso.core import cursors, declarations
from banso.core.access import Request, requires
from banso.core.api import Text
from banso.insight.metrics import answers
from banso.insight.metrics.asking import Asked, CountedBy, Standing
from banso.insight.metrics.asking.questions import (
    known_on,
    months_asked,
    period_called,
    periods_asked,
)
from banso.lib.periods import Length, Period

router = Router(tags=["metrics"])
KpiId = Annotated[Text, Field(max_length=80, description="The id of a KPI, such as nrr.")]
CutId = Annotated[
    Text, Field(max_length=80, description="A cut, such as plan; left out: the whole.")
]
AsOf = Annotated[
    date | None,
    Field(description="As known at the end of that day; left out: as it is known now."),
]
Unit = Annotated[
    CountedBy, Field(description="Customers count as users, contracting parties or groups.")
]
Attributes = Annotated[
    Standing, Field(description="Owner, tier and the like as they were, or are today.")
]


class KpiOut(Schema):
    """`unit`: share (a fraction of 1), money, count, months or ratio. `edges`: rules in words."""

    id: str
    label: str
    formula: str
    numerator: str
    denominator: str | None
    unit: str
    edges: list[str]
    source: str
    higher_is_better: bool | None


class FiguresIn(Schema):
    """`from` and `to`: months as 2026-04, both counted; left out: the year up to this month."""

    kpi: KpiId = ""
    first: Annotated[Text, Field(max_length=10)] = Field("", alias="from")
    last: Annotated[Text, Field(max_length=10)] = Field("", alias="to")
    period: Annotated[
        Length, Field(description="How long each is; trailing: the 12 months up to each month.")
    ] = "month"
    by: CutId = ""
    as_of: AsOf = None
    unit: Unit = "user"
    attributes: Attributes = "then"


class FigureOut(Schema):
    """The days [start, end). `by`: what the part is called, `cut` its id; null for the whole.

    Money is in major units of `currency`, as a value with no more digits than that has; a share is
    a fraction of 1. A null value: there is nothing to divide by, or nothing is known. `n`: how many
    customers (or contracts) it is about. `notes`: capped: the value is a lower bound (at least so
    much); running: the period is not over; low_n, revenue_only, shared_currency, future.
    """

    kpi: str
    period: str
    start: date
    end: date
    by: str | None
    cut: str | None
    numerator: int | float | None
    denominator: int | float | None
    value: int | float | None
    n: int
    currency: str | None
    parts: dict[str, int | float]
    notes: list[str]


class RowsIn(Schema):
    """`period`: as figures call it, as 2026-04, FY2026-Q1 or 2025-12/2026-11; `cut`: the id of a part."""

    kpi: KpiId = ""
    period: Annotated[Text, Field(max_length=20)] = ""
    by: CutId = ""
    cut: Annotated[Text, Field(max_length=200)] = ""
    as_of: AsOf = None
    unit: Unit = "user"
    attributes: Attributes = "then"
    cursor: Annotated[Text, Field(max_length=2000)] = ""
    limit: int = Field(200, ge=1, le=1000)


class RowOut(Schema):
    """What a customer adds. `kind`: to which part of the figure; `lines`: ids of ledger lines."""

    customer_id: str
    name: str
    numerator: int | float
    denominator: int | float
    kind: str | None
    on: date | None
    lines: list[int]


class RowsOut(Schema):
    """The numerators and denominators of all pages add up to the figure's."""

    rows: list[RowOut]
    next_cursor: str


@router.get("/metrics/kpis", response=list[KpiOut], summary=_("List the KPIs"))
@requires("metrics.read")
def kpis(request: Request) -> list[dict[str, Any]]:
    """Every figure there is, with its definition, in the language that is asked for."""
    return [_kpi(one) for one in declarations.kpis()]


@router.get("/metrics/figures", response=list[FigureOut], summary=_("Get figures of a KPI"))
@requires("metrics.read")
def figures(request: Request, asked: Query[FiguresIn]) -> list[dict[str, Any]]:
    """One object for each period and part, oldest first; 120 periods at most.

    Closed months too as the ledger tells them: what was reported stands with their closings.
    """
    periods = periods_asked(*months_asked(asked.first, asked.last), asked.period)
    question = _asked(asked, periods, known_on(asked.as_of))
    return [answers.as_object(one) for one in answers.figures(question)]


@router.get("/metrics/figures/rows", response=RowsOut, summary=_("List the rows behind a figure"))
@requires("metrics.read")
def rows(request: Request, asked: Query[RowsIn]) -> dict[str, Any]:
    """The customers that one figure counts, the greatest first.

    Every page is told as the ledger was known when the first one was asked for.
    """
    period, known_at = period_called(asked.period), known_on(asked.as_of)
    place, kind = 0, _rows_kind(asked)
    if asked.cursor:
        place, moment = cursors.read(kind, asked.cursor)
        known_at = known_at or datetime.fromisoformat(moment)
    at = timezone.now()
    found = answers.opened(_asked(asked, (period,), known_at), period, asked.cut)
    after = place + asked.limit
    more = [after, (known_at or at).isoformat()] if after < len(found) else None
    return {
        "rows": [answers.row_as_object(one) for one in found[place:after]],
        "next_cursor": cursors.write(kind, more) if more else "",
    }


def _asked(
    said: FiguresIn | RowsIn, periods: tuple[Period, ...], known_at: datetime | None
) -> Asked:
    return Asked(
        said.kpi,
        periods,
        by=said.by,
        known_at=known_at,
        unit=said.unit,
        attributes=said.attributes,
    )


def _rows_kind(asked: RowsIn) -> str:
    """A cursor leads on in the same rows only."""
    said = (asked.kpi, asked.period, asked.by, asked.cut, asked.as_of, asked.unit, asked.attributes)
    return "|".join(("figure_rows", *map(str, said)))


def _kpi(one: declarations.Kpi) -> dict[str, Any]:
    return {
        "id": one.id,
        "label": str(one.label),
        "formula": str(one.formula),
        "numerator": str(one.numerator),
        "denominator": str(one.denominator) or None,
        "unit": one.unit,
        "edges": [str(words) for words in one.edges],
        "source": one.source,
        "higher_is_better": one.higher_is_better,
    }
