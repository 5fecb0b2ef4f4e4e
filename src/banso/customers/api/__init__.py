"""REST of the customer book, over the same services and queries as its pages."""

from banso.customers.api import (
    book,
    bulk_edits,
    charges,
    contacts,
    contracts,
    customers,
    likenesses,
    losses,
    merges,
    offers,
    people,
    purchases,
    putting,
    renewals,
    segments,
)
from banso.customers.api.router import router

__all__ = [
    "book",
    "bulk_edits",
    "charges",
    "contacts",
    "contracts",
    "customers",
    "likenesses",
    "losses",
    "merges",
    "offers",
    "people",
    "purchases",
    "putting",
    "renewals",
    "router",
    "segments",
]
