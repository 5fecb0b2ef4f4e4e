from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from banso.core.models import ImportRun, Person
from banso.core.scope import ScopedModel
from banso.customers.models.contract import Contract
from banso.lib.uuid7 import uuid7


class ChargeKind(models.TextChoices):
    SETUP = "setup", _("Initial fee")
    ONBOARDING = "onboarding", _("Onboarding support")
    CUSTOM = "custom", _("Custom work")
    OTHER = "other", _("Other one-off charge")


class Charge(ScopedModel):
    """A one-off line of a contract (初期費用 and the like): paid once, never MRR.

    No sum of MRR can see it, for it is no line of the ledger. Never updated except `voided_at`,
    set once: a correction is a new row.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="charges")
    kind = models.CharField(max_length=12, choices=ChargeKind)
    name = models.CharField(max_length=120, blank=True)
    amount = models.BigIntegerField()  # minor units of the contract's currency, no tax
    charged_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(
        Person, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    import_run = models.ForeignKey(
        ImportRun, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now)
    voided_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "contract"], name="charges_of_contract"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
