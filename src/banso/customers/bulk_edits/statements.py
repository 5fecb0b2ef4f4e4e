"""SQL of batches: hundreds of rows, each with values of its own, in one statement."""

import json
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from banso.core import sql
from banso.customers.models import EditedCustomer

NOTE_DONE = """
UPDATE customers_editedcustomer AS row
SET outcome = given.outcome, before = given.before::jsonb,
    stage_change = given.stage_change, told_upto = %(upto)s
FROM unnest(%(ids)s::bigint[], %(outcomes)s::text[], %(befores)s::text[], %(steps)s::bigint[])
    AS given(id, outcome, before, stage_change)
WHERE row.workspace_id = %(workspace)s AND row.id = given.id
"""
NOTE_UNDONE = """
UPDATE customers_editedcustomer AS row
SET undone_at = %(at)s, kept = ARRAY(SELECT jsonb_array_elements_text(given.kept::jsonb))
FROM unnest(%(ids)s::bigint[], %(kept)s::text[]) AS given(id, kept)
WHERE row.workspace_id = %(workspace)s AND row.id = given.id
"""
PUT_BACK = """
UPDATE customers_customer AS customer SET
    main_owner_id = CASE WHEN former ? 'main_owner_id'
        THEN (former->>'main_owner_id')::uuid ELSE customer.main_owner_id END,
    sub_owner_id = CASE WHEN former ? 'sub_owner_id'
        THEN (former->>'sub_owner_id')::uuid ELSE customer.sub_owner_id END,
    tier = coalesce(former->>'tier', customer.tier),
    stage = coalesce(former->>'stage', customer.stage),
    stage_since = coalesce((former->>'stage_since')::date, customer.stage_since),
    attributes = coalesce(former->'attributes', customer.attributes)
FROM unnest(%(ids)s::uuid[], %(values)s::text[]) AS given(id, words),
    LATERAL (SELECT given.words::jsonb AS former) AS read
WHERE customer.workspace_id = %(workspace)s AND customer.id = given.id
"""


def note_done(rows: Collection[EditedCustomer], upto: int) -> None:
    """What the edit did to each row's customer is kept."""
    facts = {
        "ids": [row.pk for row in rows],
        "outcomes": [row.outcome for row in rows],
        "befores": [json.dumps(row.before) for row in rows],
        "steps": [row.stage_change for row in rows],
    }
    sql.run(NOTE_DONE, {**facts, "upto": upto})


def note_undone(rows: Collection[EditedCustomer]) -> None:
    """When each row was undone, and which of its fields were not, is kept."""
    facts = {"ids": [row.pk for row in rows], "kept": [json.dumps(row.kept) for row in rows]}
    sql.run(NOTE_UNDONE, {**facts, "at": next((row.undone_at for row in rows), None)})


def put_back(former: Iterable[tuple[UUID, dict[str, Any]]]) -> None:
    """Customers hold these columns' values again (`attributes` whole); other columns stay."""
    listed = list(former)
    if listed:
        values = [json.dumps(values) for _pk, values in listed]
        sql.run(PUT_BACK, {"ids": [pk for pk, _values in listed], "values": values})
