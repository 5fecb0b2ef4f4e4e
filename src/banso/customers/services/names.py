"""The derived columns by which names are found and sorted."""

from banso.customers.models import Contact, Customer
from banso.lib.names import fold_company, fold_name
from banso.lib.text import sort_key


def refold_customer(customer: Customer) -> None:
    """Set `name_folded` and `name_sort` from the names and the reading. Nothing is saved."""
    reading = fold_name(customer.name_reading)
    former = map(fold_company, customer.former_names)
    customer.name_folded = " ".join(filter(None, (fold_company(customer.name), reading, *former)))[
        :500
    ]
    customer.name_sort = sort_key(customer.name_reading or customer.name)[:900]


def refold_contact(contact: Contact) -> None:
    """Set `name_folded` from the name and its reading. Nothing is saved."""
    reading = fold_name(contact.name_reading)
    contact.name_folded = f"{fold_name(contact.name)} {reading}".strip()[:400]
