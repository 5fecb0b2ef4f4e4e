"""Contacts who belong to other companies beside their own (兼務)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import Person
from banso.customers.models import Affiliation, Contact, Customer
from banso.customers.services.checks import check_row, id_of
from banso.customers.services.contacts import checked_roles, locked_contact


@transaction.atomic
def affiliate_contact(
    contact_id: UUID,
    customer_id: UUID,
    *,
    by: Person | None,
    roles: Sequence[str] = (),
    department: str = "",
    title: str = "",
) -> Affiliation:
    """The contact belongs to the customer, too, with these roles there; saying it again changes them.

    Raises Contact.DoesNotExist, Customer.DoesNotExist; Refused for the contact's own company and
    unknown roles. Publishes customers.contact_affiliated; nothing when nothing changed.
    """
    contact = locked_contact(contact_id)
    customer = Customer.objects.get(pk=customer_id)
    if customer.pk == contact.customer_id:
        raise Refused(_("This is their own company already."), code="own", field="customer")
    known = Affiliation.objects.filter(contact=contact, customer=customer).first()
    row: Affiliation = known or Affiliation(contact=contact, customer=customer, by=by)
    given = (checked_roles(list(roles)), department.strip(), title.strip())
    if known and given == (row.roles, row.department, row.title):
        return row
    row.roles, row.department, row.title = given
    check_row(row, ("department", "title"))
    row.save()
    facts: dict[str, Any] = {"contact": str(contact.pk), "roles": row.roles}
    publish("customers.contact_affiliated", row, by=id_of(by), **facts)
    return row


@transaction.atomic
def end_affiliation(contact_id: UUID, customer_id: UUID, *, by: Person | None) -> Contact:
    """The contact does not belong to the customer any more; harmless where they did not.

    Raises Contact.DoesNotExist, Customer.DoesNotExist. Publishes customers.affiliation_ended.
    """
    contact = locked_contact(contact_id)
    customer = Customer.objects.get(pk=customer_id)
    for row in Affiliation.objects.filter(contact=contact, customer=customer):
        facts: dict[str, Any] = {"contact": str(contact.pk), "roles": row.roles}
        publish("customers.affiliation_ended", row, by=id_of(by), **facts)
        row.delete()
    return contact
