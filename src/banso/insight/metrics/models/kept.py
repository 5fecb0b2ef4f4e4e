from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from banso.core.scope import ScopedModel


class KeptBoard(ScopedModel):
    """What a page showed when it was worked out: figures that the ledger and purchases give at any time.

    `asked` names what it is about. True for the workspace's day `on` and for what had been written
    by `stamp` (`core.snapshots`); `seconds`: what working it out took.
    """

    asked = models.CharField(max_length=64)
    on = models.DateField()
    stamp = models.TextField()
    board = models.JSONField()
    made_at = models.DateTimeField(default=timezone.now)
    seconds = models.FloatField(default=0)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["workspace", "asked"], name="one_board_each"),
        ]

    def __str__(self) -> str:
        return f"{self.asked} {self.on}"
