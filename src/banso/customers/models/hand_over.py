from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from banso.core.models import Person
from banso.core.scope import ScopedModel
from banso.customers.models.bulk_edit import BulkEdit
from banso.lib.uuid7 import uuid7


class HandOver(ScopedModel):
    """担当変更: customers get another main owner from a day on, with a note and two check lists.

    `chosen` says which, as a bulk edit keeps it, read again on the day. On the day it becomes a bulk
    edit, which tells what was done and can be undone. Rooms above make tasks of the lists.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        DONE = "done", _("Handed over")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Did not happen")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    on = models.DateField()  # a day of the workspace's zone
    new_owner = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    chosen = models.JSONField()
    expected = models.PositiveIntegerField()  # customers, when it was planned
    former_owners = ArrayField(models.UUIDField(), default=list)  # people, when it was planned
    note = models.TextField(blank=True)
    list_for_old = ArrayField(models.CharField(max_length=200), default=list)
    list_for_new = ArrayField(models.CharField(max_length=200), default=list)
    passes_tasks = models.BooleanField(default=True)
    why_not = models.CharField(max_length=40, blank=True)  # the code of what stood in its way
    bulk_edit = models.ForeignKey(
        BulkEdit, null=True, on_delete=models.SET_NULL, related_name="hand_overs"
    )
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "-on", "id"], name="hand_overs_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.state}"
