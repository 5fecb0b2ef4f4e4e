from typing import Any, ClassVar

from django.db import models

from banso.core.models import ImportRun
from banso.core.scope import ScopedModel, UncheckedModel
from banso.customers.models import Contact, Customer


class DailyUsage(UncheckedModel):
    """What one person (or nobody known) of a customer did with one feature on one local day.

    The rollup that everything else reads; `store` alone writes it. `person_key` names the person
    in every source: the source's own id, "contact:<id>" where only the contact is told, and empty
    where the source tells the company alone. `contact` is who that is, where we know.
    """

    # No foreign keys in the database: rows are derived, `store` checks what they come from, and
    # three look-ups a row would double the time of a load.
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    contact = models.ForeignKey(
        Contact,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    person_key = models.CharField(max_length=120, blank=True)
    feature = models.CharField(max_length=120)
    day = models.DateField()
    events = models.PositiveBigIntegerField(default=0)
    seconds = models.PositiveBigIntegerField(default=0)
    errors = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["workspace", "customer", "day", "feature", "person_key"],
                name="one_rollup_each",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "day"], name="usage_by_day"),
            models.Index(
                fields=["contact"],
                condition=models.Q(contact__isnull=False),
                name="usage_by_contact",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.feature} {self.day}"


class ImportedUsage(ScopedModel):
    """One row of daily totals as imported: its own id decides duplicates, its run can be undone."""

    source_id = models.CharField(max_length=120)
    line = models.PositiveIntegerField(default=0)
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    person_key = models.CharField(max_length=120, blank=True)
    feature = models.CharField(max_length=120)
    day = models.DateField()
    events = models.PositiveBigIntegerField(default=0)
    seconds = models.PositiveBigIntegerField(default=0)
    errors = models.PositiveBigIntegerField(default=0)
    import_run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["workspace", "source_id"], name="one_usage_per_id"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "customer", "day"], name="imported_usage_by_day"),
        ]

    def __str__(self) -> str:
        return self.source_id


class DayFigures(ScopedModel):
    """What all customers are compared with on a day, fixed from when the day was first scored.

    So that scoring one customer at noon reads no other's usage, and says what scoring everybody
    would say. `broad`: features the broadest tenth used in 28 days; `quiet`: working days of the
    last 56 on which next to nobody used anything, as ISO dates.
    """

    day = models.DateField()
    broad = models.PositiveIntegerField()
    quiet = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["workspace", "day"], name="one_set_of_figures_a_day"),
        ]

    def __str__(self) -> str:
        return str(self.day)
