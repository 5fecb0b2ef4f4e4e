"""A customer's purchases as a file, which comes back as it went."""

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from banso.core.lists.declarations import Cell, List, Sheet
from banso.customers import queries
from banso.customers.imports.purchases import COLUMNS
from banso.customers.models import Customer, Purchase
from banso.lib.money import to_major
from banso.lib.uuid7 import as_uuid


def read(query: QueryDict, permits: frozenset[str]) -> Sheet:
    """What stands of the customer that `?customer=` names; Customer.DoesNotExist where it is none."""
    customer = Customer.objects.get(pk=as_uuid(query.get("customer", "")))
    rows = queries.standing_purchases(customer.pk)
    return Sheet([str(one.label) for one in COLUMNS], (_cells(one, customer) for one in rows))


def _cells(one: Purchase, customer: Customer) -> list[Cell]:
    known = customer.external_id or str(customer.pk)
    return [one.external_id, known, one.bought_on, to_major(one.amount, one.currency), one.currency]


PURCHASE_LIST = List("purchases", _("Purchases"), "customers.read", "purchases", read)
