from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from banso.core.models import ImportRun, Person
from banso.core.scope import ScopedModel
from banso.customers.models.customer import Customer
from banso.customers.models.product import Product
from banso.lib.uuid7 import uuid7


class OfferKind(models.TextChoices):
    UPSELL = "upsell", _("Upsell")
    CROSS_SELL = "cross_sell", _("Cross-sell")


class OfferState(models.TextChoices):
    OFFERED = "offered", pgettext_lazy("state of an offer", "Offered")
    ACCEPTED = "accepted", pgettext_lazy("state of an offer", "Accepted")
    DECLINED = "declined", pgettext_lazy("state of an offer", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("state of an offer", "Withdrawn")


class Offer(ScopedModel):
    """Something more that was offered to a customer, and what they said.

    Not what `health` calls an opportunity: that is a sign in the figures, this is our word.
    What was sold stands in the ledger; an offer counts no MRR. It stays in the currency that the
    customer had when it was made.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="offers")
    kind = models.CharField(max_length=10, choices=OfferKind)
    title = models.CharField(max_length=200)
    product = models.ForeignKey(
        Product, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    mrr = models.BigIntegerField(null=True, blank=True)  # minor units more a month, no tax
    currency = models.CharField(max_length=3, editable=False)
    offered_on = models.DateField()
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.OFFERED)
    decided_on = models.DateField(null=True, blank=True)
    why = models.TextField(blank=True)
    by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_by_import = models.ForeignKey(
        ImportRun, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "-offered_on", "-id"], name="offer_by_day"),
        ]

    def __str__(self) -> str:
        return self.title
