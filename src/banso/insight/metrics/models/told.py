from dataclasses import dataclass
from typing import Generic, Self, TypeVar

from django.db import models
from django.utils import timezone

from banso.core.scope import ScopedModel

Kept = TypeVar("Kept", bound=ScopedModel)


@dataclass(frozen=True, slots=True)
class Put(Generic[Kept]):
    """A row that stands now, and the one whose place it took."""

    made: Kept
    replaced: Kept | None = None


class Told(ScopedModel):
    """What people tell the figures, as it was known at any moment.

    Never changed but for `voided_at`, set once: whoever says otherwise records another row.
    """

    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    voided_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True

    def replaced_by(self, other: Self | None) -> None:
        """From now on `other` counts instead, or nothing does."""
        self.voided_at = other.recorded_at if other else timezone.now()
        self.save(update_fields=["voided_at"])
