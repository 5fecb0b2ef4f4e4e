"""What the API gives. Amounts are major units with their currency, days YYYY-MM-DD."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import BaseModel, ConfigDict

from banso.core.errors import Refused
from banso.customers.fields import Field, fields
from banso.customers.models import Charge, Contract, ContractChange, Customer
from banso.customers.queries import CustomerCard, CustomerPage, CustomerRow
from banso.lib.bad_value import BadValue
from banso.lib.money import to_major, to_minor
from banso.lib.months import day_after, last_day

LIST = ["customers.mrr", "customers.renewal_on"]


def listed(permits: frozenset[str]) -> list[Field]:
    """Fields of other rooms that stand in every list for who may see them."""
    return [one for one in fields() if one.in_every_list and one.permission in permits]


def major(minor: int | Decimal | None, currency: str) -> float | None:
    """Major units, rounded to the currency's own decimals."""
    if minor is None:
        return None
    whole = int(Decimal(minor).quantize(Decimal(1), ROUND_HALF_UP))
    return float(to_major(whole, currency))


def minor(amount: Decimal, currency: str) -> int:
    """Minor units, exact; Refused when the currency has no such fraction."""
    try:
        return to_minor(amount, currency)
    except BadValue as error:
        words = _("This amount cannot be kept in %(currency)s.") % {"currency": currency}
        raise Refused(words, code=error.code, field="amount") from error


def with_end(sent: dict[str, Any]) -> dict[str, Any]:
    """The body with its end told one way; Refused when `end_on` and `last_day` contradict."""
    end_on, last = sent["end_on"], sent["last_day"]
    told = {name: one for name, one in sent.items() if name != "last_day"}
    if last is None:
        return told
    if end_on is not None and end_on != day_after(last):
        words = _("The last day must be the day before the end. Give one of them.")
        raise Refused(words, code="invalid", field="last_day")
    return {**told, "end_on": day_after(last)}


class CustomerOut(Schema):
    id: UUID
    external_id: str
    source: str
    source_id: str
    name: str
    name_reading: str
    corporate_number: str
    former_names: list[str]
    domain: str
    parent_id: UUID | None
    industry: str
    country: str
    employees: int | None
    tier: str
    stage: str
    stage_since: date
    main_owner_id: UUID | None
    sub_owner_id: UUID | None
    goals: str
    approach: str
    purpose: str
    maturity: str
    competitor: str
    switched_from: str
    fiscal_month: int | None
    since: date | None
    last_contact_on: date | None
    currency: str
    attributes: dict[str, Any]
    created_at: datetime


class CustomerItem(BaseModel):
    """One of a list; `values` holds the asked columns, money in major units.

    More keys come from other rooms: `score`, `coverage` and `reason` of health.
    """

    model_config = ConfigDict(extra="allow")

    id: UUID
    external_id: str
    name: str
    tier: str
    stage: str
    main_owner_id: UUID | None
    mrr: float | None
    currency: str
    renewal_date: date | None
    values: dict[str, Any]


class CustomersOut(Schema):
    items: list[CustomerItem]
    next_cursor: str
    total: int | None
    at: date


def customers_out(page: CustomerPage, asked: list[str]) -> dict[str, Any]:
    columns = [one for one in page.fields if one.key in asked or one.noun in asked]
    always = [one for one in page.fields if one.in_every_list]
    items = [_item(row, columns, always) for row in page.rows]
    return {
        "items": items,
        "next_cursor": page.next_cursor,
        "total": page.total,
        "at": page.on,
    }


def _item(row: CustomerRow, asked: list[Field], always: list[Field]) -> dict[str, Any]:
    one = row.customer
    plain = ("id", "external_id", "name", "tier", "stage", "main_owner_id", "currency")
    return {
        **{name: getattr(one, name) for name in plain},
        "mrr": major(row.values["customers.mrr"], one.currency),
        "renewal_date": row.values["customers.renewal_on"],
        **{field.noun: value_out(field, row.values[field.key], one) for field in always},
        "values": {field.key: value_out(field, row.values[field.key], one) for field in asked},
    }


def value_out(field: Field, value: Any, customer: Customer) -> Any:
    """A Field's value as JSON has it; money in major units."""
    if field.kind == "money":
        return major(value, customer.currency)
    return float(value) if isinstance(value, Decimal) else field.shown(value)


