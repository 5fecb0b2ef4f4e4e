from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from banso.core.scope import ScopedModel
from banso.core.snapshots import TransactionId


class Touch(ScopedModel):
    """Facts of a customer have changed that are no events (usage). Append-only, kept two days.

    `derived`: not facts but values that were worked out from them (scores).
    """

    customer_id = models.UUIDField()  # no foreign key: nobody looks it up by customer
    at = models.DateTimeField(default=timezone.now)
    derived = models.BooleanField(default=False, db_default=False)
    tx = TransactionId()

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "tx"], name="touch_by_transaction"),
            models.Index(fields=["workspace", "at"], name="touch_by_time"),
        ]

    def __str__(self) -> str:
        return str(self.customer_id)
