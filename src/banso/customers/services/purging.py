"""What has lain in the bin for 30 days is gone for good."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from banso.core.events import publish_many
from banso.customers.models import Contact, Customer, Merge

DAYS_IN_BIN = timedelta(days=30)


@transaction.atomic
def purge_bin() -> int:
    """Customers and contacts binned 30 days ago or earlier are deleted with all that hangs on them.

    So is what was merged into them; merged rows by themselves are kept as long as who leads on.

    How many. Twice is once. Publishes customers.customer_purged for each customer, from which
    rooms that keep rows without a foreign key forget theirs.
    """
    customers, contacts = _due(Customer), _due(Contact)
    publish_many("customers.customer_purged", [(one, {}) for one in customers])
    gone = _all_gone(customers, contacts)
    Merge.objects.filter(Q(survivor_id__in=gone) | Q(merged_id__in=gone)).delete()
    Contact.with_deleted.filter(pk__in=[one.pk for one in contacts]).delete()
    Customer.with_deleted.filter(pk__in=[one.pk for one in customers]).delete()
    return len(customers) + len(contacts)


def _all_gone(customers: Iterable[Customer], contacts: Iterable[Contact]) -> list[UUID]:
    """Also who was merged into them, and all people of those customers: a merge keeps their words.

    2 queries.
    """
    companies, people = [one.pk for one in customers], [one.pk for one in contacts]
    here = Q(pk__in=companies) | Q(merged_into__in=companies)
    companies = list(Customer.with_deleted.filter(here).values_list("pk", flat=True))
    theirs = Q(pk__in=people) | Q(merged_into__in=people) | Q(customer__in=companies)
    return [*companies, *Contact.with_deleted.filter(theirs).values_list("pk", flat=True)]


def _due(model: type[Customer] | type[Contact]) -> list[Any]:
    before = timezone.now() - DAYS_IN_BIN
    binned = model.with_deleted.filter(deleted_at__lte=before, merged_into=None)
    return list(binned.select_for_update().order_by("pk"))
