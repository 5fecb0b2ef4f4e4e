from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from banso.core.models import Person
from banso.core.scope import ScopedModel
from banso.customers.models.customer import Customer
from banso.lib.uuid7 import uuid7


class Likeness(ScopedModel):
    """Two customers that may be one company, and what a person has said of them.

    `first` came into the book before `second`. `score` 50 to 100; `reasons`: [code, points, value]
    of `lib.same_company`, weightiest first. Once `told_apart_at` is set the pair stays told apart,
    whatever is found later; others go as soon as nothing speaks for them any more.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    first = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    found_at = models.DateTimeField(default=timezone.now)
    told_apart_at = models.DateTimeField(null=True)
    told_apart_by = models.ForeignKey(
        Person, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["workspace", "first", "second"], name="one_likeness_per_pair"
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "-score", "id"], name="likeness_by_score"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id} {self.score}"


class SilentDomain(ScopedModel):
    """A domain that tells no company here: of a group, a landlord, a provider nobody else lists."""

    domain = models.CharField(max_length=253)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["workspace", "domain"], name="one_silent_domain"),
        ]

    def __str__(self) -> str:
        return self.domain
