from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from banso.core.models import ImportRun
from banso.customers.models.customer import Customer
from banso.customers.models.keys import MergeableModel, merged_index, unique_keys


class ContactRole(models.TextChoices):
    CHAMPION = "champion", _("Champion")
    SPONSOR = "sponsor", _("Sponsor")
    ADMIN = "admin", _("Administrator")
    USER = "user", _("User")
    BILLING = "billing", _("Billing")


class Presence(models.TextChoices):
    HERE = "here", _("In post")
    MOVED = "moved", _("Moved")
    LEFT = "left", _("Left the company")
    UNKNOWN = "unknown", _("Not known")


class Contact(MergeableModel):
    """A person on the customer's side."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=120)
    name_reading = models.CharField(max_length=120, blank=True)
    name_folded = models.CharField(max_length=400, editable=False)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    department = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=120, blank=True)
    roles = ArrayField(models.CharField(max_length=10, choices=ContactRole), default=list)
    presence = models.CharField(max_length=10, choices=Presence, default=Presence.HERE)
    presence_since = models.DateField(null=True, blank=True)
    # When somebody last said whether they are there: who was not asked this season is to be.
    checked_on = models.DateField(null=True, blank=True, editable=False)
    created_by_import = models.ForeignKey(
        ImportRun, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints: ClassVar[list[Any]] = unique_keys("contact", mergeable=True)
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "customer"], name="contact_by_customer"),
            models.Index(
                fields=["workspace", "name_reading", "name", "id"], name="contact_by_reading"
            ),
            GinIndex(
                fields=["workspace", "name_folded"],
                opclasses=["uuid_ops", "gin_trgm_ops"],
                name="contact_search",
            ),
            merged_index("contact"),
        ]

    def __str__(self) -> str:
        return self.name
