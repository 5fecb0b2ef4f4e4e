from typing import Any, ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from banso.core.models import ImportRun, Person
from banso.core.scope import ScopedModel
from banso.customers.models.keys import MergeableModel, merged_index, unique_keys


class Tier(models.TextChoices):
    HIGH = "high", _("High touch")
    LOW = "low", _("Low touch")
    TECH = "tech", _("Tech touch")


class Stage(models.TextChoices):
    TRIAL = "trial", _("Trial")
    ONBOARDING = "onboarding", _("Onboarding")
    ADOPTION = "adoption", _("Adoption")
    ESTABLISHED = "established", _("Established")
    LEAVING = "leaving", _("Leaving")
    CHURNED = "churned", _("Churned")


class Maturity(models.TextChoices):
    """How far they have come with what they bought. The codes sort as they grow."""

    BEGINNING = "1", _("1 Beginning")
    BASICS = "2", _("2 Uses the basics")
    DAILY = "3", _("3 Part of daily work")
    BROAD = "4", _("4 Spreads to others")
    MODEL = "5", _("5 A model for others")


class Customer(MergeableModel):
    """A company that uses, tries or once used our product."""

    name = models.CharField(max_length=200)
    name_reading = models.CharField(max_length=200, blank=True)  # よみ
    # What names sort by: banso.lib.text.sort_key of the reading, else of the name.
    name_sort = models.CharField(max_length=900, editable=False, db_collation="C")
    name_folded = models.CharField(max_length=500, editable=False)  # for search; see services
    # 法人番号. Not unique: a company's offices (拠点) are customers of their own and share it.
    corporate_number = models.CharField(max_length=13, blank=True)
    former_names = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    domain = models.CharField(max_length=253, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children"
    )
    industry = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, blank=True)
    employees = models.PositiveIntegerField(null=True, blank=True)
    tier = models.CharField(max_length=10, choices=Tier, default=Tier.TECH)
    stage = models.CharField(max_length=20, choices=Stage, default=Stage.ONBOARDING)
    stage_since = models.DateField()
    main_owner = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    sub_owner = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    goals = models.TextField(blank=True)  # in the customer's own words
    approach = models.TextField(blank=True)  # 支援方針: how we run beside them, a paragraph
    purpose = models.CharField(max_length=200, blank=True)  # 利用目的
    maturity = models.CharField(max_length=1, choices=Maturity, blank=True)  # 成熟度
    competitor = models.CharField(max_length=120, blank=True)  # 競合
    switched_from = models.CharField(max_length=120, blank=True)  # 乗換元
    fiscal_month = models.PositiveSmallIntegerField(null=True, blank=True)  # 決算月, 1 to 12
    since = models.DateField(null=True, blank=True)  # signed up
    last_contact_on = models.DateField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    attributes = models.JSONField(default=dict)
    created_by_import = models.ForeignKey(
        ImportRun, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints: ClassVar[list[Any]] = unique_keys("customer", mergeable=True)
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "name_sort", "id"], name="customer_by_reading"),
            models.Index(fields=["workspace", "main_owner"], name="customer_by_owner"),
            models.Index(
                fields=["workspace", "corporate_number"],
                condition=~models.Q(corporate_number=""),
                name="customer_by_corporate_number",
            ),
            models.Index(
                fields=["workspace", "tier", "id"],
                condition=models.Q(deleted_at=None),
                name="customer_by_tier",
            ),
            GinIndex(
                fields=["workspace", "name_folded"],
                opclasses=["uuid_ops", "gin_trgm_ops"],
                name="customer_search",
            ),
            merged_index("customer"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def customer_id(self) -> UUID:
        """So that an event about a customer is on that customer's timeline."""
        return self.pk


class StageChange(ScopedModel):
    """A stage entered on a day. The latest by (entered_on, id) is where the customer is."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="stage_changes")
    stage = models.CharField(max_length=20, choices=Stage)
    entered_on = models.DateField()
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "customer", "-entered_on"], name="stage_history"),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.entered_on}"
