"""Two that may be one: chosen, looked at side by side, merged, and taken apart again."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from banso.core.access import Request, requires
from banso.core.errors import Refused
from banso.customers import queries
from banso.customers.forms.fields import same_name
from banso.customers.merges.kinds import CONTACTS, CUSTOMERS, KINDS, Kind, Row, names_of
from banso.customers.merges.listed import MergedPair, every_merge, merged_pairs
from banso.customers.merges.merging import merge_contacts, merge_customers
from banso.customers.merges.previews import held, preview
from banso.customers.merges.unmerging import unmerge
from banso.customers.merges.words import wording
from banso.customers.models import Contact, Customer, Merge
from banso.customers.views.asking import done
from banso.customers.views.customers import page_of
from banso.lib.uuid7 import as_uuid

LISTED, FOUND = 100, 20
THEIRS = "theirs"


@requires("customers.merge")
def merge(request: Request, customer_id: UUID) -> HttpResponse:
    """Is another customer this one? `?with=` says which; then what would move, and whose values stay."""
    customer = Customer.objects.get(pk=customer_id)
    other = _other(request)
    if other is None:
        q = request.GET.get("q", "").strip()
        facts = {"customer": customer, "rows": _customers(customer, q), "q": q}
        return _ask(request, customer, facts)
    if standing := _standing(CUSTOMERS, other):
        return redirect("customers:merge_done", standing)
    if request.method != "POST":
        return _preview(request, CUSTOMERS, customer_id, other)
    take = _taken(request, CUSTOMERS, customer, Customer.objects.get(pk=other))
    try:
        made = merge_customers(customer_id, merged_id=other, take=take, by=request.person)
    except Refused as refusal:
        return _preview(request, CUSTOMERS, customer_id, other, str(refusal.message))
    return _merged(request, made, page_of(customer_id))


@require_GET
@requires("customers.merge")
def pair(request: Request) -> HttpResponse:
    """`?first=` and `?second=` side by side: for who found that they are alike."""
    first, second = (as_uuid(request.GET.get(name, "")) for name in ("first", "second"))
    if first is None or second is None:
        return redirect("customers:merges")
    return redirect(f"{_address(CUSTOMERS, first)}?with={second}")


@requires("customers.merge")
def merge_contact(request: Request, contact_id: UUID) -> HttpResponse:
    """As with customers, among the contacts of the same customer."""
    living = Contact.objects.filter(customer__deleted_at=None).select_related("customer")
    contact = living.get(pk=contact_id)
    other = _other(request)
    if other is None:
        rows = queries.contacts_of(contact.customer_id).exclude(pk=contact_id)
        return _ask(request, contact, {"customer": contact.customer, "rows": rows})
    if standing := _standing(CONTACTS, other):
        return redirect("customers:merge_done", standing)
    if request.method != "POST":
        return _preview(request, CONTACTS, contact_id, other)
    take = _taken(request, CONTACTS, contact, Contact.objects.get(pk=other))
    try:
        made = merge_contacts(contact_id, merged_id=other, take=take, by=request.person)
    except Refused as refusal:
        return _preview(request, CONTACTS, contact_id, other, str(refusal.message))
    return _merged(request, made, reverse("customers:contact", args=[contact_id]))


def _other(request: Request) -> UUID | None:
    """Whom the address or the form names; None where that is nobody's id."""
    return as_uuid(request.POST.get("with", "") or request.GET.get("with", ""))


def _standing(kind: Kind, other: UUID) -> UUID | None:
    """The merge by which the other one is another already: asked for twice, or an old link."""
    found = Merge.objects.filter(noun=kind.noun, undone_at=None, merged_id=other)
    standing: UUID | None = found.values_list("pk", flat=True).first()
    return standing


def _customers(customer: Customer, q: str) -> list[Customer]:
    """Whom a search finds; without one, whose name reads the same."""
    if q:
        page = queries.customer_list(q=q, columns=[], limit=FOUND)
        found = [row.customer for row in page.rows]
    else:
        found = list(same_name(customer.name)[:FOUND])
    return [one for one in found if one.pk != customer.pk]


def _ask(request: Request, subject: Row, facts: dict[str, Any]) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    page = {"subject": subject, **facts}
    return render(request, "customers/merge_with.html", page, status=status)


def _taken(request: Request, kind: Kind, survivor: Row, merged: Row) -> list[str]:
    """The fields of which the form says that the other's value stays."""
    names = names_of(kind, survivor, merged)
    return [name for name in names if request.POST.get(f"take.{name}") == THEIRS]


def _preview(
    request: Request, kind: Kind, survivor: UUID, merged: UUID, trouble: str = ""
) -> HttpResponse:
    seen = preview(kind, survivor, merged)
    customer = seen.survivor if kind is CUSTOMERS else seen.survivor.customer
    facts = {
        "seen": seen,
        "customer": customer,
        "trouble": trouble or seen.trouble,
        "swapped": f"{_address(kind, merged)}?with={survivor}",
        "back": _page(kind, survivor),
        "is_customer": kind is CUSTOMERS,
    }
    status = 422 if trouble else 200
    return render(request, "customers/merge.html", facts, status=status)


def _address(kind: Kind, pk: UUID) -> str:
    return reverse(f"customers:{'merge' if kind is CUSTOMERS else 'merge_contact'}", args=[pk])


def _page(kind: Kind, pk: UUID) -> str:
    return reverse(f"customers:{kind.noun.value}", args=[pk])


def _merged(request: Request, made: Merge, to: str) -> HttpResponse:
    undo = reverse("customers:unmerge", args=[made.pk])
    return done(request, _("They are one now."), to, undo=undo)


@require_GET
@requires("customers.merge")
def index(request: Request) -> HttpResponse:
    """What was merged, latest first."""
    pairs = merged_pairs(every_merge()[:LISTED])
    return render(request, "customers/merges.html", {"rows": [_told(one) for one in pairs]})


def _told(pair: MergedPair) -> dict[str, Any]:
    one = pair.merge
    return {
        "merge": one,
        "survivor": pair.survivor,
        "merged": pair.merged,
        "page": _page(KINDS[one.noun], one.survivor_id),
        "merged_page": _page(KINDS[one.noun], one.merged_id),
    }


@require_GET
@requires("customers.merge")
def show(request: Request, merge_id: UUID) -> HttpResponse:
    """What a merge moved, and how to undo it."""
    made = Merge.objects.select_related("by", "undone_by").get(pk=merge_id)
    facts = {
        **_told(merged_pairs([made])[0]),
        "taken": _changes(made),
        "moved": _counted(made.moved),
        "stayed": _counted(made.stayed),
        "returned": _counted(made.returned),
    }
    return render(request, "customers/merge_done.html", facts)


def _changes(made: Merge) -> list[dict[str, Any]]:
    """The survivor's fields that changed, with both values."""
    kind = KINDS[made.noun]
    rows = kind.model.with_deleted.filter(pk__in=[made.survivor_id, made.merged_id])
    words = wording(kind, rows)
    return [
        {
            "label": words.label(name),
            "before": words.value(name, one["before"]),
            "after": words.value(name, one["after"]),
        }
        for name, one in made.taken.items()
    ]


def _counted(rows: dict[str, int]) -> list[tuple[Any, int]]:
    return [(held(link), n) for link, n in rows.items()]


@require_POST
@requires("customers.merge")
def undo(request: Request, merge_id: UUID) -> HttpResponse:
    """They are two again."""
    made = unmerge(merge_id, by=request.person)
    to = _page(KINDS[made.noun], made.merged_id)
    return done(request, _("They are two again."), to)
