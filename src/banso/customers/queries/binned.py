"""What lies in the bin."""

from django.db.models import QuerySet

from banso.customers.models import Customer


def binned_customers() -> QuerySet[Customer]:
    """Those who can still be brought back, the latest first; not who was merged away."""
    binned = Customer.with_deleted.exclude(deleted_at=None).filter(merged_into=None)
    found: QuerySet[Customer] = binned.order_by("-deleted_at", "-pk")
    return found
