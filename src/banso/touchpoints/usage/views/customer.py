"""A customer's usage: a page of its own, and at a glance on the customer's page."""

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


@require_safe
@requires("usage.read")
def customer_panel(request: Request, customer_id: UUID) -> HttpResponse:
    """Usage of one customer as of `?at=` (a day, today unless told); for htmx at a glance."""
    on = asked_day(request)
    try:
        if request.htmx:
            glance = queries.usage_glance(customer_id, on=on)
            return render(request, "usage/_glance.html", _glance(glance))
        card = queries.usage_card(customer_id, on=on)
    except Customer.DoesNotExist:
        raise Http404 from None
    return render(request, "usage/customer.html", _shown(card))


def _glance(one: queries.UsageGlance) -> dict[str, Any]:
    page = f"{reverse('usage:customer-panel', args=[one.customer_id])}?at={one.window.on}"
    weeks = [week.events for week in one.weeks]
    return {"now": one, "page": page, "weeks": weeks, "seats": _share(one.seat_share_28)}


def _shown(card: queries.UsageCard) -> dict[str, Any]:
    return {
        "card": card,
        "window": card.compared.window,
        "pace": _share(card.figures.trend_28),
        "seats": _share(card.figures.seat_share_28),
        "weeks": _chart(card.weeks),
    }


def _share(value: float | None) -> str | None:
    return None if value is None else percent(value, 0)


def _chart(weeks: list[queries.Week]) -> dict[str, Any]:
    pattern = pgettext("short date pattern", "j M")
    return {
        "labels": [dateformat.format(week.last_day, pattern) for week in weeks],
        "values": [week.events for week in weeks],
        "total": sum(week.events for week in weeks),
    }
