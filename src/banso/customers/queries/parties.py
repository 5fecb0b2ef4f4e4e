"""Contracts of other customers that name a customer: as who signed, pays or sold."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from banso.core import sql
from banso.core.declarations import Words

ROLES: dict[str, Words] = {
    "signer": _("Contracting party"),
    "payer": _("Billed to"),
    "reseller": _("Reseller"),
}
# By hand: it stands on every customer's page, and composing it took longer than answering it.
_OTHERS = """
SELECT contract.id, customer.name, product.name, contract.signer_id, contract.payer_id,
    contract.reseller_id
FROM customers_contract contract
JOIN customers_customer customer ON customer.id = contract.customer_id
JOIN customers_product product ON product.id = contract.product_id
WHERE contract.workspace_id = %(workspace)s AND contract.deleted_at IS NULL
    AND customer.deleted_at IS NULL AND contract.customer_id <> %(customer)s
    AND (contract.signer_id = %(customer)s OR contract.payer_id = %(customer)s
        OR contract.reseller_id = %(customer)s)
ORDER BY contract.start_on DESC, contract.id DESC
LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class PartyRow:
    """A contract of another customer, and what this one is in it."""

    contract_id: UUID
    customer: str
    product: str
    roles: list[Words]


def contracts_as_party(customer_id: UUID, *, limit: int = 20) -> list[PartyRow]:
    """Contracts that somebody else uses and this customer signed, pays or sold, newest first.

    At most `limit`. 1 query.
    """
    found = sql.rows(_OTHERS, {"customer": customer_id, "limit": limit})
    return [
        PartyRow(contract, customer, product, _roles(parties, customer_id))
        for contract, customer, product, *parties in found
    ]


def _roles(parties: list[UUID | None], customer_id: UUID) -> list[Words]:
    return [word for word, one in zip(ROLES.values(), parties, strict=True) if one == customer_id]
