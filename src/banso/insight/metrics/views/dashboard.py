"""The dashboard: do retention and growth go as planned, and what moved them?"""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from banso.core.access import Request, requires
from banso.insight.metrics import board_charts, board_tiles
from banso.insight.metrics.dashboard_form import DashboardForm
from banso.insight.metrics.queries.dashboard import Board, Chosen, dashboard


@require_GET
@requires("metrics.read")
def index(request: Request) -> HttpResponse:
    """Seven figures against the plan, and what they are made of."""
    form = DashboardForm(request.GET)
    with form.refusals():
        board = _board(form.chosen())
        return render(request, "metrics/dashboard.html", _shown(request, form, board))
    return render(request, "metrics/dashboard.html", {"form": form}, status=422)


def _board(chosen: Chosen) -> Board:
    return dashboard(chosen)


def _shown(request: Request, form: DashboardForm, board: Board) -> dict[str, Any]:
    of = form.cleaned_data["cohorts"]
    months, curves = board_charts.curves(board, of)
    labels, churns = board_charts.churns(board)
    return {
        "form": form,
        "board": board,
        "unit": dict(form.fields["unit"].choices)[board.chosen.unit],  # type: ignore[attr-defined]
        "paid_by_then": board.first_paid and board.first_paid <= board.chosen.period.last_day,
        "tiles": board_tiles.tiles(board),
        "span": board_tiles.span(board.chosen.period),
        "steps": board_charts.steps(board),
        "of": of,
        "cohorts": board_charts.cohorts(board, of),
        "whole": board_charts.whole(board, of),
        "cohort_links": [(name, words, _with(request, name)) for name, words in _ways(form)],
        "months": months,
        "curves": curves,
        "is_flat": board_charts.is_flat(curves),
        "renewal_parts": board_charts.renewal_parts(board),
        "renewals": board_charts.renewals(board),
        "currency": board.movements.currency,
        "labels": labels,
        "churns": churns,
        "loads": board_charts.loads(board),
        "losses": board_charts.losses(board),
    }


def _ways(form: DashboardForm) -> list[tuple[str, str]]:
    return list(form.fields["cohorts"].choices)  # type: ignore[attr-defined]


def _with(request: Request, cohorts: str) -> str:
    asked = request.GET.copy()
    asked["cohorts"] = cohorts
    return f"?{asked.urlencode()}#cohorts"
