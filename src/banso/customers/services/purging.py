"""What has lain in the bin for 30 days is gone for good."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from banso.core.events import publish_many
from banso.customers.models import Contact, Customer

DAYS_IN_BIN = timedelta(days=30)


@transaction.atomic
def purge_bin() -> int:
    """Customers and contacts binned 30 days ago or earlier are deleted with all that hangs on them.

    How many. Twice is once. Publishes customers.customer_purged for each customer, from which
    rooms that keep rows without a foreign key forget theirs.
    """
    customers, contacts = _due(Customer), _due(Contact)
    publish_many("customers.customer_purged", [(one, {}) for one in customers])
    Contact.with_deleted.filter(pk__in=[one.pk for one in contacts]).delete()
    Customer.with_deleted.filter(pk__in=[one.pk for one in customers]).delete()
    return len(customers) + len(contacts)


def _due(model: type[Customer] | type[Contact]) -> list[Any]:
    before = timezone.now() - DAYS_IN_BIN
    binned = model.with_deleted.filter(deleted_at__lte=before)
    return list(binned.select_for_update().order_by("pk"))
