"""What customers, contacts and contracts share: three keys and soft deletion."""

from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.utils import timezone

from banso.core.scope import ScopedManager, ScopedModel
from banso.lib.uuid7 import uuid7


class LiveManager(ScopedManager):
    """Rows of the open workspace that are not in the bin."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(deleted_at=None)


class KeyedModel(ScopedModel):
    """Known by our id, by the source's own id, and by an id the workspace chose."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.CharField(max_length=40, blank=True)
    source_id = models.CharField(max_length=120, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[Any] = LiveManager()
    with_deleted: ClassVar[Any] = ScopedManager()

    class Meta:
        abstract = True

    pk: UUID


def unique_keys(noun: str) -> list[models.UniqueConstraint]:
    """One live row for each external id and for each id of a source, within a workspace."""
    live = models.Q(deleted_at=None)
    return [
        models.UniqueConstraint(
            fields=["workspace", "external_id"],
            condition=live & ~models.Q(external_id=""),
            name=f"one_{noun}_per_external_id",
        ),
        models.UniqueConstraint(
            fields=["workspace", "source", "source_id"],
            condition=live & ~models.Q(source_id=""),
            name=f"one_{noun}_per_source_id",
        ),
    ]
