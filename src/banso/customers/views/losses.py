"""Why something was lost: of one line of the ledger, and the list of reasons to choose from."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from banso.core.access import Request, requires
from banso.core.ui.wording import day
from banso.customers import services
from banso.customers.forms.losses import LossForm, LossReasonsForm, standing_loss
from banso.customers.loss_reasons import loss_reasons
from banso.customers.models import ContractChange, Loss
from banso.customers.views.asking import Asking, answer, data, done
from banso.customers.views.contracts import page
from banso.customers.views.ledger import found


@requires("customers.write")
def reason(request: Request, change_id: int) -> HttpResponse:
    """Why this line of the ledger ended the contract, or made it smaller."""
    line = found(change_id)
    if not line.loses:
        raise ContractChange.DoesNotExist
    standing = Loss.objects.filter(line=line).first()
    form = LossForm(data(request), standing=standing, initial=standing_loss(standing))
    back = page(line.contract_id)
    lead = f"{line.get_kind_display()} · {day(line.effective_on)}"
    asking = Asking(_("Why was this lost?"), _("Save"), back, lead, line.customer)

    def save() -> HttpResponse:
        services.tell_loss(change_id, loss=form.loss(), by=request.person)
        return done(request, _("The reason was recorded."), back)

    return answer(request, form, asking, save)


@requires("customers.manage")
def reasons(request: Request) -> HttpResponse:
    """The list of reasons to choose from."""
    form = LossReasonsForm(data(request), reasons=loss_reasons())
    back = reverse("customers:loss_reasons")
    asking = Asking(_("Why do customers leave or pay less?"), _("Save"), back)

    def save() -> HttpResponse:
        services.set_loss_reasons(**form.values(), by=request.person)
        return done(request, _("Saved."), back)

    facts = {"tab": "customers:loss_reasons"}
    return answer(request, form, asking, save, template="customers/loss_reasons.html", **facts)
