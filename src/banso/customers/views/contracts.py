"""Contracts: signed, shown with their ledger, renewed, changed, ended."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from banso.core.access import Request, requires
from banso.core.scope import current_workspace
from banso.customers import services
from banso.customers.forms import contracts as forms
from banso.customers.forms import terms
from banso.customers.forms.parties import PartiesForm, standing_parties
from banso.customers.loss_reasons import reason_labels
from banso.customers.models import PARTIES, Contract, ContractChange, Customer, Product
from banso.customers.queries import ROLES, ContractCard
from banso.customers.standing import standing
from banso.customers.views.asking import Asking, answer, data, done
from banso.customers.views.customers import page_of
from banso.lib.months import day_after, last_day


def found(contract_id: UUID) -> Contract:
    """The contract with its customer, neither in the bin. Raises Contract.DoesNotExist."""
    living = Contract.objects.filter(customer__deleted_at=None)
    related = living.select_related("customer", "product", "plan", *PARTIES)
    contract: Contract = related.get(pk=contract_id)
    return contract


def page(contract_id: UUID) -> str:
    return reverse("customers:contract", args=[contract_id])


def standing_line(contract: Contract) -> ContractChange:
    """The latest line that says terms; an end says none."""
    lines = contract.changes.filter(voided_at=None).exclude(kind="end")
    line: ContractChange = lines.order_by("-effective_on", "-id")[0]
    return line


@require_GET
@requires("customers.read")
def show(request: Request, contract_id: UUID) -> HttpResponse:
    """What was agreed, and every line that made it so."""
    contract = found(contract_id)
    lines = contract.changes.select_related("by", "loss").order_by("-effective_on", "-id")
    today = current_workspace().today()
    notices = contract.customer.notices.all()
    one = standing(ContractCard(contract, list(lines)), today, notices=notices)
    charges = contract.charges.select_related("by").order_by("voided_at", "charged_on", "pk")
    facts = {
        "contract": contract,
        "one": one,
        "today": today,
        "charges": charges,
        "reasons": reason_labels(),
        "same_number": _of_same_number(contract),
        "parties": [(words, getattr(contract, name)) for name, words in ROLES.items()],
    }
    return render(request, "customers/contract.html", facts)


def _of_same_number(contract: Contract) -> list[Contract]:
    """What else the same paper sells to the customer."""
    if not contract.number:
        return []
    others = Contract.objects.filter(number=contract.number, customer_id=contract.customer_id)
    related = others.exclude(pk=contract.pk).select_related("product", "plan")
    return list(related.order_by("product__name", "start_on"))


@requires("customers.write")
def sign(request: Request, customer_id: UUID) -> HttpResponse:
    """A contract as signed."""
    customer = Customer.objects.get(pk=customer_id)
    usual = forms.first_terms(current_workspace().today())
    form = forms.SignForm(data(request), currency=customer.currency, initial=usual)
    asking = Asking(_("Add a contract"), _("Add"), page_of(customer_id), customer=customer)

    def save() -> HttpResponse:
        services.sign_contract(customer_id, **form.values(), by=request.person)
        return done(request, _("The contract was added."), page_of(customer_id))

    needs_product = not Product.objects.exists()
    return answer(
        request, form, asking, save, template="customers/sign.html", needs_product=needs_product
    )


@requires("customers.write")
def renew(request: Request, contract_id: UUID) -> HttpResponse:
    """Another term."""
    contract = found(contract_id)
    usual = terms.offered_renewal(contract, standing_line(contract))
    form = terms.RenewForm(data(request), currency=contract.currency, initial=usual)
    lead = _("The terms offered are one more of the same. What you leave empty follows from them.")

    def save() -> HttpResponse:
        services.renew_contract(contract_id, **form.values(), by=request.person)
        return done(request, _("The contract was renewed."), _next(contract_id))

    return answer(request, form, _asking(contract, _("Renew the contract"), lead), save)


@requires("customers.write")
def change(request: Request, contract_id: UUID) -> HttpResponse:
    """Larger, smaller or priced anew."""
    contract = found(contract_id)
    usual = terms.standing_terms(standing_line(contract))
    usual["effective_on"] = current_workspace().today()
    form = terms.ChangeForm(data(request), currency=contract.currency, initial=usual)

    def save() -> HttpResponse:
        services.change_contract(contract_id, **form.values(), by=request.person)
        return done(request, _("The contract was changed."), _next(contract_id))

    lead = _("What you leave empty stays as it is.")
    return answer(request, form, _asking(contract, _("Change the contract"), lead), save)


@requires("customers.write")
def end(request: Request, contract_id: UUID) -> HttpResponse:
    """Coverage ends after a day."""
    contract = found(contract_id)
    usual = {"last_on": last_day(contract.end_on) or current_workspace().today()}
    form = terms.EndForm(data(request), initial=usual)
    lead = _("From the day after, the contract counts no MRR. It does not renew by itself.")

    def save() -> HttpResponse:
        ends = day_after(form.cleaned_data["last_on"])
        services.end_contract(contract_id, effective_on=ends, by=request.person)
        return done(request, _("The end of the contract was recorded."), _next(contract_id))

    return answer(request, form, _asking(contract, _("End the contract"), lead), save)


@requires("customers.write")
def edit(request: Request, contract_id: UUID) -> HttpResponse:
    """What is not in the ledger."""
    contract = found(contract_id)
    usual: dict[str, Any] = {
        "plan": contract.plan_id,
        "number": contract.number,
        "billing": contract.billing,
        "payment": contract.payment,
        "external_id": contract.external_id,
        "auto_renew": contract.auto_renew,
    }
    form = forms.ContractForm(data(request), contract=contract, initial=usual)

    def save() -> HttpResponse:
        services.update_contract(contract_id, changes=form.values(), by=request.person)
        return done(request, _("Saved."), page(contract_id))

    return answer(request, form, _asking(contract, _("Edit the contract's details")), save)


@requires("customers.write")
def parties(request: Request, contract_id: UUID) -> HttpResponse:
    """Who signed, who pays, who sold, and who answers first."""
    contract = found(contract_id)
    form = PartiesForm(data(request), initial=standing_parties(contract))
    lead = _("The customer uses what was bought. Name others only where the contract does.")

    def save() -> HttpResponse:
        services.update_contract(contract_id, changes=form.values(), by=request.person)
        return done(request, _("Saved."), page(contract_id))

    return answer(request, form, _asking(contract, _("Parties of the contract"), lead), save)


def _next(contract_id: UUID) -> str:
    """Where something was lost, why is asked next; else the contract."""
    line = ContractChange.objects.filter(contract_id=contract_id, voided_at=None).latest("pk")
    return reverse("customers:reason", args=[line.pk]) if line.loses else page(contract_id)


def _asking(contract: Contract, heading: str, lead: str = "") -> Asking:
    return Asking(heading, _("Save"), page(contract.pk), lead, contract.customer)
