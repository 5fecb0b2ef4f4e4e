from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from banso.core.models import Person
from banso.insight.metrics.models.told import Told


class SalesCost(Told):
    """What winning customers cost in a month: sales and marketing, people included."""

    month = models.DateField()  # its first day
    amount = models.BigIntegerField()  # minor units of `currency`, the workspace's at the time
    currency = models.CharField(max_length=3)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["workspace", "month"], condition=Q(voided_at=None), name="one_cost_a_month"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="cost_of_a_whole_month"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.amount} {self.currency}"


class TeamTime(Told):
    """How much of a full-time post one of us gives to customers, from a month on."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    since = models.DateField()  # the first day of a month
    fte = models.DecimalField(max_digits=3, decimal_places=2)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["workspace", "person", "since"],
                condition=Q(voided_at=None),
                name="one_fte_per_person_and_month",
            ),
            models.CheckConstraint(condition=Q(since__day=1), name="fte_from_a_month_on"),
            models.CheckConstraint(condition=Q(fte__gte=0, fte__lte=1), name="fte_up_to_one"),
        ]

    def __str__(self) -> str:
        return f"{self.since:%Y-%m} {self.fte}"
