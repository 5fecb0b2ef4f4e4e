"""What messages mean: uses of features, and what is told of people and companies."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from banso.touchpoints.usage.models.identity import EARLIEST
from banso.touchpoints.usage.wire.messages import (
    Message,
    Moment,
    Parsed,
    Word,
    group_in_context,
    traits_of,
)

LONGEST, LONGEST_ID = 120, 500
FIRST = EARLIEST + timedelta(days=1)  # wherever one is, it is the year of EARLIEST
MILLISECONDS = 100_000_000_000  # numbers above are milliseconds since 1970, below are seconds
WITHOUT_ID = "made:"
SAME_WITHIN = 60  # seconds in which equal messages without id and time are one
# No column holds a NUL, and none should a number that would fill a page. Told by a plain search,
# ten times as fast as a pattern: all digits as 0, without signs.
NUL, EXPONENT = b"\\u0000", b"0e000"
DIGITS, SIGNS = bytes.maketrans(b"123456789E", b"000000000e"), b"+-"
USES = frozenset({"track", "page", "screen"})
NONE = b"null"
EMPTY = (b"", b"{}")
SEPARATOR = "\x1f"  # no name holds it: lists are joined with it
_UNFIT = str.maketrans("", "", f"\x00{SEPARATOR}")


class Use(NamedTuple):
    """Something somebody did. `person` and `account` may be ""; `at` is aware UTC.

    `key` decides duplicates (`seen_key`). `properties` are JSON, b"null" for none.
    """

    key: bytes
    message_id: str
    kind: str
    person: str
    account: str
    feature: str
    at: datetime
    properties: bytes


class Told(NamedTuple):
    """What an identify, group or alias call says. `before` is who the person was until then.

    Its first fields are those of a Use, so that both are seen and stored together.
    """

    key: bytes
    message_id: str
    kind: str
    person: str
    account: str
    feature: str
    at: datetime
    properties: bytes
    before: str
    traits: dict[str, Any]


@dataclass(slots=True)
class Meaning:
    """A request's messages, understood. `nameless` are ids made by us that time alone tells apart."""

    uses: list[Use] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    nameless: dict[bytes, bytes] = field(default_factory=dict)  # key → the key a minute earlier

    @property
    def count(self) -> int:
        return len(self.uses) + len(self.told)


def understood(parsed: Parsed, *, workspace: UUID, received: datetime) -> Meaning:
    """The messages' meaning in a workspace. Raises NotTaken for traits that are no object.

    A clock that is wrong is corrected as Segment's specification says: what happened happened as
    long before we received it as the client says it happened before it sent it. A time that then
    lies in the future or before 2000 tells nothing but that: it is the time of arrival instead.
    """
    meaning, prefix = Meaning(uses := []), str(workspace).encode()
    together, names_groups = _moment(parsed.sent_at), parsed.names_groups
    lag = _lag(together, received)
    for message, properties in zip(parsed.messages, _kept(parsed.messages), strict=True):
        own = lag if together else _lag(_moment(message.sent_at), received)
        at = _when(message, received, own)
        message_id = _own_id(message) or _made_id(message, prefix, received, meaning)
        key = seen_key(prefix, message_id)
        person, account = _person(message), _word(message.group_id)
        kind = message.type or "track"
        if kind in USES:
            if names_groups and not account:
                account = _word(group_in_context(message))
            feature = _feature(message, kind)
            uses.append(Use(key, message_id, kind, person, account, feature, at, properties))
        else:
            traits = {} if kind == "alias" else traits_of(message)
            facts = (key, message_id, kind, person, account, "", at)
            meaning.told.append(Told(*facts, NONE, _before(message), traits))
    return meaning


def seen_key(prefix: bytes, message_id: str) -> bytes:
    """The key that decides duplicates: 128 bits of SHA-256, as `statements.KEY` in SQL."""
    return hashlib.sha256(prefix + message_id.encode()).digest()[:16]


def _storable(text: str) -> str:
    return text if text.isprintable() else text.translate(_UNFIT)


