"""What arrives: every request of every source, as it comes, with what became of it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from banso.core.access import Request, requires
from banso.core.errors import Refused
from banso.touchpoints.usage import arrivals
from banso.touchpoints.usage.models import Arrival, Source


@require_GET
@requires("usage.read")
def index(request: Request) -> HttpResponse:
    """`?source=` only of one source, `?only=problems` only what was refused, `?after=` go on."""
    source = _asked_source(request)
    problems = request.GET.get("only") == "problems"
    page = arrivals.arrivals(
        source_id=source.pk if source else None, problems=problems, after=_asked_after(request)
    )
    facts = {
        "page": page,
        "sources": Source.objects.order_by("name"),
        "source": source,
        "problems": problems,
        "tab": "usage:arrivals",
    }
    page_name = "usage/arrivals.html" + ("#arrivals" if request.htmx else "")
    return render(request, page_name, facts)


@require_GET
@requires("usage.read")
def one(request: Request, arrival_id: int) -> HttpResponse:
    """One request: what it held, what became of it, and why it was refused."""
    known = Arrival.objects.select_related("source").filter(pk__lte=arrivals.LARGEST_ID)
    arrival = known.get(pk=arrival_id)
    body, cut = arrivals.readable(arrival.body)
    facts = {
        "arrival": arrival,
        "source_url": reverse("usage:source", args=[arrival.source_id]),
        "body": body,
        "cut": cut,
        "tab": "usage:arrivals",
    }
    return render(request, "usage/arrival.html", facts)


def _asked_source(request: Request) -> Source | None:
    asked = request.GET.get("source", "")
    if not asked:
        return None
    try:
        found: Source = Source.objects.get(pk=UUID(asked))
    except ValueError:
        raise Source.DoesNotExist from None
    return found


def _asked_after(request: Request) -> int | None:
    text = request.GET.get("after", "")
    if not text:
        return None
    if (after := arrivals.id_in(text)) is None:
        words = _("This page link has expired. Start from the first page.")
        raise Refused(words, code="bad_cursor", field="after")
    return after
