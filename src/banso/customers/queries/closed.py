"""Renewals that were closed: how they went, and why."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from banso.core import cursors
from banso.core.scope import current_workspace
from banso.customers.models import Renewal
from banso.customers.queries.waiting import AskedRenewals, fitting

MOST, PAGE = 200, 50


def closed_page(
    asked: AskedRenewals, *, cursor: str = "", limit: int = PAGE
) -> tuple[list[Renewal], str]:
    """Renewals that were closed, the latest first, and the cursor of those before. 1 query."""
    rows, size = closed_renewals(asked), max(1, min(limit, MOST))
    if cursor:
        at, pk = cursors.read("renewals:closed", cursor)
        moment = datetime.fromisoformat(at)
        rows = rows.filter(closed_at__lte=moment).exclude(closed_at=moment, pk__gte=pk)
    found = list(rows[: size + 1])
    last = found[size - 1] if len(found) > size else None
    place = [last.closed_at.isoformat(), str(last.pk)] if last and last.closed_at else None
    return found[:size], cursors.write("renewals:closed", place) if place else ""


def closed_renewals(asked: AskedRenewals) -> "QuerySet[Renewal]":
    """All of them, with contract, customer, owner, lines and reasons. No query yet."""
    found = fitting(Renewal.objects.exclude(closed_at=None), asked, "contract__")
    found = found.filter(contract__deleted_at=None, contract__customer__deleted_at=None)
    if asked.outcome:
        found = found.filter(outcome=asked.outcome)
    if asked.within is not None:
        today = current_workspace().today()
        found = found.filter(due_on__gt=today - timedelta(days=asked.within))
    related = ("contract__customer__main_owner", "contract__product", "line__loss")
    found = found.select_related(*related, "adjustment__loss", "closed_by")
    ordered: QuerySet[Renewal] = found.order_by("-closed_at", "-pk")
    return ordered


def last_closed(contract_id: UUID) -> Renewal | None:
    """The renewal of the contract that was closed last, with who did it. 1 query."""
    closed = Renewal.objects.filter(contract=contract_id).exclude(closed_at=None)
    found: Renewal | None = closed.select_related("closed_by").order_by("-closed_at").first()
    return found
