"""Who sends: the source whose write key came with a request."""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from banso.core import sql
from banso.core.models import Workspace
from banso.touchpoints.usage.services.sources import digest

SENDER = """
SELECT source.id, source.last_seen_at, workspace.id, workspace.name, workspace.zone,
    workspace.country, workspace.currency, workspace.fixed_today
FROM usage_source AS source JOIN core_workspace AS workspace ON workspace.id = source.workspace_id
WHERE source.ended_at IS NULL AND (source.key_hash = %(hash)s
    OR (source.previous_hash = %(hash)s AND source.previous_until > %(now)s))
"""
OF_WORKSPACE = ("id", "name", "zone", "country", "currency", "fixed_today")


@dataclass(frozen=True, slots=True)
class Sender:
    source: UUID
    workspace: Workspace
    seen_at: datetime | None


def sender(key: str, now: datetime) -> Sender | None:
    """The living source with this write key, by its newest or the one on its way out. 1 query."""
    if not key:
        return None
    why = "the key tells the workspace"
    found: Any = sql.quick(SENDER, {"hash": digest(key), "now": now}, reason=why).fetchone()
    if found is None:
        return None
    source, seen_at, *facts = found
    # Without its working hours, which no request asks for: JSON is the dearest column to read.
    return Sender(source, Workspace(**dict(zip(OF_WORKSPACE, facts, strict=True))), seen_at)


def key_in_header(authorization: str) -> str:
    """The write key of `Basic base64(key:)`; "" for anything else."""
    scheme, _space, told = authorization.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        text = base64.b64decode(told.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return ""
    return text.partition(":")[0]
