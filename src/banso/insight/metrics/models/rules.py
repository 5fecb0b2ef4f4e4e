from decimal import Decimal
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from banso.insight.metrics.models.told import Told


class KpiRules(Told):
    """How this workspace counts. One row counts at most; without it the defaults do."""

    # A customer who is back within so many days never left.
    grace_days = models.PositiveSmallIntegerField(default=30, validators=[MaxValueValidator(366)])
    # An upsell that is taken back within so many days was none.
    reversal_days = models.PositiveSmallIntegerField(
        default=90, validators=[MaxValueValidator(366)]
    )
    # Share of revenue, 0 to 1; empty: unknown, and lifetime values are of revenue.
    gross_margin = models.DecimalField(
        max_digits=5,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))],
    )
    # What a sub owner counts beside a main owner's 1.
    sub_owner_weight = models.DecimalField(max_digits=3, decimal_places=2, default=Decimal("0.30"))

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["workspace"], condition=Q(voided_at=None), name="one_kpi_rules"
            ),
        ]

    def __str__(self) -> str:
        return f"grace {self.grace_days}"
