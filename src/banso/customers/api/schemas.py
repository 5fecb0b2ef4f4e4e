"""What the API takes. Amounts are major units (12.50), days are YYYY-MM-DD."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, Field

from banso.core.api import Body, Text
from banso.customers.services.checks import checked_domain

Long = Annotated[Text, Field(max_length=20_000)]
Line = Annotated[Text, Field(max_length=200)]
Short = Annotated[Text, Field(max_length=120)]
Code = Annotated[Text, Field(max_length=40)]
Amount = Annotated[Decimal, Field(ge=0, max_digits=18)]
Months = Annotated[int, Field(ge=1, le=600)]
Month = Annotated[int, Field(ge=1, le=12)]
Seats = Annotated[int, Field(ge=0, le=2**31 - 1)]
# What is no domain is Refused, as a service would: the answer names the field and says why.
Domain = Annotated[Text, Field(max_length=253), AfterValidator(checked_domain)]
Names = Annotated[list[Line], Field(max_length=20)]
Keys = Annotated[list[Line], Field(max_length=40)]


class ListIn(Schema):
    """`f`: key:operator:value, again and again; `columns`: Field keys, comma between.

    `at`: as of the end of that day (today); `sort`: a key, `-key` the other way.
    """

    q: Line = ""
    f: list[Annotated[Text, Field(max_length=11_000)]] = Field(default_factory=list)
    sort: Short = "customers.name"
    at: date | None = None
    columns: Long = ""
    cursor: Annotated[Text, Field(max_length=2000)] = ""
    limit: int = Field(50, ge=1, le=200)

    def keys(self) -> list[str]:
        return [key for key in self.columns.split(",") if key]


class CustomerIn(Body):
    name: Line
    name_reading: Line = ""
    external_id: Short = ""
    source: Code = ""
    source_id: Short = ""
    corporate_number: Code = ""
    former_names: Names = Field(default_factory=list)
    domain: Domain = ""
    parent_id: UUID | None = None
    industry: Annotated[Text, Field(max_length=80)] = ""
    country: Annotated[Text, Field(max_length=2)] = ""
    employees: Seats | None = None
    tier: Code = "tech"
    stage: Code = "onboarding"
    stage_since: date | None = None
    main_owner_id: UUID | None = None
    sub_owner_id: UUID | None = None
    goals: Long = ""
    approach: Long = ""
    purpose: Line = ""
    maturity: Code = ""
    competitor: Short = ""
    switched_from: Short = ""
    fiscal_month: Month | None = None
    since: date | None = None
    last_contact_on: date | None = None
    currency: Annotated[Text, Field(max_length=3)] = ""
    attributes: dict[Code, Any] = Field(default_factory=dict)


class CustomerChanges(Body):
    """What is left out stays as it is; null empties what can be empty."""

    name: Line | None = None
    name_reading: Line | None = None
    external_id: Short | None = None
    source: Code | None = None
    source_id: Short | None = None
    corporate_number: Code | None = None
    former_names: Names | None = None
    domain: Domain | None = None
    parent_id: UUID | None = None
    industry: Annotated[Text, Field(max_length=80)] | None = None
    country: Annotated[Text, Field(max_length=2)] | None = None
    employees: Seats | None = None
    tier: Code | None = None
    main_owner_id: UUID | None = None
    sub_owner_id: UUID | None = None
    goals: Long | None = None
    approach: Long | None = None
    purpose: Line | None = None
    maturity: Code | None = None
    competitor: Short | None = None
    switched_from: Short | None = None
    fiscal_month: Month | None = None
    since: date | None = None
    last_contact_on: date | None = None
    currency: Annotated[Text, Field(max_length=3)] | None = None
    attributes: dict[Code, Any] | None = None


class CustomerAsThere(Body):
    """What is left out or blank stays as it is."""

    name: Line = ""
    name_reading: Line = ""
    external_id: Short = ""
    corporate_number: Code = ""
    former_names: Names = Field(default_factory=list)
    domain: Domain = ""
    parent_id: UUID | None = None
    industry: Annotated[Text, Field(max_length=80)] = ""
    country: Annotated[Text, Field(max_length=2)] = ""
    employees: Seats | None = None
    tier: Code = ""
    main_owner_id: UUID | None = None
    sub_owner_id: UUID | None = None
    goals: Long = ""
    approach: Long = ""
    purpose: Line = ""
    maturity: Code = ""
    competitor: Short = ""
    switched_from: Short = ""
    fiscal_month: Month | None = None
    since: date | None = None
    last_contact_on: date | None = None
    currency: Annotated[Text, Field(max_length=3)] = ""
    attributes: dict[Code, Any] = Field(default_factory=dict)


class StageIn(Body):
    stage: Code
    entered_on: date


class ContactedIn(Body):
    on: date


class ContactIn(Body):
    name: Short
    name_reading: Short = ""
    external_id: Short = ""
    source: Code = ""
    source_id: Short = ""
    email: Annotated[Text, Field(max_length=254)] = ""
    phone: Code = ""
    department: Short = ""
    title: Short = ""
    roles: Annotated[list[Code], Field(max_length=10)] = Field(default_factory=list)
    presence: Code = "here"
    presence_since: date | None = None


class ContactChanges(Body):
    """What is left out stays as it is.

    Another department or title holds since `moved_on` (left out: today), and the former one is
    kept in the contact's history; not with `is_correction`.
    """

    name: Short | None = None
    name_reading: Short | None = None
    external_id: Short | None = None
    source: Code | None = None
    source_id: Short | None = None
    email: Annotated[Text, Field(max_length=254)] | None = None
    phone: Code | None = None
    department: Short | None = None
    title: Short | None = None
    roles: Annotated[list[Code], Field(max_length=10)] | None = None
    moved_on: date | None = None
    is_correction: bool = False


class SuccessorIn(Body):
    """Either a contact of the same customer by `contact_id`, or somebody new by `name`."""

    contact_id: UUID | None = None
    name: Short = ""
    email: Annotated[Text, Field(max_length=254)] = ""


class PresenceIn(Body):
    """`department` and `title` are the new ones, where they are known."""

    presence: Code
    since: date
    department: Short = ""
    title: Short = ""
    successor: SuccessorIn | None = None


class AffiliationIn(Body):
    """What the contact is at the other company."""

    roles: Annotated[list[Code], Field(max_length=10)] = Field(default_factory=list)
    department: Short = ""
    title: Short = ""


class DeadlineIn(Body):
    """When a term ends, and by when the customer must say that they leave.

    `end_on` is the first day without cover, `last_day` the last day with it (満了日): give either.
    `notice_on` left out: counted back from the end by `notice_months` or `notice_days`.
    """

    end_on: date | None = None
    last_day: date | None = None
    notice_on: date | None = None
    notice_months: Annotated[int, Field(ge=0, le=60)] | None = None
    notice_days: Annotated[int, Field(ge=0, le=1830)] | None = None
    minimum_months: Months | None = None


class ContractIn(DeadlineIn):
    """Covers [start_on, end_on); `currency` left out: the customer's.

    `number` is what the paper says; several contracts may share one. The customer uses what was
    bought; `signer_id`, `payer_id` and `reseller_id` are other customers that the paper names.
    `first_support`: ours, reseller or customer.
    """

    product_id: UUID
    plan_id: UUID | None = None
    number: Short = ""
    signer_id: UUID | None = None
    payer_id: UUID | None = None
    reseller_id: UUID | None = None
    first_support: Code = ""
    start_on: date
    amount: Amount
    term_months: Months = 12
    currency: Annotated[Text, Field(max_length=3)] = ""
    seats: Seats | None = None
    auto_renew: bool = True
    is_trial: bool = False
    billing: Annotated[Text, Field(max_length=20)] = ""
    payment: Annotated[Text, Field(max_length=20)] = ""
    external_id: Short = ""
    source: Code = ""
    source_id: Short = ""


class ContractChanges(Body):
    """What is not in the ledger; what is left out stays as it is, null empties plan and parties."""

    plan_id: UUID | None = None
    auto_renew: bool | None = None
    number: Short | None = None
    signer_id: UUID | None = None
    payer_id: UUID | None = None
    reseller_id: UUID | None = None
    first_support: Code | None = None
    billing: Annotated[Text, Field(max_length=20)] | None = None
    payment: Annotated[Text, Field(max_length=20)] | None = None
    external_id: Short | None = None


class ChangeIn(DeadlineIn):
    """A line of the ledger: `kind` expansion, contraction, price, renewal or end."""

    kind: Code
    effective_on: date
    amount: Amount | None = None
    term_months: Months | None = None
    seats: Seats | None = None


class CorrectionIn(DeadlineIn):
    """What is left out stays as it was."""

    effective_on: date | None = None
    amount: Amount | None = None
    term_months: Months | None = None
    seats: Seats | None = None


class ChargeIn(Body):
    """A one-off line: `kind` setup, onboarding, custom or other. Never MRR."""

    kind: Code = "setup"
    name: Short = ""
    amount: Amount
    charged_on: date | None = None


class NoticeIn(Body):
    """`contract_id` left out: all contracts are meant. `effective_on`: the first day without one."""

    noticed_on: date
    effective_on: date | None = None
    contract_id: UUID | None = None
    reason: Annotated[Text, Field(max_length=60)] = ""
    detail: Long = ""
    external_id: Short = ""


class NameIn(Body):
    name: Short


class ConditionIn(Body):
    """A Field's key, an operator, and what it compares with."""

    field: Text
    op: Text
    value: Any = None


