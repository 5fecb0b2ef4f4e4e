"""What winning customers costs by month, and how much of a post our people give to customers."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from banso.core.as_of import known
from banso.core.events import publish
from banso.core.models import Membership, Person
from banso.insight.metrics.models import SalesCost, TeamTime
from banso.insight.metrics.services.checks import (
    check_month,
    id_of,
    locked_workspace,
    refused,
    share,
)

MAX_AMOUNT = 10**13  # minor units


@transaction.atomic
def set_costs(amounts: Mapping[date, int | None], *, by: Person | None) -> None:
    """Winning customers cost so much in each of these months (by their first days).

    Minor units of the workspace's currency; None: it is not known. Other months stay as they are.
    Refused, naming "month" or "amount". Publishes metrics.cost_set for each month that changed.
    """
    ours = locked_workspace()
    standing = SalesCost.objects.filter(known(), month__in=list(amounts))
    olds = {one.month: one for one in standing}
    for month, amount in sorted(amounts.items()):
        check_month(month, "month")
        if amount is not None and not 0 <= amount <= MAX_AMOUNT:
            raise refused(_("The amount is out of range."), "amount")
        old = olds.get(month)
        stands = (old.amount, old.currency) if old else (None, ours.currency)
        if stands == (amount, ours.currency):
            continue
        _tell_cost(month, amount, ours.currency, old)
        facts: dict[str, Any] = {"month": month.isoformat(), "amount": amount}
        facts["currency"] = ours.currency
        publish("metrics.cost_set", ours, by=id_of(by), **facts)


def _tell_cost(month: date, amount: int | None, currency: str, old: SalesCost | None) -> None:
    new = SalesCost(month=month, amount=amount, currency=currency) if amount is not None else None
    if old:
        old.replaced_by(new)
    if new:
        new.save()


@transaction.atomic
def set_fte(person_id: UUID, *, since: date, fte: Decimal, by: Person | None) -> TeamTime:
    """The person gives `fte` (0 to 1) of a full-time post to customers from the month `since` on.

    Until another month says otherwise. Refused, naming the field, also for who is no member here.
    Publishes metrics.fte_set, unless that was known.
    """
    locked_workspace()
    check_month(since, "since")
    part = share(fte, "fte", places=2)
    if not Membership.objects.filter(person_id=person_id).exists():
        raise refused(_("This person is not a member here."), "person_id")
    old: TeamTime | None = TeamTime.objects.filter(
        known(), person_id=person_id, since=since
    ).first()
    if old is not None and old.fte == part:
        return old
    row = TeamTime(person_id=person_id, since=since, fte=part)
    if old:
        old.replaced_by(row)
    row.save()
    facts: dict[str, Any] = {"person": str(person_id), "since": since.isoformat()}
    publish("metrics.fte_set", row, by=id_of(by), **facts, fte=str(part))
    return row
