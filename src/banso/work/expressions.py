"""What Fields of the work room compute: one customer's values as of a day."""

from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import BaseExpression
from django.db.models.functions import Coalesce

from banso.core.scope import current_workspace
from banso.customers.fields import Sheet, Those
from banso.customers.sheets import among
from banso.work.models import CallKind, CallToAction, Task

Row = TypeVar("Row", Task, CallToAction)
OPPORTUNITY = CallKind.OPPORTUNITY


def open_tasks(on: date) -> BaseExpression:
    """Tasks that stood open at the end of the local day `on`; 0 when there were none."""
    night = datetime.combine(on + timedelta(days=1), time(), current_workspace().tz)
    undone = Q(done_at=None) | Q(done_at__gte=night)
    return _count(_own(Task.objects.filter(undone, created_at__lt=night)))


def open_calls(on: date) -> BaseExpression:
    """Calls to action that stood open on the day `on`, opportunities included."""
    return _count(_standing(on))


def worst_call(on: date) -> BaseExpression:
    """The kind of the oldest call that stood open and is trouble; null when all is quiet."""
    return Subquery(_trouble(on).values("kind")[:1])


def worst_call_since(on: date) -> BaseExpression:
    """Since when the worst call has stood open."""
    return Subquery(_trouble(on).values("since")[:1])


def _worst_calls(on: date, those: Those) -> dict[UUID, tuple[Any, ...]]:
    trouble = _unsettled(on).filter(among(those)).exclude(kind=OPPORTUNITY)
    oldest = trouble.order_by("customer_id", "since", "id").distinct("customer_id")
    return {pk: tuple(worst) for pk, *worst in oldest.values_list("customer_id", "kind", "since")}


WORST_CALLS = Sheet(("work.worst_call", "work.worst_call_since"), (None, None), read=_worst_calls)


def _trouble(on: date) -> "QuerySet[CallToAction]":
    return _standing(on).exclude(kind=OPPORTUNITY).order_by("since", "id")


def _standing(on: date) -> "QuerySet[CallToAction]":
    return _own(_unsettled(on))


def _unsettled(on: date) -> "QuerySet[CallToAction]":
    unsettled = Q(closed_on=None) | Q(closed_on__gt=on)
    calls: QuerySet[CallToAction] = CallToAction.objects.filter(unsettled, since__lte=on)
    return calls


def _own(rows: "QuerySet[Row]") -> "QuerySet[Row]":
    return rows.filter(customer=OuterRef("pk")).order_by()


def _count(rows: "QuerySet[Task] | QuerySet[CallToAction]") -> BaseExpression:
    counted = rows.values("customer").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
