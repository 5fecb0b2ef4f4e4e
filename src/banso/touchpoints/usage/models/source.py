from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from banso.core.models import Person
from banso.core.scope import ScopedModel
from banso.lib.uuid7 import uuid7


class SourceKind(models.TextChoices):
    SERVER = "server", _("Server")
    BROWSER = "browser", _("Browser")
    MOBILE = "mobile", _("Mobile app")
    OTHER = "other", _("Other")


class Source(ScopedModel):
    """A program that sends usage, with its write key: browsers carry it, so it may only write usage.

    Only hashes of keys are kept. While a key is being changed the one before works until
    `previous_until`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=SourceKind, default=SourceKind.SERVER)
    key_prefix = models.CharField(max_length=12)
    key_hash = models.CharField(max_length=64, unique=True)  # global: the key finds its workspace
    previous_hash = models.CharField(max_length=64, blank=True)
    previous_until = models.DateTimeField(null=True)
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "-created_at"], name="usage_source_latest"),
            models.Index(
                fields=["previous_hash"],
                condition=~models.Q(previous_hash=""),
                name="usage_source_previous",
            ),
        ]

    def __str__(self) -> str:
        return self.name
