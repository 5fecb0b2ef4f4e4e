from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from banso.core.models import ImportRun, Person
from banso.core.scope import ScopedModel
from banso.lib.uuid7 import uuid7


class ExchangeRate(ScopedModel):
    """What one unit of `currency` is worth in `into`, from the day `on` to the next rate's.

    `into` is the workspace's currency at the time: should that change, no rate is taken for one
    into the new one. Never updated except `voided_at`: a correction is a new row, so that figures
    can be told again as they were known on any day. (Taking an import back sets `voided_at` of
    what it had replaced to null: of two rates known at once the one recorded last counts.)
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    currency = models.CharField(max_length=3)
    into = models.CharField(max_length=3)
    on = models.DateField()
    rate = models.DecimalField(max_digits=20, decimal_places=10)
    by = models.ForeignKey(
        Person, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    import_run = models.ForeignKey(
        ImportRun, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now)
    voided_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(rate__gt=0), name="rate_over_zero"),
            models.UniqueConstraint(
                fields=["workspace", "into", "currency", "on"],
                condition=Q(voided_at=None),
                name="one_rate_a_day",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "into", "currency", "on"], name="rates_by_day"),
        ]

    def __str__(self) -> str:
        return f"1 {self.currency} = {self.plain} {self.into}"

    @property
    def plain(self) -> str:
        """The rate without idle zeros: 150.25."""
        text = f"{Decimal(self.rate):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
