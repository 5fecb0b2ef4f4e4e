from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from banso.core.models import ImportRun
from banso.core.scope import ScopedModel
from banso.customers.models.customer import Customer
from banso.lib.uuid7 import uuid7


class Purchase(ScopedModel):
    """Something bought without a contract: no line of any ledger, and never MRR.

    Never updated except `voided_at`, set once: a correction is a new row.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    external_id = models.CharField(max_length=120, blank=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="purchases")
    bought_on = models.DateField()
    amount = models.BigIntegerField()  # minor units, no tax
    currency = models.CharField(max_length=3)
    created_by_import = models.ForeignKey(
        ImportRun, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now)
    voided_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["workspace", "external_id"],
                condition=~models.Q(external_id="") & models.Q(voided_at=None),
                name="one_purchase_per_external_id",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["workspace", "customer", "-bought_on", "-id"], name="purchase_history"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bought_on} {self.amount} {self.currency}"
