"""Every read of the customer book that is wider than a row."""

from banso.customers.queries.card import (
    ContractCard,
    CustomerCard,
    contacts_of,
    contracts_of,
    customer_card,
)
from banso.customers.queries.lists import CustomerPage, CustomerRow, customer_list, matching
from banso.customers.queries.owned import Owned, count_owned, owned_by
from banso.customers.queries.renewals import RenewalRow, renewals_due
from banso.customers.queries.segments import segment_conditions
from banso.customers.queries.timeline import TimelineEntry, TimelinePage, timeline

__all__ = [
    "ContractCard",
    "CustomerCard",
    "CustomerPage",
    "CustomerRow",
    "Owned",
    "RenewalRow",
    "TimelineEntry",
    "TimelinePage",
    "contacts_of",
    "contracts_of",
    "count_owned",
    "customer_card",
    "customer_list",
    "matching",
    "owned_by",
    "renewals_due",
    "segment_conditions",
    "timeline",
]
