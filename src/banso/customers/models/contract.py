from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from banso.core.models import ImportRun, Person
from banso.core.scope import ScopedModel
from banso.customers.models.customer import Customer
from banso.customers.models.keys import KeyedModel, unique_keys
from banso.customers.models.product import Plan, Product
from banso.lib.uuid7 import uuid7

PARTIES = ("signer", "payer", "reseller")


class FirstSupport(models.TextChoices):
    OURS = "ours", _("Ourselves")
    RESELLER = "reseller", _("The reseller")
    CUSTOMER = "customer", _("The customer's own people")


def _party() -> "models.ForeignKey[Any, Any]":
    """A company that a contract names beside its user; few do, so the index holds those alone."""
    return models.ForeignKey(
        Customer,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )


def decided_by() -> Coalesce:
    """The day that a contract's renewal counts down to: 解約申出期限, else the end of its term."""
    return Coalesce("notice_on", "end_on")


class Contract(KeyedModel):
    """What was signed, as it stands after the latest change of its ledger.

    Covers the days [start_on, end_on) of the workspace's zone; pages show the last day
    (満了日, end_on minus one). `end_on` empty: open-ended. `number` is what the paper says: one
    paper that sells several products is several contracts of one number. `customer` uses what was
    bought (利用企業); other companies that the paper names are None where they are the same.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contracts")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, null=True, on_delete=models.SET_NULL, related_name="+")
    number = models.CharField(max_length=120, blank=True)  # 契約番号
    signer = _party()  # 契約先
    payer = _party()  # 請求先
    reseller = _party()  # 販売店
    first_support = models.CharField(max_length=10, choices=FirstSupport, blank=True)
    start_on = models.DateField()
    end_on = models.DateField(null=True, blank=True)
    notice_on = models.DateField(null=True, blank=True)  # 解約申出期限: the last day to say so
    # How it is counted, where it is: so many months, or days, before the end. Never both.
    notice_months = models.PositiveSmallIntegerField(null=True, blank=True)
    notice_days = models.PositiveSmallIntegerField(null=True, blank=True)
    minimum_months = models.PositiveSmallIntegerField(null=True, blank=True)  # 最低契約期間
    amount = models.BigIntegerField(default=0)  # minor units, as signed for the whole term, no tax
    term_months = models.PositiveSmallIntegerField(default=12)
    currency = models.CharField(max_length=3)
    seats = models.PositiveIntegerField(null=True, blank=True)
    auto_renew = models.BooleanField(default=True)
    is_trial = models.BooleanField(default=False)
    billing = models.CharField(max_length=20, blank=True)  # "monthly", "annual", as the source says
    payment = models.CharField(max_length=20, blank=True)  # "invoice", "card", as the source says
    created_by_import = models.ForeignKey(
        ImportRun, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *unique_keys("contract"),
            models.CheckConstraint(
                condition=models.Q(end_on=None) | models.Q(end_on__gte=models.F("start_on")),
                name="contract_ends_not_before_start",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "customer", "start_on"], name="contract_by_customer"),
            models.Index(fields=["workspace", "end_on"], name="contract_by_end"),
            models.Index(
                fields=["workspace", "number"],
                condition=~models.Q(number=""),
                name="contract_by_number",
            ),
            models.Index(
                "workspace",
                decided_by(),
                condition=models.Q(deleted_at=None, is_trial=False, end_on__isnull=False),
                name="contract_by_deadline",
            ),
            *(
                models.Index(
                    fields=[one],
                    condition=models.Q((f"{one}__isnull", False)),
                    name=f"contract_by_{one}",
                )
                for one in PARTIES
            ),
        ]

    def __str__(self) -> str:
        return self.external_id or str(self.pk)


class ChangeKind(models.TextChoices):
    NEW = "new", _("New")
    RENEWAL = "renewal", pgettext_lazy("a line of the ledger", "Renewal")
    EXPANSION = "expansion", _("Expansion")
    CONTRACTION = "contraction", _("Contraction")
    PRICE = "price", _("Price change")
    END = "end", _("End")


class ContractChange(ScopedModel):
    """One line of the append-only ledger: the state of a contract's product line from a day on.

    MRR on day D, as known at T = sum of `mrr` over the latest change of each line with
    effective_on <= D, recorded_at <= T and not voided by T, whose `covers_until` is empty
    or after D. An `end` change has mrr 0. Never updated except `voided_at`, set once.
    """

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="changes")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=ChangeKind)
    effective_on = models.DateField()
    covers_until = models.DateField(null=True)  # exclusive
    notice_on = models.DateField(null=True)  # 解約申出期限 of this term
    notice_months = models.PositiveSmallIntegerField(null=True)
    notice_days = models.PositiveSmallIntegerField(null=True)
    minimum_months = models.PositiveSmallIntegerField(null=True)  # from the contract's first day
    quantity = models.PositiveIntegerField(null=True)
    amount = models.BigIntegerField()  # minor units for the term
    term_months = models.PositiveSmallIntegerField()
    mrr = models.DecimalField(max_digits=20, decimal_places=6)  # minor units: amount / term
    currency = models.CharField(max_length=3)
    is_trial = models.BooleanField(default=False)
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    import_run = models.ForeignKey(
        ImportRun, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=[
                    "workspace",
                    "customer",
                    "contract",
                    "product",
                    "-effective_on",
                    "-id",
                ],
                condition=models.Q(voided_at=None),
                include=["mrr", "covers_until", "is_trial"],
                name="ledger_by_line",
            ),
            models.Index(
                fields=["workspace", "contract"],
                condition=models.Q(kind=ChangeKind.END, voided_at=None),
                name="ledger_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.effective_on}"

    @property
    def loses(self) -> bool:
        """Whether it ended the contract or says that it made it smaller: such a line has a `loss`."""
        return self.kind in {ChangeKind.END, ChangeKind.CONTRACTION}


class CancellationNotice(ScopedModel):
    """A customer said that they leave: when they said so (申出日), from when, and why."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    external_id = models.CharField(max_length=120, blank=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="notices")
    contract = models.ForeignKey(Contract, null=True, on_delete=models.SET_NULL, related_name="+")
    noticed_on = models.DateField()
    effective_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=60, blank=True)
    detail = models.TextField(blank=True)
    attributes = models.JSONField(default=dict)
    recorded_at = models.DateTimeField(default=timezone.now)
    voided_at = models.DateTimeField(null=True)
    created_by_import = models.ForeignKey(
        ImportRun, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["workspace", "external_id"],
                condition=~models.Q(external_id="") & models.Q(voided_at=None),
                name="one_notice_per_external_id",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "customer", "-noticed_on"], name="notice_history"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.noticed_on}"
