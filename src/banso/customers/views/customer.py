"""One customer: how are they, why, and what next?"""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from banso.core.access import Request, requires
from banso.customers import queries
from banso.customers.attribute_fields import PREFIX
from banso.customers.fields import all_fields, known_field
from banso.customers.forms.fields import people
from banso.customers.models import Contact, ContactRole, Customer, Presence
from banso.customers.queries.card import CustomerCard
from banso.customers.standing import standing
from banso.customers.templatetags.customers import BAND, SCORE

FIGURES = (
    "customers.mrr", "customers.notice_on", "customers.deadline_on", "customers.last_contact_on",
    "customers.contract_state",
)  # fmt: skip
HEALTH = (SCORE, BAND, "health.coverage")
TIMELINE = 15


@require_GET
@requires("customers.read")
def show(request: Request, customer_id: UUID) -> HttpResponse:
    """Everything about a customer on one screen; other rooms fill its slots."""
    custom = [one for one in all_fields() if one.key.startswith(PREFIX)]
    health = [one for key in HEALTH if (one := known_field(key))]
    seen = [one.key for one in health if one.permission in request.permits]
    columns = [*FIGURES, *seen, *(one.key for one in custom)]
    card = queries.customer_card(customer_id, columns=columns, permits=request.permits)
    context = {
        "card": card,
        "customer": card.customer,
        "today": card.on,
        "names": dict(people().values_list("pk", "name")),
        "fields": {key.replace(".", "_"): known_field(key) for key in (*FIGURES, *seen)},
        "custom": custom,
        "deadline": _deadline(card),
        "contracts": [standing(one, card.on, notices=card.notices) for one in card.contracts],
        "contacts": [(one, _is_champion(one)) for one in card.contacts],
        "timeline": queries.timeline(customer_id, limit=TIMELINE),
    }
    return render(request, "customers/customer.html", context)


def _deadline(card: CustomerCard) -> str:
    """Which of the two comes first: notice, renewal, or none."""
    if (day := card.values["customers.deadline_on"]) is None:
        return ""
    return "notice" if day == card.values["customers.notice_on"] else "renewal"


def _is_champion(contact: Contact) -> bool:
    return ContactRole.CHAMPION in contact.roles and contact.presence == Presence.HERE


@require_GET
@requires("customers.read")
def timeline(request: Request, customer_id: UUID) -> HttpResponse:
    """What happened, older and older: entries for the page, or a page of its own."""
    facts = {
        "timeline": queries.timeline(customer_id, before=request.GET.get("before", "")),
        "customer": Customer.objects.get(pk=customer_id),
    }
    page = "customers/timeline.html" + ("#entries" if request.htmx else "")
    return render(request, page, facts)
