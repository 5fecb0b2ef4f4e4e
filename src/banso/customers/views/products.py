"""Products and price plans (料金プラン)."""

from uuid import UUID

from django.db.models import Count, Prefetch
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from banso.core.access import Request, requires
from banso.customers import services
from banso.customers.forms.names import PlanForm, ProductForm
from banso.customers.models import Contract, Plan, Product
from banso.customers.views.asking import Asking, answer, data, done


@requires("customers.manage")
def index(request: Request) -> HttpResponse:
    """What do we sell?"""
    form = ProductForm(data(request))
    here = reverse("customers:products")

    def save() -> HttpResponse:
        services.create_product(**form.cleaned_data, by=request.person)
        return done(request, _("The product was added."), here)

    plans = Prefetch("plans", Plan.objects.order_by("name"))
    products = Product.objects.order_by("name").prefetch_related(plans)
    used = Contract.objects.order_by().values_list("product_id").annotate(n=Count("pk"))
    rows = [{"product": one, "contracts": dict(used).get(one.pk, 0)} for one in products]
    asking = Asking(_("Products and price plans"), _("Add"), here)
    return answer(request, form, asking, save, template="customers/products.html", rows=rows)


@requires("customers.manage")
def rename(request: Request, product_id: UUID) -> HttpResponse:
    """The product has another name."""
    product = Product.objects.get(pk=product_id)
    form = ProductForm(data(request), initial={"name": product.name})
    here = reverse("customers:products")

    def save() -> HttpResponse:
        services.rename_product(product_id, **form.cleaned_data, by=request.person)
        return done(request, _("Saved."), here)

    return answer(request, form, Asking(_("Rename the product"), _("Save"), here), save)


@requires("customers.manage")
def add_plan(request: Request, product_id: UUID) -> HttpResponse:
    """Another price plan of a product."""
    product = Product.objects.get(pk=product_id)
    form = PlanForm(data(request))
    here = reverse("customers:products")
    asking = Asking(_("Add a price plan"), _("Add"), here, product.name)

    def save() -> HttpResponse:
        services.create_plan(product_id, **form.cleaned_data, by=request.person)
        return done(request, _("The price plan was added."), here)

    return answer(request, form, asking, save)
