from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from banso.core.scope import UncheckedModel
from banso.touchpoints.usage.models.source import Source


class Arrival(UncheckedModel):
    """One request of a source and what became of it, for those who look whether usage arrives.

    `body` is its beginning, up to 16 KB; of a source that sends many a second, only some keep
    theirs. `problem` is a code (worded when shown) of a request that was refused. Kept for a day.
    """

    # No foreign keys in the database: every request would lock its source's and workspace's rows.
    source = models.ForeignKey(
        Source, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=10)  # track, identify, …, batch
    count = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    duplicates = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)  # new, of nobody we know
    problem = models.CharField(max_length=40, blank=True)
    params = models.JSONField(default=dict)
    body = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "-id"], name="arrival_latest"),
            models.Index(fields=["source", "-id"], name="arrival_of_source"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"
