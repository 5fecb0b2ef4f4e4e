"""Who the people of a source are among our contacts, told by hand."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from banso.core.events import publish
from banso.core.models import Person
from banso.customers.models import Contact
from banso.customers.services import create_contact
from banso.touchpoints.usage import identities
from banso.touchpoints.usage.models import MatchedBy, Visitor
from banso.touchpoints.usage.services.identity import roll_up_soon


@transaction.atomic
def match_visitor(visitor_id: UUID, *, contact_id: UUID | None, by: Person | None) -> Visitor:
    """All that the person did and will do is this contact's; None: the person waits again.

    Rollups follow within seconds. Raises Visitor.DoesNotExist, Contact.DoesNotExist.
    Publishes usage.visitor_matched, and usage.visitor_unmatched about whose they were.
    """
    visitor: Visitor = Visitor.objects.select_for_update(of=("self",)).get(pk=visitor_id)
    living = Contact.objects.filter(customer__deleted_at=None)
    contact = living.get(pk=contact_id) if contact_id else None
    whose = by.pk if by else None
    if contact is None or visitor.contact_id not in (None, contact.pk):
        publish("usage.visitor_unmatched", visitor, by=whose)
    visitor.contact, visitor.ignored_at = contact, None
    visitor.matched_by = MatchedBy.HAND if contact else ""
    _save(visitor)
    if contact:
        publish("usage.visitor_matched", visitor, by=whose)
    return visitor


@transaction.atomic
def make_contact(visitor_id: UUID, *, customer_id: UUID, by: Person) -> Contact:
    """A new contact of the customer with the person's name and address, and the person is it.

    Raises Visitor.DoesNotExist, Customer.DoesNotExist; Refused for an address that is none.
    Publishes usage.visitor_matched.
    """
    visitor = Visitor.objects.get(pk=visitor_id)
    name = visitor.name or visitor.email or visitor.key
    contact = create_contact(customer_id, name=name[:120], email=visitor.email, by=by)
    match_visitor(visitor_id, contact_id=contact.pk, by=by)
    return contact


@transaction.atomic
def ignore_visitor(visitor_id: UUID, *, by: Person | None) -> Visitor:
    """What the person does is kept but is nobody's, and the person leaves the list of what waits.

    Raises Visitor.DoesNotExist. Publishes usage.visitor_ignored, about whose they were.
    """
    visitor: Visitor = Visitor.objects.select_for_update(of=("self",)).get(pk=visitor_id)
    publish("usage.visitor_ignored", visitor, by=by.pk if by else None)
    visitor.contact, visitor.matched_by = None, ""
    visitor.ignored_at = timezone.now()
    _save(visitor)
    return visitor


def _save(visitor: Visitor) -> None:
    visitor.save(update_fields=["contact", "matched_by", "ignored_at"])
    identities.look_again(people=[visitor.person_key])
    roll_up_soon()
