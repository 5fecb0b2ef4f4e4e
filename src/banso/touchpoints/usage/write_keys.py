"""Who sends: the source whose write key came with a request."""

import base64
import binascii
import hashlib
import time
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from banso.core.models import Workspace
from banso.core.quick import quick

SENDER = """
SELECT source.id, source.last_seen_at, workspace.id, workspace.name, workspace.zone,
    workspace.country, workspace.currency, workspace.fixed_today
FROM usage_source AS source JOIN core_workspace AS workspace ON workspace.id = source.workspace_id
WHERE source.ended_at IS NULL AND (source.key_hash = %(hash)s
    OR (source.previous_hash = %(hash)s AND source.previous_until > %(now)s))
"""
OF_WORKSPACE = ("id", "name", "zone", "country", "currency", "fixed_today")


KNOWN_SECONDS, MOST_KNOWN = 1.0, 1000
_known: dict[str, tuple[float, "Sender"]] = {}
_unknown: dict[str, float] = {}  # digest → until when it need not be looked up again


@dataclass(frozen=True, slots=True)
class Sender:
    source: UUID
    workspace: Workspace
    seen_at: datetime | None


def sender(key: str, now: datetime) -> Sender | None:
    """The living source with this write key, by its newest or the one on its way out.

    Known for a second, so that a source that sends hundreds of requests is looked up once: a key
    that ends here ends at once, in other processes within that second. So is a key that is
    nobody's. 1 query, or none.
    """
    if not key:
        return None
    hashed, clock = digest(key), time.monotonic()
    until, known = _known.get(hashed, (0.0, None))
    if clock < until:
        return known
    if clock < _unknown.get(hashed, 0.0):
        return None
    found = _found(hashed, now)
    for kept in (_known, _unknown):
        if len(kept) >= MOST_KNOWN:
            kept.clear()
    if found is None:
        _unknown[hashed] = clock + KNOWN_SECONDS
    else:
        _known[hashed] = (clock + KNOWN_SECONDS, found)
    return found


def is_met(key: str) -> bool:
    """Whether this process has had to do with the key: as a source's, or just now as nobody's."""
    hashed = digest(key)
    return hashed in _known or time.monotonic() < _unknown.get(hashed, 0.0)


def look_up_again() -> None:
    """A key has changed or ended."""
    _known.clear()
    _unknown.clear()


def digest(key: str) -> str:
    """What is kept of a write key: SHA-256, for the key is random and long."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def _found(hashed: str, now: datetime) -> Sender | None:
    why = "the key tells the workspace"
    found = quick(SENDER, {"hash": hashed, "now": now}, reason=why)
    if not found:
        return None
    source, seen_at, *facts = found[0]
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
