"""Who is to be asked about in the season: contacts of whom nobody has said since that they are there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice

from django.db.models import Q, QuerySet

from banso.core.scope import current_workspace, current_workspace_id
from banso.customers.models import Contact, ContactRole, Presence, Stage
from banso.customers.queries.owned import Owned
from banso.customers.season import Season, season_of

ASKED_OF = (Presence.HERE, Presence.UNKNOWN)
WEIGHTIEST = (ContactRole.CHAMPION, ContactRole.SPONSOR, ContactRole.ADMIN, ContactRole.BILLING)
ORDER = ("customer__name_sort", "name_reading", "name", "pk")
MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """Who is to be confirmed in a season. `count` is None where they are more than 1,000."""

    season: Season
    contacts: list[Contact]
    count: int | None


def contacts_to_confirm(
    on: date, *, owner: Owned | None = None, after: Contact | None = None, limit: int = 50
) -> ToConfirm:
    """Contacts who are, or may be, in post and were not asked about since the season began.

    Champions first, then who decides, then the others, each by their company's reading and their
    own; those of customers who left are let be. All with their customer. `after`: those who come
    after this one. At most `limit` rows; up to 5 queries for them, each of one weight and by an
    index, so that a page costs as much as it shows, and 1 to count.
    """
    season = season_of(on)
    rows = islice(_in_order(season, owner, after, limit), limit)
    return ToConfirm(season, list(rows), count_to_confirm(on, owner=owner))


def every_to_confirm(on: date, *, owner: Owned | None = None) -> Iterator[Contact]:
    """All of them, in the same order, read as they are asked for. 5 queries."""
    return _in_order(season_of(on), owner, None, None)


def count_to_confirm(on: date, *, owner: Owned | None = None) -> int | None:
    """How many, None where more than 1,000. 1 query."""
    waiting = _unconfirmed(season_of(on), owner).order_by()
    counted = waiting[: MOST_COUNTED + 1].count()
    return counted if counted <= MOST_COUNTED else None


def _in_order(
    season: Season, owner: Owned | None, after: Contact | None, limit: int | None
) -> Iterator[Contact]:
    """Weight by weight; of each at most `limit`, or all of them in parts."""
    begins = _weight(after) if after else 0
    for weight in range(begins, len(WEIGHTIEST) + 1):
        rows = _unconfirmed(season, owner).filter(_weighs(weight))
        if after and weight == begins:
            rows = rows.filter(_comes_after(after))
        rows = rows.select_related("customer").order_by(*ORDER)
        yield from rows.iterator(chunk_size=1000) if limit is None else rows[:limit]


def _weight(contact: Contact) -> int:
    """The place of their weightiest role."""
    places = (n for n, role in enumerate(WEIGHTIEST) if role in contact.roles)
    return next(places, len(WEIGHTIEST))


def _weighs(weight: int) -> Q:
    own = Q(roles__contains=[WEIGHTIEST[weight]]) if weight < len(WEIGHTIEST) else Q()
    return own & ~Q(roles__overlap=list(WEIGHTIEST[:weight])) if weight else own


def _comes_after(contact: Contact) -> Q:
    """In ORDER. The first condition follows of the others: it leads into the index."""
    place = (contact.customer.name_sort, contact.name_reading, contact.name, contact.pk)
    later, same = Q(), Q()
    for name, value in zip(ORDER, place, strict=True):
        later |= same & Q((f"{name}__gt", value))
        same &= Q((name, value))
    return Q(customer__name_sort__gte=contact.customer.name_sort) & later


def _unconfirmed(season: Season, owner: Owned | None) -> QuerySet[Contact]:
    unasked = Q(checked_on=None) | Q(checked_on__lt=season.first)
    came = Q(presence_since=None) | Q(presence_since__lt=season.first)
    known = Q(created_at__lt=datetime.combine(season.first, time(), current_workspace().tz))
    contacts = Contact.objects.filter(unasked, (came & known) | Q(presence=Presence.UNKNOWN))
    found: QuerySet[Contact] = contacts.filter(
        owner.rows("customer") if owner else Q(),
        presence__in=ASKED_OF,
        customer__deleted_at=None,
        customer__workspace=current_workspace_id(),  # theirs, too: so an index knows their order
    ).exclude(customer__stage=Stage.CHURNED)
    return found
