"""The season in which people move: contacts are asked about one by one."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from banso.core.access import Request, requires
from banso.core.scope import current_workspace
from banso.customers import queries, services
from banso.customers.forms.contacts import AnswerForm, usual_answer
from banso.customers.models import Contact, Presence
from banso.customers.queries import Owned, ToConfirm, owned_by
from banso.customers.season import season_of
from banso.customers.views.asking import data
from banso.customers.views.contacts import found, mark_moved

SHOWN, ASIDE = 20, 3
KEYS = ((Presence.HERE, "1"), (Presence.MOVED, "2"), (Presence.LEFT, "3"), (Presence.UNKNOWN, "4"))


@require_GET
@requires("customers.read")
def index(request: Request) -> HttpResponse:
    """Who is still there? Mine, or everybody's (`?who=all`); as a part of Today in the season."""
    if request.htmx:
        return _part(request)
    waiting = _waiting(request)
    first, _following = _first_two(waiting)
    form = AnswerForm(initial=usual_answer(), contact=first) if first else None
    return _page(request, waiting, first, form)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("customers.write")
def confirm(request: Request, contact_id: UUID) -> HttpResponse:
    """Is this one still there? The answer leads to the next."""
    contact = found(contact_id)
    waiting = _waiting(request, contact)
    form = AnswerForm(data(request), initial=usual_answer(), contact=contact)
    if form.is_bound and form.is_valid():
        with form.refusals():
            return _answered(request, contact, form, _first_two(waiting)[1])
    return _page(request, waiting, contact, form)


def _answered(
    request: Request, contact: Contact, form: AnswerForm, following: Contact | None
) -> HttpResponse:
    values, here = form.values(), reverse("customers:confirm_contact", args=[contact.pk])
    if undo := _noted(request, contact, values):
        undo += ("" if undo.endswith("?") else "&") + urlencode({"back": here + _query(request)})
    label = Presence(values["presence"]).label
    words = _("%(name)s: %(presence)s") % {"name": contact.name, "presence": label}
    messages.success(request, words, extra_tags=f"undo={undo}" if undo else "")
    to = reverse("customers:to_confirm")
    if following:
        to = reverse("customers:confirm_contact", args=[following.pk])
    return redirect(to + _query(request))


def _noted(request: Request, contact: Contact, values: dict[str, Any]) -> str:
    """It is so; where that can be taken back. The day on the form is not for those who are there."""
    is_here = values["presence"] == Presence.HERE
    if is_here and contact.presence == Presence.HERE:
        services.confirm_contact(contact.pk, by=request.person)
        return reverse("customers:take_back_presence", args=[contact.pk]) + "?"
    if is_here and contact.presence == Presence.UNKNOWN:
        values = {**values, "since": current_workspace().today()}
    return mark_moved(request, contact.pk, values)


def _page(
    request: Request, waiting: ToConfirm, contact: Contact | None, form: AnswerForm | None
) -> HttpResponse:
    facts = {
        "waiting": waiting,
        "contact": contact,
        "form": form,
        "following": _first_two(waiting)[1],
        "answers": [(one.value, one.label, key) for one, key in KEYS],
        "query": _query(request),
        "file_query": _file_query(request),
        "today": current_workspace().today(),
    }
    status = 422 if form and form.errors else 200
    return render(request, "customers/to_confirm.html", facts, status=status)


def _part(request: Request) -> HttpResponse:
    """Nothing outside the season, and when everybody was asked about."""
    today = current_workspace().today()
    season = season_of(today)
    if not season.is_on(today):
        return HttpResponse()
    owner = _owner(request)
    if owner:
        waiting = queries.contacts_to_confirm(today, owner=owner, limit=ASIDE)
    else:  # of everybody's only how many: all their contacts would have to be put in order
        waiting = ToConfirm(season, [], queries.count_to_confirm(today))
    facts = {"waiting": waiting, "query": _query(request)}
    return render(request, "customers/_to_confirm.html", facts)


def _waiting(request: Request, contact: Contact | None = None) -> ToConfirm:
    """Those to be asked about, from the contact on; behind the last come those that were put off."""
    today, owner = current_workspace().today(), _owner(request)
    waiting = queries.contacts_to_confirm(today, owner=owner, after=contact, limit=SHOWN)
    if contact is None:
        return waiting
    others = waiting.contacts
    if not others:
        others = queries.contacts_to_confirm(today, owner=owner, limit=SHOWN).contacts
    following = [one for one in others if one != contact]
    return replace(waiting, contacts=[contact, *following][:SHOWN])


def _first_two(waiting: ToConfirm) -> tuple[Contact | None, Contact | None]:
    """Who is asked about, and who comes next."""
    first, following, *_others = [*waiting.contacts, None, None]
    return first, following


def _owner(request: Request) -> Owned | None:
    """Who owns no customer is asked about everybody's."""
    if request.GET.get("who") == "all":
        return None
    owner = owned_by(request.person.pk)
    return owner if owner.few != () else None


def _file_query(request: Request) -> str:
    """The same contacts for whoever reads them later: "mine" names the person."""
    owner = _owner(request)
    return f"?owner={owner.person_id}" if owner else "?"


def _query(request: Request) -> str:
    return "?who=all" if request.GET.get("who") == "all" else "?who=me"
