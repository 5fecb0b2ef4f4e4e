"""REST of the metrics room: exchange rates, counting rules, costs, time of our people."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema, Status
from pydantic import Field

from banso.core.access import Request, requires
from banso.core.api import Body, Text
from banso.core.errors import Refused
from banso.core.idempotency import creates
from banso.core.scope import current_workspace
from banso.insight.metrics import queries, services
from banso.insight.metrics.models import ExchangeRate, KpiRules, TeamTime
from banso.lib.bad_value import BadValue
from banso.lib.money import to_major, to_minor
from banso.lib.periods import add_months, period_of

router = Router(tags=["metrics"])
Rate = Annotated[Decimal, Field(max_digits=40)]
Share = Annotated[Decimal, Field(ge=0, le=1, max_digits=18)]
Days = Annotated[int, Field(ge=0, le=366)]


class AskedRatesIn(Schema):
    """`voided`: those that no longer count, too."""

    currency: Annotated[Text, Field(max_length=3)] = ""
    voided: bool = False
    cursor: Annotated[Text, Field(max_length=2000)] = ""
    limit: int = Field(50, ge=1, le=200)


class RateOut(Schema):
    """One unit of `currency` is worth `rate` of `into` from the day `on` to the next rate's."""

    id: UUID
    currency: str
    into: str
    on: date
    rate: float
    recorded_at: datetime
    voided_at: datetime | None
    by_id: UUID | None


class RatesOut(Schema):
    rows: list[RateOut]
    next_cursor: str


class RateIn(Body):
    currency: Text = Field(max_length=3)
    on: date
    rate: Rate


class RateCorrectionIn(Body):
    rate: Rate


class RulesOut(Schema):
    """`gross_margin` is a share of revenue, null: not known."""

    grace_days: int
    reversal_days: int
    gross_margin: float | None
    sub_owner_weight: float


class RulesIn(Body):
    """What is left out stays as it is; a margin of null is not known any more."""

    grace_days: Days | None = None
    reversal_days: Days | None = None
    gross_margin: Share | None = None
    sub_owner_weight: Share | None = None


class CostsAskedIn(Schema):
    """The months from `first` on; left out: those of this fiscal year. 120 at most."""

    first: date | None = None
    months: int = Field(12, ge=1, le=120)


class CostOut(Schema):
    """`amount`: major units of `currency`; null: not known."""

    month: date
    amount: float | None
    currency: str


class CostIn(Body):
    """`month`: its first day; `amount`: major units of the workspace's currency, null: not known."""

    month: date
    amount: Annotated[Decimal, Field(ge=0, max_digits=18)] | None


class FteIn(Body):
    """`fte`: 0 to 1 of a full-time post from the month `since` on, by its first day."""

    person_id: UUID
    since: date
    fte: Share


class FteOut(Schema):
    person_id: UUID
    since: date
    fte: float


@router.get("/exchange-rates", response=RatesOut, summary=_("List exchange rates"))
@requires("metrics.read")
def exchange_rates(request: Request, asked: Query[AskedRatesIn]) -> dict[str, Any]:
    """Rates into the workspace's currency, the latest day first."""
    rows, cursor = queries.rate_page(**asked.dict())
    return {"rows": rows, "next_cursor": cursor}


@router.post("/exchange-rates", response={201: RateOut}, summary=_("Add an exchange rate"))
@requires("metrics.manage")
@creates
def add_rate(request: Request, body: RateIn) -> Status[ExchangeRate]:
    """It counts from its day to the next rate's. A day has one rate: correct that one."""
    return Status(201, services.add_rate(**body.dict(), by=request.person))


@router.post(
    "/exchange-rates/{uuid:exchange_rate_id}/corrections",
    response={201: RateOut},
    summary=_("Correct an exchange rate"),
)
@requires("metrics.manage")
@creates
def correct_rate(
    request: Request, exchange_rate_id: UUID, body: RateCorrectionIn
) -> Status[ExchangeRate]:
    """The rate is voided, and another of the same currency and day stands in its place."""
    return Status(201, services.correct_rate(exchange_rate_id, rate=body.rate, by=request.person))


@router.put(
    "/exchange-rates/{uuid:exchange_rate_id}/voided",
    response=RateOut,
    summary=_("Void an exchange rate"),
)
@requires("metrics.manage")
def void_rate(request: Request, exchange_rate_id: UUID) -> ExchangeRate:
    """The rate no longer counts; it is kept, so that figures can be told as they were known."""
    return services.void_rate(exchange_rate_id, by=request.person)


@router.get("/kpi-rules", response=RulesOut, summary=_("Get the counting rules"))
@requires("metrics.read")
def rules(request: Request) -> KpiRules:
    """By which rules the figures of this workspace are counted."""
    return queries.rules()


@router.patch("/kpi-rules", response=RulesOut, summary=_("Change the counting rules"))
@requires("metrics.manage")
def change_rules(request: Request, body: RulesIn) -> KpiRules:
    """Every figure is counted by them from now on, those of past periods too."""
    said = body.dict(exclude_unset=True)
    told = {name: one for name, one in said.items() if one is not None or name == "gross_margin"}
    return services.set_rules(told, by=request.person)


@router.get(
    "/sales-costs", response=list[CostOut], summary=_("List the costs of winning customers")
)
@requires("metrics.read")
def sales_costs(request: Request, asked: Query[CostsAskedIn]) -> list[dict[str, Any]]:
    """Month by month, oldest first."""
    ours = current_workspace()
    year = period_of(ours.today(), "year", ours.fiscal_start_month)
    first = asked.first.replace(day=1) if asked.first else year.start
    if first.year + asked.months // 12 > services.LAST_DAY.year:
        raise Refused(gettext("The date is out of range."), code="invalid", field="first")
    months = [add_months(first, n) for n in range(asked.months)]
    return [_cost(month, one) for month, one in queries.cost_of_months(months).items()]


@router.put(
    "/sales-costs", response=CostOut, summary=_("Set the cost of winning customers of a month")
)
@requires("metrics.manage")
def set_cost(request: Request, body: CostIn) -> dict[str, Any]:
    """Sales and marketing, people included. Null: it is not known."""
    amount = None if body.amount is None else _minor(body.amount)
    services.set_costs({body.month: amount}, by=request.person)
    return _cost(body.month, amount)


@router.get(
    "/team-times", response=list[FteOut], summary=_("List whose time for customers was told")
)
@requires("metrics.read")
def team_times(request: Request) -> list[TeamTime]:
    """Whoever is not listed counts as 1.0; of several months of a person the last one counts."""
    return queries.team_times()


@router.put("/team-times", response=FteOut, summary=_("Set somebody's time for customers"))
@requires("metrics.manage")
def set_fte(request: Request, body: FteIn) -> TeamTime:
    """From that month on, until another month says otherwise."""
    return services.set_fte(**body.dict(), by=request.person)


def _minor(amount: Decimal) -> int:
    own = current_workspace().currency
    try:
        return to_minor(amount, own)
    except BadValue as error:
        words = gettext("This amount cannot be kept in %(currency)s.") % {"currency": own}
        raise Refused(words, code=error.code, field="amount") from error


def _cost(month: date, amount: int | None) -> dict[str, Any]:
    own = current_workspace().currency
    major = None if amount is None else float(to_major(amount, own))
    return {"month": month, "amount": major, "currency": own}
