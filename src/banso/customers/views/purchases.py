"""What a customer bought without a contract: shown, voided."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from banso.core.access import Request, requires
from banso.core.ui.wording import money, short_day
from banso.customers import queries, services
from banso.customers.models import Customer, Purchase
from banso.customers.views.asking import Asking, confirm, done

FEW = 5


@require_GET
@requires("customers.read")
def of_customer(request: Request, customer_id: UUID) -> HttpResponse:
    """A customer's purchases, the latest first: a part of their page, or one of its own."""
    customer, size = Customer.objects.get(pk=customer_id), FEW if request.htmx else queries.PAGE
    after = request.GET.get("after", "")
    rows, cursor = queries.purchase_page(customer_id, cursor=after, limit=size)
    facts = {
        "customer": customer,
        "rows": rows,
        "next": cursor,
        "bought": queries.bought_by(customer_id),
        "query": f"?customer={customer_id.hex}",
    }
    page = "customers/_purchases.html" if request.htmx else "customers/purchases.html"
    return render(request, page, facts)


@requires("customers.write")
def void(request: Request, purchase_id: UUID) -> HttpResponse:
    """Recorded by mistake: say so, and strike it out."""
    living = Purchase.objects.filter(voided_at=None, customer__deleted_at=None)
    purchase = living.select_related("customer").get(pk=purchase_id)
    lead = _("The purchase of %(day)s for %(amount)s no longer counts. It is kept, struck out.")
    lead = lead % {
        "day": short_day(purchase.bought_on),
        "amount": money(purchase.amount, purchase.currency),
    }
    back = reverse("customers:purchases_of", args=[purchase.customer_id])
    heading = _("Void this purchase?")
    asking = Asking(heading, _("Void the purchase"), back, lead, purchase.customer, "danger")

    def save() -> HttpResponse:
        services.void_purchase(purchase_id, by=request.person)
        return done(request, _("The purchase was voided."), back)

    return confirm(request, asking, save)
