"""A figure opened: whom it counts, and what each adds to it."""

from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from banso.core.access import Request, requires
from banso.customers.models import ContractChange
from banso.insight.metrics.asking import Counted
from banso.insight.metrics.asking.questions import told_on
from banso.insight.metrics.asking.registry import MEASURES
from banso.insight.metrics.figure_words import notes
from banso.insight.metrics.figures.opening import Opened, opened
from banso.insight.metrics.figures.steps import steps
from banso.insight.metrics.forms.asked import UNITS

AT_ONCE = 100


@require_GET
@requires("metrics.read")
def rows(request: Request) -> HttpResponse:
    """Of which customers is this figure the sum?"""
    found = opened(kpi_asked(request), request.GET.dict())
    start = place_asked(request)
    page = found.rows[start : start + AT_ONCE]
    context: dict[str, Any] = {
        "found": found,
        "measure": found.measure,
        "figure": found.figure,
        "currency": found.figure.currency if found.figure else "",
        "steps": steps(found),
        "notes": _notes(found),
        "unit": dict(UNITS)[found.asked.unit],
        "choices": [(one, _with(request, by=found.by, cut=one.cut)) for one in found.choices],
        "whole": _with(request, part="") if found.parts else "",
        "rows": _with_contracts(page),
        "has_kinds": found.has_kinds,
        "has_days": any(one.on for one in found.rows),
        "shown": len(page),
        **pages(start, len(found.rows)),
        "query": _with(request),
        "course": _course(request, found),
    }
    return render(request, "metrics/rows.html", context)


def _notes(found: Opened) -> list[str]:
    figure = found.figure
    return list(notes(figure, told_on(found.asked.known_at))) if figure else []


def kpi_asked(request: Request) -> str:
    """The KPI of the address, MRR where it tells none; Http404 for what is none."""
    kpi = request.GET.get("kpi") or "mrr"
    if kpi not in MEASURES:
        raise Http404
    return kpi


def _with(request: Request, **changed: str) -> str:
    """The address of this page, from its first row, with other choices."""
    kept = {name: one for name, one in request.GET.dict().items() if name != "after"}
    return f"?{urlencode({**kept, 'kpi': kpi_asked(request), **changed})}"


def _course(request: Request, found: Opened) -> str:
    """What the page of the KPI is asked for to tell the same over time."""
    asked = {name: request.GET.get(name, "") for name in ("unit", "standing", "as_of")}
    asked |= {"kpi": found.measure.id, "kind": found.period.kind, "by": found.asked.by}
    return f"?{urlencode({name: one for name, one in asked.items() if one})}"


def place_asked(request: Request) -> int:
    """From which row on the list is to be shown."""
    text = request.GET.get("after", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def pages(start: int, count: int) -> dict[str, Any]:
    """How many rows there are, and from which on the next page shows them."""
    return {"count": count, "next": str(start + AT_ONCE) if start + AT_ONCE < count else None}


class Line(NamedTuple):
    """The contract that a row's line of the ledger belongs to, and what it sells."""

    contract: UUID
    product: str
    plan: str | None


def _with_contracts(rows: list[Counted]) -> list[tuple[Counted, Line | None]]:
    """Each row and the contract of its line. 1 query."""
    ids = [line for one in rows for line in one.lines]
    found = ContractChange.objects.filter(pk__in=ids, contract__deleted_at=None)
    names = ("pk", "contract_id", "contract__product__name", "contract__plan__name")
    of = {pk: Line(*told) for pk, *told in found.values_list(*names)} if ids else {}
    return [(one, of.get(one.lines[0]) if one.lines else None) for one in rows]
