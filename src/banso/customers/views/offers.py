"""Offers of something more, and what we know of how a customer uses what it bought."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from banso.core.access import Request, requires
from banso.core.scope import current_workspace
from banso.customers import queries, services
from banso.customers.forms.offers import AskedOffersForm, OfferForm, standing_offer
from banso.customers.models import Customer, Offer, OfferKind, OfferState
from banso.customers.views.asking import Asking, answer, data, done
from banso.customers.views.customers import page_of


@require_GET
@requires("customers.read")
def index(request: Request) -> HttpResponse:
    """What was offered, the latest first, and what became of it."""
    form = AskedOffersForm(request.GET)
    asked = form.asked()
    customer = Customer.objects.get(pk=asked.customer_id) if asked.customer_id else None
    rows, cursor = queries.offer_page(asked, cursor=request.GET.get("after", ""))
    facts = {
        "form": form,
        "rows": rows,
        "next": cursor,
        "counts": queries.count_offers(asked).items(),
        "customer": customer,
        "query": f"?{request.GET.urlencode()}",
        "narrowed": any(form.cleaned_data.values()),
    }
    template = "customers/offers.html" + ("#rows" if request.htmx else "")
    return render(request, template, facts)


@require_GET
@requires("customers.read")
def of_customer(request: Request, customer_id: UUID) -> HttpResponse:
    """A customer's offers, as a part of their page."""
    customer = Customer.objects.get(pk=customer_id)
    if not request.htmx:
        return redirect(f"{reverse('customers:offers')}?customer={customer_id}")
    facts = {"customer": customer, "offers": queries.offers_of(customer_id)}
    return render(request, "customers/_offers_of.html", facts)


@requires("customers.write")
def create(request: Request, customer_id: UUID) -> HttpResponse:
    """Something more was offered."""
    customer = Customer.objects.get(pk=customer_id)
    usual = {
        "kind": OfferKind.UPSELL,
        "state": OfferState.OFFERED,
        "offered_on": current_workspace().today(),
    }
    form = OfferForm(data(request), currency=customer.currency, initial=usual)
    asking = Asking(_("Record an offer"), _("Record"), page_of(customer_id), customer=customer)

    def save() -> HttpResponse:
        services.make_offer(customer_id, **form.values(), by=request.person)
        return done(request, _("The offer was recorded."), page_of(customer_id))

    return answer(request, form, asking, save)


@requires("customers.write")
def edit(request: Request, offer_id: UUID) -> HttpResponse:
    """What became of it, or as it should have been written."""
    living = Offer.objects.filter(customer__deleted_at=None).select_related("customer")
    offer: Offer = living.get(pk=offer_id)
    customer, usual = offer.customer, standing_offer(offer)
    form = OfferForm(data(request), currency=offer.currency, initial=usual)
    back = page_of(customer.pk)
    asking = Asking(_("What became of this offer?"), _("Save"), back, customer=customer)

    def save() -> HttpResponse:
        services.update_offer(offer_id, changes=form.changed(), by=request.person)
        return done(request, _("Saved."), back)

    return answer(request, form, asking, save)
