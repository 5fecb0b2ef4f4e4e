"""Custom attributes: what this workspace wants to know of every customer."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from banso.core.access import Request, requires
from banso.customers import services
from banso.customers.forms.attributes import AttributeForm, NewAttributeForm
from banso.customers.models import AttributeKind, CustomAttribute, Customer
from banso.customers.views.asking import Asking, answer, confirm, data, done


def here() -> str:
    return reverse("customers:attributes")


@requires("customers.manage")
def index(request: Request) -> HttpResponse:
    """What do we want to know of every customer?"""
    form = NewAttributeForm(data(request))

    def save() -> HttpResponse:
        services.create_attribute(**form.cleaned_data, by=request.person)
        return done(request, _("The attribute was added."), here())

    rows = CustomAttribute.objects.order_by("label", "key")
    asking = Asking(_("Custom attributes"), _("Add"), here())
    return answer(request, form, asking, save, template="customers/attributes.html", rows=rows)


@requires("customers.manage")
def edit(request: Request, attribute_id: UUID) -> HttpResponse:
    """Another label or other choices; key and kind stay."""
    attribute = CustomAttribute.objects.get(pk=attribute_id)
    known = {"label": attribute.label, "choices": "\n".join(attribute.choices)}
    form = AttributeForm(data(request), initial=known)
    if attribute.kind != AttributeKind.CHOICE:
        del form.fields["choices"]

    def save() -> HttpResponse:
        services.change_attribute(attribute_id, **form.cleaned_data, by=request.person)
        return done(request, _("Saved."), here())

    asking = Asking(_("Edit the attribute"), _("Save"), here(), attribute.key)
    return answer(request, form, asking, save)


@requires("customers.manage")
def remove(request: Request, attribute_id: UUID) -> HttpResponse:
    """Gone with every value, after saying of how many customers."""
    attribute = CustomAttribute.objects.get(pk=attribute_id)
    filled = Customer.objects.filter(attributes__has_key=attribute.key).count()
    lead = ngettext(
        "Its value goes from %(count)d customer. This cannot be undone.",
        "Its values go from %(count)d customers. This cannot be undone.",
        filled,
    ) % {"count": filled}
    heading = _("Delete the attribute “%(label)s”?") % {"label": attribute.label}
    asking = Asking(heading, _("Delete"), here(), lead, tone="danger")

    def save() -> HttpResponse:
        services.delete_attribute(attribute_id, by=request.person)
        return done(request, _("The attribute was deleted."), here())

    return confirm(request, asking, save)
