"""The renewal desk: which contracts decide next, what we expect, and closing a renewal in one step."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from banso.core.access import Request, requires
from banso.core.errors import Refused
from banso.core.scope import current_workspace
from banso.customers import queries, services
from banso.customers.fields import known_field
from banso.customers.forms.asked_renewals import WITHIN, AskedRenewalsForm
from banso.customers.forms.renewals import (
    CloseForm,
    PlanForm,
    offered_closing,
    standing_plan,
)
from banso.customers.forms.terms import offered_renewal
from banso.customers.loss_reasons import reason_labels
from banso.customers.models import Contract, Step
from banso.customers.queries import AskedRenewals, DueRow
from banso.customers.templatetags.customers import BAND, SCORE
from banso.customers.views.asking import Asking, answer, data, done
from banso.customers.views.contracts import page, standing_line


def desk() -> str:
    return reverse("customers:renewals")


@require_GET
@requires("customers.read")
def index(request: Request) -> HttpResponse:
    """What is due, nearest deadline first, or (`?which=`) past its deadline, or closed."""
    form = AskedRenewalsForm(request.GET)
    asked = form.asked()
    after = request.GET.get("after", "")
    rows = _closed(asked, after) if asked.which == "closed" else _due(request, asked, after)
    facts = {
        "form": form,
        "asked": asked,
        "counts": queries.count_due(current_workspace().today()),
        "today": current_workspace().today(),
        "query": f"?{request.GET.urlencode()}",
        "back": f"?{urlencode({'back': request.GET.urlencode()})}",
        "not_begun": Step.NONE.label,
        "window": WITHIN[form.cleaned_data["within"] or "90"],
    }
    template = "customers/renewals.html" + ("#rows" if request.htmx else "")
    return render(request, template, {**facts, **rows})


def _due(request: Request, asked: AskedRenewals, after: str) -> dict[str, Any]:
    found, score = queries.due_page(asked, cursor=after), known_field(SCORE)
    seen = score if score and score.permission in request.permits else None
    ids = [row.customer.pk for row in found.rows]
    return {
        "rows": found.rows,
        "next": found.next_cursor,
        "sums": queries.due_sums(asked),
        "score": seen,
        "health": queries.values_of(ids, (SCORE, BAND) if seen else ()),
    }


def _closed(asked: AskedRenewals, after: str) -> dict[str, Any]:
    found, cursor = queries.closed_page(asked, cursor=after)
    return {"rows": found, "next": cursor, "reasons": reason_labels()}


@requires("customers.write")
def plan(request: Request, contract_id: UUID) -> HttpResponse:
    """What we expect of the next renewal."""
    try:
        row = queries.due_row(contract_id)
    except Refused:
        return _not_due(request, contract_id)
    contract, back = row.contract, _back(request)
    usual = standing_plan(row.renewal, contract.currency)
    form = PlanForm(data(request), contract=contract, initial=usual)
    asking = Asking(
        _("What do we expect of this renewal?"), _("Save"), back, _lead(row), row.customer
    )

    def save() -> HttpResponse:
        services.plan_renewal(contract_id, changes=form.changes(), by=request.person)
        return done(request, _("Saved."), back)

    return answer(request, form, asking, save)


@requires("customers.write")
def close(request: Request, contract_id: UUID) -> HttpResponse:
    """How it went: written into the ledger and off the desk."""
    try:
        row = queries.due_row(contract_id)
    except Refused:
        return _not_due(request, contract_id)
    contract, back = row.contract, _back(request)
    terms = offered_renewal(contract, standing_line(contract))
    usual = offered_closing(contract, row.renewal, terms)
    form = CloseForm(data(request), currency=contract.currency, initial=usual)
    heading = _("How did this renewal go?")
    asking = Asking(heading, _("Close the renewal"), back, _lead(row), row.customer)

    def save() -> HttpResponse:
        write = services.decline_renewal if form.is_declined else services.renew_from_desk
        given = form.declined() if form.is_declined else form.renewed()
        closed = write(contract_id, **given, by=request.person)
        undo = reverse("customers:reopen_renewal", args=[closed.pk])
        words = _("%(customer)s is closed: %(outcome)s.") % {
            "customer": row.customer.name, "outcome": closed.get_outcome_display(),
        }  # fmt: skip
        return done(request, words, back, undo=undo)

    return answer(request, form, asking, save, template="customers/close_renewal.html", row=row)


def _not_due(request: Request, contract_id: UUID) -> HttpResponse:
    """A colleague was faster, or nothing was ever due: says so, and leads on. 422."""
    related = Contract.objects.select_related("customer", "product")
    facts = {
        "contract": related.get(pk=contract_id),
        "closed": queries.last_closed(contract_id),
        "back": _back(request),
        "is_lost": request.method == "POST",
    }
    return render(request, "customers/not_due.html", facts, status=422)


def _lead(row: DueRow) -> str:
    contract = row.contract
    return " · ".join(str(one) for one in (contract.product, contract.number) if str(one))


def _back(request: Request) -> str:
    """To the desk as it was asked, where one came from there."""
    asked = request.GET.get("back", "")
    return f"{desk()}?{asked}" if asked else desk()


@require_POST
@requires("customers.write")
def reopen(request: Request, renewal_id: UUID) -> HttpResponse:
    """Take the closing back."""
    contract = services.reopen_renewal(renewal_id, by=request.person)
    return done(request, _("The renewal is due again."), page(contract.pk))
