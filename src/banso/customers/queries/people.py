"""A customer's people: their past, their other companies, and who is to be asked about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from banso.core.scope import current_workspace
from banso.customers.models import (
    Affiliation,
    Contact,
    ContactRole,
    FormerPost,
    Presence,
    Stage,
)
from banso.customers.queries.owned import Owned
from banso.customers.season import Season, season_of

ASKED_OF = (Presence.HERE, Presence.UNKNOWN)
WEIGHTIEST = (ContactRole.CHAMPION, ContactRole.SPONSOR, ContactRole.ADMIN, ContactRole.BILLING)
MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """Who is to be confirmed in a season. `count` is None where they are more than 1,000."""

    season: Season
    contacts: list[Contact]
    count: int | None


def contacts_to_confirm(on: date, *, owner: Owned | None = None, limit: int = 50) -> ToConfirm:
    """Contacts who are, or may be, in post and were not asked about since the season began.

    Champions first, then who decides, then by reading; those of customers who left are let be. All
    with their customer. 2 queries, at most `limit` rows.
    """
    season = season_of(on)
    waiting = _unconfirmed(season, owner)
    weight = Case(
        *(When(roles__contains=[role], then=Value(n)) for n, role in enumerate(WEIGHTIEST)),
        default=Value(len(WEIGHTIEST)),
        output_field=IntegerField(),
    )
    shown = waiting.select_related("customer").order_by(
        weight, "customer__name_sort", "name_reading", "name", "pk"
    )
    return ToConfirm(season, list(shown[:limit]), _count(waiting))


def count_to_confirm(on: date, *, owner: Owned | None = None) -> int | None:
    """How many, None where more than 1,000. 1 query."""
    return _count(_unconfirmed(season_of(on), owner))


def _unconfirmed(season: Season, owner: Owned | None) -> QuerySet[Contact]:
    unasked = Q(checked_on=None) | Q(checked_on__lt=season.first)
    came = Q(presence_since=None) | Q(presence_since__lt=season.first)
    known = Q(created_at__lt=datetime.combine(season.first, time(), current_workspace().tz))
    contacts = Contact.objects.filter(unasked, (came & known) | Q(presence=Presence.UNKNOWN))
    found: QuerySet[Contact] = contacts.filter(
        owner.rows("customer") if owner else Q(), presence__in=ASKED_OF, customer__deleted_at=None
    ).exclude(customer__stage=Stage.CHURNED)
    return found


def _count(waiting: QuerySet[Contact]) -> int | None:
    counted = waiting.order_by()[: MOST_COUNTED + 1].count()
    return counted if counted <= MOST_COUNTED else None


def former_posts(contact_id: UUID) -> list[FormerPost]:
    """What the contact was before, the latest first, with successors. 1 query."""
    posts = FormerPost.objects.filter(contact=contact_id).select_related("successor", "by")
    return list(posts.order_by("-until", "-recorded_at", "-pk"))


def companies_of(contact_id: UUID) -> list[Affiliation]:
    """The other companies that the contact belongs to, with what they are there. 1 query."""
    living = Affiliation.objects.filter(contact=contact_id, customer__deleted_at=None)
    living = living.exclude(customer=F("contact__customer"))  # two companies became one
    return list(living.select_related("customer").order_by("customer__name_sort"))


def affiliates_of(customer_id: UUID, *, limit: int = 50) -> list[Affiliation]:
    """People of other companies who belong to the customer, too, with their contact and its company.

    1 query, at most `limit` rows.
    """
    living = _living_affiliations(customer_id).select_related("contact__customer")
    return list(living.order_by("contact__name_reading", "contact__name", "pk")[:limit])


def is_theirs(contact_id: UUID, customer_id: UUID) -> bool:
    """Whether the contact belongs to the customer, as their own company or beside it. 1-2 queries."""
    if Contact.objects.filter(pk=contact_id, customer=customer_id).exists():
        return True
    return bool(_living_affiliations(customer_id).filter(contact=contact_id).exists())


def people_of(customer_id: UUID) -> list[Contact]:
    """Whoever can speak for the customer: those in post first, then by reading. 1 query."""
    own = Contact.objects.filter(customer=customer_id)
    beside = Contact.objects.filter(pk__in=_living_affiliations(customer_id).values("contact"))
    people: Iterable[Contact] = own.union(beside)  # `own OR beside` would read everybody
    return sorted(
        people, key=lambda one: (one.presence != Presence.HERE, one.name_reading, one.name)
    )


def successors_for(contact: Contact) -> list[Contact]:
    """Who could take over from the contact: their colleagues in post, by reading. 1 query."""
    others = Contact.objects.filter(customer=contact.customer_id, presence__in=ASKED_OF)
    return list(others.exclude(pk=contact.pk).order_by("name_reading", "name", "pk"))


def _living_affiliations(customer_id: UUID) -> QuerySet[Affiliation]:
    """Not of those whose own company it is."""
    rows = Affiliation.objects.filter(customer=customer_id, contact__deleted_at=None)
    found: QuerySet[Affiliation] = rows.filter(contact__customer__deleted_at=None).exclude(
        contact__customer=customer_id
    )
    return found
