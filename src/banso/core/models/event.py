from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from banso.core.scope import UncheckedModel
from banso.core.snapshots import TransactionId


class Event(UncheckedModel):
    """Something that happened: ids, enums and numbers only, never names or message bodies.

    One row feeds the timeline, the audit log, plays and webhooks. Never changed.
    """

    name = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    customer_id = models.UUIDField(null=True)  # no foreign key: history outlives its subject
    by = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)
    facts = models.JSONField(default=dict)
    tx = TransactionId()  # so that readers by cursor miss nothing: see core.snapshots

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "customer_id", "-at"], name="event_by_customer"),
            models.Index(fields=["workspace", "name", "-id"], name="event_by_name"),
            models.Index(fields=["workspace", "-id"], name="event_latest"),
            models.Index(fields=["workspace", "tx"], name="event_by_transaction"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.subject_id}"
