"""What was reported of closed months."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import cast
from uuid import UUID

from django.utils.translation import gettext as _

from banso.core.models import Person
from banso.customers.models import Tier
from banso.insight.metrics.asking import Asked, Figure
from banso.insight.metrics.models import ClosedFigure, Closing
from banso.lib.periods import Kind, Period, add_months, period_of, trailing

# Every figure that is told of the whole: of the month, and some of the year that ends with it too.
HEADLINE = (
    "mrr", "movements", "nrr", "grr", "revenue_churn", "logo_churn", "retention",
    "renewal_rate", "renewal_count", "renewal_churn", "upsell", "cross_sell", "expansion",
    "ltv", "cac_payback", "renewals_due", "accounts_per_csm", "arr_per_csm",
)  # fmt: skip
OF_A_YEAR = ("nrr", "grr", "ltv")
KEPT: dict[Kind, tuple[str, ...]] = {"month": HEADLINE, "year": OF_A_YEAR}
CUT_BY = ("plan", "tier", "owner")
GROWTH = ("upsell", "cross_sell")  # whose sum is expansion
NOBODY = "none"  # the part of whoever has no plan, tier or owner
NOTHING = Decimal(0)
Part = tuple[str, Period, str]  # KPI, period and part
Kept = dict[tuple[Kind, str, str], Figure]  # by kind of period, KPI and part


@dataclass(frozen=True, slots=True)
class Closed:
    """A figure of a closed month as it was reported, and by which closing."""

    closing: UUID
    figure: Figure


def month_of(closing: Closing) -> Period:
    return period_of(closing.month, "month")


def period_kept(closing: Closing, kind: Kind) -> Period:
    """The month, or the year that ends with it."""
    month = month_of(closing)
    return month if kind == "month" else trailing(month)


def closed_figures(
    asked: Asked, kpis: Collection[str], cut: str = ""
) -> dict[tuple[str, Period], Closed]:
    """The closed ones of the periods asked for, with each figure as it was reported and its closing.
    1 query, 2 for owners.

    `cut`: a part's id, where a cut is asked for. Nothing for questions that no closing answers: of
    other periods, KPIs and cuts, as of a past day, and for other ways to count customers.
    """
    if asked.by and not cut:
        return {}
    found = _closed(asked, kpis, cut)
    return {(kpi, period): one for (kpi, period, _cut), one in found.items()}


def closed_parts(asked: Asked) -> dict[tuple[Period, str], Closed]:
    """As `closed_figures`, of every part of the cut that is asked for. As many queries."""
    if not asked.by:
        return {}
    found = _closed(asked, [asked.kpi])
    return {(period, cut): one for (_kpi, period, cut), one in found.items()}


def closings_of(asked: Asked) -> dict[Period, UUID]:
    """Which of the periods are closed months, or years that end with one. 1 query.

    None as of a past day: then nothing is told of how it was reported.
    """
    ends = _ends(asked.periods)
    if asked.known_at is not None or not ends:
        return {}
    rows = Closing.objects.filter(reopened_at=None, month__in={month for _kind, month in ends})
    closed = dict(rows.values_list("month", "pk"))
    return {one: closed[month] for (_kind, month), one in ends.items() if month in closed}


def _ends(periods: Iterable[Period]) -> dict[tuple[str, date], Period]:
    """Months and years by their kind and (last) month."""
    return {
        (one.kind, add_months(one.end, -1)): one for one in periods if one.kind in ("month", "year")
    }


def _closed(asked: Asked, kpis: Collection[str], cut: str | None = None) -> dict[Part, Closed]:
    as_closed = asked.known_at is None and (asked.unit, asked.attributes) == ("user", "then")
    ends = _ends(asked.periods)
    if not as_closed or not ends:
        return {}
    wanted = {*kpis, *GROWTH} if "expansion" in kpis else set(kpis)
    rows = ClosedFigure.objects.filter(
        closing__reopened_at=None,
        closing__month__in={month for _kind, month in ends},
        kpi__in=wanted,
        by=asked.by,
        **({} if cut is None else {"cut": cut}),
    ).select_related("closing")
    listed = [
        row
        for row in rows.order_by("closing__month", "pk")
        if (row.kind, row.closing.month) in ends
    ]
    words = _words(listed)
    found: dict[Part, Closed] = {}
    for row in listed:
        period = ends[row.kind, row.closing.month]
        found[row.kpi, period, row.cut] = Closed(row.closing_id, _figure(row, period, words))
    return {key: one for key, one in (*found.items(), *_grown(found)) if key[0] in kpis}


def _grown(found: Mapping[Part, Closed]) -> Iterator[tuple[Part, Closed]]:
    """Expansion of the months that were closed before it was kept: it is a sum of what was."""
    for (kpi, period, cut), one in found.items():
        if kpi in GROWTH and ("expansion", period, cut) not in found:
            both = [found[each, period, cut] for each in GROWTH if (each, period, cut) in found]
            yield ("expansion", period, cut), Closed(one.closing, _sum([e.figure for e in both]))


def _sum(figures: Sequence[Figure]) -> Figure:
    parts = {one.kpi: one.numerator or NOTHING for one in figures}
    total = sum(parts.values(), NOTHING)
    return replace(
        figures[0],
        kpi="expansion",
        numerator=total,
        value=total,
        n=sum(one.n for one in figures),
        parts={kpi: amount for kpi, amount in parts.items() if amount},
    )


def figures_kept(closings: Iterable[Closing], by: str = "") -> dict[UUID, Kept]:
    """What each closing keeps: of the month, and of the year that ends with it. 1 query, 2 for owners."""
    of = {one.pk: one for one in closings}
    rows = list(ClosedFigure.objects.filter(closing__in=list(of), by=by).order_by("pk"))
    words, found = _words(rows), dict[UUID, Kept]({pk: {} for pk in of})
    for row in rows:
        kind = cast(Kind, row.kind)
        figure = _figure(row, period_kept(of[row.closing_id], kind), words)
        found[row.closing_id][kind, row.kpi, row.cut] = figure
    return found


def kpis_kept(closings: Iterable[Closing]) -> dict[UUID, set[tuple[Kind, str]]]:
    """What each closing keeps, by kind of period and KPI: there was less once. 1 query."""
    found: dict[UUID, set[tuple[Kind, str]]] = {one.pk: set() for one in closings}
    rows = ClosedFigure.objects.filter(closing__in=list(found), by="")
    for closing, kind, kpi in rows.values_list("closing", "kind", "kpi"):
        found[closing].add((kind, kpi))
    return found


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
