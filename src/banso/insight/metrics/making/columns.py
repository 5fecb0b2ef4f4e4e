"""Customers, contracts and their lines as columns: one pass over each, as known at a moment."""

from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from banso.core.columns import columns
from banso.lib.ledger.columns import Ints

_PERSON = """
WITH person AS (
    SELECT id, parent_id, (row_number() OVER (ORDER BY id) - 1)::int4 AS code
    FROM customers_customer WHERE workspace_id = %(workspace)s AND deleted_at IS NULL
)
"""
_CUSTOMERS = """
SELECT person.id, coalesce(parent.code, -1) AS parent FROM person
LEFT JOIN person parent ON parent.id = person.parent_id ORDER BY person.code
"""
# A contract whose every line was voided is deleted with the last one: it was there until then.
_CONTRACTS = """, product AS (
    SELECT id, (row_number() OVER (ORDER BY id) - 1)::int4 AS code
    FROM customers_product WHERE workspace_id = %(workspace)s
), plan AS (
    SELECT id, (row_number() OVER (ORDER BY id) - 1)::int4 AS code
    FROM customers_plan WHERE workspace_id = %(workspace)s
)
SELECT uuid_hash_extended(c.id, %(seed)s) AS hash,
    CASE WHEN c.deleted_at IS NULL OR c.deleted_at > %(at)s::timestamptz
        THEN coalesce(person.code, -1) ELSE -1 END AS customer,
    coalesce(signer.code, person.code, -1) AS signer, coalesce(reseller.code, -1) AS reseller,
    product.code AS product, coalesce(plan.code, -1) AS plan,
    (ascii(c.currency) * 65536 + ascii(substr(c.currency, 2)) * 256
        + ascii(substr(c.currency, 3)))::int4 AS currency
FROM customers_contract c JOIN product ON product.id = c.product_id
LEFT JOIN person ON person.id = c.customer_id
LEFT JOIN plan ON plan.id = c.plan_id
LEFT JOIN person signer ON signer.id = c.signer_id
LEFT JOIN person reseller ON reseller.id = c.reseller_id
WHERE c.workspace_id = %(workspace)s ORDER BY c.id
"""
# Lines tell their contract by a hash: a million of them need no join, which takes as long as all else.
_LINES = """
SELECT uuid_hash_extended(line.contract_id, %(seed)s) AS hash, line.effective_on,
    coalesce(line.covers_until, 'infinity'::date) AS until,
    (least(line.mrr, 9000000000000) * 1000000)::int8 AS mrr, line.id,
    (CASE line.kind WHEN 'price' THEN 1 WHEN 'renewal' THEN 2 WHEN 'end' THEN 3 ELSE 0 END
        + CASE WHEN line.is_trial THEN 4 ELSE 0 END)::int2 AS flags
FROM customers_contractchange line WHERE line.workspace_id = %(workspace)s AND """
_NOW = "line.voided_at IS NULL"
_THEN = (
    "line.recorded_at <= %(at)s::timestamptz"
    " AND (line.voided_at IS NULL OR line.voided_at > %(at)s::timestamptz)"
)


@dataclass(frozen=True, slots=True, eq=False)
class Contracts:
    """By code: whose each is, who signed, and what it sells. −1: nobody, none."""

    customer: Ints
    signer: Ints
    reseller: Ints
    product: Ints
    plan: Ints
    currency: Ints


_CONTRACT = {
    "hash": "int8",
    **dict.fromkeys(("customer", "signer", "reseller", "product", "plan", "currency"), "int4"),
}
_LINE = {
    "hash": "int8",
    "effective_on": "date",
    "until": "date",
    "mrr": "int8",
    "id": "int8",
    "flags": "int2",
}


def customers() -> tuple["NDArray[Any]", Ints]:
    """The ids of all that count, ascending, and the code of each one's parent (−1: none)."""
    ids, parent = columns(_PERSON + _CUSTOMERS, {"id": "uuid", "parent": "int4"})
    return np.ascontiguousarray(ids), parent


def ledger(known_at: datetime | None) -> tuple[Contracts, list["NDArray[Any]"]]:
    """The contracts of customers that count, and the columns of their lines: the contract's first."""
    for seed in count():
        asked = {"at": known_at, "seed": seed}
        hashes, *facts = columns(_PERSON + _CONTRACTS, _CONTRACT, asked)
        order = np.argsort(hashes)
        if not (hashes[order][1:] == hashes[order][:-1]).any():  # no two look alike
            break
    lines = columns(_LINES + (_THEN if known_at else _NOW), _LINE, asked)
    if not len(hashes):
        return Contracts(*facts), lines
    contract = order[np.minimum(np.searchsorted(hashes[order], lines[0]), len(order) - 1)]
    counts = (hashes[contract] == lines[0]) & (facts[0][contract] >= 0)
    found = [contract, *lines[1:]]
    return Contracts(*facts), found if counts.all() else [one[counts] for one in found]
