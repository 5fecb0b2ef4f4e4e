from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from banso.core.models import Person
from banso.core.scope import ScopedModel
from banso.lib.uuid7 import uuid7


class Segment(ScopedModel):
    """A saved filter over Fields; its members are whoever fits when it is opened.

    `conditions`: [{"field": key, "op": "is|is_not|contains|gte|lt|before|after|empty|...",
    "value": ...}], all of which must hold.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    conditions = models.JSONField(default=list)
    sort = models.CharField(max_length=80, blank=True)
    columns = models.JSONField(default=list)
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["workspace", "name"], name="one_segment_per_name"),
        ]

    def __str__(self) -> str:
        return self.name
