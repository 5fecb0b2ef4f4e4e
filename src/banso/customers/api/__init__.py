"""REST of the customer book, over the same services and queries as its pages."""

from banso.customers.api import book, contacts, contracts, customers
from banso.customers.api.router import router

__all__ = ["book", "contacts", "contracts", "customers", "router"]
