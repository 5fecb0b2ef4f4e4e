"""Which customers decide soon: renewals and notice deadlines ahead."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from banso.core.models import Person
from banso.customers.fields import annotate
from banso.customers.models import Customer

_KEYS = [
    "customers.mrr", "customers.notice_on", "customers.renewal_on", "customers.contract_state",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Deadline:
    """A customer's next deadline: the notice date if still ahead, else the renewal."""

    customer: Customer
    on: date
    kind: str  # notice | renewal
    notice_on: date | None
    renewal_on: date | None
    mrr: Decimal | None  # minor units of the customer's currency
    contract_state: str

    @property
    def customer_id(self) -> UUID:
        return self.customer.pk

    @property
    def name(self) -> str:
        return self.customer.name

    @property
    def currency(self) -> str:
        return self.customer.currency


def deadlines(
    on: date, *, within_days: int = 90, owner: Person | None = None, limit: int = 200
) -> list[Deadline]:
    """Customers whose next deadline lies in [on, on + within_days], the nearest first. 1 query.

    `owner`: only those of this main owner.
    """
    customers: Any = Customer.objects.select_related("main_owner")
    if owner:
        customers = customers.filter(main_owner=owner)
    customers = annotate(customers, ["customers.deadline_on", *_KEYS], on=on)
    due = customers.filter(
        f_customers_deadline_on__gte=on,
        f_customers_deadline_on__lte=on + timedelta(days=within_days),
    )
    ordered = due.order_by("f_customers_deadline_on", "name_sort", "pk")
    return [_deadline(one) for one in ordered[:limit]]


def _deadline(one: Any) -> Deadline:
    next_on = one.f_customers_deadline_on
    return Deadline(
        customer=one,
        on=next_on,
        kind="notice" if next_on == one.f_customers_notice_on else "renewal",
        notice_on=one.f_customers_notice_on,
        renewal_on=one.f_customers_renewal_on,
        mrr=one.f_customers_mrr,
        contract_state=one.f_customers_contract_state,
    )
