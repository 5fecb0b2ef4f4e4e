"""Customers, contacts and contracts for tests, made by the services."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from banso.core.models import Person
from banso.core.tests.builders import TODAY, a_member
from banso.customers import queries, services
from banso.customers.bulk_edits.choices import by_id
from banso.customers.bulk_edits.running import begin_bulk_edit
from banso.customers.hand_overs import plan_hand_over
from banso.customers.merges.merging import merge_customers
from banso.customers.models import (
    Affiliation,
    BulkEdit,
    CancellationNotice,
    Charge,
    Contact,
    Contract,
    ContractChange,
    CustomAttribute,
    Customer,
    FormerPost,
    HandOver,
    Likeness,
    Master,
    Merge,
    Offer,
    Plan,
    Product,
    Purchase,
    Renewal,
    Segment,
)

SALESFORCE = "https://acme.my.salesforce.example/{id}"
YEAR_AGO = date(2025, 12, 1)
NEXT_DOOR = "株式会社となり"


def a_customer(name: str = "株式会社ひかり商事", **given: Any) -> Customer:
    """A customer since a year ago, in onboarding unless told."""
    return services.create_customer(by=None, **{"name": name, "since": YEAR_AGO, **given})


def a_contact(customer: Customer | None = None, name: str = "山田 花子", **given: Any) -> Contact:
    return services.create_contact((customer or a_customer()).pk, name=name, by=None, **given)


def a_former_post(contact: Contact | None = None, **given: Any) -> FormerPost:
    """What a champion was until they moved today, unless told."""
    usual: dict[str, Any] = {"presence": "moved", "since": TODAY}
    who = contact or a_contact(department="総務部", title="部長", roles=("champion",))
    services.mark_contact_moved(who.pk, by=None, **{**usual, **given})
    [post, *_others] = queries.former_posts(who.pk)
    return post


def an_affiliation(contact: Contact | None = None, customer: Customer | None = None) -> Affiliation:
    """A contact who is a user at another company, too: one that every such contact shares."""
    shared = customer or Customer.objects.filter(name=NEXT_DOOR).first()
    who, where = contact or a_contact(), shared or a_customer(NEXT_DOOR)
    return services.affiliate_contact(who.pk, where.pk, roles=["user"], by=None)


def a_master(code: str = "", **given: Any) -> Master:
    """A system of its own, which keeps names and industries unless told."""
    code = code or f"master-{uuid4().hex[:8]}"
    usual = {"name": "Salesforce", "fields": ["name", "industry"], "url": SALESFORCE}
    return services.save_master(code=code, by=None, **{**usual, **given})


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
    """A line that made a new contract smaller: ¥900,000 a year from 2026-06-01."""
    contract, day = a_contract(), date(2026, 6, 1)
    services.change_contract(
        contract.pk, effective_on=day, kind="contraction", amount=900_000, by=None
    )
    change: ContractChange = contract.changes.latest("pk")
    return change


def a_charge(contract: Contract | None = None, **given: Any) -> Charge:
    """An initial fee of ¥300,000, unless told."""
    usual: dict[str, Any] = {"amount": 300_000, "by": None}
    return services.add_charge((contract or a_contract()).pk, **{**usual, **given})


def a_purchase(customer: Customer | None = None, **given: Any) -> Purchase:
    """¥12,000 half a year ago, unless told."""
    usual: dict[str, Any] = {"bought_on": date(2026, 6, 1), "amount": 12_000, "by": None}
    return services.add_purchase((customer or a_customer()).pk, **{**usual, **given})


def a_notice(
    customer: Customer | None = None, *, noticed_on: date = TODAY, **given: Any
) -> CancellationNotice:
    noticing = customer or a_customer()
    return services.record_notice(noticing.pk, noticed_on=noticed_on, by=None, **given)


def a_renewal(contract: Contract | None = None, **given: Any) -> Renewal:
    """A due renewal that was closed: for another term as it was, unless told."""
    return services.renew_from_desk((contract or a_contract()).pk, by=None, **given)


def an_offer(customer: Customer | None = None, **given: Any) -> Offer:
    """An upsell of ¥20,000 a month that waits for an answer, unless told."""
    usual: dict[str, Any] = {"kind": "upsell", "title": "ライセンスの追加", "mrr": 20_000}
    return services.make_offer((customer or a_customer()).pk, by=None, **{**usual, **given})


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


def a_likeness(name: str = "") -> Likeness:
    """Two customers whose names are one but for the legal form, found by the search."""
    called = name or f"アクメ{uuid4().hex[:8]}"
    first, second = a_customer(f"株式会社{called}"), a_customer(f"{called}（株）")
    services.find_likenesses()
    found: Likeness = Likeness.objects.get(first=first, second=second)
    return found


def a_hand_over(
    customers: Customer | Sequence[Customer] = (),
    *,
    to: Person | None = None,
    on: date = TODAY,
    by: Person | None = None,
    **given: Any,
) -> HandOver:
    """A customer (these) passes to a new colleague today, unless told."""
    given_over = [customers] if isinstance(customers, Customer) else customers or [a_customer()]
    chosen = by_id(one.pk for one in given_over)
    owner = to or a_member(f"{uuid4().hex[:8]}@acme.example", name="後任 新")
    return plan_hand_over(chosen, new_owner_id=owner.pk, on=on, by=by, **given)


def a_merge(survivor: Customer | None = None, merged: Customer | None = None) -> Merge:
    """Two customers are one."""
    other = merged or a_customer("㈱ひかり商事")
    return merge_customers((survivor or a_customer()).pk, merged_id=other.pk, by=None)


def a_bulk_edit(customer: Customer | None = None, **changes: Any) -> BulkEdit:
    """One customer became high touch, unless told; it is done and can be undone."""
    chosen = by_id([(customer or a_customer()).pk])
    return begin_bulk_edit(chosen, changes=changes or {"tier": "high"}, by=None)
