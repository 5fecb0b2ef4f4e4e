"""A figure opened: whom it counts, and what each adds to it."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from banso.core.access import Request, requires
from banso.core.scope import current_workspace
from banso.customers.models import ContractChange
from banso.insight.metrics import answers
from banso.insight.metrics.asking import Asked, Counted
from banso.insight.metrics.boards.dashboard import Chosen, trends
from banso.insight.metrics.links import rows_url
from banso.insight.metrics.opening import opened
from banso.insight.metrics.registry import MEASURES
from banso.lib.periods import period_of

AT_ONCE = 100


@require_GET
@requires("metrics.read")
def index(request: Request) -> HttpResponse:
    """Which figures are there, and what does each say?"""
    return render(request, "metrics/figures.html", {"measures": MEASURES.values()})


@require_GET
@requires("metrics.read")
def figure(request: Request) -> HttpResponse:
    """How did a figure go, month by month, and how is it defined?"""
    kpi = _kpi(request)
    measure = MEASURES[kpi]
    today, fiscal = current_workspace().today(), current_workspace().fiscal_start_month
    months = trends(period_of(today, "month", fiscal))
    told = answers.figures(Asked(kpi, tuple(months)))
    chosen = Chosen(months[-1])
    rows = [(one, rows_url(kpi, one.period, one.cut and measure.always_by, one.cut, chosen=chosen))
            for one in reversed(told)]  # fmt: skip
    return render(request, "metrics/figure.html", {"measure": measure, "rows": rows})


@require_GET
@requires("metrics.read")
def rows(request: Request) -> HttpResponse:
    """Of which customers is this figure the sum?"""
    kpi = _kpi(request)
    found = opened(kpi, request.GET.dict())
    start = _place(request.GET.get("after", ""))
    page, count = found.rows[start : start + AT_ONCE], len(found.rows)
    context: dict[str, Any] = {
        "measure": found.measure,
        "figure": found.figure,
        "parts": found.parts,
        "rows": _with_contracts(page),
        "numerator": found.numerator,
        "denominator": found.denominator,
        "shown": len(page),
        "count": count,
        "next": str(start + AT_ONCE) if start + AT_ONCE < count else None,
        "query": f"?{urlencode({**request.GET.dict(), 'kpi': kpi})}",
    }
    return render(request, "metrics/rows.html", context)


def _kpi(request: Request) -> str:
    """The KPI of the address, MRR where it tells none; Http404 for what is none."""
    kpi = request.GET.get("kpi", "mrr")
    if kpi not in MEASURES:
        raise Http404
    return kpi


def _place(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _with_contracts(rows: list[Counted]) -> list[tuple[Counted, Any]]:
    """Each row and the contract of its line. 1 query."""
    lines = [line for one in rows for line in one.lines]
    of = dict(ContractChange.objects.filter(pk__in=lines).values_list("pk", "contract_id"))
    return [(one, of.get(one.lines[0]) if one.lines else None) for one in rows]
