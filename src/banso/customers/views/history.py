"""How a customer was looked after: owners, tier, stage and parent, each with its day."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from banso.core.access import Request, requires
from banso.customers import hand_overs, queries
from banso.customers.models import Customer

FEW = 5


@require_GET
@requires("customers.read")
def show(request: Request, customer_id: UUID) -> HttpResponse:
    """The latest changes as a part of the customer's page; all of them as a page of their own."""
    found = Customer.objects.select_related("main_owner", "sub_owner").get(pk=customer_id)
    few = request.htmx
    lines = queries.history(customer_id, limit=FEW + 1) if few else queries.history(customer_id)
    facts = {"customer": found, "lines": lines[:FEW] if few else lines, "more": len(lines) > FEW}
    facts["stands"] = [] if few and len(lines) > FEW else queries.standing_now(found, lines)
    facts["coming"] = hand_overs.coming(customer_id)
    return render(request, "customers/_history.html" if few else "customers/history.html", facts)
