from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from banso.core.models import Person
from banso.core.scope import ScopedModel
from banso.lib.uuid7 import uuid7


class Merge(ScopedModel):
    """Two customers, or two contacts of one, turned out to be the same; and perhaps not, after all.

    `survivor_id` and `merged_id` are of the noun (no foreign keys: one column for both nouns).
    `taken` are the survivor's fields that changed: {name: {"before", "after"}}; `contacted_before`
    is its own last contact. `stages` are lines by which the chosen history of stages goes on
    answering. `moved` and `stayed` count rows by link (`work.task.customer_id`): those that stayed
    would have stood beside one of which there can only be one.
    """

    class Noun(models.TextChoices):
        CUSTOMER = "customer", _("Customer")
        CONTACT = "contact", _("Contact")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    noun = models.CharField(max_length=10, choices=Noun)
    survivor_id = models.UUIDField()
    merged_id = models.UUIDField()
    taken = models.JSONField(default=dict)
    contacted_before = models.DateField(null=True)
    stages = models.JSONField(default=list)
    moved = models.JSONField(default=dict)
    stayed = models.JSONField(default=dict)
    upto = models.BigIntegerField(default=0)  # the last event before it
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    undone_at = models.DateTimeField(null=True)
    returned = models.JSONField(default=dict)  # rows by link, once it is undone

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["workspace", "merged_id"],
                condition=models.Q(undone_at=None),
                name="merged_into_one_at_a_time",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "-at"], name="merge_latest"),
            models.Index(fields=["workspace", "survivor_id"], name="merge_by_survivor"),
        ]

    def __str__(self) -> str:
        return f"{self.merged_id} → {self.survivor_id}"


class MergedRow(ScopedModel):
    """A row that a merge gave to the survivor, which an un-merge gives back. `row` is its key."""

    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="rows", db_index=False)
    link = models.CharField(max_length=100)  # model and column: work.task.customer_id
    row = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["workspace", "merge", "link", "row"], name="moved_once_by_a_merge"
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "link", "row"], name="merged_row_by_row"),
        ]

    def __str__(self) -> str:
        return f"{self.link} {self.row}"
