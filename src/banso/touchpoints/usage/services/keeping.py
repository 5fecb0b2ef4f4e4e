"""What the rest of the house is told of usage, and the keeping of the store."""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, Min, OuterRef

from banso.core.events import publish, publish_many
from banso.core.models import ImportRun
from banso.core.scope import current_workspace
from banso.customers.models import Customer
from banso.touchpoints.usage import runs, settling, store
from banso.touchpoints.usage.models import DailyUsage

AT_ONCE = 1000


def silent_customers(customer_ids: Collection[UUID]) -> set[UUID]:
    """Those of the customers that never sent usage. 1 query."""
    heard = DailyUsage.objects.filter(customer=OuterRef("pk"))
    silent = Customer.objects.filter(~Exists(heard), pk__any=customer_ids)
    return set(silent.values_list("pk", flat=True))


@transaction.atomic
def tell_beginners(customer_ids: Collection[UUID], *, live: bool = False) -> None:
    """Customers that were silent before have begun, on the first day they have now.

    Those without usage have not. Publishes usage.usage_begun, dated that day; `live`: heard at
    once, for the few that begin at a time, else behind what is live (imports bring thousands).
    """
    if not customer_ids:
        return
    begun = (
        DailyUsage.objects.filter(customer_id__any=customer_ids).order_by().values_list("customer")
    )
    first_days = dict(begun.annotate(day=Min("day")).values_list("customer", "day"))
    customers = Customer.objects.filter(pk__any=first_days).only("pk")
    beginners = sorted(customers, key=lambda one: (first_days[one.pk], one.pk))
    zone = current_workspace().tz
    told = [(one, {"day": first_days[one.pk].isoformat()}) for one in beginners]
    at = {one: datetime.combine(day, time(), zone) for one, day in first_days.items()}
    if not live:
        publish_many("usage.usage_begun", told, at=lambda customer: at[customer.pk])
        return
    for customer, facts in told:
        publish("usage.usage_begun", customer, at=at[customer.pk], **facts)


def settle_import(run: ImportRun) -> None:
    """The rollups hold all that the import brought, and its beginners are told. Twice is once.

    A thousand customers in a transaction, for what arrives meanwhile waits for it: some 0.2 s.
    """
    ids, may_be_first = runs.customers_of(run), not runs.brought_events(run)
    if len(ids) > AT_ONCE:
        runs.learn_size_of_imports()
    for start in range(0, len(ids), AT_ONCE):
        if start == AT_ONCE:  # there are some now
            runs.learn_size_of_rollups()
        _settle(run, ids[start : start + AT_ONCE], may_be_first=may_be_first)


@transaction.atomic
def _settle(run: ImportRun, together: Collection[UUID], *, may_be_first: bool) -> None:
    store.one_rolls_up()
    silent = silent_customers(together)
    first = silent if may_be_first else set()
    runs.add_first(run, first)
    runs.roll_up(run, [one for one in together if one not in first])
    tell_beginners(silent)


@transaction.atomic
def forget_customers(customer_ids: Collection[UUID]) -> int:
    """Nothing is stored of what these customers did; how many events went. For purging."""
    return store.forget(customer_ids)


@transaction.atomic
def keep_store() -> None:
    """Partitions stand ready for this month and the next; ids seen over 400 days ago are forgotten.

    So are the arrivals of sources that send nothing any more: no rollup forgets them.
    """
    today = current_workspace().today()
    store.ensure_partitions([today, today.replace(day=28) + timedelta(days=7)])
    store.forget_old_keys(today - timedelta(days=store.SEEN_DAYS))
    settling.forget_repeated_calls()
    settling.forget_arrivals()
