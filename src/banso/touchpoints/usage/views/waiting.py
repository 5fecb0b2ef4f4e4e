"""What waits for a customer: companies and people of the product whom nobody here knows yet."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from banso.core import cursors
from banso.core.access import Request, requires
from banso.core.errors import Refused
from banso.customers.models import Contact, Customer
from banso.touchpoints.usage import finding, services, waiting
from banso.touchpoints.usage.models import Account, MatchedBy, Visitor

MOST_TRAITS = 20
ACCOUNTS, PEOPLE = "usage:waiting", "usage:waiting-people"


@require_GET
@requires("usage.read")
def accounts(request: Request) -> HttpResponse:
    """Companies: `?show=` waiting, matched or ignored; `?after=` goes on."""
    shown, after = _asked(request, ACCOUNTS)
    return _list(request, ACCOUNTS, shown, waiting.waiting_accounts(shown=shown, after=after))


@require_GET
@requires("usage.read")
def visitors(request: Request) -> HttpResponse:
    """People: `?show=` and `?after=` as of companies."""
    shown, after = _asked(request, PEOPLE)
    return _list(request, PEOPLE, shown, waiting.waiting_visitors(shown=shown, after=after))


def _asked(request: Request, kind: str) -> tuple[waiting.Shown, waiting.Cursor]:
    shown = waiting.asked_shown(request.GET.get("show", ""))
    cursor = request.GET.get("after")
    seen, pk = cursors.read(kind, cursor) if cursor else ("", "")
    return shown, (seen, pk) if cursor else None


def _list(request: Request, kind: str, shown: waiting.Shown, page: waiting.Page) -> HttpResponse:
    facts = {
        "page": page,
        "shown": shown,
        "next": cursors.write(kind, page.after) if page.after else None,
        "counts": waiting.count_waiting(),
        "may_match": "customers.write" in request.permits,
        "by_hand": MatchedBy.HAND,
        "tab": ACCOUNTS,
        "list": kind,
    }
    page_name = "usage/waiting.html" if kind == ACCOUNTS else "usage/waiting_people.html"
    return render(request, page_name, facts)


@requires("customers.write")
def match_account(request: Request, account_id: UUID) -> HttpResponse:
    """Find the customer this company is (`?q=`); a POST with `customer` says so."""
    account = Account.objects.get(pk=account_id)
    if request.method != "POST":
        return _find(request, "usage/match_account.html", account, account.name or account.key)
    customer = Customer.objects.get(pk=_id(request, "customer"))
    services.match_account(account_id, customer_id=customer.pk, by=request.person)
    words = _("%(account)s is %(customer)s from now on. Its usage is counted within seconds.")
    undo = reverse("usage:wait-account", args=[account_id])
    return _done(
        request, words % {"account": account, "customer": customer}, ACCOUNTS, f"undo={undo}"
    )


@require_POST
@requires("customers.write")
def make_customer(request: Request, account_id: UUID) -> HttpResponse:
    """A new customer of the company's name, known by its key; its usage is theirs."""
    customer = services.make_customer(account_id, by=request.person)
    words = _("%(customer)s was added as a customer. Its usage is counted within seconds.")
    return _done(request, words % {"customer": customer}, ACCOUNTS)


@require_POST
@requires("customers.write")
def ignore_account(request: Request, account_id: UUID) -> HttpResponse:
    """Nobody is asked about the company any more."""
    services.ignore_account(account_id, by=request.person)
    undo = reverse("usage:wait-account", args=[account_id])
    return _done(request, _("The company is no longer asked about."), ACCOUNTS, f"undo={undo}")


@require_POST
@requires("customers.write")
def wait_account(request: Request, account_id: UUID) -> HttpResponse:
    """The company waits again: it is neither matched nor ignored."""
    services.match_account(account_id, customer_id=None, by=request.person)
    return _done(request, _("The company waits for a customer again."), ACCOUNTS)


@requires("customers.write")
def match_visitor(request: Request, visitor_id: UUID) -> HttpResponse:
    """Find who this person is (`?q=`); a POST with `contact`, or `customer` for a new contact."""
    visitor = Visitor.objects.get(pk=visitor_id)
    if request.method != "POST":
        return _find(request, "usage/match_visitor.html", visitor, visitor.name)
    if "contact" in request.POST:
        contact = Contact.objects.get(pk=_id(request, "contact"))
        services.match_visitor(visitor_id, contact_id=contact.pk, by=request.person)
    else:
        customer_id = _id(request, "customer")
        contact = services.make_contact(visitor_id, customer_id=customer_id, by=request.person)
    words = _("%(visitor)s is %(contact)s of %(customer)s from now on.")
    told = {"visitor": visitor, "contact": contact, "customer": contact.customer}
    undo = reverse("usage:wait-visitor", args=[visitor_id])
    return _done(request, words % told, PEOPLE, f"undo={undo}")


@require_POST
@requires("customers.write")
def ignore_visitor(request: Request, visitor_id: UUID) -> HttpResponse:
    """Nobody is asked about the person any more."""
    services.ignore_visitor(visitor_id, by=request.person)
    undo = reverse("usage:wait-visitor", args=[visitor_id])
    return _done(request, _("The person is no longer asked about."), PEOPLE, f"undo={undo}")


@require_POST
@requires("customers.write")
def wait_visitor(request: Request, visitor_id: UUID) -> HttpResponse:
    """The person waits again: neither matched nor ignored."""
    services.match_visitor(visitor_id, contact_id=None, by=request.person)
    return _done(request, _("The person waits for a customer again."), PEOPLE)


def _find(request: Request, page: str, one: Any, name: str) -> HttpResponse:
    asked = request.GET.get("q", name)
    found = finding.candidates(one, asked)
    facts = {"one": one, "q": asked, "found": found, "traits": _told(one), "tab": ACCOUNTS}
    return render(request, page + ("#found" if request.htmx else ""), facts)


def _told(one: Account | Visitor) -> list[tuple[str, str]]:
    """The traits that are plain values, cut to what a line holds."""
    plain = ((name, value) for name, value in one.traits.items() if value not in (None, ""))
    told = [(name, str(value)[:200]) for name, value in plain if not isinstance(value, dict | list)]
    return told[:MOST_TRAITS]


def _id(request: Request, name: str) -> UUID:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        raise Refused(_("Choose one of the offered values."), code="invalid", field=name) from None


def _done(request: Request, words: str, to: str, tags: str = "") -> HttpResponse:
    messages.success(request, words, extra_tags=tags)
    return redirect(to)
