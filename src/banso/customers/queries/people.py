"""A customer's people: their past and their other companies."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import F, QuerySet

from banso.customers.models import Affiliation, Contact, FormerPost, Presence
from banso.customers.queries.to_confirm import ASKED_OF


def former_posts(contact_id: UUID) -> list[FormerPost]:
    """What the contact was before, the latest first, with successors. 1 query."""
    posts = FormerPost.objects.filter(contact=contact_id).select_related("successor", "by")
    return list(posts.order_by("-until", "-recorded_at", "-pk"))


def last_move(posts: Iterable[FormerPost]) -> FormerPost | None:
    """Of these, the post that the latest move recorded here has ended: it can be taken back."""
    moves = (one for one in posts if not one.is_told)
    return max(moves, key=lambda one: (one.recorded_at, one.pk), default=None)


def companies_of(contact_id: UUID) -> list[Affiliation]:
    """The other companies that the contact belongs to, with what they are there. 1 query."""
    living = Affiliation.objects.filter(contact=contact_id, customer__deleted_at=None)
    living = living.exclude(customer=F("contact__customer"))  # two companies became one
    return list(living.select_related("customer").order_by("customer__name_sort"))


def affiliates_of(customer_id: UUID, *, limit: int | None = 50) -> list[Affiliation]:
    """People of other companies who belong to the customer, too, with their contact and its company.

    1 query, at most `limit` rows; None is all of them.
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
