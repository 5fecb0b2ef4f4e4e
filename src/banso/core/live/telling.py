"""The speaking side: PostgreSQL's NOTIFY carries topics to every web process at commit.

NOTIFY takes a lock of the whole server while it commits, so nothing that runs once per
request of a program (usage ingestion) speaks here: its rollup job does.
"""

import hashlib
import json
from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from banso.core.scope import current_workspace_id

TOLD, ENDED = "banso_live", "banso_live_end"


def tell(topic: str, *ids: UUID | str) -> None:
    """Open pages of this workspace that follow `topic` hear, at commit, that it changed.

    With ids it is `topic:id` for each of them: `tell("customer", customer.pk)`. Ids and topics
    only, never names or text. Told twice in one transaction is told once; a rollback tells
    nobody. 1 query.
    """
    tell_topics([f"{topic}:{one}" for one in ids] if ids else [topic])


def tell_topics(topics: Sequence[str]) -> None:
    """As `tell`, for several whole topics at once. 1 query; none when there are no topics."""
    workspace = current_workspace_id()
    if topics:
        _notify(TOLD, [f"{workspace} {one}" for one in topics])


def end(
    *,
    person_id: UUID | None = None,
    session_key: str | None = None,
    workspace_id: UUID | None = None,
) -> None:
    """At commit every web process closes the streams that fit all that is given.

    For rights that have just ended: a session signed out, a member removed, a password changed.
    The browser may open a new stream if it still has the right to. 1 query.
    """
    told = {
        "person": str(person_id) if person_id else "",
        "session": fingerprint(session_key) if session_key else "",
        "workspace": str(workspace_id) if workspace_id else "",
    }
    if any(told.values()):
        _notify(ENDED, [json.dumps(told)])


def fingerprint(session_key: str) -> str:
    """What stands for a session where its key must not be read."""
    return hashlib.sha256(b"banso.live:" + session_key.encode()).hexdigest()[:32]


def _notify(channel: str, payloads: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_notify(%s, told) FROM unnest(%s::text[]) AS told", [channel, list(payloads)]
        )
