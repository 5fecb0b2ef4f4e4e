"""A customer's places (拠点), and people of other companies who belong to it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from banso.core.access import Request, requires
from banso.customers import queries, services
from banso.customers.forms.contacts import AffiliationForm
from banso.customers.models import Customer
from banso.customers.views.asking import Asking, answer, data, done
from banso.customers.views.contacts import found


@require_GET
@requires("customers.read")
def show(request: Request, customer_id: UUID) -> HttpResponse:
    """What belongs together: places with what can be summed, and people of other companies."""
    customer = Customer.objects.select_related("parent").get(pk=customer_id)
    facts = {
        "customer": customer,
        "group": queries.group_of(customer_id, permits=request.permits),
        "affiliates": queries.affiliates_of(customer_id),
    }
    page = "customers/_group.html" if request.htmx else "customers/group.html"
    return render(request, page, facts)


@requires("customers.write")
def affiliate(request: Request, contact_id: UUID) -> HttpResponse:
    """The contact belongs to another company, too; the same one again changes what they are there."""
    contact = found(contact_id)
    form = AffiliationForm(data(request))
    back = reverse("customers:contact", args=[contact_id])
    asking = Asking(_("Also belongs to"), _("Save"), back, contact.name, contact.customer)

    def save() -> HttpResponse:
        customer = form.cleaned_data["customer"]
        services.affiliate_contact(contact_id, customer.pk, **form.values(), by=request.person)
        return done(request, _("Saved."), back)

    return answer(request, form, asking, save)


@require_POST
@requires("customers.write")
def part(request: Request, contact_id: UUID, customer_id: UUID) -> HttpResponse:
    """The contact does not belong to that company any more."""
    contact = services.end_affiliation(contact_id, customer_id, by=request.person)
    back = reverse("customers:contact", args=[contact.pk])
    return done(request, _("They do not belong to that company any more."), back)
