from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from banso.core.models import Person
from banso.core.scope import ScopedModel
from banso.lib.uuid7 import uuid7


def _somebody() -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        Person, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )


class Closing(ScopedModel):
    """A month whose figures were reported (月次締め), as they were known at `closed_at`.

    A month that was reopened may be closed again: each time is a row, one of them open at most.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    month = models.DateField()  # its first day
    closed_at = models.DateTimeField(editable=False)
    closed_by = _somebody()
    reopened_at = models.DateTimeField(null=True, editable=False)
    reopened_by = _somebody()
    reopened_why = models.CharField(max_length=500, blank=True, editable=False)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["workspace", "month"],
                condition=Q(reopened_at=None),
                name="one_closing_a_month",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="closing_of_a_whole_month"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "-month", "-id"], name="closings_by_month"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class ClosedFigure(ScopedModel):
    """A figure of a closed month as it was reported; `by` and `cut` are empty for the whole.

    `kind`: of the month, or of the year that ends with it.

    20 decimals keep every sum exact: millionths of a minor unit times a rate of 10 decimals.
    """

    closing = models.ForeignKey(Closing, on_delete=models.CASCADE, related_name="figures")
    kpi = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, default="month")  # month, year
    by = models.CharField(max_length=20, blank=True)  # plan, tier, owner
    cut = models.CharField(max_length=80, blank=True)  # the part's id
    cut_label = models.CharField(max_length=300, blank=True)  # of plans: what it was called then
    numerator = models.DecimalField(max_digits=45, decimal_places=20, null=True)
    denominator = models.DecimalField(max_digits=45, decimal_places=20, null=True)
    value = models.DecimalField(max_digits=45, decimal_places=20, null=True)
    n = models.PositiveIntegerField()
    currency = models.CharField(max_length=3, blank=True)
    parts = models.JSONField(default=dict)  # name → decimal number as text
    notes = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["closing", "kpi", "kind", "by", "cut"], name="one_closed_figure_a_part"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kpi} {self.by} {self.cut_label}".strip()
