from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from banso.core.models import Person
from banso.core.scope import ScopedModel
from banso.lib.periods import Period, period_of
from banso.lib.uuid7 import uuid7
from banso.work.models import Task


class Review(ScopedModel):
    """A quarter looked back on. Open until a closing of it stands."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    starts_on = models.DateField()
    fiscal_start = (
        models.PositiveSmallIntegerField()
    )  # as it was: what was reviewed stays a quarter
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    begun_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["workspace", "starts_on"], name="one_review_a_quarter"),
        ]

    def __str__(self) -> str:
        return self.period.code

    @property
    def period(self) -> Period:
        start: date = self.starts_on
        return period_of(start, "quarter", self.fiscal_start)


class ReviewClosing(ScopedModel):
    """A review was frozen with these figures; opened again, it stays as what was said then."""

    review = models.ForeignKey(
        Review, on_delete=models.CASCADE, related_name="closings", db_index=False
    )
    frozen = models.JSONField()
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    closed_at = models.DateTimeField(default=timezone.now, editable=False)
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["workspace", "review"],
                condition=models.Q(reopened_at=None),
                name="one_standing_closing",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "review"], name="closing_by_review"),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.closed_at}"


class ReviewNote(ScopedModel):
    """Why a KPI came out as it did, in our words; of the whole quarter where `kpi` is empty."""

    review = models.ForeignKey(
        Review, on_delete=models.CASCADE, related_name="notes", db_index=False
    )
    kpi = models.CharField(max_length=40, blank=True)
    text = models.TextField(blank=True)
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["workspace", "review", "kpi"], name="one_note_a_kpi"),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.kpi}"


class Decision(ScopedModel):
    """What a review decided: who does what by when. It may stand as a task of theirs."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    review = models.ForeignKey(
        Review, on_delete=models.CASCADE, related_name="decisions", db_index=False
    )
    text = models.CharField(max_length=200)
    owner = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    task = models.ForeignKey(Task, null=True, on_delete=models.SET_NULL, related_name="+")
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "review", "id"], name="decision_by_review"),
        ]

    def __str__(self) -> str:
        return self.text


class Ask(ScopedModel):
    """A decision that the report of a month asks its readers for."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    month = models.DateField()  # its first day
    text = models.CharField(max_length=300)
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "month"], name="ask_by_month"),
        ]

    def __str__(self) -> str:
        return self.text
