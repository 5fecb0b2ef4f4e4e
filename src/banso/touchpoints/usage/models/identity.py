from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from banso.core.scope import ScopedModel
from banso.customers.models import Contact, Customer
from banso.lib.uuid7 import uuid7

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # no event is older


class MatchedBy(models.TextChoices):
    EXTERNAL_ID = "external_id", _("External ID")
    SOURCE_ID = "source_id", _("ID in the source")
    ID = "id", _("ID")
    EMAIL = "email", _("E-mail address")
    HAND = "hand", _("By hand")


class Account(ScopedModel):
    """A company as a source names it. `customer` is who that is; None while it waits."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=120)
    name = models.CharField(max_length=200, blank=True)
    traits = models.JSONField(default=dict)
    trait_times = models.JSONField(default=dict)  # trait -> when it was told; the newest is kept
    customer = models.ForeignKey(
        Customer, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    matched_by = models.CharField(max_length=12, choices=MatchedBy, blank=True)
    ignored_at = models.DateTimeField(null=True)
    first_seen_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)  # to the hour

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["workspace", "key"], name="one_account_per_key"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["workspace", "-last_seen_at"],
                condition=models.Q(customer=None, ignored_at=None),
                name="account_waiting",
            ),
            models.Index(
                fields=["customer"],
                condition=models.Q(customer__isnull=False),
                name="account_by_customer",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.key


class Visitor(ScopedModel):
    """A person as a source names them: `key` is its user id, or "anon:<anonymousId>".

    Goes with its contact or customer; who still uses the product is met again.

    `same_as` is the visitor that the newest alias or identify call (at `same_since`) says it is;
    `person_key` is the key at the end of that chain: the one person who is counted. What that
    person does at or after `current_from`, and no account of its own names, is of
    `current_customer`, through their latest account or else their contact. `settling` alone
    writes these five.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=120)
    person_key = models.CharField(max_length=120)
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)  # in lower case
    traits = models.JSONField(default=dict)
    trait_times = models.JSONField(default=dict)
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    matched_by = models.CharField(max_length=12, choices=MatchedBy, blank=True)
    same_as = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    same_since = models.DateTimeField(null=True)
    current_contact = models.ForeignKey(
        Contact, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    current_customer = models.ForeignKey(
        Customer, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    current_account = models.CharField(max_length=120, blank=True)
    current_from = models.DateTimeField(default=EARLIEST)
    ignored_at = models.DateTimeField(null=True)
    first_seen_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)  # to the hour

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["workspace", "key"], name="one_visitor_per_key"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "person_key"], name="visitor_by_person"),
            models.Index(
                fields=["workspace", "email"],
                condition=~models.Q(email=""),
                name="visitor_by_email",
            ),
            models.Index(
                fields=["workspace", "-last_seen_at"],
                condition=models.Q(contact=None),
                name="visitor_waiting",
            ),
            models.Index(
                fields=["contact"],
                condition=models.Q(contact__isnull=False),
                name="visitor_by_contact",
            ),
            models.Index(
                fields=["current_customer"],
                condition=models.Q(current_customer__isnull=False),
                name="visitor_by_customer",
            ),
            models.Index(
                fields=["same_as"],
                condition=models.Q(same_as__isnull=False),
                name="visitor_by_same_as",
            ),
        ]

    @property
    def customer_id(self) -> UUID | None:
        """On whose timeline it is told what became of the person. 1 query, none while it waits."""
        return self.contact.customer_id if self.contact else None

    def __str__(self) -> str:
        return self.name or self.key


class Belonging(ScopedModel):
    """A visitor was of an account at `since` (the corrected time of a group call)."""

    visitor_key = models.CharField(max_length=120)
    account_key = models.CharField(max_length=120)
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["workspace", "visitor_key", "since", "account_key"],
                name="one_belonging_each",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "account_key"], name="belonging_by_account"),
        ]

    def __str__(self) -> str:
        return f"{self.visitor_key} {self.account_key}"
