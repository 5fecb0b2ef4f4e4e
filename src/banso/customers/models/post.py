from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from banso.core.models import ImportRun, Person
from banso.core.scope import ScopedModel
from banso.customers.models.contact import Contact, ContactRole, Presence
from banso.customers.models.customer import Customer
from banso.lib.uuid7 import uuid7


class FormerPost(ScopedModel):
    """What a contact was up to a day (経歴): what they are since stands in the contact itself.

    `until` is the first day of what came next. `successor` (後任) took the post over; `passed` are
    the roles that came to them by it alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="former_posts")
    department = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=120, blank=True)
    roles = ArrayField(models.CharField(max_length=10, choices=ContactRole), default=list)
    presence = models.CharField(max_length=10, choices=Presence)
    presence_since = models.DateField(null=True)
    until = models.DateField()
    successor = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    passed = ArrayField(models.CharField(max_length=10, choices=ContactRole), default=list)
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    import_run = models.ForeignKey(
        ImportRun, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now)
    is_told = models.BooleanField(default=False)  # by a file: no move that was recorded here

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "contact", "-until"], name="posts_of_contact"),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.title}".strip()


class Affiliation(ScopedModel):
    """A contact belongs to another company beside their own (兼務), and is something there, too.

    What they are at home stands in the contact.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="affiliations")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="affiliations")
    department = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=120, blank=True)
    roles = ArrayField(models.CharField(max_length=10, choices=ContactRole), default=list)
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["workspace", "contact", "customer"], name="one_affiliation_per_company"
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "customer"], name="affiliations_by_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.customer_id}"
