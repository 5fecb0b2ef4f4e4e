"""Which customers decide soon: renewals and notice deadlines ahead."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from banso.customers.fields import annotate, known_field, prepare
from banso.customers.models import Customer
from banso.customers.queries.owned import Owned

_KEYS = [
    "customers.mrr", "customers.notice_on", "customers.renewal_on", "customers.contract_state",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class RenewalRow:
    """A customer whose next deadline is near: the notice date if still ahead, else the last day."""

    customer: Customer
    deadline_on: date
    notice_on: date | None
    renewal_on: date | None
    mrr: Decimal | None  # minor units of the customer's currency
    contract_state: str


def renewals_due(
    on: date, within_days: int = 90, *, owner: Owned | None = None, limit: int = 200
) -> list[RenewalRow]:
    """Customers whose next deadline lies in [on, on + within_days], the nearest first. 2 queries.

    Counted as on the desk: 解約申出期限, else 満了日, both the last day on which there is still time.

    `owner`: only theirs, as main or sub owner.
    """
    keys = ["customers.deadline_on", *_KEYS]
    kept = prepare([one for key in keys if (one := known_field(key))], on=on)
    customers: Any = Customer.objects.select_related("main_owner")
    if owner:
        customers = customers.filter(owner.rows("pk"))
    customers = annotate(customers, keys, on=on, kept=kept)
    due = customers.filter(
        f_customers_deadline_on__gte=on,
        f_customers_deadline_on__lte=on + timedelta(days=within_days),
    )
    ordered = due.order_by("f_customers_deadline_on", "name_sort", "pk")
    return [_row(one) for one in ordered[:limit]]


def _row(one: Any) -> RenewalRow:
    return RenewalRow(
        customer=one,
        deadline_on=one.f_customers_deadline_on,
        notice_on=one.f_customers_notice_on,
        renewal_on=one.f_customers_renewal_on,
        mrr=one.f_customers_mrr,
        contract_state=one.f_customers_contract_state,
    )
