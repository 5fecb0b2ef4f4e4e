"""How long the answers to requests with a key are kept (`idempotency` keeps them)."""

from datetime import timedelta

from django.utils import timezone

from banso.core.models import KeptAnswer

KEPT = timedelta(hours=24)
FORGOTTEN_AT_ONCE = 1000


def forget_old_answers() -> int:
    """Answers of more than 24 hours ago in the open workspace are gone; how many. In batches."""
    gone = 0
    while True:
        old = KeptAnswer.objects.filter(at__lte=timezone.now() - KEPT)
        batch = list(old.values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE])
        KeptAnswer.objects.filter(pk__in=batch).delete()
        gone += len(batch)
        if len(batch) < FORGOTTEN_AT_ONCE:
            return gone
