"""How usage is stored as it arrives: one transaction a request, of few and prepared statements.

The fast half of `store`. A request stores facts and what it already knows of their owners;
`settling` finds owners anew where anything has changed, so that no order of arrival matters.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from psycopg.types.numeric import Int4

from banso.core import sql
from banso.core.scope import current_workspace
from banso.touchpoints.usage import identities, store, telling
from banso.touchpoints.usage import live_statements as statements
from banso.touchpoints.usage.tracking.meaning import Meaning, Use

HOUR = timedelta(hours=1)
EVENT = (
    "workspace_id", "customer_id", "contact_id", "person_key", "feature", "at", "day",
    "message_id", "source_id", "account_key", "kind", "properties",
)  # fmt: skip
DUE = ("workspace_id", "customer_id", "day", "feature", "person_key", "contact_id", "events")
_ready: set[date] = set()  # months that had a partition when this process last looked


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a request's messages; `waiting` of the new ones are of nobody we know."""

    count: int = 0
    new: int = 0
    waiting: int = 0

    @property
    def duplicates(self) -> int:
        return self.count - self.new


class Known(NamedTuple):
    """What we know of an account or a person. `through_contact` is the contact's customer."""

    customer: UUID | None
    contact: UUID | None
    through_contact: UUID | None
    since: datetime | None
    ignored: bool
    long_ago: bool


def days_of(meaning: Meaning) -> dict[UUID, date]:
    """The local day of each use, for which there is a partition now. Apart from its storing."""
    zone = current_workspace().tz
    days = {use.key: use.at.astimezone(zone).date() for use in meaning.uses}
    months = {day.replace(day=1) for day in days.values()}
    if not months <= _ready:
        with transaction.atomic():
            store.ensure_partitions(months)
        _ready.update(months)
    return days


def look_for_partitions_again() -> None:
    """A partition that this process knew is gone."""
    _ready.clear()


def take(meaning: Meaning, *, days: dict[UUID, date], source: UUID, received: datetime) -> Taken:
    """The messages never seen before are stored, due for rollup, and what they tell is kept.

    The first of an id wins, in the request and against everything before; a message belongs to
    its workspace. In the caller's transaction. `days` are of `days_of`; IntegrityError when a
    partition is missing all the same. Cost: 6 statements.
    """
    sql.quick(statements.BEGIN)
    fresh = _fresh(meaning)
    uses = list({use.key: use for use in reversed(meaning.uses) if use.key in fresh}.values())
    told = list({one.key: one for one in reversed(meaning.told) if one.key in fresh}.values())
    if told:
        telling.listen(told, received)
    rows, waiting = _rows(uses[::-1], days, source, received)
    if rows:
        sql.append("usage_event", EVENT, rows)
    due = Counter((row[1], row[6], row[4], row[3], row[2]) for row in rows if row[1])
    if due:
        workspace = rows[0][0]
        sql.append("usage_due", DUE, ((workspace, *which, Int4(n)) for which, n in due.items()))
    return Taken(len(meaning), len(uses) + len(told), waiting)


def _fresh(meaning: Meaning) -> Collection[UUID]:
    """The keys never seen before, which are seen from now on."""
    keys = {one.key for one in meaning.uses} | {one.key for one in meaning.told}
    if meaning.nameless:
        keys -= _repeated(meaning.nameless)
    if not keys:
        return keys
    in_order = ",".join([key.hex for key in sorted(keys)])
    today = current_workspace().today()
    why = "keys are hashes that hold their workspace"
    found = sql.quick(statements.SEE, {"keys": f"{{{in_order}}}", "today": today}, reason=why)
    if found.rowcount == len(keys):
        return keys
    return {key for (key,) in found.fetchall()}


def _repeated(nameless: dict[UUID, UUID]) -> set[UUID]:
    """Those whose like came in the minute before."""
    earlier = "{" + ",".join(key.hex for key in nameless.values()) + "}"
    why = "keys are hashes that hold their workspace"
    found = sql.quick(statements.SEEN, {"keys": earlier}, reason=why)
    seen = {key for (key,) in found.fetchall()}
    return {now for now, before in nameless.items() if before in seen}


def _rows(
    uses: list[Use], days: dict[UUID, date], source: UUID, received: datetime
) -> tuple[list[tuple[Any, ...]], int]:
    """Rows of usage_event, and how many of them wait."""
    accounts, people = look_up(uses, received)
    workspace, waiting, rows = current_workspace().pk, 0, []
    unsettled: set[str] = set()
    for use in uses:
        person, account = people.get(use.person), accounts.get(use.account)
        customer = _customer(use, person, account, unsettled)
        waiting += customer is None
        kept = None if use.properties is None else sql.JsonText(use.properties)
        # fmt: off
        rows.append((
            workspace, customer, person.contact if person else None, use.person, use.feature,
            use.at, days[use.key], use.message_id, source, use.account, use.kind, kept,
        ))
        # fmt: on
    identities.look_again(people=sorted(unsettled))
    return rows, waiting


def _customer(
    use: Use, person: Known | None, account: Known | None, unsettled: set[str]
) -> UUID | None:
    """Whose the use is as far as we know now; people whose past must be looked at are noted."""
    if account is not None:
        if account.ignored:
            return None
        return account.customer or (person.through_contact if person else None)
    if person is None or use.account:
        return None
    if person.since is not None and use.at < person.since:
        unsettled.add(use.person)  # before their latest account: `settling` finds the earlier one
        return None
    return person.customer


def look_up(uses: Iterable[Use], received: datetime) -> tuple[dict[str, Known], dict[str, Known]]:
    """(accounts, people) that the uses name, by key. Those never seen before are made and matched."""
    uses = list(uses)
    accounts = sorted({use.account for use in uses if use.account})
    people = sorted({use.person for use in uses if use.person})
    if not accounts and not people:
        return {}, {}
    found: tuple[dict[str, Known], dict[str, Known]] = ({}, {})
    params = {"accounts": accounts, "people": people, "hour": received - HOUR}
    for person, key, *known in sql.quick(statements.LOOK_UP, params):
        found[person][key] = Known(*known)
    _note(statements.NOTE_SEEN.format(table="usage_account"), found[0], received)
    _note(statements.NOTE_SEEN.format(table="usage_visitor"), found[1], received)
    identities.meet(
        accounts=[key for key in accounts if key not in found[0]],
        people=[key for key in people if key not in found[1]],
        now=received,
    )
    return found


def _note(statement: str, found: dict[str, Known], now: datetime) -> None:
    if keys := [key for key, known in found.items() if known.long_ago]:
        sql.quick(statement, {"keys": keys, "now": now})
