"""A customer's usage: a page of its own, and the same as a fragment of the customer's page."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import dateformat
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from banso.core.access import Request, requires
from banso.core.as_of import asked_day
from banso.core.ui.wording import percent
from banso.customers.models import Customer
from banso.touchpoints.usage import queries

FIRST_ROWS = 5


@require_safe
@requires("usage.read")
def customer_panel(request: Request, customer_id: UUID) -> HttpResponse:
    """Usage of one customer as of `?at=` (a day, today unless told)."""
    on = asked_day(request)
    try:
        card = queries.usage_card(customer_id, on=on)
    except Customer.DoesNotExist:
        raise Http404 from None
    page = "usage/customer.html" + ("#card" if request.htmx else "")
    return render(request, page, _shown(card, as_fragment=bool(request.htmx)))


def _shown(card: queries.UsageCard, *, as_fragment: bool) -> dict[str, Any]:
    """What the templates read. A fragment shows the first rows and leads to the page."""
    page = (
        f"{reverse('usage:customer-panel', args=[card.customer.pk])}?at={card.compared.window.on}"
    )
    base = page if as_fragment else ""
    links = {"more_url": base, "features_at": f"{base}#features", "people_at": f"{base}#people"}
    if as_fragment:
        links |= {"features_more": f"{base}#features", "people_more": f"{base}#people"}
    figures = card.figures
    return {
        **links,
        "card": card,
        "window": card.compared.window,
        "limit": f":{FIRST_ROWS}" if as_fragment else ":",
        "pace": None if figures.trend_28 is None else percent(figures.trend_28, 0),
        "seats": None if figures.seat_share_28 is None else percent(figures.seat_share_28, 0),
        "weeks": _chart(card.weeks),
    }


def _chart(weeks: list[queries.Week]) -> dict[str, Any]:
    pattern = pgettext("short date pattern", "j M")
    return {
        "labels": [dateformat.format(week.last_day, pattern) for week in weeks],
        "values": [week.events for week in weeks],
        "total": sum(week.events for week in weeks),
    }
