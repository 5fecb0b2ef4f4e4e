"""The nouns of the customer book."""

from banso.customers.models.attribute import AttributeKind, CustomAttribute
from banso.customers.models.bulk_edit import UNDONE_WITHIN, BulkEdit, EditedCustomer
from banso.customers.models.contact import Contact, ContactRole, Presence
from banso.customers.models.contract import (
    CancellationNotice,
    ChangeKind,
    Contract,
    ContractChange,
)
from banso.customers.models.current import CurrentState
from banso.customers.models.customer import Customer, Stage, StageChange, Tier
from banso.customers.models.product import Plan, Product
from banso.customers.models.segment import Segment
from banso.customers.models.touch import Touch

__all__ = [
    "UNDONE_WITHIN",
    "AttributeKind",
    "BulkEdit",
    "CancellationNotice",
    "ChangeKind",
    "Contact",
    "ContactRole",
    "Contract",
    "ContractChange",
    "CurrentState",
    "CustomAttribute",
    "Customer",
    "EditedCustomer",
    "Plan",
    "Presence",
    "Product",
    "Segment",
    "Stage",
    "StageChange",
    "Tier",
    "Touch",
]