class CardOut(CustomerOut):
    """A customer with what its Fields say on the day `at`."""

    at: date
    mrr: float | None
    renewal_date: date | None
    values: dict[str, Any]


def card_out(card: CustomerCard) -> dict[str, Any]:
    money = {"customers.mrr"}
    values = {
        key: major(value, card.customer.currency) if key in money else value
        for key, value in card.values.items()
    }
    return {
        **{name: getattr(card.customer, name) for name in CustomerOut.model_fields},
        "at": card.on,
        "mrr": values["customers.mrr"],
        "renewal_date": values["customers.renewal_on"],
        "values": values,
    }


class ContactOut(Schema):
    id: UUID
    customer_id: UUID
    external_id: str
    name: str
    name_reading: str
    email: str
    phone: str
    department: str
    title: str
    roles: list[str]
    presence: str
    presence_since: date | None
    checked_on: date | None


class DeadlineOut(Schema):
    """`last_day` is the last one that is covered (満了日); `notice_on` what was told or counted."""

    last_day: date | None
    notice_on: date | None
    notice_months: int | None
    notice_days: int | None
    minimum_months: int | None


class ChangeOut(DeadlineOut):
    """A line of the ledger; `covers_until` is the first day without it."""

    id: int
    kind: str
    effective_on: date
    covers_until: date | None
    seats: int | None
    amount: float
    term_months: int
    mrr: float
    currency: str
    is_trial: bool
    recorded_at: datetime
    voided_at: datetime | None

    @staticmethod
    def resolve_last_day(line: ContractChange) -> date | None:
        return last_day(line.covers_until)

    @staticmethod
    def resolve_seats(line: ContractChange) -> int | None:
        return line.quantity

    @staticmethod
    def resolve_amount(line: ContractChange) -> float | None:
        return major(line.amount, line.currency)

    @staticmethod
    def resolve_mrr(line: ContractChange) -> float | None:
        return major(line.mrr, line.currency)


class ContractOut(DeadlineOut):
    id: UUID
    customer_id: UUID
    product_id: UUID
    plan_id: UUID | None
    number: str
    signer_id: UUID | None
    payer_id: UUID | None
    reseller_id: UUID | None
    first_support: str
    external_id: str
    start_on: date
    end_on: date | None
    amount: float
    term_months: int
    currency: str
    seats: int | None
    auto_renew: bool
    is_trial: bool
    billing: str
    payment: str

    @staticmethod
    def resolve_last_day(contract: Contract) -> date | None:
        return last_day(contract.end_on)

    @staticmethod
    def resolve_amount(contract: Contract) -> float | None:
        return major(contract.amount, contract.currency)


class ChargeOut(Schema):
    """A one-off line of a contract, in its currency."""

    id: UUID
    contract_id: UUID
    kind: str
    name: str
    amount: float
    currency: str
    charged_on: date | None
    recorded_at: datetime
    voided_at: datetime | None

    @staticmethod
    def resolve_amount(charge: Charge) -> float | None:
        return major(charge.amount, charge.contract.currency)

    @staticmethod
    def resolve_currency(charge: Charge) -> str:
        return charge.contract.currency


class NoticeOut(Schema):
    id: UUID
    customer_id: UUID
    contract_id: UUID | None
    external_id: str
    noticed_on: date
    effective_on: date | None
    reason: str
    detail: str
    voided_at: datetime | None


class ProductOut(Schema):
    id: UUID
    name: str


class PlanOut(Schema):
    id: UUID
    product_id: UUID
    name: str


class AttributeOut(Schema):
    id: UUID
    key: str
    label: str
    kind: str
    choices: list[str]


class FieldOut(Schema):
    """A column: its kind, the operators it can be filtered by, and the values of a choice."""

    key: str
    label: str
    kind: str
    unit: str
    operators: list[str]
    choices: list[str]
    sortable: bool


class TimelineEntryOut(Schema):
    id: int
    name: str
    at: datetime
    by: str
    text: str


class HistoryOut(Schema):
    """`what`: main_owner, sub_owner, tier, stage or parent. Values are ids or codes; "" is none."""

    what: str
    before: str
    after: str
    effective_on: date
    recorded_at: datetime
    by_id: UUID | None


class TimelineOut(Schema):
    entries: list[TimelineEntryOut]
    next_cursor: str
