from typing import Any, ClassVar
from urllib.parse import quote

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from banso.core.models import Person
from banso.core.scope import ScopedModel
from banso.lib.uuid7 import uuid7

PLACE = "{id}"


class Master(ScopedModel):
    """Another system in which some values of customers are kept: they are read-only here.

    It is the master of a customer that comes from it: whose `source` is its `code`, and who has
    a `source_id`. `fields`: columns of a customer, and `attributes.<key>`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=500, blank=True)  # {id} stands for the customer's source_id
    fields = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["workspace", "code"], name="one_master_per_code"),
        ]

    def __str__(self) -> str:
        return self.name

    def address_of(self, source_id: str) -> str:
        """Where the record stands there; "" where nobody said."""
        return self.url.replace(PLACE, quote(source_id, safe="")) if source_id else ""
