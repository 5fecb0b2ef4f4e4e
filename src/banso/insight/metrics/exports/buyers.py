"""Customers who buy without a contract as a file."""

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.core.errors import Refused
from banso.core.lists.declarations import List, Percentage, Sheet
from banso.core.lists.sheets import Headed, sheet_of
from banso.customers.models import Customer
from banso.insight.metrics import answers
from banso.insight.metrics.buyers.worth import in_currency
from banso.insight.metrics.exports.cells import in_unit


def read(query: QueryDict, permits: frozenset[str]) -> Sheet:
    """Everybody who buys in the currency, all that are left out on the page too. Loads scipy.

    Refused for a currency in which nobody bought, rather than to give a file of another.
    """
    worth, asked = in_currency(answers.purchase_lifetimes(), query.get("currency", ""))
    if asked:
        words = _("There are no purchases in %(currency)s.") % {"currency": asked}
        raise Refused(words, code="unknown_currency", field="currency")
    currency = worth.currency if worth else ""
    names = dict(Customer.objects.values_list("pk", "name"))
    columns: list[Headed] = [
        (_("Banso ID"), lambda row: str(row.customer_id)),
        (_("Customer"), lambda row: names.get(row.customer_id, "")),
        (_("Days with a purchase"), lambda row: row.days),
        (_("Bought last"), lambda row: row.last_on),
        (_("Paid in all"), lambda row: in_unit(row.paid, "money", currency)),
        (
            _("Still buys"),
            lambda row: None if row.alive is None else Percentage(round(row.alive, 4)),
        ),
        (_("Purchases expected"), lambda row: _rounded(row.purchases, 2)),
        (_("Worth of one"), lambda row: in_unit(row.spend, "money", currency)),
        (_("Value ahead"), lambda row: in_unit(row.value, "money", currency)),
        (_("Currency"), lambda row: currency),
    ]
    return sheet_of(iter(worth.buyers if worth else ()), columns)


def _rounded(foretold: float | None, digits: int) -> float | None:
    return None if foretold is None else round(foretold, digits)


BUYERS = List(
    "buyers", gettext_lazy("Customers without a contract"), "metrics.read", "buyers", read
)
