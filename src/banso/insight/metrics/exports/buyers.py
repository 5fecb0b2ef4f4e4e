"""Customers who buy without a contract as a file."""

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.core.lists.declarations import List, Sheet
from banso.core.lists.sheets import Headed, sheet_of
from banso.customers.models import Customer
from banso.insight.metrics import answers
from banso.insight.metrics.buyers.worth import in_currency


def read(query: QueryDict, permits: frozenset[str]) -> Sheet:
    """Everybody who buys in the currency, all that are left out on the page too. Loads scipy."""
    worth = in_currency(answers.purchase_lifetimes(), query.get("currency", ""))
    names = dict(Customer.objects.values_list("pk", "name"))
    columns: list[Headed] = [
        (_("Banso ID"), lambda row: str(row.customer_id)),
        (_("Customer"), lambda row: names.get(row.customer_id, "")),
        (_("Days bought again"), lambda row: row.again),
        (_("Bought last"), lambda row: row.last_on),
        (_("Still buys"), lambda row: round(row.alive, 4)),
        (_("Purchases expected"), lambda row: round(row.purchases, 2)),
        (_("Worth of one"), lambda row: row.spend),
        (_("Value ahead"), lambda row: row.value),
        (_("Currency"), lambda row: worth.currency if worth else ""),
    ]
    return sheet_of(iter(worth.buyers if worth else ()), columns)


BUYERS = List(
    "buyers", gettext_lazy("Customers without a contract"), "metrics.read", "buyers", read
)
