"""Pages of the health room: where MRR is at risk, and why a customer has their score."""

from collections.abc import Sequence
from datetime import date
from math import floor
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from banso.core.access import Request, requires
from banso.core.as_of import asked_day
from banso.core.scope import current_workspace
from banso.customers.queries import Owned, owned_by
from banso.insight.health import queries, services
from banso.insight.health.forms import JudgementForm
from banso.insight.health.models import Band
from banso.lib.charts import Series

LISTED = 100
SPARK_DAYS = 90


@require_GET
@requires("health.read")
def overview(request: Request) -> HttpResponse:
    """Where is MRR at risk: by band, then customer by customer."""
    on = asked_day(request)
    owner = owned_by(request.person.pk) if request.GET.get("mine") else None
    band = request.GET.get("band", "")
    shares = queries.bands(on, owner)
    context = {
        "on": on,
        "today": current_workspace().today(),
        "shares": shares,
        "main": _main_currency(shares),
        "parts": _parts(shares),
        "query": _query(on, owner, band),
        "rows": queries.watchlist(on, owner, LISTED, band=band if band in Band.values else ""),
    }
    return render(request, "health/overview.html", context)


def _query(on: date, owner: Owned | None, band: str) -> str:
    """What the page shows, for whoever reads it later: "mine" names the person."""
    whose = {"owner": owner.person_id} if owner else {}
    return f"?{urlencode({'at': on.isoformat(), 'band': band, **whose})}"


@require_GET
@requires("health.read")
def explain(request: Request, customer_id: UUID) -> HttpResponse:
    """Why this customer has this score: every measure, opening to its rows."""
    return _explain(request, customer_id, asked_day(request), JudgementForm())


@require_GET
@requires("health.read")
def panel(request: Request, customer_id: UUID) -> HttpResponse:
    """The score with its reason and its line, for the side of a customer's page."""
    on = current_workspace().today()
    explanation = queries.explain(customer_id, on)
    points = queries.history(customer_id, on, SPARK_DAYS)
    context = {"explanation": explanation, "values": _values(points), "days": SPARK_DAYS}
    context["places"] = _places(points)
    return render(request, "health/_panel.html", context)


@require_POST
@requires("health.judge")
def judge(request: Request, customer_id: UUID) -> HttpResponse:
    """What the CSM thinks counts from now on."""
    form = JudgementForm(request.POST)
    if not form.is_valid():
        return _explain(request, customer_id, current_workspace().today(), form, status=422)
    services.judge(customer_id, **form.cleaned_data, by=request.person)
    messages.success(request, _("Your judgement counts from today."))
    return redirect("health:explain", customer_id=customer_id)


def _explain(
    request: Request, customer_id: UUID, on: date, form: JudgementForm, *, status: int = 200
) -> HttpResponse:
    points = queries.history(customer_id, on)
    context = {
        "explanation": queries.explain(customer_id, on),
        "on": on,
        "today": current_workspace().today(),
        "form": form,
        "labels": [_short(point.day) for point in points],
        "series": [Series(_("Health score"), _values(points), highlighted=True)],
        "points": points,
        "places": _places(points),
    }
    page = "health/_explain.html" if request.htmx else "health/explain.html"
    return render(request, page, context, status=status)


def _short(day: date) -> str:
    return dateformat.format(day, pgettext("date pattern without the year", "j M"))


def _values(points: Sequence[queries.Point]) -> list[float | None]:
    """Whole points, rounded down as every page shows a score."""
    return [None if point.score is None else floor(point.score) for point in points]


def _places(points: Sequence[queries.Point]) -> list[int]:
    """Days on a line, so that a chart is true to time."""
    return [point.day.toordinal() for point in points]


def _main_currency(shares: Sequence[queries.BandShare]) -> str:
    """The currency most customers are paid in; tiles show that one."""
    own = current_workspace().currency
    counts: dict[str, int] = {}
    for share in shares:
        counts[share.currency] = counts.get(share.currency, 0) + share.customers
    return max(counts, key=lambda code: counts[code], default=own)


def _parts(shares: Sequence[queries.BandShare]) -> list[tuple[Any, int, str]]:
    tones = {"danger": "bad", "watch": "watch", "withheld": "neutral", "healthy": "good"}
    counts = dict.fromkeys(tones, 0)
    for share in shares:
        counts[share.band] += share.customers
    return [(Band(band).label, n, tones[band]) for band, n in counts.items()]
