from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from banso.core.scope import ScopedModel


class KeptAnswer(ScopedModel):
    """What a request with an Idempotency-Key was answered, to be given again.

    `caller` is `key:<id>` or `person:<id>`; `key` and `request` are SHA-256 of the header and of
    what was asked. `body` is sealed: answers hold personal data and keys shown once. Empty: erased.
    """

    caller = models.CharField(max_length=45)
    key = models.CharField(max_length=64)
    request = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=100)  # Content-Type
    body = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["workspace", "caller", "key"], name="one_answer_a_caller_and_key"
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "at"], name="kept_answer_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.status} to {self.caller}"
