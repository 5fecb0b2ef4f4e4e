from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from banso.core.models.people import Person
from banso.core.scope import ScopedModel
from banso.lib.uuid7 import uuid7


class ListExport(ScopedModel):
    """A list or document on its way into a file, as somebody saw it. Gone with its file after a day."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        FAILED = "failed"

    class Kind(models.TextChoices):
        XLSX = "xlsx"
        CSV = "csv"
        PPTX = "pptx"
        PDF = "pdf"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    list = models.CharField(max_length=80)
    query = models.TextField(blank=True)  # what the list's address asked for
    kind = models.CharField(max_length=4, choices=Kind, default=Kind.XLSX)
    language = models.CharField(max_length=5)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    rows = models.PositiveIntegerField(default=0)
    trouble = models.TextField(blank=True)
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "created_at"], name="list_export_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.list}.{self.kind}"
