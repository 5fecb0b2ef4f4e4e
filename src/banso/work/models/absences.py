from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from banso.core.models import Person
from banso.core.scope import ScopedModel
from banso.lib.uuid7 import uuid7


class Absence(ScopedModel):
    """不在: a person of ours is away from the local day `from_on` to `until_on`, both included.

    `stand_in` does meanwhile what comes up; nobody: the sub owner of each customer does. `ended_on`:
    the day from which they were back after all.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField()
    stand_in = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    ended_on = models.DateField(null=True)
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=models.Q(until_on__gte=models.F("from_on")),
                name="absence_ends_not_before_start",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "until_on", "person"], name="absences_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.from_on}"

    @classmethod
    def stands(cls) -> models.Q:
        """All but those that were called off before they began."""
        return models.Q(ended_on=None) | models.Q(ended_on__gt=models.F("from_on"))

    @classmethod
    def covers(cls, on: date) -> models.Q:
        """Those of the local day `on`."""
        back = models.Q(ended_on=None) | models.Q(ended_on__gt=on)
        return models.Q(from_on__lte=on, until_on__gte=on) & back
