"""The list of all figures, and each figure's own page: how it went, and how it is defined."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from banso.core.access import Request, requires
from banso.customers.models import Contract
from banso.insight.metrics import queries
from banso.insight.metrics.asking import Asked, Figure
from banso.insight.metrics.asking.questions import told_on
from banso.insight.metrics.asking.registry import MEASURES
from banso.insight.metrics.boards.corrections import correction, reported_words
from banso.insight.metrics.figure_words import change, missing_rates, notes
from banso.insight.metrics.figures import charts, notions
from banso.insight.metrics.figures.course import Course, course
from banso.insight.metrics.figures.standings import THREE_RATES, neighbours, standings
from banso.insight.metrics.forms.asked import UNITS
from banso.insight.metrics.forms.figures import FigureForm
from banso.insight.metrics.views.opened import kpi_asked

KINDS = {"share": "rate", "money": "money"}  # of tiles; all else is a number


@require_GET
@requires("metrics.read")
def index(request: Request) -> HttpResponse:
    """Which figures are there, how does each stand, and what does it say?"""
    month, groups = standings()
    context = {
        "month": month,
        "groups": groups,
        "is_closed": month in queries.closings_of(Asked("", (month,))),
        "has_contracts": Contract.with_deleted.exists(),
    }
    return render(request, "metrics/figures.html", context)


@require_GET
@requires("metrics.read")
def figure(request: Request) -> HttpResponse:
    """How did a figure go, and why?"""
    measure = MEASURES[kpi_asked(request)]
    form = FigureForm(measure, request.GET.dict())
    context: dict[str, Any] = {
        "measure": measure,
        "form": form,
        "neighbours": neighbours(measure.id),
        "is_churn_rate": measure.id in THREE_RATES,
    }
    with form.refusals():
        told = course(form.asked(), form.step)
        return render(request, "metrics/figure.html", {**context, **_told(request, told)})
    return render(request, "metrics/figure.html", context, status=422)


def _told(request: Request, told: Course) -> dict[str, Any]:
    is_cohort = told.measure.always_by == "cohort"
    return {
        "course": told,
        "unit": dict(UNITS)[told.asked.unit],
        "has_contracts": Contract.with_deleted.exists(),
        "tile": _tile(told, told.figure) if told.figure else None,
        "rows": charts.rows(told),
        "labels": charts.labels(told),
        "heads": charts.heads(told),
        "is_ledger": _has_ledger(told),
        "marks": charts.marks(told),
        "series": charts.lines(told),
        "undrawn": max(0, len(told.parts) - charts.LINES),
        "bars": _bars(told),
        "from_zero": not told.measure.higher_is_better,  # what is kept changes near 100%
        "currency": _currency(told),
        "part_rows": [] if is_cohort else charts.part_rows(told),
        "total": charts.total_row(told) if told.parts and not is_cohort else None,
        "cohorts": charts.cohorts(told) if is_cohort else [],
        "most": charts.MOST_PARTS,
        "missing": list(missing_rates(*told.every)),
        "movers": told.movers,
        "movers_corrected": told.figure and correction(told.reported.get(told.figure.period)),
        "movers_href": charts.movers_open(told),
        "notions": notions.told(told, request.GET.dict()),
        "query": f"?{request.GET.urlencode()}",
        "by_today": f"?{urlencode(request.GET.dict() | {'standing': 'today'})}",
    }


def _tile(told: Course, figure: Figure) -> dict[str, Any]:
    """What `kpi_tile` is given of the latest period that is over, and of the one a year before."""
    measure, before, year = told.measure, told.befores[told.latest], told.year_before
    since = change(figure, figure.since(year))
    return {
        "figure": figure,
        "href": charts.opens(told, figure),
        "kind": KINDS.get(measure.unit, "number"),
        "digits": 2 if measure.unit == "share" else 1 if measure.unit != "money" else None,
        "unit": pgettext("a unit", "months") if measure.unit == "months" else "",
        "good": measure.good,
        "before": before,
        "before_href": charts.opens(told, before),
        "before_capped": before is not None and before.is_bound,
        "trend": [one.value for one in told.whole[: told.latest + 1]],
        "bounds": [one.is_bound for one in told.whole[: told.latest + 1]],
        "is_running": "running" in figure.notes,
        "is_capped": figure.is_bound,
        "notes": _notes(told, figure),
        "year": year,
        "year_href": charts.opens(told, year),
        "since": [_("Change since then: %(change)s") % {"change": since}],
    }


def _notes(told: Course, figure: Figure) -> list[str]:
    """What a reader must know of the latest one; of a closed month what has been corrected since."""
    known = notes(figure, told_on(told.asked.known_at))
    reported = told.reported.get(figure.period)
    return [*reported_words(reported, is_closed=figure.period in told.closed), *known]


def _has_ledger(told: Course) -> bool:
    """Whether something that is told of a closed month was not kept."""
    is_ledger = told.parts_are_ledger if told.parts else told.is_ledger
    return any(map(is_ledger, told.asked.periods))


def _bars(told: Course) -> dict[str, Any] | None:
    """Sums of what happened stand as bars; what is at a moment, and rates, as lines."""
    measure, every = told.measure, charts.total_row(told).cells[::-1] if told.parts else []
    if measure.of_whole and every:
        counts = [one.numerator if one else 0 for one, _href in every]
        return {
            "title": measure.denominator,
            "values": counts,
            "hrefs": [href for _one, href in every],
        }
    if told.parts or measure.unit != "money" or measure.stands != "day":
        return None
    hrefs = [charts.opens(told, one) for one in told.whole]
    return {"title": measure.label, "values": [one.value for one in told.whole], "hrefs": hrefs}


def _currency(told: Course) -> str:
    if told.measure.unit != "money":
        return ""
    return next((one.currency for one in told.every if one.currency), "")
