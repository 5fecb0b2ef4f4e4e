from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from banso.core.models import ImportRun, Person
from banso.core.scope import ScopedModel
from banso.customers.models import Contact, Customer
from banso.lib.uuid7 import uuid7


class Task(ScopedModel):
    """Something a person of ours is to do by a day.

    Its words are either `title` (written by a person) or `code` and `params`, worded for
    the reader. `origin` is the key of what caused it: the same cause makes one task. Brought in from
    a file, it has the ids that it had there. `contact` is
    whom of the customer's people it is about; their successor inherits it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    customer = models.ForeignKey(
        Customer, null=True, blank=True, on_delete=models.CASCADE, related_name="tasks"
    )
    contact = models.ForeignKey(
        Contact,
        null=True,
        blank=True,
        db_index=False,  # few are about somebody: the index holds those alone
        on_delete=models.SET_NULL,
        related_name="+",
    )
    title = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    code = models.CharField(max_length=60, blank=True)
    params = models.JSONField(default=dict)
    origin = models.CharField(max_length=80, blank=True)
    owner = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    source = models.CharField(max_length=40, blank=True)
    source_id = models.CharField(max_length=120, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    created_by_import = models.ForeignKey(
        ImportRun, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["workspace", "external_id"],
                condition=~models.Q(external_id=""),
                name="one_task_per_external_id",
            ),
            models.UniqueConstraint(
                fields=["workspace", "source", "source_id"],
                condition=~models.Q(source_id=""),
                name="one_task_per_source_id",
            ),
            models.UniqueConstraint(
                fields=["workspace", "origin"],
                condition=~models.Q(origin=""),
                name="one_task_per_origin",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "owner", "done_at", "due_on"], name="tasks_of_owner"),
            models.Index(fields=["workspace", "customer", "done_at"], name="tasks_of_customer"),
            models.Index(
                fields=["contact"],
                condition=models.Q(contact__isnull=False),
                name="tasks_of_contact",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.code


class CallKind(models.TextChoices):
    COMPLAINT = "complaint", _("Open complaint")
    INVOICE_OVERDUE = "invoice_overdue", _("Invoice overdue")
    ONBOARDING_STUCK = "onboarding_stuck", _("Onboarding stuck")
    OPPORTUNITY = "opportunity", _("Opportunity")
    OTHER = "other", _("Other")


class CallToAction(ScopedModel):
    """要対応: something about a customer that stands open until somebody deals with it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="calls")
    kind = models.CharField(max_length=20, choices=CallKind)
    since = models.DateField()
    note = models.TextField(blank=True)
    owner = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    closed_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by_import = models.ForeignKey(
        ImportRun, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "customer", "closed_on"], name="calls_of_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.since}"
