from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from banso.core.models import Person
from banso.core.scope import ScopedModel
from banso.customers.models.customer import Customer
from banso.lib.uuid7 import uuid7

UNDONE_WITHIN = timedelta(days=30)


class BulkEdit(ScopedModel):
    """One change of many customers, from the choice to its undo.

    `chosen` is what was asked (ids, or a search and conditions), `changes` the new value of each
    field (`tier`, `attributes.<key>`, …; null empties). `report` holds the counts at the end.
    """

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        UNDOING = "undoing"
        UNDONE = "undone"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    chosen = models.JSONField()
    changes = models.JSONField()
    total = models.PositiveIntegerField(null=True)  # null: not yet known which
    done = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict)
    effective_on = models.DateField(null=True)  # of new owners, where not the day it is done
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "-created_at"], name="bulk_edit_latest"),
        ]

    def __str__(self) -> str:
        return f"{', '.join(self.changes)} {self.created_at:%Y-%m-%d}"

    @property
    def runs(self) -> bool:
        return self.state in {self.State.RUNNING, self.State.UNDOING}

    @property
    def undo_until(self) -> datetime | None:
        """When the former values are forgotten; None while it runs and once it is undone."""
        done = self.state == self.State.DONE and self.finished_at
        return self.finished_at + UNDONE_WITHIN if done and self.finished_at else None

    @property
    def can_be_undone(self) -> bool:
        return self.undo_until is not None and timezone.now() < self.undo_until


class EditedCustomer(ScopedModel):
    """What a bulk edit did to one customer. `before`: the former value of each changed field.

    `told_upto` is an event that stood when it was done: whatever was told of the customer later
    is somebody's later change. `kept` names fields that an undo left as somebody had made them.
    """

    class Outcome(models.TextChoices):
        WAITING = "waiting"
        CHANGED = "changed"
        SAME = "same"
        GONE = "gone"

    edit = models.ForeignKey(BulkEdit, on_delete=models.CASCADE, related_name="rows")
    # No constraint: its checks lock customers, so that people would wait while many are chosen.
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.WAITING)
    before = models.JSONField(default=dict)
    stage_change = models.BigIntegerField(null=True)
    told_upto = models.BigIntegerField(default=0)
    undone_at = models.DateTimeField(null=True)
    kept = ArrayField(models.CharField(max_length=60), default=list)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "edit", "outcome", "id"], name="edited_by_outcome"),
        ]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["workspace", "edit", "customer"], name="edited_once_by_an_edit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.outcome}"
