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


class KnownManager(ScopedManager):
    """Rows whose keys are taken: living ones, and those merged into another, who still answer to theirs."""

    def get_queryset(self) -> models.QuerySet[Any]:
        known = models.Q(deleted_at=None) | models.Q(merged_into__isnull=False)
        return super().get_queryset().filter(known)


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


class MergeableModel(KeyedModel):
    """May turn out to be the same as another, and not to be after all.

    A row that was merged away has `deleted_at`, and `merged_into` is who leads on: always one that
    was merged into nobody itself. Its keys stay its own, so they lead on, too.
    """

    merged_into: Any = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,  # few are: see `merged_index`
    )

    objects: ClassVar[Any] = LiveManager()  # again, for the first of a class is its default
    known: ClassVar[Any] = KnownManager()

    class Meta:
        abstract = True


def merged_index(noun: str) -> models.Index:
    """Who was merged into a row, without a place in the index for the many that were not."""
    merged = models.Q(merged_into__isnull=False)
    return models.Index(fields=["merged_into"], condition=merged, name=f"{noun}_merged")


def unique_keys(noun: str, *, mergeable: bool = False) -> list[models.UniqueConstraint]:
    """One live row for each external id and for each id of a source, within a workspace.

    What was merged into another keeps its keys.
    """
    live = models.Q(deleted_at=None)
    if mergeable:
        live |= models.Q(merged_into__isnull=False)
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
