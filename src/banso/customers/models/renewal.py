from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from banso.core.models import Person
from banso.core.scope import ScopedModel
from banso.customers.models.contract import CancellationNotice, Contract, ContractChange
from banso.lib.money import monthly
from banso.lib.uuid7 import uuid7


class Forecast(models.TextChoices):
    UNDECIDED = "undecided", pgettext_lazy("forecast of a renewal", "Undecided")
    RENEW = "renew", pgettext_lazy("forecast of a renewal", "Renews as is")
    EXPAND = "expand", pgettext_lazy("forecast of a renewal", "Grows")
    CONTRACT = "contract", pgettext_lazy("forecast of a renewal", "Shrinks")
    CHURN = "churn", pgettext_lazy("forecast of a renewal", "Leaves")


class Step(models.TextChoices):
    NONE = "", pgettext_lazy("step of a renewal", "Not begun")
    SOUNDED = "sounded", pgettext_lazy("step of a renewal", "Sounded out")
    QUOTED = "quoted", pgettext_lazy("step of a renewal", "Quoted")
    IN_REVIEW = "in_review", pgettext_lazy("step of a renewal", "In their approval")
    AGREED = "agreed", pgettext_lazy("step of a renewal", "Agreed informally")
    ORDERED = "ordered", pgettext_lazy("step of a renewal", "Order received")
    RENEWED = "renewed", pgettext_lazy("step of a renewal", "Renewed")


class Outcome(models.TextChoices):
    RENEWED = "renewed", pgettext_lazy("outcome of a renewal", "Renewed as it was")
    EXPANDED = "expanded", pgettext_lazy("outcome of a renewal", "Renewed, larger")
    CONTRACTED = "contracted", pgettext_lazy("outcome of a renewal", "Renewed, smaller")
    DECLINED = "declined", pgettext_lazy("outcome of a renewal", "Not renewed")


class Renewal(ScopedModel):
    """The end of one term of a contract: what we expect of it, how far it is, how it went.

    A contract has at most one that is not closed, made once somebody expects something; until then
    the contract alone says that a renewal is due. Closed by a line of the ledger, whichever door
    wrote it: `line` renewed or ended the contract, `adjustment` made it larger or smaller at that.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    contract = models.ForeignKey(
        Contract, on_delete=models.CASCADE, db_index=False, related_name="renewals"
    )
    forecast = models.CharField(max_length=10, choices=Forecast, default=Forecast.UNDECIDED)
    step = models.CharField(max_length=10, choices=Step, blank=True)
    expected_on = models.DateField(null=True, blank=True)  # when they decide
    expected_amount = models.BigIntegerField(null=True, blank=True)  # minor units, next term
    note = models.TextField(blank=True)
    due_on = models.DateField(null=True, editable=False)  # the end that was due, exclusive
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, editable=False)
    line = models.ForeignKey(
        ContractChange, null=True, editable=False, on_delete=models.CASCADE, related_name="+"
    )
    adjustment = models.ForeignKey(
        ContractChange, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    # The notice that closing recorded; one that stood before is not its own to withdraw.
    notice = models.ForeignKey(
        CancellationNotice, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_by = models.ForeignKey(
        Person, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["workspace", "contract"],
                condition=models.Q(closed_at=None),
                name="one_open_renewal_each",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["contract"], name="renewals_of_contract"),
            models.Index(
                fields=["workspace", "-closed_at"],
                condition=~models.Q(closed_at=None),
                name="renewal_by_closing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id} {self.due_on}"

    @property
    def currency(self) -> str:
        return self.contract.currency

    @property
    def standing_step(self) -> Step:
        """How far it is; renewed (更新済) is what closing makes of it, and is not kept."""
        is_renewed = self.closed_at is not None and self.outcome != Outcome.DECLINED
        return Step.RENEWED if is_renewed else Step(self.step)

    @property
    def loss(self) -> "Loss | None":
        """Why it ended or shrank, where that was said. No query where lines are read with losses."""
        line = self.adjustment or self.line
        return getattr(line, "loss", None)

    @property
    def mrr_after(self) -> Decimal | None:
        """Minor units a month from the renewal on; None while it is not closed."""
        line = self.adjustment or self.line
        return line.mrr if line else None

    @property
    def mrr_before(self) -> Decimal | None:
        """What was up for renewal: a renewal line tells it, an end keeps what was signed."""
        if self.line is None or self.outcome != Outcome.DECLINED:
            return self.line.mrr if self.line else None
        return monthly(self.contract.amount, self.contract.term_months)


class Loss(ScopedModel):
    """Why a line of the ledger ended a contract or made it smaller.

    It goes with its line: voided with it, and handed on to the line that corrects it. Reasons are
    codes of `LossReason`. When it takes effect is the line's own day.
    """

    line = models.OneToOneField(ContractChange, on_delete=models.CASCADE, related_name="loss")
    main_reason = models.CharField(max_length=40)
    second_reason = models.CharField(max_length=40, blank=True)
    detail = models.TextField(blank=True)
    competitor = models.CharField(max_length=120, blank=True)
    noticed_on = models.DateField(null=True, blank=True)  # 申出日
    told_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "main_reason"], name="loss_by_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.main_reason}"


class LossReason(ScopedModel):
    """A reason of this workspace, or what it made of a usual one (`loss_reasons.USUAL`).

    `name` empty: as the usual one is called. Retired ones stay with what they were given for.
    """

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=60, blank=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["workspace", "code"], name="one_loss_reason_per_code"),
        ]

    def __str__(self) -> str:
        return self.name or self.code
