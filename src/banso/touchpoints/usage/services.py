"""Every write of usage from outside: imports, their undo, and the nightly keeping of the store."""

from collections.abc import Collection, Iterable
from datetime import datetime, time, timedelta
from itertools import groupby
from uuid import UUID

from django.db import transaction
from django.db.models import Min

from banso.core.events import publish_many
from banso.core.models import ImportRun
from banso.core.scope import current_workspace
from banso.customers.models import Customer
from banso.touchpoints.usage import store
from banso.touchpoints.usage.models import DailyUsage
from banso.touchpoints.usage.store import Event, Outcome, Reused, Total

__all__ = ["Event", "Outcome", "Reused", "Total"]


@transaction.atomic
def import_totals(
    rows: Iterable[Total], *, run: ImportRun, seen: dict[str, int] | None = None
) -> Outcome:
    """Daily totals are stored once each and rolled up; see `store.add_imported`.

    Publishes usage.usage_begun for customers whose first usage this is.
    """
    silent = _silent_customers()
    outcome = store.add_imported(rows, run=run, seen=seen)
    _tell_beginners(silent)
    return outcome


@transaction.atomic
def import_events(
    rows: Iterable[tuple[int, Event]], *, run: ImportRun, seen: dict[str, int] | None = None
) -> Outcome:
    """Events with their lines are stored once each and rolled up; see `store.add_events`.

    Publishes usage.usage_begun for customers whose first usage this is.
    """
    silent = _silent_customers()
    outcome = store.add_events(rows, run=run, seen=seen)
    _tell_beginners(silent)
    return outcome


@transaction.atomic
def load_events(rows: Iterable[tuple[object, ...]]) -> Outcome:
    """A great many events at once, with no import to undo; see `store.load_events`.

    Publishes usage.usage_begun for customers whose first usage this is.
    """
    silent = _silent_customers()
    outcome = store.load_events(rows)
    _tell_beginners(silent)
    return outcome


@transaction.atomic
def undo_import(run: ImportRun) -> int:
    """Nothing of `run` is counted any more; how many rows went. Twice is once."""
    return store.remove_imported(run)


@transaction.atomic
def forget_customers(customer_ids: Collection[UUID]) -> int:
    """Nothing is stored of what these customers did; how many events went. For purging."""
    return store.forget(customer_ids)


@transaction.atomic
def keep_store() -> None:
    """Partitions stand ready for this month and the next; ids seen over 400 days ago are forgotten."""
    today = current_workspace().today()
    store.ensure_partitions([today, today.replace(day=28) + timedelta(days=7)])
    store.forget_old_keys(today - timedelta(days=store.SEEN_DAYS))


def _silent_customers() -> set[UUID]:
    """Customers that never sent usage. 1 query."""
    heard = DailyUsage.objects.order_by().values("customer")
    return set(Customer.objects.exclude(pk__in=heard).values_list("pk", flat=True))


def _tell_beginners(silent: Collection[UUID]) -> None:
    begun = DailyUsage.objects.filter(customer__in=silent).order_by().values_list("customer")
    first_days = dict(begun.annotate(day=Min("day")).values_list("customer", "day"))
    customers = Customer.objects.filter(pk__in=first_days)
    beginners = sorted(customers, key=lambda one: (first_days[one.pk], one.pk))
    for day, together in groupby(beginners, key=lambda one: first_days[one.pk]):
        at = datetime.combine(day, time(), current_workspace().tz)
        told = [(customer, {"day": day.isoformat()}) for customer in together]
        publish_many("usage.usage_begun", told, at=at)
