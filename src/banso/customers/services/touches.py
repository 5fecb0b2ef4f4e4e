from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from banso.customers.models import Touch
from banso.customers.touches import tell_followers, tell_hearers

# Who follows touches by a cursor must start anew after this (health: see its stamps).
TOUCHES_KEPT = timedelta(days=2)


@transaction.atomic(savepoint=False)
def touch_customers(customer_ids: Collection[UUID]) -> None:
    """Whoever follows customers knows that facts of these have changed which are no events.

    Usage, in short: it arrives too often to be told as events. Call it last in a transaction.
    1 insert, and what the hearers do (`customers.touches.on_touch`); nothing for nobody.
    """
    if not customer_ids:
        return
    Touch.objects.bulk_create([Touch(customer_id=one) for one in sorted(set(customer_ids))])
    tell_hearers()


@transaction.atomic(savepoint=False)
def follow_values(customer_ids: Collection[UUID]) -> None:
    """Memberships follow values of these customers that were worked out anew from facts (scores).

    Call it last in a transaction. 1 insert, and what the hearers do (`customers.touches.on_values`).
    """
    Touch.objects.bulk_create(
        [Touch(customer_id=one, derived=True) for one in sorted(set(customer_ids))]
    )
    tell_followers()


def forget_touches() -> int:
    """Touches of two days ago and before are gone; how many. 1 statement."""
    gone: int
    gone, _by_model = Touch.objects.filter(at__lt=timezone.now() - TOUCHES_KEPT).delete()
    return gone
