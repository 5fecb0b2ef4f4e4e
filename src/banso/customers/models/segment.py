from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from banso.core.models import Person
from banso.core.scope import ScopedModel
from banso.customers.models.customer import Customer, Tier
from banso.lib.uuid7 import uuid7


class Segment(ScopedModel):
    """A saved filter over Fields: whoever fits is in it, and leaves as soon as they do not.

    `conditions`: [{"field": key, "op": "is|is_not|contains|gte|lt|before|after|empty|...",
    "value": ...}], all of which must hold. `edition` numbers the conditions: it changes with them.
    `size`: how many are in it, known since `filled_at`; who joined before is no news. `tier`: the
    touch tier that is proposed for members; empty proposes nothing. `permissions`: what its
    conditions of today and before need to be seen: its history is told to nobody else.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    conditions = models.JSONField(default=list)
    sort = models.CharField(max_length=80, blank=True)
    columns = models.JSONField(default=list)
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    edition = models.BigIntegerField(default=0, editable=False)
    size = models.PositiveIntegerField(default=0, editable=False)
    filled_at = models.DateTimeField(null=True, editable=False)
    tier = models.CharField(max_length=10, choices=Tier, blank=True, default="")
    permissions = ArrayField(models.CharField(max_length=60), default=list, editable=False)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["workspace", "name"], name="one_segment_per_name"),
        ]

    def __str__(self) -> str:
        return self.name


class SegmentMember(ScopedModel):
    """A customer is in a segment. One row a stay: who comes back has another."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="members")
    # No constraint: its checks lock customers, so that people would wait while many are tested.
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    since = models.DateField()  # the workspace's day

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["workspace", "segment", "customer"], name="one_stay_at_a_time"
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "customer"], name="segments_of_customer"),
            models.Index(fields=["workspace", "segment", "-id"], name="latest_members"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} in {self.segment_id}"


class SegmentMove(ScopedModel):
    """A customer came into a segment, or left it. Append-only.

    `changed`: the conditions that brought it about, as the segment had them.
    """

    class Cause(models.TextChoices):
        VALUES = "values"  # the customer's values changed, or a day passed
        EDITED = "edited"  # the segment's conditions changed
        BOOK = "book"  # the customer came into the book, or left it

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="moves")
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    entered = models.BooleanField()
    cause = models.CharField(max_length=8, choices=Cause)
    changed = models.JSONField(default=list)
    on = models.DateField()  # the workspace's day
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "segment", "-id"], name="moves_of_segment"),
            models.Index(fields=["workspace", "customer", "-id"], name="moves_of_customer"),
            models.Index(
                fields=["workspace", "on"], include=["segment", "entered"], name="moves_by_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {'into' if self.entered else 'out of'} {self.segment_id}"


class SegmentMemory(ScopedModel):
    """Which conditions held for a customer when it was last tested, to tell which changed.

    `held`: by the edition of a segment's conditions, a bit for each of them.
    """

    customer = models.OneToOneField(
        Customer,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="+",
        db_constraint=False,
    )
    held = models.JSONField(default=dict)

    def __str__(self) -> str:
        return str(self.customer_id)


class SegmentRun(ScopedModel):
    """Up to where a workspace's memberships are true. One row; whoever tests holds it.

    `stamp`: everything told before it has been followed; empty: everybody must be tested.
    `day`: the last day for which everybody was, or is being, by the editions of `testing`;
    `reached`: up to which customer. `editions`: how many numbers were given.
    """

    stamp = models.TextField(blank=True)
    day = models.DateField(null=True)
    testing = models.JSONField(default=list)
    reached = models.UUIDField(null=True)
    is_done = models.BooleanField(default=True)
    editions = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["workspace"], name="one_segment_run"),
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class TierProposal(ScopedModel):
    """A segment says that a member should have another touch tier; a person decides.

    One for each stay in the segment and tier. Lapsed: the customer left, has the tier by now, or
    the segment proposes it no more.
    """

    class State(models.TextChoices):
        OPEN = "open"
        APPROVED = "approved"
        REFUSED = "refused"
        LAPSED = "lapsed"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="proposals")
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    stay = models.BigIntegerField()  # the SegmentMember, which may be gone
    before = models.CharField(max_length=10, choices=Tier)
    tier = models.CharField(max_length=10, choices=Tier)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    proposed_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["workspace", "stay", "tier"], name="one_proposal_a_stay"
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["workspace", "segment", "id"],
                condition=models.Q(state="open"),
                name="open_tier_proposals",
            ),
            models.Index(fields=["workspace", "customer"], name="tier_proposals_of_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.before} → {self.tier}"
