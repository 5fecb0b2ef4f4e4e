"""One customer: how are they, why, and what next?"""

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from banso.core.access import Request, requires
from banso.core.scope import current_workspace
from banso.customers import queries
from banso.customers.attribute_fields import listed
from banso.customers.fields import annotate
from banso.customers.models import Contact, ContactRole, Customer, Presence
from banso.customers.queries.screen import CustomerScreen, customer_screen
from banso.customers.standing import Standing, standing


@require_GET
@requires("customers.read")
def show(request: Request, customer_id: UUID) -> HttpResponse:
    """What matters of a customer on one screen; other rooms fill its slots."""
    screen = customer_screen(customer_id, known=[request.person], permits=request.permits)
    return render(request, "customers/customer.html", _shown(screen))


def _shown(screen: CustomerScreen) -> dict[str, object]:
    every = [standing(one, screen.on, notices=screen.notices) for one in screen.contracts]
    return {
        "customer": screen.customer,
        "today": screen.on,
        "figures": screen.figures,
        "contracts": sorted((one for one in every if one.state != "ended"), key=_urgency),
        "ended": [one for one in every if one.state == "ended"],
        "notices": screen.notices,
        "as_party": screen.as_party,
        "contacts": sorted(screen.contacts, key=_is_no_champion),
        "timeline": screen.timeline,
    }


def _urgency(one: Standing) -> tuple[date, Decimal]:
    """The soonest deadline first, and of those of one day what pays most."""
    return one.contract.notice_on or one.contract.end_on or date.max, -(one.mrr or Decimal(0))


def _is_no_champion(contact: Contact) -> bool:
    return ContactRole.CHAMPION not in contact.roles or contact.presence != Presence.HERE


@require_GET
@requires("customers.read")
def about(request: Request, customer_id: UUID) -> HttpResponse:
    """The company itself, with attributes: a part of its page, or one of its own."""
    custom, today = listed(), current_workspace().today()
    related = Customer.objects.select_related("parent")
    customer = annotate(related, [one.key for one in custom], on=today).get(pk=customer_id)
    facts = {
        "customer": customer,
        "today": today,
        "custom": custom,
        "values": {one.key: getattr(customer, one.alias) for one in custom},
        "nobody": {},
        "children": Customer.objects.filter(parent_id=customer_id).order_by("name_sort"),
    }
    return render(request, "customers/about.html" + ("#details" if request.htmx else ""), facts)


@require_GET
@requires("customers.read")
def timeline(request: Request, customer_id: UUID) -> HttpResponse:
    """What happened, older and older: entries for the page, or a page of its own."""
    before = request.GET.get("before", "")
    facts = {
        "timeline": queries.timeline(customer_id, before=before, permits=request.permits),
        "customer": Customer.objects.get(pk=customer_id),
    }
    page = "customers/timeline.html" + ("#entries" if request.htmx else "")
    return render(request, page, facts)
