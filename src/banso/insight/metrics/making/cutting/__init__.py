"""How figures are cut: where each customer, or each contract, stands, and what parts are called."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from banso.core.declarations import Words
from banso.customers.models import Reassigned, Tier
from banso.insight.metrics.asking import Standing
from banso.insight.metrics.making.cutting.by_contract import by_contract, plans, products, resellers
from banso.insight.metrics.making.cutting.by_customer import (
    by_reassignment,
    choices,
    cohorts,
    industries,
    owners,
    people,
    stages,
    tenures,
)
from banso.insight.metrics.making.cutting.by_reason import reasons
from banso.insight.metrics.making.cutting.by_segment import segments
from banso.insight.metrics.making.cutting.layers import ByContract, ByCustomer, ByReason, Layer
from banso.insight.metrics.making.reading import Reading

__all__ = ["CUTS", "ByContract", "ByCustomer", "ByReason", "Cut", "Layer", "owners"]


@dataclass(frozen=True, slots=True)
class Cut:
    id: str
    label: Words
    layers: Callable[[Reading, Standing], list[Layer]]


CUTS = {
    one.id: one
    for one in (
        Cut("plan", _("Price plan"), by_contract("plan", plans)),
        Cut("product", _("Product"), by_contract("product", products)),
        Cut("segment", _("Segment"), segments),
        Cut(
            "owner",
            _("Main owner"),
            by_reassignment(Reassigned.MAIN_OWNER, people),
        ),
        Cut(
            "tier",
            _("Touch tier"),
            by_reassignment(Reassigned.TIER, choices(Tier.choices)),
        ),
        Cut("industry", _("Industry"), industries),
        Cut("stage", _("Lifecycle stage"), stages),
        Cut("cohort", _("Month first paid"), cohorts),
        Cut("tenure", _("Tenure"), tenures),
        Cut("reason", _("Reason"), reasons),
        Cut("reseller", _("Reseller"), by_contract("reseller", resellers)),
    )
}
