"""Purchases of customers without a contract: added and voided, never changed."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.core import new_rows
from banso.core.errors import Refused
from banso.core.events import publish, publish_many
from banso.core.models import ImportRun, Person
from banso.core.scope import current_workspace
from banso.customers.models import Customer, Purchase
from banso.customers.services.bulk import attempt
from banso.customers.services.checks import (
    TAKEN,
    check_currency,
    check_row,
    id_of,
    refusing_duplicates,
)
from banso.customers.services.customers import locked_customer
from banso.customers.services.inputs import NewPurchase
from banso.customers.services.ledger import MAX_AMOUNT, refused


@transaction.atomic
def add_purchase(
    customer_id: UUID,
    *,
    bought_on: date,
    amount: int,
    by: Person | None,
    import_run: ImportRun | None = None,
    **given: Any,
) -> Purchase:
    """The customer bought for `amount` minor units (no tax) on a day, in their currency unless told.

    `given` are the other fields of NewPurchase. Raises Customer.DoesNotExist, Refused. Publishes
    customers.purchase_added.
    """
    locked_customer(customer_id)
    row = NewPurchase(customer_id=customer_id, bought_on=bought_on, amount=amount, **given)
    with refusing_duplicates():
        [made] = add_purchases([row], by=by, import_run=import_run)
    if isinstance(made, Refused):
        raise made
    return made


@transaction.atomic
def add_purchases(
    rows: Iterable[NewPurchase], *, by: Person | None, import_run: ImportRun | None = None
) -> list[Purchase | Refused]:
    """Purchases of living customers, none of a day to come; one outcome for each row, in their order.

    Publishes customers.purchase_added, or purchases_added once for several of one customer: years of
    them in a file must not bury their timeline. 4 statements for all.
    """
    listed = list(rows)
    living = Customer.objects.filter(pk__any={row.customer_id for row in listed})
    currencies = dict(living.values_list("pk", "currency"))
    taken, today = _taken(listed), current_workspace().today()

    def make(row: NewPurchase) -> Purchase:
        if row.customer_id not in currencies:
            raise refused(_("There is no such record here."), "customer", "unknown")
        if row.bought_on > today:
            raise refused(_("Choose today or an earlier day."), "bought_on", "future")
        if row.external_id and row.external_id in taken:
            raise refused(str(TAKEN["per_external_id"]), "external_id", "taken")
        purchase = _built(row, row.currency or currencies[row.customer_id], import_run)
        taken.add(row.external_id)
        return purchase

    outcomes = attempt(listed, make)
    made = [one for one in outcomes if isinstance(one, Purchase)]
    new_rows.insert(made)
    _tell(made, by)
    return outcomes


@transaction.atomic
def void_purchase(purchase_id: UUID, *, by: Person | None) -> Purchase:
    """The purchase no longer counts; it is kept, struck out.

    Raises Purchase.DoesNotExist, Refused when voided already. Publishes customers.purchase_voided.
    """
    living = Purchase.objects.filter(customer__deleted_at=None)
    purchase: Purchase = living.select_for_update(of=("self",), no_key=True).get(pk=purchase_id)
    if purchase.voided_at:
        raise Refused(_("This purchase has been voided already."), code="voided")
    purchase.voided_at = timezone.now()
    purchase.save(update_fields=["voided_at"])
    publish("customers.purchase_voided", purchase, by=id_of(by), **_facts(purchase))
    return purchase


def _taken(rows: Iterable[NewPurchase]) -> set[str]:
    wanted = {row.external_id for row in rows} - {""}
    standing = Purchase.objects.filter(voided_at=None, external_id__any=wanted)
    return set(standing.values_list("external_id", flat=True)) if wanted else set()


def _built(row: NewPurchase, currency: str, import_run: ImportRun | None) -> Purchase:
    purchase = Purchase(
        customer_id=row.customer_id,
        bought_on=row.bought_on,
        amount=row.amount,
        currency=currency,
        external_id=row.external_id,
        created_by_import=import_run,
    )
    check_row(purchase)
    check_currency(currency)
    if not 0 <= purchase.amount <= MAX_AMOUNT:
        raise refused(_("The amount is out of range."), "amount")
    return purchase


def _tell(made: Iterable[Purchase], by: Person | None) -> None:
    together: dict[tuple[UUID, str], list[Purchase]] = {}
    for one in made:
        together.setdefault((one.customer_id, one.currency), []).append(one)
    alone = [(one, _facts(one)) for one, *others in together.values() if not others]
    several = [_sum(theirs) for theirs in together.values() if len(theirs) > 1]
    publish_many("customers.purchase_added", alone, by=id_of(by))
    publish_many("customers.purchases_added", several, by=id_of(by))


def _sum(theirs: list[Purchase]) -> tuple[Purchase, dict[str, Any]]:
    """The latest of them, and what all come to."""
    last = max(theirs, key=lambda one: one.bought_on)
    amount = sum(one.amount for one in theirs)
    return last, {**_facts(last), "amount": amount, "count": len(theirs)}


def _facts(purchase: Purchase) -> dict[str, Any]:
    on = purchase.bought_on.isoformat()
    return {"on": on, "amount": purchase.amount, "currency": purchase.currency}
