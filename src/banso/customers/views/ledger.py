"""Corrections of a contract's ledger: a line is voided, or stands again corrected."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from banso.core.access import Request, requires
from banso.core.ui.wording import day, money
from banso.customers import services
from banso.customers.forms.terms import CorrectForm, EndForm, standing_terms
from banso.customers.models import ChangeKind, ContractChange
from banso.customers.views.asking import Asking, answer, confirm, data, done
from banso.customers.views.contracts import page
from banso.customers.views.customers import page_of
from banso.lib.months import day_after, last_day


def found(change_id: int) -> ContractChange:
    """A line that still counts, of a contract and customer not in the bin."""
    living = ContractChange.objects.filter(
        contract__deleted_at=None, customer__deleted_at=None, voided_at=None
    )
    line: ContractChange = living.select_related("contract", "customer").get(pk=change_id)
    return line


@requires("customers.write")
def void(request: Request, change_id: int) -> HttpResponse:
    """Say what will be undone; do it when the person says so."""
    line = found(change_id)
    only = not line.contract.changes.filter(voided_at=None).exclude(pk=line.pk).exists()
    lead = _voiding_words(line, only=only)
    back = page(line.contract_id)
    heading = _("Void this line of the ledger?")
    asking = Asking(heading, _("Void the line"), back, lead, line.customer, "danger")

    def save() -> HttpResponse:
        services.void_change(change_id, by=request.person)
        return done(request, _("The line was voided."), page_of(line.customer_id) if only else back)

    return confirm(request, asking, save)


def _voiding_words(line: ContractChange, *, only: bool) -> str:
    facts = {
        "kind": line.get_kind_display(),
        "day": day(line.effective_on),
        "mrr": money(round(line.mrr), line.currency),
    }
    if only:
        words = _(
            "“%(kind)s” from %(day)s (MRR %(mrr)s) no longer counts."
            " It is the only line: the contract leaves every list."
        )
    else:
        words = _(
            "“%(kind)s” from %(day)s (MRR %(mrr)s) no longer counts."
            " The contract stands as the other lines say. The line is kept, struck out."
        )
    return words % facts


@requires("customers.write")
def correct(request: Request, change_id: int) -> HttpResponse:
    """The line as it should have been."""
    line = found(change_id)
    if line.kind == ChangeKind.END:
        return _correct_end(request, line)
    form = CorrectForm(data(request), currency=line.currency, initial=standing_terms(line))

    def save() -> HttpResponse:
        services.correct_change(change_id, **form.values(), by=request.person)
        return done(request, _("The line was corrected."), page(line.contract_id))

    return answer(request, form, _correcting(line), save)


def _correct_end(request: Request, line: ContractChange) -> HttpResponse:
    form = EndForm(data(request), initial={"last_on": last_day(line.effective_on)})

    def save() -> HttpResponse:
        ends = day_after(form.cleaned_data["last_on"])
        services.correct_change(line.pk, effective_on=ends, by=request.person)
        return done(request, _("The line was corrected."), page(line.contract_id))

    return answer(request, form, _correcting(line), save)


def _correcting(line: ContractChange) -> Asking:
    lead = _("The wrong line is kept, struck out, and this one counts in its place.")
    heading = _("Correct this line of the ledger")
    return Asking(heading, _("Save"), page(line.contract_id), lead, line.customer)
