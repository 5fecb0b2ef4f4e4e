"""A customer's usage: a page of its own, and the same as a fragment of the customer's page."""

from datetime import date
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from banso.core.access import Request, requires
from banso.core.errors import Refused
from banso.core.scope import current_workspace
from banso.customers.models import Customer
from banso.touchpoints.usage import queries


@require_safe
@requires("usage.read")
def customer_panel(request: Request, customer_id: UUID) -> HttpResponse:
    """Usage of one customer as of `?on=` (a day, today unless told)."""
    on = _day(request.GET.get("on"))
    try:
        card = queries.usage_card(customer_id, on=on)
    except Customer.DoesNotExist:
        raise Http404 from None
    page = "usage/customer.html" + ("#card" if request.htmx else "")
    return render(request, page, {"card": card, "window": card.compared.window})


def _day(text: str | None) -> date:
    today = current_workspace().today()
    if not text:
        return today
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Refused(_("Write the day as YYYY-MM-DD."), code="bad_day", field="on") from None
    if not 2000 <= day.year <= today.year + 1:
        raise Refused(_("Choose a day after 1999 and not far ahead."), code="bad_day", field="on")
    return day