class PageIn(Schema):
    cursor: Annotated[Text, Field(max_length=2000)] = ""
    limit: int = Field(50, ge=1, le=200)


class SegmentIn(Body):
    """All `conditions` must hold. `tier`: proposed for its customers; left out, it stays."""

    name: Short
    conditions: Annotated[list[ConditionIn], Field(max_length=20)]
    sort: Short = ""
    columns: Keys = Field(default_factory=list)
    tier: Code | None = None


class TierDecisionIn(Body):
    """`proposal_ids` left out: all open ones of the segment, up to 1,000."""

    decision: Literal["approve", "refuse"]
    proposal_ids: Annotated[list[UUID], Field(max_length=1000)] | None = None


class BulkFilterIn(Body):
    """All customers that a search finds and that fit every condition."""

    q: Line = ""
    conditions: Annotated[list[ConditionIn], Field(max_length=20)] = Field(default_factory=list)


class BulkChangesIn(Body):
    """What is left out stays as it is; null empties an owner or an attribute."""

    main_owner_id: UUID | None = None
    sub_owner_id: UUID | None = None
    tier: Code | None = None
    stage: Code | None = None
    attributes: dict[Code, Any] | None = None


class BulkEditIn(Body):
    """Either `customer_ids` or `filter`. `expected`: how many customers the preview said to change."""

    customer_ids: Annotated[list[UUID], Field(max_length=1000)] | None = None
    filter: BulkFilterIn | None = None
    changes: BulkChangesIn
    expected: Annotated[int, Field(ge=0)] | None = None


class AttributeIn(Body):
    key: Code
    label: Annotated[Text, Field(max_length=80)]
    kind: Code
    choices: Annotated[list[Short], Field(max_length=200)] = Field(default_factory=list)


class AttributeChanges(Body):
    label: Annotated[Text, Field(max_length=80)] | None = None
    choices: Annotated[list[Short], Field(max_length=200)] | None = None
