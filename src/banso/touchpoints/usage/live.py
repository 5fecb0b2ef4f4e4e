"""How usage is stored as it arrives: one statement a request.

The fast half of `store`. A request stores facts and what is known of their owners by now;
`settling` finds owners anew where anything has changed, so that no order of arrival matters.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from psycopg.types.json import Jsonb

from banso.core.once import locks_of
from banso.core.quick import Moments, Uuids, quick, quick_all
from banso.core.scope import current_workspace
from banso.touchpoints.usage import identities, store, telling
from banso.touchpoints.usage import live_statements as statements
from banso.touchpoints.usage.wire.meaning import SEPARATOR, Meaning, Told, Use

HOUR = timedelta(hours=1)
ROLL_UP = "usage.roll_up"  # the job, and its lock
_ready: set[date] = set()  # months that had a partition when this process last looked


class Note(NamedTuple):
    """What the arrivals say of a request."""

    source: UUID
    kind: str
    received: datetime
    body: str = ""


class Arriving(NamedTuple):
    """A request on its way in: what it brings, and what the arrivals say of it.

    `seen_at`: when its source was last noted as alive.
    """

    meaning: Meaning
    note: Note
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a request's messages; `waiting` of the new ones are of nobody we know.

    `roll_up_waits`: the job that rolls up is queued already (see `enqueue_once`). `arrival` is the
    request's row among the arrivals.
    """

    count: int
    new: int
    waiting: int
    roll_up_waits: bool
    arrival: int

    @property
    def duplicates(self) -> int:
        return self.count - self.new


class Outcome(NamedTuple):
    """What the one statement tells; what follows `waiting` only where more is to be done.

    `arrival` is the request's row among the arrivals; `told` are places in its lists, from 1.
    """

    arrival: int
    new: int
    waiting: int
    roll_up_waits: bool = True
    told: list[int] | None = None
    new_people: list[str] | None = None
    new_accounts: list[str] | None = None
    unsettled: list[str] | None = None
    people_long_ago: list[str] | None = None
    accounts_long_ago: list[str] | None = None


def make_ready(meaning: Meaning) -> None:
    """There is a partition for each use. Apart from its storing: nobody waits for that."""
    if not meaning.uses:
        return
    zone = current_workspace().tz
    times = [use.at for use in meaning.uses]
    months = {at.astimezone(zone).date().replace(day=1) for at in (min(times), max(times))}
    if len(months) > 1:
        months = {at.astimezone(zone).date().replace(day=1) for at in times}
    if not months <= _ready:
        with transaction.atomic():
            store.ensure_partitions(months)
        _ready.update(months)


def look_for_partitions_again() -> None:
    """A partition that this process knew is gone."""
    _ready.clear()


def take(requests: Sequence[Arriving]) -> list[Taken]:
    """The messages never seen before are stored, due for rollup, and what they tell is kept.

    The first of an id wins, in a request, among the requests and against everything before; a
    message belongs to its workspace. In the caller's transaction, after `make_ready`;
    IntegrityError when a partition is missing all the same. One round trip for all of them, and
    more for whom we never met.
    """
    rows = [_firsts(one.meaning) for one in requests]
    told = [_asked(*one) for one in zip(requests, rows, strict=True)]
    found = quick_all(_begin(), *((statements.TAKE, one) for one in told))
    outcomes = [Outcome(*one[0]) for one in found[1:]]
    _follow_up(outcomes, rows, max(one.note.received for one in requests))
    outcomes = _waiting_still(outcomes, rows)
    return [_taken(*one) for one in zip(requests, outcomes, strict=True)]


def take_usual(request: Arriving) -> Taken | None:
    """As `take`, for a request that needs nothing more: uses never seen, of those met within the
    hour, while the job that rolls up waits. None, and nothing is stored, where it needs more.

    After `make_ready`. One round trip, which is a transaction by itself where none is open.
    IntegrityError, and nothing is stored, when a partition is missing or some of it was seen.
    """
    asked = _asked(request, _firsts(request.meaning))
    _begun, found = quick_all(_begin(), (statements.TAKE_USUAL, asked))
    return _taken(request, Outcome(*found[0])) if found else None


def _begin() -> tuple[str, dict[str, Any]]:
    return statements.BEGIN, {"lock": locks_of(ROLL_UP)[0]}


def _taken(request: Arriving, outcome: Outcome) -> Taken:
    facts = (outcome.new, outcome.waiting, outcome.roll_up_waits, outcome.arrival)
    return Taken(request.meaning.count, *facts)


