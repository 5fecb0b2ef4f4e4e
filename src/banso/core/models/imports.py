from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from banso.core.models.people import Person
from banso.core.scope import ScopedModel, UncheckedModel
from banso.lib.uuid7 import uuid7


class ImportRun(ScopedModel):
    """One import, from upload to undo. `report` holds the counts and errors of each table."""

    class State(models.TextChoices):
        DRAFT = "draft"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        UNDOING = "undoing"
        UNDONE = "undone"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mapping = models.CharField(max_length=100)
    source = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    settings = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "-created_at"], name="import_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.mapping} {self.created_at:%Y-%m-%d}"


class ImportedRow(UncheckedModel):
    """What one line of an import did, with what stood there before, so that it can be undone."""

    run = models.ForeignKey(
        ImportRun,
        on_delete=models.DO_NOTHING,  # only drafts are deleted, which have none
        db_constraint=False,
        db_index=False,  # the one below begins with the workspace, which is always known
        related_name="rows",
    )
    table = models.CharField(max_length=60)
    line = models.PositiveIntegerField()
    object_id = models.CharField(max_length=40)
    before = models.JSONField(null=True)  # null: the line created the row

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "run", "table"], name="imported_row_by_run"),
        ]

    def __str__(self) -> str:
        return f"{self.table}:{self.line}"
