"""The ticket to a stream: what one person may hear, signed, good for a minute."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from banso.core.declarations import topic as declared
from banso.core.live.telling import fingerprint
from banso.core.models import Membership

SALT = "banso.live"
SECONDS = 60
MOST_TOPICS = 20
SHAPE = re.compile(r"([a-z_]{1,40})(?::([0-9a-f-]{36}))?")


class BadToken(Exception):
    """Forged, altered, too old, or another session's."""


@dataclass(frozen=True, slots=True)
class Right:
    """Whose stream it is, what it may hear, and what must stay true while it is open."""

    session: str  # a fingerprint, never the key
    person: UUID
    workspace: UUID
    role: str
    stamp: str
    topics: frozenset[str]


def make(
    membership: Membership, *, session_key: str, asked: list[str], permits: frozenset[str]
) -> str:
    """A token for those of the `asked` topics that this member may hear; the rest is left out."""
    facts = {
        "s": fingerprint(session_key),
        "p": str(membership.person_id),
        "w": str(membership.workspace_id),
        "r": membership.role,
        "k": stamp(membership.person.password),
        "t": [one for one in asked[:MOST_TOPICS] if _may_hear(one, membership, permits)],
    }
    return signing.dumps(facts, salt=SALT, compress=True)


def read(token: str, *, session_key: str) -> Right:
    """What the token says. Raises BadToken unless it was signed here, for this session, lately."""
    try:
        facts: dict[str, Any] = signing.loads(token, salt=SALT, max_age=SECONDS)
    except (signing.BadSignature, ValueError) as error:
        raise BadToken from error
    if not constant_time_compare(facts["s"], fingerprint(session_key)):
        raise BadToken
    return Right(
        session=facts["s"],
        person=UUID(facts["p"]),
        workspace=UUID(facts["w"]),
        role=facts["r"],
        stamp=facts["k"],
        topics=frozenset(facts["t"]),
    )


def stamp(password: str) -> str:
    """Changes with the stored password, and tells nothing about it."""
    return salted_hmac(SALT, password, algorithm="sha256").hexdigest()[:32]


def _may_hear(asked: str, membership: Membership, permits: frozenset[str]) -> bool:
    """Topics about people are heard by those people alone; others as their declaration says."""
    if not (found := SHAPE.fullmatch(asked)):
        return False
    if found[1] == "people":
        return found[2] == str(membership.person_id)
    topic = declared(found[1])
    return topic is not None and topic.permission in permits