def _firsts(meaning: Meaning) -> list[Use | Told]:
    """The first message of each id, without those that repeat one of the minute before."""
    every: list[Use | Told] = [*meaning.uses, *meaning.told]
    repeated = _repeated(meaning.nameless) if meaning.nameless else ()
    firsts = {one.key: one for one in reversed(every) if one.key not in repeated}
    return list(firsts.values())[::-1]


def note_source(note: Note) -> None:
    """The source was last seen now, unless another request is just saying so."""
    quick(statements.NOTE_SOURCE, {"source": note.source, "now": note.received})


def note_refusal(note: Note, *, problem: str, params: dict[str, Any]) -> None:
    """A request that was not taken is among the arrivals."""
    facts = {"source": note.source, "at": note.received, "kind": note.kind, "body": note.body}
    quick(statements.NOTE_REFUSAL, {**facts, "problem": problem, "params": Jsonb(params)})


def _asked(request: Arriving, rows: list[Use | Told]) -> dict[str, Any]:
    workspace, note = current_workspace(), request.note
    return _lists(rows) | {
        "locks": locks_of(ROLL_UP),
        "zone": workspace.zone,
        "today": workspace.today(),
        "source": note.source,
        "kind": note.kind,
        "now": note.received,
        "hour": note.received - HOUR,
        "count": request.meaning.count,
        "body": note.body,
    }


def _lists(rows: list[Use | Told]) -> dict[str, Any]:
    """The messages as lists of one column each."""
    columns = list(zip(*rows, strict=False)) or [()] * 8  # a Told has more fields, all after these
    keys, ids, kinds, people, accounts, features, times, properties = columns[:8]
    return {
        "keys": Uuids.of(keys),
        "ids": SEPARATOR.join(ids),
        "kinds": SEPARATOR.join(kinds),
        "people": SEPARATOR.join(people),
        "accounts": SEPARATOR.join(accounts),
        "features": SEPARATOR.join(features),
        "times": Moments.of(times),
        "properties": (b"[" + b",".join(properties) + b"]").decode(),
    }


def _repeated(nameless: dict[bytes, bytes]) -> Collection[bytes]:
    """Those whose like came in the minute before."""
    earlier = Uuids.of(nameless.values())
    why = "keys are hashes that hold their workspace"
    found = quick(statements.SEEN, {"keys": earlier}, reason=why)
    seen = {key for (key,) in found}
    return {now for now, before in nameless.items() if before in seen}


def _follow_up(outcomes: list[Outcome], rows: list[list[Use | Told]], now: datetime) -> None:
    """What few requests need: calls, and people and accounts never met, or not for an hour.

    All are met and locked in one order, so that requests never wait for each other in a circle;
    what is noted last waits for nobody.
    """
    told = [
        one
        for some, outcome in zip(rows, outcomes, strict=True)
        for n in outcome.told or ()
        if isinstance(one := some[n - 1], Told)
    ]
    accounts = _named(one.new_accounts for one in outcomes)
    people = _named(one.new_people for one in outcomes)
    if told:
        telling.listen(told, now, accounts=accounts, people=people)
    elif accounts or people:
        identities.meet(accounts=sorted(accounts), people=sorted(people), now=now)
    identities.look_again(people=_named(one.unsettled for one in outcomes))
    _note_seen("usage_account", _named(one.accounts_long_ago for one in outcomes), now)
    _note_seen("usage_visitor", _named(one.people_long_ago for one in outcomes), now)


def _waiting_still(outcomes: list[Outcome], rows: list[list[Use | Told]]) -> list[Outcome]:
    """What waits after those first met are matched, here and among the arrivals. Asks for few."""
    met = [
        (outcome.arrival, one.person or "", one.account or "", one.account in accounts)
        for outcome, some in zip(outcomes, rows, strict=True)
        if outcome.waiting and (outcome.new_people or outcome.new_accounts)
        for people, accounts in [(set(outcome.new_people or ()), set(outcome.new_accounts or ()))]
        for one in some
        if isinstance(one, Use) and (one.person in people or one.account in accounts)
    ]
    if not met:
        return outcomes
    arrivals, people_of, accounts_of, are_new = map(list, zip(*met, strict=True))
    told = {"arrivals": arrivals, "people": people_of, "accounts": accounts_of, "are_new": are_new}
    left: dict[int, int] = dict(quick(statements.MATCHED_AT_ONCE, told))
    return [one._replace(waiting=left.get(one.arrival, one.waiting)) for one in outcomes]


def _named(lists: Iterable[list[str] | None]) -> set[str]:
    return {key for keys in lists for key in keys or ()}


def _note_seen(table: str, keys: set[str], now: datetime) -> None:
    if keys:
        quick(statements.NOTE_SEEN.format(table=table), {"keys": list(keys), "now": now})
