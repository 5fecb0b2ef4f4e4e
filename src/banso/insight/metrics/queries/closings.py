"""Closed months: what was reported of them, and which lines of the ledger touched them since."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from banso.core import cursors
from banso.core.models import Person
from banso.customers.models import ContractChange, Tier
from banso.insight.metrics.asking import Asked, Figure
from banso.insight.metrics.models import ClosedFigure, Closing
from banso.insight.metrics.queries.voiding import voided_by
from banso.lib.periods import Period, add_months, period_of

HEADLINE = (
    "mrr", "movements", "nrr", "grr", "revenue_churn", "logo_churn", "retention",
    "renewal_rate", "renewal_count", "renewal_churn", "upsell", "cross_sell",
)  # fmt: skip
CUT_BY = ("plan", "tier", "owner")
NOBODY = "none"  # the part of whoever has no plan, tier or owner
PAGE = 12


@dataclass(frozen=True, slots=True)
class Touch:
    """A line dated in a closed month that was recorded, or voided, after the month was closed."""

    closing: Closing
    line: ContractChange
    is_voided: bool
    at: datetime
    by: Person | None


def month_of(closing: Closing) -> Period:
    return period_of(closing.month, "month")


@dataclass(frozen=True, slots=True)
class Closed:
    """A figure of a closed month as it was reported, and by which closing."""

    closing: UUID
    figure: Figure


def reported(asked: Asked, cut: str = "") -> dict[Period, Figure]:
    """The closed ones of the months asked for, with the figure as it was reported. 1 query.

    `cut`: a part's id, where a cut is asked for. Nothing for questions that no closing answers: of
    longer periods, of other KPIs and cuts, as of a past day, and for other ways to count customers.
    """
    found = closed_figures(asked, [asked.kpi], cut)
    return {period: one.figure for (_kpi, period), one in found.items()}


def closed_figures(
    asked: Asked, kpis: Collection[str], cut: str = ""
) -> dict[tuple[str, Period], Closed]:
    """As `reported`, of several KPIs asked the same way, with the closings. 1 query."""
    as_closed = asked.known_at is None and (asked.unit, asked.attributes) == ("user", "then")
    months = {one.start: one for one in asked.periods if one.kind == "month"}
    if not as_closed or not months or (asked.by and not cut):
        return {}
    rows = ClosedFigure.objects.filter(
        closing__reopened_at=None,
        closing__month__in=list(months),
        kpi__in=list(kpis),
        by=asked.by,
        cut=cut,
    ).select_related("closing")
    listed = list(rows.order_by("closing__month", "pk"))
    words = _words(listed)
    periods = [months[row.closing.month] for row in listed]
    return {
        (row.kpi, period): Closed(row.closing_id, _figure(row, period, words))
        for row, period in zip(listed, periods, strict=True)
    }


def figures_of(closing: Closing, by: str = "") -> dict[tuple[str, str], Figure]:
    """What was reported of a closed month, by KPI and part. 1 query, 2 for owners."""
    rows = list(ClosedFigure.objects.filter(closing=closing, by=by).order_by("pk"))
    words, period = _words(rows), month_of(closing)
    return {(row.kpi, row.cut): _figure(row, period, words) for row in rows}


def _words(rows: Sequence[ClosedFigure]) -> dict[tuple[str, str], str]:
    """What parts are called that have no name of their own: owners by their name now, tiers in the
    reader's language.
    """
    owners = {row.cut for row in rows if row.by == "owner" and row.cut != NOBODY}
    people = Person.objects.in_bulk([UUID(one) for one in owners]) if owners else {}
    words = {("owner", str(pk)): person.name for pk, person in people.items()}
    words |= {("tier", code): str(label) for code, label in Tier.choices}
    return words | {(by, NOBODY): _("Not set") for by in CUT_BY}


def _figure(row: ClosedFigure, period: Period, words: Mapping[tuple[str, str], str]) -> Figure:
    """A kept figure as the engine tells them."""
    return Figure(
        kpi=row.kpi,
        period=period,
        numerator=_plain(row.numerator),
        denominator=_plain(row.denominator),
        value=_plain(row.value),
        n=row.n,
        currency=row.currency,
        cut=row.cut,
        cut_label=words.get((row.by, row.cut), row.cut_label),
        parts={name: Decimal(amount) for name, amount in row.parts.items()},
        notes=tuple(row.notes),
    )


def _plain(number: Decimal | None) -> Decimal | None:
    """Without the idle zeros of the column."""
    if number is None:
        return None
    return number.quantize(Decimal(1)) if number == number.to_integral() else number.normalize()


def closed_months() -> "QuerySet[Closing]":
    """Closings that stand, the latest month first. No query yet."""
    standing: QuerySet[Closing] = Closing.objects.filter(reopened_at=None)
    return standing.select_related("closed_by", "reopened_by").order_by("-month", "-pk")


def closing_page(
    *, cursor: str = "", limit: int = PAGE, reopened: bool = False
) -> tuple[list[Closing], str]:
    """Closings, the latest month first, and the cursor of those before; 1 query.

    With `reopened` those too that do not stand any more.
    """
    rows: QuerySet[Closing] = Closing.objects.select_related("closed_by", "reopened_by")
    rows = rows if reopened else rows.filter(reopened_at=None)
    if cursor:
        month, pk = cursors.read("closings", cursor)
        rows = rows.filter(month__lte=month).exclude(month=month, pk__gte=pk)
    found = list(rows.order_by("-month", "-pk")[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    place = [last.month.isoformat(), str(last.pk)] if last else None
    return found[:limit], cursors.write("closings", place) if place else ""


def next_to_close(today: date) -> date | None:
    """The month after the last one closed, else the last that is over; None when none is. 1 query."""
    last = period_of(today, "month").before.start
    closed = closed_months().first()
    month = add_months(closed.month, 1) if closed else last
    return month if month <= last else None


def touches(closings: Iterable[Closing], contracts: Collection[UUID] | None = None) -> list[Touch]:
    """Lines (of these contracts) by which closed months were touched, the latest first. 3 queries."""
    stand = {one.month: one for one in closings}
    if not stand:
        return []
    lines = ContractChange.objects.filter(_since(stand.values()))
    if contracts is not None:
        lines = lines.filter(contract_id__in=contracts)
    listed = list(lines.select_related("customer", "contract__product", "by").order_by("pk"))
    voiders = voided_by([line for line in listed if line.voided_at])
    found = [one for line in listed for one in _touches(line, stand, voiders)]
    return sorted(found, key=lambda one: (one.at, one.line.pk), reverse=True)


def _since(closings: Iterable[Closing]) -> Q:
    """Lines dated in the months and recorded, or voided, after these were closed."""
    wanted = Q(pk__in=[])
    for one in closings:
        later = Q(recorded_at__gt=one.closed_at) | Q(voided_at__gt=one.closed_at)
        end = month_of(one).end
        wanted |= later & Q(effective_on__gte=one.month, effective_on__lt=end)
    return wanted


def _touches(
    line: ContractChange, stand: Mapping[date, Closing], voiders: Mapping[int, Person]
) -> list[Touch]:
    closing = stand[line.effective_on.replace(day=1)]
    found = []
    if line.recorded_at > closing.closed_at:
        found.append(Touch(closing, line, False, line.recorded_at, line.by))
    if line.voided_at and line.voided_at > closing.closed_at:
        found.append(Touch(closing, line, True, line.voided_at, voiders.get(line.pk)))
    return found
