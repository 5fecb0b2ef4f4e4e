"""What the bulk services take: one frozen row each, money in minor units, days workspace-local."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCustomer:
    """A customer to be created. `stage_history`: (stage, entered_on), oldest first; the last
    one is where the customer is now. Without it the customer enters `stage` on `stage_since`,
    which is `since`, else today. `currency` empty: the workspace's."""

    name: str
    name_reading: str = ""
    external_id: str = ""
    source: str = ""
    source_id: str = ""
    corporate_number: str = ""
    former_names: tuple[str, ...] = ()
    domain: str = ""
    parent_id: UUID | None = None
    industry: str = ""
    country: str = ""
    employees: int | None = None
    tier: str = "tech"
    stage: str = "onboarding"
    stage_since: date | None = None
    stage_history: tuple[tuple[str, date], ...] = ()
    main_owner_id: UUID | None = None
    sub_owner_id: UUID | None = None
    goals: str = ""
    approach: str = ""
    purpose: str = ""
    maturity: str = ""
    competitor: str = ""
    switched_from: str = ""
    fiscal_month: int | None = None
    since: date | None = None
    last_contact_on: date | None = None
    currency: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContact:
    """A person on a customer's side. `roles` of ContactRole, `presence` of Presence."""

    customer_id: UUID
    name: str
    name_reading: str = ""
    external_id: str = ""
    source: str = ""
    source_id: str = ""
    email: str = ""
    phone: str = ""
    department: str = ""
    title: str = ""
    roles: tuple[str, ...] = ()
    presence: str = "here"
    presence_since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewChange:
    """A later line of a contract's ledger; what is None stays as it was before.

    kind "end": coverage ends on `effective_on`; the other values are not read. For a renewal,
    `end_on` None is one more term, `notice_on` None moves the deadline along with it. A deadline
    by months or days is counted anew whenever what it is counted from changes.
    """

    kind: str  # ChangeKind
    effective_on: date
    amount: int | None = None
    term_months: int | None = None
    seats: int | None = None
    end_on: date | None = None
    notice_on: date | None = None
    notice_months: int | None = None
    notice_days: int | None = None
    minimum_months: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContract:
    """A contract to be signed: covers [start_on, end_on), `amount` minor units for the whole term.

    `end_on` None: open-ended. `notice_on` None: counted from the end by `notice_months` or
    `notice_days`, if either is given. Parties None: the customer itself, or nobody.
    `changes`: what happened to it since, oldest first. `currency` empty: the customer's.
    """

    customer_id: UUID
    product_id: UUID
    start_on: date
    amount: int
    term_months: int = 12
    plan_id: UUID | None = None
    end_on: date | None = None
    notice_on: date | None = None
    notice_months: int | None = None
    notice_days: int | None = None
    minimum_months: int | None = None
    number: str = ""
    signer_id: UUID | None = None
    payer_id: UUID | None = None
    reseller_id: UUID | None = None
    first_support: str = ""
    currency: str = ""
    seats: int | None = None
    auto_renew: bool = True
    is_trial: bool = False
    billing: str = ""
    payment: str = ""
    external_id: str = ""
    source: str = ""
    source_id: str = ""
    changes: tuple[NewChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCharge:
    """A one-off line of a contract, `kind` of ChargeKind, `amount` in its currency's minor units."""

    contract_id: UUID
    amount: int
    kind: str = "setup"
    name: str = ""
    charged_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPurchase:
    """Something bought without a contract, `amount` in minor units; `currency` "": the customer's."""

    customer_id: UUID
    bought_on: date
    amount: int
    currency: str = ""
    external_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice:
    """A cancellation notice: said on `noticed_on` (申出日), leaving on `effective_on`."""

    customer_id: UUID
    noticed_on: date
    effective_on: date | None = None
    contract_id: UUID | None = None
    reason: str = ""
    detail: str = ""
    external_id: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOffer:
    """Something more that was offered, `kind` of OfferKind, `state` of OfferState; `offered_on` None:
    today. `mrr`: minor units more a month, of the customer's currency."""

    customer_id: UUID
    kind: str
    title: str
    offered_on: date | None = None
    product_id: UUID | None = None
    mrr: int | None = None
    state: str = "offered"
    decided_on: date | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalPlan:
    """What is expected of a contract's next renewal: `changes` as `plan_renewal` takes them.

    `due_on`: the end that was seen; another one that is due by now is refused.
    """

    contract_id: UUID
    changes: Mapping[str, Any]
    due_on: date | None = None
