"""The dashboard: do retention and growth go as planned, and what moved them?"""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from banso.core.access import Request, requires
from banso.insight.metrics.boards import charts, kept, tiles
from banso.insight.metrics.boards.corrections import corrections
from banso.insight.metrics.boards.dashboard import Board
from banso.insight.metrics.boards.shown import for_reader
from banso.insight.metrics.figure_words import exchange_words, missing_rates, period_name
from banso.insight.metrics.forms.asked import UNITS
from banso.insight.metrics.forms.dashboard import COHORTS, DashboardForm
from banso.insight.metrics.services import work_out_soon
from banso.lib.periods import Period, period_of


@require_GET
@requires("metrics.read")
def index(request: Request) -> HttpResponse:
    """Seven figures against the plan, and what they are made of."""
    form = DashboardForm(request.GET)
    with form.refusals():
        chosen = form.chosen()
        found = kept.board(chosen)
        if not found.is_current:
            work_out_soon(chosen)
        facts = _shown(request, form, for_reader(found.board)) if found.board else {"form": form}
        return render(request, "metrics/dashboard.html", {**facts, "kept": found})
    return render(request, "metrics/dashboard.html", {"form": form}, status=422)


def _shown(request: Request, form: DashboardForm, board: Board) -> dict[str, Any]:
    of = form.cleaned_data["cohorts"]
    months, curves = charts.curves(board, of)
    labels, churns = charts.churns(board)
    return {
        "form": form,
        "board": board,
        "unit": dict(UNITS)[board.chosen.unit],
        "paid_by_then": board.first_paid and board.first_paid <= board.chosen.period.last_day,
        "tiles": tiles.tiles(board),
        "span": tiles.span(board.chosen.period),
        "missing": list(missing_rates(*board.in_money)),
        "steps": charts.steps(board),
        "exchanged": exchange_words(board.exchanged, board.movements.currency),
        "nearby": _nearby(request, board.chosen.period, board.today),
        "of": of,
        "cohorts": charts.cohorts(board, of),
        "whole": charts.whole(board, of),
        "cohort_links": [(name, words, _with(request, name)) for name, words in COHORTS],
        "months": months,
        "curves": curves,
        "is_flat": charts.is_flat(curves),
        "renewal_parts": charts.renewal_parts(board),
        "renewals": charts.renewals(board),
        "currency": board.movements.currency,
        "labels": labels,
        "churns": churns,
        "moves_corrected": corrections(board, "nrr", "movements", "mrr"),
        "churn_corrected": corrections(board, "logo_churn", "renewal_churn"),
        "loads": charts.loads(board),
        "losses": charts.losses(board),
    }


def _nearby(request: Request, period: Period, today: date) -> list[tuple[str, str]]:
    """The period before, and the one after it where that has begun."""
    after = period_of(period.end, period.kind, period.fiscal_start)
    found = [(f"← {period_name(period.before)}", period.before)]
    if after.start <= today:
        found.append((f"{period_name(after)} →", after))
    return [(words, _also(request, kind=one.kind, period=one.code)) for words, one in found]


def _also(request: Request, **changed: str) -> str:
    asked = request.GET.copy()
    for name, value in changed.items():
        asked[name] = value
    return f"?{asked.urlencode()}"


def _with(request: Request, cohorts: str) -> str:
    return f"{_also(request, cohorts=cohorts)}#cohorts"
