"""Messages as they are sent, and their common form."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from banso.touchpoints.usage.wire.bodies import KB, LARGEST_MESSAGE, readable
from banso.touchpoints.usage.wire.refusals import NotTaken

Word = str | int | float | None
Moment = datetime | int | float | None
NOTHING = msgspec.Raw(b"")
MOST_MESSAGES = 2500
GROUP = b'"groupId"'
TYPES = frozenset({"track", "identify", "group", "page", "screen", "alias"})


class Message(msgspec.Struct, rename="camel", gc=False):
    """One message as sent. Parts that are kept as they are, or rarely looked at, are left unread."""

    type: str | None = None
    action: str | None = None  # what the oldest clients called the type
    event: Word = None
    name: Word = None
    user_id: Word = None
    user: Word = msgspec.field(default=None, name="user_id")
    anonymous_id: Word = None
    group_id: Word = None
    previous_id: Word = None
    message_id: Word = None
    timestamp: Moment = None
    original_timestamp: Moment = None
    sent_at: Moment = None
    properties: msgspec.Raw = NOTHING
    traits: msgspec.Raw = NOTHING
    context: msgspec.Raw = NOTHING


class Single(Message, gc=False):
    """A message that is the whole body."""

    write_key: str | None = None


class Batch(msgspec.Struct, rename="camel", gc=False):
    batch: list[Message]
    sent_at: Moment = None
    write_key: str | None = None


class Context(msgspec.Struct, rename="camel", gc=False):
    group_id: Word = None


class Parsed(msgspec.Struct, gc=False):
    """A body's messages, each of a known type. `names_groups`: some context may name a group."""

    messages: list[Message]
    sent_at: Moment
    write_key: str
    names_groups: bool = True


_single, _batch = msgspec.json.Decoder(Single), msgspec.json.Decoder(Batch)
_context, _object = msgspec.json.Decoder(Context), msgspec.json.Decoder(dict[str, Any] | None)


def parse(body: bytes, *, kind: str) -> Parsed:
    """The messages of a body that was sent to the endpoint `kind` (a type, or "batch").

    A message without a type has the endpoint's. NotTaken (400, 413) says what is wrong and where.
    """
    if kind == "batch":
        batch: Batch = _decoded(_batch, readable(body))
        parsed = Parsed(batch.batch, batch.sent_at, batch.write_key or "")
    else:
        single: Single = _decoded(_single, readable(body))
        parsed = Parsed([single], single.sent_at, single.write_key or "")
    parsed.names_groups = GROUP in body
    _check(parsed.messages, kind, large=len(body) > LARGEST_MESSAGE)
    return parsed


def group_in_context(message: Message) -> Word:
    """The company a message says it is about, beside group calls."""
    context = bytes(message.context)
    if GROUP not in context:
        return None
    found: Context = _decoded(_context, context)
    return found.group_id


def traits_of(message: Message) -> dict[str, Any]:
    """What an identify or group call tells; NotTaken if that is no object."""
    return (_decoded(_object, bytes(message.traits)) or {}) if len(message.traits) else {}


def _decoded(decoder: Any, body: bytes) -> Any:
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise NotTaken(400, "wrong_form", why=str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotTaken(400, "not_json", why=str(error)) from error
    except RecursionError as error:
        raise NotTaken(400, "too_deep") from error


def _check(messages: Sequence[Message], kind: str, *, large: bool) -> None:
    if len(messages) > MOST_MESSAGES:
        raise NotTaken(413, "batch_too_long", limit=MOST_MESSAGES)
    if large:
        _check_sizes(messages)
    for n, message in enumerate(messages):
        if message.type not in TYPES:
            message.type = _type_of(message, kind, n)
        if message.user_id is None:
            message.user_id = message.user
        if message.type == "track" and (message.event is None or message.event == ""):
            raise NotTaken(400, "event_missing", where=at(n))
        if message.type == "group" and (message.group_id is None or message.group_id == ""):
            raise NotTaken(400, "group_missing", where=at(n))


def at(n: int) -> str:
    """Where the n-th message stands."""
    return f"$.batch[{n}]"


def _type_of(message: Message, kind: str, n: int) -> str:
    named = message.type or message.action
    if named in TYPES:
        return named
    if named:
        raise NotTaken(400, "type_unknown", type=named[:60], where=at(n))
    if kind == "batch":
        raise NotTaken(400, "type_missing", where=at(n))
    return kind


def _check_sizes(messages: Sequence[Message]) -> None:
    """Of the parts that can be large; long names are cut."""
    sizes = [len(one.properties) + len(one.traits) + len(one.context) for one in messages]
    if messages and (largest := max(sizes)) > LARGEST_MESSAGE:
        where = at(sizes.index(largest))
        raise NotTaken(413, "message_too_large", limit=LARGEST_MESSAGE // KB, where=where)
