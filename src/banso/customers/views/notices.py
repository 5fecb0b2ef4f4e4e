"""Notices of cancellation (解約申出): recorded, withdrawn."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from banso.core.access import Request, requires
from banso.core.scope import current_workspace
from banso.core.ui.wording import day
from banso.customers import services
from banso.customers.forms.notices import NoticeForm
from banso.customers.models import CancellationNotice, Customer
from banso.customers.views.asking import Asking, answer, confirm, data, done
from banso.customers.views.customers import page_of


@requires("customers.write")
def create(request: Request, customer_id: UUID) -> HttpResponse:
    """The customer said that they leave."""
    customer = Customer.objects.get(pk=customer_id)
    usual = {"noticed_on": current_workspace().today()}
    form = NoticeForm(data(request), customer=customer, initial=usual)
    lead = _("Contracts it speaks of no longer renew by themselves. Record their end separately.")
    heading = _("Record a notice of cancellation")
    asking = Asking(heading, _("Record"), page_of(customer_id), lead, customer)

    def save() -> HttpResponse:
        services.record_notice(customer_id, **form.values(), by=request.person)
        return done(request, _("The notice was recorded."), page_of(customer_id))

    return answer(request, form, asking, save)


@requires("customers.write")
def withdraw(request: Request, notice_id: UUID) -> HttpResponse:
    """Taken back, or recorded by mistake."""
    living = CancellationNotice.objects.filter(customer__deleted_at=None, voided_at=None)
    notice = living.select_related("customer").get(pk=notice_id)
    back = page_of(notice.customer_id)
    lead = _("The notice of %(day)s no longer counts; contracts may renew by themselves again.")
    lead = lead % {"day": day(notice.noticed_on)}
    heading = _("Withdraw the notice?")
    asking = Asking(heading, _("Withdraw"), back, lead, notice.customer)

    def save() -> HttpResponse:
        services.withdraw_notice(notice_id, by=request.person)
        return done(request, _("The notice was withdrawn."), back)

    return confirm(request, asking, save)
