"""The nouns of the customer book."""

from banso.customers.models.attribute import CustomAttribute
from banso.customers.models.contact import Contact
from banso.customers.models.contract import CancellationNotice, Contract, ContractChange
from banso.customers.models.customer import Customer, Stage, StageChange, Tier
from banso.customers.models.product import Plan, Product
from banso.customers.models.segment import Segment

__all__ = [
    "CancellationNotice",
    "Contact",
    "Contract",
    "ContractChange",
    "CustomAttribute",
    "Customer",
    "Plan",
    "Product",
    "Segment",
    "Stage",
    "StageChange",
    "Tier",
]
