from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from banso.core.models.people import Person
from banso.core.scope import ScopedModel
from banso.lib.uuid7 import uuid7


class ApiKey(ScopedModel):
    """A key for programs. Only its hash is kept; `scopes` are permissions it may use."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12)
    hash = models.CharField(
        max_length=64, unique=True
    )  # global: the key itself finds its workspace
    scopes = ArrayField(models.CharField(max_length=60))
    by = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "-created_at"], name="api_key_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}… {self.name}"
