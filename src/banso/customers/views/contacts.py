"""Contacts (先方担当者): shown, made, changed, moved, binned."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from banso.core.access import Request, requires
from banso.core.addresses import is_local
from banso.core.errors import Refused
from banso.core.scope import current_workspace
from banso.customers import queries, services
from banso.customers.forms.contacts import (
    ContactForm,
    EditContactForm,
    PresenceForm,
    TakeBackForm,
    usual_answer,
)
from banso.customers.models import Contact, Customer, Presence
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
    """Who is this, how do we reach them, and what were they before?"""
    posts = queries.former_posts(contact_id)
    facts = {
        "contact": found(contact_id),
        "companies": queries.companies_of(contact_id),
        "posts": posts,
        "last_move": queries.last_move(posts),
    }
    return render(request, "customers/contact.html", facts)


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
    standing = {name: getattr(contact, name) for name in FIELDS}
    today = current_workspace().today()
    form = EditContactForm(data(request), initial={**standing, "moved_on": today})
    back = reverse("customers:contact", args=[contact_id])
    asking = Asking(_("Edit the contact"), _("Save"), back, contact.name, contact.customer)

    def save() -> HttpResponse:
        services.update_contact(contact_id, **form.values(), by=request.person)
        return done(request, _("Saved."), back)

    return answer(request, form, asking, save)


@requires("customers.write")
def presence(request: Request, contact_id: UUID) -> HttpResponse:
    """In post, moved or left since a day, and who took over."""
    contact = found(contact_id)
    usual = {"presence": Presence.MOVED, **usual_answer()}
    if contact.presence in services.GONE:
        usual = {"presence": contact.presence, "since": contact.presence_since}
    form = PresenceForm(data(request), initial=usual, contact=contact)
    back = reverse("customers:contact", args=[contact_id])
    asking = Asking(_("Moved or left?"), _("Save"), back, contact.name, contact.customer)

    def save() -> HttpResponse:
        undo = mark_moved(request, contact_id, form.values())
        return done(request, _("Saved."), back, undo=undo)

    return answer(request, form, asking, save)


def mark_moved(request: Request, contact_id: UUID, values: dict[str, Any]) -> str:
    """It is so; where that can be taken back. Empty when only a day was corrected."""
    known = {one.pk for one in queries.former_posts(contact_id)}
    services.mark_contact_moved(contact_id, **values, by=request.person)
    new = [one.pk for one in queries.former_posts(contact_id) if one.pk not in known]
    address = reverse("customers:take_back_presence", args=[contact_id])
    return f"{address}?{urlencode({'post': new[0]})}" if new else ""


@require_POST
@requires("customers.write")
def take_back_presence(request: Request, contact_id: UUID) -> HttpResponse:
    """The move that made the former post `?post=` never was; without one, they are to be asked about.

    Leads to `?back=`, else to the contact.
    """
    form = TakeBackForm(request.GET)
    if not form.is_valid():
        raise Refused(_("Choose one of the offered values."), code="invalid", field="post")
    if post := form.cleaned_data["post"]:
        services.take_back_move(contact_id, former_post_id=post, by=request.person)
    else:
        services.ask_again(contact_id, by=request.person)
    back = request.GET.get("back", "")
    own = reverse("customers:contact", args=[contact_id])
    return done(request, _("Taken back."), back if is_local(back) else own)


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
