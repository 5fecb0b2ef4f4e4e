"""People on the customers' side as files: whom to ask about, and who belongs to a company beside theirs."""

from collections.abc import Iterable

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from banso.core.lists.declarations import List, Sheet
from banso.core.lists.sheets import Headed, sheet_of
from banso.core.scope import current_workspace
from banso.customers import queries
from banso.customers.exports import owner_in
from banso.customers.imports.contacts import COLUMNS
from banso.customers.models import Contact, ContactRole, Customer
from banso.lib.uuid7 import as_uuid

_HEADINGS = {one.key: one.label for one in COLUMNS}


def _roles(codes: Iterable[str]) -> str:
    labels = dict(ContactRole.choices)
    return ",".join(str(labels.get(code, code)) for code in codes)


# Named as an import of contacts reads them: the file comes back as an update.
CONTACT: list[Headed] = [
    (_HEADINGS["id"], lambda one: str(one.pk)),
    (_HEADINGS["name"], lambda one: one.name),
    (_HEADINGS["name_reading"], lambda one: one.name_reading),
    (_HEADINGS["customer"], lambda one: one.customer.external_id or str(one.customer_id)),
    (_("Customer name"), lambda one: one.customer.name),
    (_HEADINGS["department"], lambda one: one.department),
    (_HEADINGS["title"], lambda one: one.title),
    (_HEADINGS["roles"], lambda one: _roles(one.roles)),
    (_HEADINGS["presence"], Contact.get_presence_display),
    (_HEADINGS["presence_since"], lambda one: one.presence_since),
    (_("Asked on"), lambda one: one.checked_on),
    (_HEADINGS["email"], lambda one: one.email),
    (_HEADINGS["phone"], lambda one: one.phone),
]


def read_to_confirm(query: QueryDict, permits: frozenset[str]) -> Sheet:
    """Who is to be asked about today: everybody's, or of the customers of `?owner=`."""
    today = current_workspace().today()
    return sheet_of(queries.every_to_confirm(today, owner=owner_in(query)), CONTACT)


AFFILIATE: list[Headed] = [
    (_("Name"), lambda one: one.contact.name),
    (_("Reading (kana)"), lambda one: one.contact.name_reading),
    (_("Roles here"), lambda one: _roles(one.roles)),
    (_("Department and title here"), lambda one: f"{one.department} {one.title}".strip()),
    (_("Own company"), lambda one: one.contact.customer.name),
    (_("Presence"), lambda one: one.contact.get_presence_display()),
]


def read_affiliates(query: QueryDict, permits: frozenset[str]) -> Sheet:
    """People of other companies who belong to `?customer=`. Raises Customer.DoesNotExist."""
    customer = Customer.objects.get(pk=as_uuid(query.get("customer", "")))
    return sheet_of(queries.affiliates_of(customer.pk, limit=None), AFFILIATE)


PEOPLE_LISTS = (
    List("to_confirm", _("Contacts to confirm"), "customers.read", "contacts", read_to_confirm),
    List(
        "affiliates",
        _("People of other companies"),
        "customers.read",
        "affiliates",
        read_affiliates,
    ),
)
