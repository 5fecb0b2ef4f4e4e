"""One-off lines of a contract: added, voided."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from banso.core.access import Request, requires
from banso.core.ui.wording import money
from banso.customers import services
from banso.customers.forms.charges import ChargeForm
from banso.customers.models import Charge
from banso.customers.views.asking import Asking, answer, confirm, data, done
from banso.customers.views.contracts import found, page


@requires("customers.write")
def create(request: Request, contract_id: UUID) -> HttpResponse:
    """An initial fee, or whatever else is paid once."""
    contract = found(contract_id)
    usual = {"charged_on": contract.start_on}
    form = ChargeForm(data(request), currency=contract.currency, initial=usual)
    lead = _("What is paid once, such as an initial fee. MRR stays as it is.")
    heading = _("Add a one-off line")
    asking = Asking(heading, _("Add"), page(contract_id), lead, contract.customer)

    def save() -> HttpResponse:
        services.add_charge(contract_id, **form.cleaned_data, by=request.person)
        return done(request, _("The one-off line was added."), page(contract_id))

    return answer(request, form, asking, save)


@requires("customers.write")
def void(request: Request, charge_id: UUID) -> HttpResponse:
    """Recorded by mistake: say so, and strike it out."""
    living = Charge.objects.filter(
        voided_at=None, contract__deleted_at=None, contract__customer__deleted_at=None
    )
    charge = living.select_related("contract__customer").get(pk=charge_id)
    contract = charge.contract
    lead = _("“%(kind)s” of %(amount)s no longer counts. The line is kept, struck out.")
    lead = lead % {
        "kind": charge.name or charge.get_kind_display(),
        "amount": money(charge.amount, contract.currency),
    }
    heading, back = _("Void this one-off line?"), page(contract.pk)
    asking = Asking(heading, _("Void the line"), back, lead, contract.customer, "danger")

    def save() -> HttpResponse:
        services.void_charge(charge_id, by=request.person)
        return done(request, _("The line was voided."), back)

    return confirm(request, asking, save)
