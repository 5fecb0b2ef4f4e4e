from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from banso.core.models import Person
from banso.core.scope import ScopedModel
from banso.lib.periods import KINDS, Kind, Period, period_of
from banso.lib.uuid7 import uuid7


class TargetKind(models.TextChoices):
    MONTH = "month", _("Month")
    QUARTER = "quarter", _("Quarter")
    HALF = "half", _("Half-year")
    YEAR = "year", _("Fiscal year")


class Target(ScopedModel):
    """What a KPI is to be in a period. Never changed: another one takes its place.

    `value` is as a figure's: a fraction of 1, or major units of `currency`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kpi = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, choices=TargetKind)
    starts_on = models.DateField()
    value = models.DecimalField(max_digits=26, decimal_places=8)
    currency = models.CharField(max_length=3, blank=True)
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    set_at = models.DateTimeField(default=timezone.now, editable=False)
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["workspace", "kpi", "kind", "starts_on"],
                condition=models.Q(voided_at=None),
                name="one_live_target",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "starts_on"], name="target_by_start"),
        ]

    def __str__(self) -> str:
        return f"{self.kpi} {self.kind} {self.starts_on}"

    def period(self, fiscal_start: int) -> Period:
        """The days it is about, in the calendar of that fiscal year."""
        return period_of(self.starts_on, known_kind(self.kind), fiscal_start)


def known_kind(code: str) -> Kind:
    """The kind of period of this code. Raises StopIteration for any other."""
    return next(one for one in KINDS if one == code)
