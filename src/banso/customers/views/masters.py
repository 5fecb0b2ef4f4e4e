"""Masters: which system keeps which values of the customers that come from it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from banso.core.access import Request, requires
from banso.customers import services
from banso.customers.forms.masters import MasterForm
from banso.customers.masters import choices
from banso.customers.models import Customer, Master
from banso.customers.views.asking import Asking, answer, confirm, data, done


def here() -> str:
    return reverse("customers:masters")


@requires("customers.manage")
def index(request: Request) -> HttpResponse:
    """What is kept elsewhere, and where?"""
    form = MasterForm(data(request))

    def save() -> HttpResponse:
        services.save_master(**form.values(), by=request.person)
        return done(request, _("The system was added."), here())

    labels = dict(choices())
    facts: dict[str, Any] = {
        "rows": [
            (one, [labels[name] for name in one.fields if name in labels], _coming(one).count())
            for one in Master.objects.order_by("name")
        ],
        "tab": "customers:masters",
    }
    asking = Asking(_("Which data is kept in another system?"), _("Add"), here())
    return answer(request, form, asking, save, template="customers/masters.html", **facts)


def _coming(master: Master) -> Any:
    return Customer.objects.filter(source=master.code).exclude(source_id="")


@requires("customers.manage")
def edit(request: Request, master_id: UUID) -> HttpResponse:
    """Another name, address or choice of fields."""
    master = Master.objects.get(pk=master_id)
    known = {name: getattr(master, name) for name in ("name", "code", "url")}
    form = MasterForm(data(request), initial={**known, "fields_kept": master.fields})

    def save() -> HttpResponse:
        services.save_master(master_id=master_id, **form.values(), by=request.person)
        return done(request, _("Saved."), here())

    asking = Asking(_("Edit the system"), _("Save"), here(), master.name)
    return answer(request, form, asking, save)


@requires("customers.manage")
def remove(request: Request, master_id: UUID) -> HttpResponse:
    """The fields can be changed here again."""
    master = Master.objects.get(pk=master_id)
    count = _coming(master).count()
    lead = ngettext(
        "The fields of %(count)d customer can be changed here again. Its data stays.",
        "The fields of %(count)d customers can be changed here again. Their data stays.",
        count,
    ) % {"count": count}
    heading = _("Let everything of %(name)s be changed here?") % {"name": master.name}
    asking = Asking(heading, _("Open the fields"), here(), lead, tone="danger")

    def save() -> HttpResponse:
        services.delete_master(master_id, by=request.person)
        return done(request, _("The fields are open again."), here())

    return confirm(request, asking, save)


@requires("customers.manage")
def untie(request: Request, customer_id: UUID) -> HttpResponse:
    """The customer's record is gone there: everything can be changed here again."""
    customer = Customer.objects.get(pk=customer_id)
    lead = _(
        "Everything about it can be changed here again. Its data stays. "
        "If its record comes with a file after all, a new customer is made of it."
    )
    heading = _("Untie “%(name)s” from %(source)s?")
    said = heading % {"name": customer.name, "source": customer.source or "—"}
    back = reverse("customers:edit", args=[customer_id])
    asking = Asking(said, _("Untie"), back, lead, customer, "danger")

    def save() -> HttpResponse:
        services.untie_customer(customer_id, by=request.person)
        return done(request, _("The customer is kept here alone."), back)

    return confirm(request, asking, save)
