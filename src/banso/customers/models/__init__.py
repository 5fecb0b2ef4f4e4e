"""The nouns of the customer book."""

from banso.customers.models.attribute import AttributeKind, CustomAttribute
from banso.customers.models.bulk_edit import UNDONE_WITHIN, BulkEdit, EditedCustomer
from banso.customers.models.charge import Charge, ChargeKind
from banso.customers.models.contact import Contact, ContactRole, Presence
from banso.customers.models.contract import (
    PARTIES,
    CancellationNotice,
    ChangeKind,
    Contract,
    ContractChange,
    FirstSupport,
    decided_by,
)
from banso.customers.models.current import CurrentState
from banso.customers.models.customer import Customer, Maturity, Stage, StageChange, Tier
from banso.customers.models.hand_over import HandOver
from banso.customers.models.likeness import Likeness, SilentDomain
from banso.customers.models.master import Master
from banso.customers.models.merge import Merge, MergedRow
from banso.customers.models.offer import Offer, OfferKind, OfferState
from banso.customers.models.post import Affiliation, FormerPost
from banso.customers.models.product import Plan, Product
from banso.customers.models.purchase import Purchase
from banso.customers.models.reassignment import Reassigned, Reassignment
from banso.customers.models.renewal import (
    Forecast,
    Loss,
    LossReason,
    Outcome,
    Renewal,
    Step,
)
from banso.customers.models.segment import (
    Segment,
    SegmentMember,
    SegmentMemory,
    SegmentMove,
    SegmentRun,
    TierProposal,
)
from banso.customers.models.touch import Touch

__all__ = [
    "PARTIES",
    "UNDONE_WITHIN",
    "Affiliation",
    "AttributeKind",
    "BulkEdit",
    "CancellationNotice",
    "ChangeKind",
    "Charge",
    "ChargeKind",
    "Contact",
    "ContactRole",
    "Contract",
    "ContractChange",
    "CurrentState",
    "CustomAttribute",
    "Customer",
    "EditedCustomer",
    "FirstSupport",
    "Forecast",
    "FormerPost",
    "HandOver",
    "Likeness",
    "Loss",
    "LossReason",
    "Master",
    "Maturity",
    "Merge",
    "MergedRow",
    "Offer",
    "OfferKind",
    "OfferState",
    "Outcome",
    "Plan",
    "Presence",
    "Product",
    "Purchase",
    "Reassigned",
    "Reassignment",
    "Renewal",
    "Segment",
    "SegmentMember",
    "SegmentMemory",
    "SegmentMove",
    "SegmentRun",
    "SilentDomain",
    "Stage",
    "StageChange",
    "Step",
    "Tier",
    "TierProposal",
    "Touch",
    "decided_by",
]
