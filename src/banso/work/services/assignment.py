"""Who can be given work, and whom of a customer's people it can be about."""

from uuid import UUID

from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.models import Membership
from banso.customers.queries import is_theirs


def must_be_member(person_id: UUID | None) -> None:
    """Refuse to give work to somebody who is not in the open workspace. 1 query, none for None."""
    if person_id is None or Membership.objects.filter(person_id=person_id).exists():
        return
    raise Refused(_("Choose a person of this workspace."), code="not_a_member", field="owner")


def must_be_theirs(contact_id: UUID | None, customer_id: UUID | None) -> None:
    """Refuse work about somebody who is not of that customer. 1 query, none for None."""
    if contact_id is None or (customer_id and is_theirs(contact_id, customer_id)):
        return
    raise Refused(_("Choose one of the customer's people."), code="not_theirs", field="contact")
