"""Customers made, changed, moved between stages, contacted, binned."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from banso.core.access import Request, requires
from banso.core.errors import Refused
from banso.core.scope import current_workspace
from banso.customers import queries, services
from banso.customers.forms import customers as forms
from banso.customers.masters import master_of
from banso.customers.models import Customer
from banso.customers.services.attributes import known_attributes
from banso.customers.views.asking import Asking, answer, confirm, data, done

BIN_SHOWN = 200


def page_of(customer_id: UUID) -> str:
    return reverse("customers:customer", args=[customer_id])


@requires("customers.write")
def create(request: Request) -> HttpResponse:
    """A new customer; a namesake is warned of first. `?parent=` is whose place it is."""
    known = known_attributes().values()
    usual = {"country": current_workspace().country, "main_owner": request.person.pk}
    usual |= _place_of(request.GET.get("parent", ""))
    form = forms.NewCustomerForm(data(request), initial=usual, attributes=known)
    asking = Asking(_("Add a customer"), _("Add"), reverse("customers:list"))

    def save() -> HttpResponse:
        customer = services.create_customer(**form.values(), by=request.person)
        return done(request, _("The customer was added."), page_of(customer.pk))

    return answer(request, form, asking, save, template="customers/customer_form.html")


def _place_of(parent: str) -> dict[str, Any]:
    """What a place has from who stands above it; nothing for what is no customer of ours."""
    try:
        above = Customer.objects.filter(pk=UUID(parent)).first() if parent else None
    except ValueError:
        return {}
    if above is None:
        return {}
    same = {name: getattr(above, name) for name in ("tier", "industry", "country")}
    return {**same, "main_owner": above.main_owner_id, "parent": above.external_id or above.name}


@requires("customers.write")
def edit(request: Request, customer_id: UUID) -> HttpResponse:
    """Change what is known of a customer."""
    customer = Customer.objects.select_related("parent").get(pk=customer_id)
    known = known_attributes().values()
    form = forms.CustomerForm(data(request), initial=_initial(customer), attributes=known)
    form.close(master_of(customer))
    asking = Asking(_("Edit the customer"), _("Save"), page_of(customer_id), customer=customer)

    def save() -> HttpResponse:
        services.update_customer(customer_id, changes=form.values(), by=request.person)
        return done(request, _("Saved."), page_of(customer_id))

    return answer(request, form, asking, save, template="customers/customer_form.html")


def _initial(customer: Customer) -> dict[str, Any]:
    names = (
        "name", "name_reading", "external_id", "since", "tier", "industry", "employees",
        "country", "domain", "corporate_number", "approach", "purpose", "maturity", "competitor",
        "switched_from", "fiscal_month",
    )  # fmt: skip
    custom = {f"{forms.PREFIX}{key}": value for key, value in customer.attributes.items()}
    return {
        **{name: getattr(customer, name) for name in names},
        **custom,
        "former_names": "\n".join(customer.former_names),
        "main_owner": customer.main_owner_id,
        "sub_owner": customer.sub_owner_id,
        "parent": customer.parent.name if customer.parent else "",
    }


@requires("customers.write")
def goals(request: Request, customer_id: UUID) -> HttpResponse:
    """What the customer wants to reach."""
    customer = Customer.objects.get(pk=customer_id)
    form = forms.GoalsForm(data(request), initial={"goals": customer.goals})
    form.close(master_of(customer))
    asking = Asking(_("The customer's goals"), _("Save"), page_of(customer_id), customer=customer)

    def save() -> HttpResponse:
        services.update_customer(customer_id, changes=form.changes(), by=request.person)
        return done(request, _("Saved."), page_of(customer_id))

    return answer(request, form, asking, save)


@requires("customers.write")
def stage(request: Request, customer_id: UUID) -> HttpResponse:
    """The customer entered another stage on a day."""
    customer = Customer.objects.get(pk=customer_id)
    usual = {"stage": customer.stage, "entered_on": current_workspace().today()}
    form = forms.StageForm(data(request), initial=usual)
    asking = Asking(_("Change the stage"), _("Save"), page_of(customer_id), customer=customer)

    def save() -> HttpResponse:
        services.change_stage(customer_id, **form.cleaned_data, by=request.person)
        return done(request, _("The stage was changed."), page_of(customer_id))

    return answer(request, form, asking, save)


@requires("customers.write")
def contacted(request: Request, customer_id: UUID) -> HttpResponse:
    """Somebody of ours spoke with the customer: today, unless another day is given."""
    customer = Customer.objects.get(pk=customer_id)
    form = forms.ContactedForm(data(request), initial={"on": current_workspace().today()})
    asking = Asking(_("Note a contact"), _("Save"), page_of(customer_id), customer=customer)

    def save() -> HttpResponse:
        event = services.note_contact(customer_id, on=form.day(), by=request.person)
        undo = f"{reverse('customers:uncontacted', args=[customer_id])}?event={event}"
        return done(request, _("The contact was noted."), page_of(customer_id), undo=undo)

    return answer(request, form, asking, save)


@require_POST
@requires("customers.write")
def uncontacted(request: Request, customer_id: UUID) -> HttpResponse:
    """Take the noted contact back: the last one is the one that stood before it, or after."""
    Customer.objects.get(pk=customer_id)
    form = forms.UncontactedForm(request.GET)
    if not form.is_valid():
        raise Refused(_("This cannot be taken back any more."))
    event_id = form.cleaned_data["event"]
    services.take_back_contact(customer_id, event_id=event_id, by=request.person)
    return done(request, _("The contact was taken back."), page_of(customer_id))


@requires("customers.manage")
def remove(request: Request, customer_id: UUID) -> HttpResponse:
    """Into the bin, after saying what that means."""
    customer = Customer.objects.get(pk=customer_id)
    asking = Asking(
        _("Move “%(name)s” to the bin?") % {"name": customer.name},
        _("Move to the bin"),
        page_of(customer_id),
        _(
            "Its contacts and contracts disappear from every list and figure with it. "
            "For 30 days you can bring it all back from the bin."
        ),
        customer,
        "danger",
    )

    def save() -> HttpResponse:
        services.bin_customer(customer_id, by=request.person)
        undo = reverse("customers:restore", args=[customer_id])
        return done(request, _("Moved to the bin."), reverse("customers:list"), undo=undo)

    return confirm(request, asking, save)


@require_POST
@requires("customers.manage")
def restore(request: Request, customer_id: UUID) -> HttpResponse:
    """Out of the bin; one that is out already stays so."""
    if not Customer.objects.filter(pk=customer_id).exists():
        services.restore_customer(customer_id, by=request.person)
    return done(request, _("The customer is back."), page_of(customer_id))


@require_GET
@requires("customers.manage")
def bin(request: Request) -> HttpResponse:
    """What was thrown away and can still be brought back."""
    binned = queries.binned_customers()[:BIN_SHOWN]
    return render(request, "customers/bin.html", {"binned": binned})
