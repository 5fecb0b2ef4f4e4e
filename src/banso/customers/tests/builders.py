"""Customers, contacts and contracts for tests, made by the services."""

from datetime import date
from typing import Any

from banso.core.tests.builders import TODAY
from banso.customers import services
from banso.customers.models import CancellationNotice, Contact, Contract, Customer, Product

YEAR_AGO = date(2025, 12, 1)


def a_customer(name: str = "株式会社ひかり商事", **given: Any) -> Customer:
    """A customer since a year ago, in onboarding unless told."""
    return services.create_customer(by=None, **{"name": name, "since": YEAR_AGO, **given})


def a_contact(customer: Customer, name: str = "山田 花子", **given: Any) -> Contact:
    return services.create_contact(customer.pk, name=name, by=None, **given)


def a_product(name: str = "伴走クラウド") -> Product:
    return services.ensure_product(name)


def a_contract(customer: Customer, **given: Any) -> Contract:
    """¥1,200,000 a year from 2025-12-01 for twelve months, unless told."""
    usual: dict[str, Any] = {
        "product": given.pop("product", None) or a_product(),
        "start_on": YEAR_AGO,
        "end_on": date(2026, 12, 1),
        "amount": 1_200_000,
        "by": None,
    }
    return services.sign_contract(customer.pk, **{**usual, **given})


def a_notice(customer: Customer, *, noticed_on: date = TODAY, **given: Any) -> CancellationNotice:
    return services.record_notice(customer.pk, noticed_on=noticed_on, by=None, **given)