def shortened(text: str) -> str:
    """At most 120 characters, still different for different texts; nothing that cannot be stored."""
    text = _storable(text)
    if len(text) <= LONGEST:
        return text
    tail = hashlib.sha256(text.encode()).hexdigest()[:16]
    return f"{text[: LONGEST - 17]}…{tail}"


@lru_cache(4096, typed=True)  # names come again and again; 1 and 1.0 are different ones
def _word(value: Word) -> str:
    """The value as a name; "" for none."""
    return "" if value is None else shortened(str(value).strip())


def _anonymous(value: Word) -> str:
    return shortened(f"anon:{name}") if (name := _word(value)) else ""


def _person(message: Message) -> str:
    return _word(message.user_id) or _anonymous(message.anonymous_id)


def _before(message: Message) -> str:
    """Who the person was before: an alias says so, an identify call has it as anonymousId."""
    if message.type == "alias":
        return _word(message.previous_id) or _anonymous(message.anonymous_id)
    known = message.type == "identify" and _word(message.user_id)
    return _anonymous(message.anonymous_id) if known else ""


def _feature(message: Message, kind: str) -> str:
    if kind == "track":
        return _word(message.event) or "?"
    return shortened(f"{kind}: {_word(message.name)}".rstrip(": "))


def _kept(messages: Sequence[Message]) -> list[bytes]:
    """What is kept of each message's properties. Odd ones are rare: all are searched at once."""
    raws = [bytes(one.properties) for one in messages]
    if _is_odd(b"\n".join(raws)):
        raws = [_cleaned(raw) if _is_odd(raw) else raw for raw in raws]
    return [NONE if raw in EMPTY else raw for raw in raws]


def _is_odd(raw: bytes) -> bool:
    return NUL in raw or EXPONENT in raw.translate(DIGITS, SIGNS)


def _cleaned(raw: bytes) -> bytes:
    return msgspec.json.encode(fit(json.loads(raw)))


def fit(value: Any) -> Any:
    """The value without NULs and numbers that no column holds."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, dict):
        return {fit(key): fit(one) for key, one in value.items()}
    if isinstance(value, list):
        return [fit(one) for one in value]
    if isinstance(value, float) and abs(value) > 1e99:
        return None
    return value


def _made_id(message: Message, prefix: bytes, received: datetime, meaning: Meaning) -> str:
    """An id for a message that has none: equal messages of equal times are one.

    Those without a time too are one if they come within a minute or two: a retry, not a habit.
    """
    made = WITHOUT_ID + _content(message)
    if message.timestamp is not None or message.original_timestamp is not None:
        return made
    minute = int(received.timestamp()) // SAME_WITHIN
    now, earlier = (f"{made}:{n}" for n in (minute, minute - 1))
    meaning.nameless[seen_key(prefix, now)] = seen_key(prefix, earlier)
    return now


def _own_id(message: Message) -> str:
    """The id that the sender gave it; "" for none, or when a column holds nothing of it."""
    told = message.message_id
    return "" if told is None else _storable(str(told))[:LONGEST_ID]


def _content(message: Message) -> str:
    sent, message.sent_at = message.sent_at, None
    digest = hashlib.sha256(msgspec.json.encode(message)).hexdigest()
    message.sent_at = sent
    return digest[:32]


def _lag(sent: datetime | None, received: datetime) -> timedelta:
    """By how much the client's clock, and the way here, are behind ours."""
    return timedelta() if sent is None else received - sent


def _when(message: Message, received: datetime, lag: timedelta) -> datetime:
    original = message.original_timestamp
    told = _moment(message.timestamp if original is None else original)
    if told is None:
        return received
    try:
        at = told + lag
    except OverflowError:
        return received
    return at if FIRST <= at <= received else received


def _moment(value: Moment) -> datetime | None:
    """Aware UTC; None for what is no time. A time without a zone is UTC."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value
    if value is None:
        return None
    try:
        seconds = value / 1000 if abs(value) > MILLISECONDS else value
        return datetime.fromtimestamp(0, UTC) + timedelta(seconds=seconds)
    except (OverflowError, ValueError):
        return None
