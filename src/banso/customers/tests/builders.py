"""Customers, contacts and contracts for tests, made by the services."""

from datetime import date
from typing import Any
from uuid import uuid4

from banso.core.tests.builders import TODAY
from banso.customers import services
from banso.customers.bulk_edits.choices import by_id
from banso.customers.bulk_edits.running import begin_bulk_edit
from banso.customers.models import (
    BulkEdit,
    CancellationNotice,
    Contact,
    Contract,
    ContractChange,
    CustomAttribute,
    Customer,
    Plan,
    Product,
    Segment,
)

YEAR_AGO = date(2025, 12, 1)


def a_customer(name: str = "株式会社ひかり商事", **given: Any) -> Customer:
    """A customer since a year ago, in onboarding unless told."""
    return services.create_customer(by=None, **{"name": name, "since": YEAR_AGO, **given})


def a_contact(customer: Customer | None = None, name: str = "山田 花子", **given: Any) -> Contact:
    return services.create_contact((customer or a_customer()).pk, name=name, by=None, **given)


def a_product(name: str = "伴走クラウド") -> Product:
    return services.ensure_product(name)


def a_plan(name: str = "スタンダード") -> Plan:
    return services.ensure_plan(a_product(), name)


def a_contract(customer: Customer | None = None, **given: Any) -> Contract:
    """¥1,200,000 a year from 2025-12-01 for twelve months, unless told."""
    usual: dict[str, Any] = {
        "product": given.pop("product", None) or a_product(),
        "start_on": YEAR_AGO,
        "end_on": date(2026, 12, 1),
        "amount": 1_200_000,
        "by": None,
    }
    return services.sign_contract((customer or a_customer()).pk, **{**usual, **given})


def a_change() -> ContractChange:
    """The first line of a new contract's ledger."""
    change: ContractChange = ContractChange.objects.get(contract=a_contract())
    return change


def a_notice(
    customer: Customer | None = None, *, noticed_on: date = TODAY, **given: Any
) -> CancellationNotice:
    noticing = customer or a_customer()
    return services.record_notice(noticing.pk, noticed_on=noticed_on, by=None, **given)


def a_segment(name: str = "", **given: Any) -> Segment:
    """High touch customers, unless told."""
    usual = [{"field": "customers.tier", "op": "is", "value": "high"}]
    named = name or f"セグメント{uuid4().hex[:8]}"
    return services.save_segment(
        name=named, conditions=given.pop("conditions", usual), by=None, **given
    )


def an_attribute(key: str = "", kind: str = "text", **given: Any) -> CustomAttribute:
    chosen = key or f"k{uuid4().hex[:8]}"
    return services.create_attribute(key=chosen, label=chosen, kind=kind, by=None, **given)


def a_bulk_edit(customer: Customer | None = None, **changes: Any) -> BulkEdit:
    """One customer became high touch, unless told; it is done and can be undone."""
    chosen = by_id([(customer or a_customer()).pk])
    return begin_bulk_edit(chosen, changes=changes or {"tier": "high"}, by=None)
