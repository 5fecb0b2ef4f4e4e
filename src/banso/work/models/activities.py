from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.utils.translation import gettext_lazy as _

from banso.core.models import ImportRun, Person
from banso.core.scope import ScopedModel
from banso.customers.models import Contact, Customer, Tier
from banso.customers.models.keys import KeyedModel, unique_keys
from banso.work.models.tasks import Task


class ActivityKind(models.TextChoices):
    CALL = "call", _("Call")
    VISIT = "visit", _("Visit")
    MEETING = "meeting", _("Web meeting")
    MAIL = "mail", _("Mail note")
    MEMO = "memo", _("Memo")


MEETINGS = (ActivityKind.CALL, ActivityKind.VISIT, ActivityKind.MEETING)  # both sides spoke


class Mood(models.TextChoices):
    GOOD = "good", _("Good")
    NEUTRAL = "neutral", _("Neutral")
    BAD = "bad", _("Bad")


class Bigrams(models.Func):
    """Every two letters of a folded text that stand side by side: an index finds 解約 by them."""

    function = "work_bigrams"
    output_field = ArrayField(models.TextField())


class Activity(KeyedModel):
    """活動記録: what was said and done with a customer, as somebody of ours wrote it down.

    `body` is kept as it was pasted. `folded` is what search reads of title, body and decisions.
    `contacted` is the event by which the customer's last contact knows of it; None for memos.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="activities")
    kind = models.CharField(max_length=10, choices=ActivityKind)
    happened_at = models.DateTimeField()
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    decisions = models.TextField(blank=True)
    mood = models.CharField(max_length=10, choices=Mood, blank=True)
    folded = models.TextField(editable=False)
    next_step = models.ForeignKey(Task, null=True, on_delete=models.SET_NULL, related_name="+")
    contacted = models.BigIntegerField(null=True, editable=False)
    written_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_by_import = models.ForeignKey(
        ImportRun, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints: ClassVar[list[Any]] = unique_keys("activity")
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["workspace", "customer", "-happened_at"],
                include=["kind"],  # the latest meeting of 20,000 customers, without their rows
                condition=models.Q(deleted_at=None),
                name="activities_of_customer",
            ),
            models.Index(
                fields=["workspace", "-happened_at", "-id"],
                condition=models.Q(deleted_at=None),
                name="activities_by_time",
            ),
            GinIndex(
                OpClass(models.F("workspace"), name="uuid_ops"),
                OpClass(Bigrams("folded"), name="array_ops"),
                name="activity_search",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Attendee(ScopedModel):
    """Somebody who took part in an activity: a contact of the customer, or one of our people."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="attendees")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["workspace", "activity", "contact"], name="one_attendee_per_contact"
            ),
            models.UniqueConstraint(
                fields=["workspace", "activity", "member"], name="one_attendee_per_member"
            ),
            models.CheckConstraint(
                condition=models.Q(contact=None) ^ models.Q(member=None),
                name="attendee_of_one_side",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "contact"], name="attendees_by_contact"),
            models.Index(fields=["workspace", "member"], name="attendees_by_member"),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id or self.member_id}"


class Cadence(ScopedModel):
    """How often customers of a tier are met: at least every `days` days. 0: there is no rhythm.

    A tier without a row has the usual rhythm (`cadences.USUAL`).
    """

    tier = models.CharField(max_length=10, choices=Tier)
    days = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["workspace", "tier"], name="one_cadence_per_tier"),
        ]

    def __str__(self) -> str:
        return f"{self.tier}: {self.days}"
