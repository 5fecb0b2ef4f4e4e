"""Contacts (先方担当者): shown, made, changed, moved, binned."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from banso.core.access import Request, requires
from banso.core.scope import current_workspace
from banso.customers import services
from banso.customers.forms.contacts import ContactForm, PresenceForm
from banso.customers.models import Contact, Customer
from banso.customers.views.asking import Asking, answer, data, done
from banso.customers.views.customers import page_of

FIELDS = tuple(ContactForm.base_fields)


def found(contact_id: UUID) -> Contact:
    """The contact with its customer, neither in the bin. Raises Contact.DoesNotExist."""
    living = Contact.objects.filter(customer__deleted_at=None).select_related("customer")
    contact: Contact = living.get(pk=contact_id)
    return contact


@require_GET
@requires("customers.read")
def show(request: Request, contact_id: UUID) -> HttpResponse:
    """Who is this, and how do we reach them?"""
    return render(request, "customers/contact.html", {"contact": found(contact_id)})


@requires("customers.write")
def create(request: Request, customer_id: UUID) -> HttpResponse:
    """Another person on the customer's side."""
    customer = Customer.objects.get(pk=customer_id)
    form = ContactForm(data(request))
    asking = Asking(_("Add a contact"), _("Add"), page_of(customer_id), customer=customer)

    def save() -> HttpResponse:
        given = {**form.cleaned_data, "roles": tuple(form.cleaned_data["roles"])}
        services.create_contact(customer_id, **given, by=request.person)
        return done(request, _("The contact was added."), page_of(customer_id))

    return answer(request, form, asking, save)


@requires("customers.write")
def edit(request: Request, contact_id: UUID) -> HttpResponse:
    """Change what is known of a contact."""
    contact = found(contact_id)
    form = ContactForm(data(request), initial={name: getattr(contact, name) for name in FIELDS})
    back = reverse("customers:contact", args=[contact_id])
    asking = Asking(_("Edit the contact"), _("Save"), back, contact.name, contact.customer)

    def save() -> HttpResponse:
        services.update_contact(contact_id, changes=form.changes(), by=request.person)
        return done(request, _("Saved."), back)

    return answer(request, form, asking, save)


@requires("customers.write")
def presence(request: Request, contact_id: UUID) -> HttpResponse:
    """In post, moved or left since a day."""
    contact = found(contact_id)
    usual = {"presence": contact.presence, "since": current_workspace().today()}
    form = PresenceForm(data(request), initial=usual)
    back = reverse("customers:contact", args=[contact_id])
    asking = Asking(_("Moved or left?"), _("Save"), back, contact.name, contact.customer)

    def save() -> HttpResponse:
        services.mark_contact_moved(contact_id, **form.cleaned_data, by=request.person)
        return done(request, _("Saved."), page_of(contact.customer_id))

    return answer(request, form, asking, save)


@require_POST
@requires("customers.write")
def remove(request: Request, contact_id: UUID) -> HttpResponse:
    """Into the bin; the answer offers to undo."""
    contact = services.bin_contact(contact_id, by=request.person)
    undo = reverse("customers:restore_contact", args=[contact_id])
    words = _("The contact was moved to the bin.")
    return done(request, words, page_of(contact.customer_id), undo=undo)


@require_POST
@requires("customers.write")
def restore(request: Request, contact_id: UUID) -> HttpResponse:
    """Out of the bin; one that is out already stays so."""
    living = Contact.objects.filter(pk=contact_id, customer__deleted_at=None).first()
    contact = living or services.restore_contact(contact_id, by=request.person)
    return done(request, _("The contact is back."), page_of(contact.customer_id))
