from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from banso.core.models.imports import ImportRun
from banso.core.models.people import Person
from banso.core.scope import ScopedModel
from banso.lib.uuid7 import uuid7


class RepeatedImport(ScopedModel):
    """Files that come again and again: where they arrive, what they are, and who hears of them.

    `place` and `folder`: see banso.office.connections.folders. `mapping`: columns by key, as
    `dataclasses.asdict` of a Source; None: guessed anew in each file. Looked for at `at_hour`, or
    `every_hours` from midnight on, on `weekdays` (0 = Monday; none: all) of the workspace's zone.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=80)
    place = models.CharField(max_length=200)
    folder = models.CharField(max_length=200, blank=True)
    pattern = models.CharField(max_length=120)
    table = models.CharField(max_length=60)
    mapping = models.JSONField(null=True)
    mapped_like = models.CharField(max_length=200, blank=True)  # what the mapping was taken from
    source = models.CharField(max_length=40, blank=True)
    is_whole = models.BooleanField(default=True)  # each file has every row: who is missing vanished
    at_hour = models.PositiveSmallIntegerField(null=True)
    every_hours = models.PositiveSmallIntegerField(null=True)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    tells = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    since = models.DateTimeField(default=timezone.now)  # hours before it are not waited for
    paused_at = models.DateTimeField(null=True)
    arrived_for = models.DateTimeField(null=True)  # the latest hour for which a file came
    missed_for = models.DateTimeField(null=True)  # the latest hour for which none did, as told
    asked_at = models.DateTimeField(null=True)  # when a person last had it looked for files
    asked_found = models.PositiveSmallIntegerField(null=True)  # files begun by that; None: looking

    def __str__(self) -> str:
        return self.name


class ArrivedFile(ScopedModel):
    """A whole file as it once lay in the folder: known by name, size and time, taken by its content.

    `run` None: the same content was taken before (`same_as`), or it could not be begun (`trouble`).
    `is_lapsed`: its import came to nothing, and the same content has been taken again.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    repeated = models.ForeignKey(RepeatedImport, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    changed_ns = models.BigIntegerField()  # its time in the folder, nanoseconds since 1970 UTC
    content = models.CharField(max_length=64)  # SHA-256
    same_as = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    run = models.ForeignKey(ImportRun, null=True, on_delete=models.SET_NULL, related_name="+")
    trouble = models.CharField(max_length=500, blank=True)
    is_lapsed = models.BooleanField(default=False)
    vanished = models.PositiveIntegerField(default=0)  # rows that were there and are not in it
    arrived_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["workspace", "repeated", "name", "size", "changed_ns"],
                name="one_arrival_per_file",
            ),
            models.UniqueConstraint(
                fields=["workspace", "repeated", "content"],
                condition=models.Q(same_as=None, is_lapsed=False),
                name="one_import_per_content",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class VanishedRow(ScopedModel):
    """A row that comes from a source and is not in its latest file. Never deleted for that."""

    repeated = models.ForeignKey(RepeatedImport, on_delete=models.CASCADE, related_name="vanished")
    object_id = models.CharField(max_length=40)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["workspace", "repeated", "object_id"], name="vanished_once"
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "object_id"], name="vanished_by_object"),
        ]

    def __str__(self) -> str:
        return self.object_id
