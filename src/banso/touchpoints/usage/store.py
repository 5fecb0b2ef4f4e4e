"""How usage is stored: raw events, imported daily totals, and the rollups everything else reads.

The one module that knows. Another store takes its place by offering the same functions.
Every function runs inside the caller's transaction and for the open workspace.
"""

import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from django.db import OperationalError, transaction
from django.utils import timezone

from banso.core import sql
from banso.core.lookups import array_of
from banso.core.models import ImportRun
from banso.core.scope import ForeignWorkspace, current_workspace
from banso.lib.usage_windows import Window
from banso.touchpoints.usage import statements
from banso.touchpoints.usage.models import DailyUsage, ImportedUsage

CHUNK = 5000
BULK_MEMORY = "64MB"
SEEN_DAYS = 400
SAMPLE = 2000  # customers by whom a tenth is told
FIRST_YEAR = 2000
LOOKING_SECONDS = 0.25

CustomerDay = tuple[UUID, date]


class Event(NamedTuple):
    """One use of one feature. `message_id` is the source's own; `at` is aware."""

    customer_id: UUID
    contact_id: UUID | None
    person_key: str
    feature: str
    at: datetime
    message_id: str


class Total(NamedTuple):
    """What a source says was done with one feature on one local day. `line` is 1-based."""

    source_id: str
    line: int
    customer_id: UUID
    feature: str
    day: date
    events: int
    contact_id: UUID | None = None
    person_key: str = ""
    seconds: int = 0
    errors: int = 0


@dataclass(frozen=True, slots=True)
class Reused:
    """A row dropped because its id was taken: its line, and the line of the row that is kept."""

    source_id: str
    line: int
    first_line: int


@dataclass(slots=True)
class Outcome:
    """What became of rows: `read` is the sum of the rest."""

    created: int = 0
    unchanged: int = 0
    duplicates: list[Reused] = field(default_factory=list)

    @property
    def read(self) -> int:
        return self.created + self.unchanged + len(self.duplicates)


def load_events(
    rows: Iterable[tuple[object, ...]], *, run: ImportRun | None = None, rolls_up: bool = True
) -> Outcome:
    """The events among `rows` that were never seen are stored and rolled up; the rest change nothing.

    `rows` are `Event` tuples; within them and against the store, the first of a message id wins
    and later ones count as unchanged. Each lands on its own local day, however late it comes.
    Not `rolls_up`: that is left to `runs`. Raises ValueError for a year before 2000 or after next year, before anything is stored.
    Cost: a million took 17 s on two busy cores.
    """
    read = _take_in(rows)
    stored = sql.run(statements.STORE_EVENTS, _params(run))
    if rolls_up:
        _roll_up_incoming()
    return Outcome(created=stored, unchanged=read - stored)


def load_history(rows: Iterable[tuple[object, ...]], *, since: date) -> int:
    """All of `rows` are stored and rolled up; their ids are not remembered. How many rows.

    `rows` are `Event` tuples, each with its person_key, none of a day before `since`. For a past
    that was never sent before and never will be again, of a workspace without any usage yet:
    half the cost of `load_events`. Raises ValueError where there is usage, and as that does.
    """
    if sql.rows(statements.ANY_EVENT):
        raise ValueError("There is usage already.")
    today, customers = current_workspace().today(), set[UUID]()
    ensure_partitions(since + timedelta(days=n) for n in range((today - since).days + 1))
    read = sql.append("usage_event", statements.HISTORY, _dated(rows, customers))
    _refuse_strangers(customers, set())
    sql.work_memory(BULK_MEMORY)
    one_rolls_up()
    sql.run(statements.ADD_HISTORY)
    return read


def _dated(rows: Iterable[Any], customers: set[UUID]) -> Iterator[tuple[Any, ...]]:
    """The events with their local day; whose they are is noted."""
    zone = current_workspace().tz
    for customer, contact, person, feature, at, message in rows:
        customers.add(customer)
        yield customer, contact, person, feature, at, at.astimezone(zone).date(), message


def _take_in(rows: Iterable[tuple[object, ...]]) -> int:
    """`rows` stand in usage_incoming and there are partitions for them; how many."""
    sql.work_memory(BULK_MEMORY)
    read = sql.stage("usage_incoming", statements.INCOMING, rows)
    if strangers := sql.rows(statements.STRANGERS):
        raise ForeignWorkspace(f"Customer {strangers[0][0]} is not of this workspace.")
    ensure_partitions(month for (month,) in sql.rows(statements.MONTHS, _params()))
    return read


def _params(run: ImportRun | None = None) -> dict[str, object]:
    workspace = current_workspace()
    return {"zone": workspace.zone, "run": run.pk if run else None, "today": workspace.today()}


def _roll_up_incoming() -> None:
    touch_nothing()
    sql.run(statements.TOUCH_INCOMING, _params())
    roll_up_touched()


def add_imported(
    rows: Iterable[Total],
    *,
    run: ImportRun,
    seen: dict[str, int] | None = None,
    ours: set[UUID] | None = None,
    rolls_up: bool = True,
) -> Outcome:
    """Daily totals whose id was never seen are stored and rolled up; the first row of an id is kept.

    A row equal to the one kept from an earlier import is unchanged. Any other row with a known id
    is a duplicate, told with both lines. A caller that comes in batches passes the same `seen`
    (id → line of this run) and `ours` (customers found to be of this workspace) each time. Not `rolls_up`: that is left to `runs`.
    Cost: 3 statements per 5,000 rows, 10 µs a row, and the rollup.
    """
    seen, ours = {} if seen is None else seen, set() if ours is None else ours
    outcome, touched = Outcome(), set[CustomerDay]()
    rest = iter(rows)
    while chunk := list(islice(rest, CHUNK)):
        new = _sort_out(chunk, seen, outcome)
        _refuse_strangers({row.customer_id for row in new}, ours)
        sql.append("usage_importedusage", statements.IMPORTED, (_imported(row, run) for row in new))
        if rolls_up:
            touched.update((row.customer_id, row.day) for row in new)
    roll_up(touched)
    return outcome


def remove_imported(run: ImportRun) -> int:
    """Nothing that `run` brought is counted any more; rollups are as without it. How many rows went.

    Ids of the rows are free again, so that the same file can be imported once more.
    """
    touch_nothing()
    params = {"run": run.pk}
    gone = sql.run(statements.REMOVE_TOTALS, params) + sql.run(statements.REMOVE_EVENTS, params)
    roll_up_touched()
    return gone


def roll_up(pairs: Collection[CustomerDay]) -> None:
    """The rollups of these (customer, local day) pairs are exactly the sums of what is stored.

    Pairs not named stay as they are. Safe beside itself: one workspace rolls up one at a time.
    """
    if pairs:
        sql.stage("usage_touched", statements.TOUCHED, pairs)
        roll_up_touched()


def rename_person(customer_id: UUID, *, contact_id: UUID, name: str) -> int:
    """Every use by this contact is now by `name` (a person_key) and no contact; rollups changed.

    Counts stay true: one person stays one person. What sources told of them is gone: their keys,
    traits and events' properties, and the bodies of arrivals. For erasure.
    """
    keys = keys_of(contact_id)
    params = {"customer": customer_id, "contact": contact_id, "name": name, "keys": keys}
    one_rolls_up()
    touch_nothing()
    sql.run(statements.TOUCH_PERSON, params)
    for statement in (
        statements.FORGET_WORDS,
        statements.RENAME_IN_EVENTS,
        statements.RENAME_IN_TOTALS,
        *statements.FORGET_PERSON,
    ):
        sql.run(statement, params)
    sql.run(statements.FORGET_BODIES)
    return roll_up_touched()


def keys_of(contact_id: UUID) -> list[str]:
    """What sources call this contact: every key of every visitor who is the same person."""
    return [key for (key,) in sql.rows(statements.KEYS_OF_CONTACT, {"contact": contact_id})]


def events_of(keys: Collection[str]) -> list[tuple[Any, ...]]:
    """(at, feature, kind, account, properties as JSON) of what sources sent of these keys."""
    return sql.rows(statements.EVENTS_OF_KEYS, {"keys": list(keys)})


def forget(customer_ids: Collection[UUID]) -> int:
    """Nothing is stored of these customers, nor of ids they sent. How many events went.

    Their accounts and people have gone with them; requests that still knew them are waited for.
    """
    params = {"customers": list(customer_ids)}
    if not requests_have_ended():
        raise OperationalError("A request that stores usage does not end.")  # the job comes again
    gone = sql.run(statements.FORGET_EVENTS, params)
    sql.run(statements.FORGET_DUE, params)
    sql.run(statements.FORGET_BELONGINGS)
    sql.run(statements.FORGET_BODIES)
    ImportedUsage.objects.filter(customer__in=customer_ids).delete()
    DailyUsage.objects.filter(customer__in=customer_ids).delete()
    return gone


def requests_have_ended() -> bool:
    """Whether every request that was storing usage when this was called has committed by now.

    They take milliseconds. First by looking, for a waiting lock holds up all that come after;
    where they never pause, by waiting half a second at most. In the caller's transaction.
    """
    give_up = time.monotonic() + LOOKING_SECONDS
    while not sql.rows(statements.NO_REQUESTS)[0][0]:
        if time.monotonic() > give_up:
            return _waited_for_requests()
        time.sleep(0.005)
    return True


def _waited_for_requests() -> bool:
    try:
        with transaction.atomic():
            sql.run_for_all("SET LOCAL lock_timeout = '500ms'", reason="a setting")
            sql.rows(statements.WAIT_FOR_REQUESTS)
            sql.run_for_all("SET LOCAL lock_timeout = 0", reason="a setting")
    except OperationalError:
        return False
    return True


def ensure_partitions(months: Iterable[date]) -> None:
    """There is a partition for each month that holds one of these days.

    Raises ValueError for a year before 2000 or after next year: such a clock is wrong.
    """
    wanted = {day.replace(day=1) for day in months}
    last_year = max(current_workspace().today(), timezone.now().date()).year + 1
    if odd := [day for day in wanted if not FIRST_YEAR <= day.year <= last_year]:
        raise ValueError(f"No partition is made for {min(odd)}.")
    why = "a month's partition holds every workspace"
    known = {name for (name,) in sql.run_for_all(statements.PARTITIONS, reason=why)}
    if missing := sorted(day for day in wanted if _partition(day) not in known):
        sql.run_for_all(statements.ONE_MAKES_PARTITIONS, reason=why)
    for month in missing:
        span = {"start": month.isoformat(), "end": _next_month(month).isoformat()}
        ddl = statements.MAKE_PARTITION.format(name=_partition(month), **span)
        sql.run_for_all(ddl, reason=why)


def daily_medians(days: Collection[date], *, fewest: int) -> dict[date, float]:
    """For each day, the median over the customers of (events that day ÷ the customer's mean a day).

    Over customers with any use on these days, at most 300 of them; empty when fewer than `fewest`
    are. 1 query.
    """
    if not days:
        return {}
    found = sql.rows(statements.MEDIANS, {"days": list(days), "fewest": fewest})
    return {day: float(level) for day, level in found}


def forget_old_keys(before: date) -> None:
    """Ids first seen before `before` no longer stop a repeated event."""
    why = "keys are hashes that do not tell their workspace"
    sql.run_for_all(statements.FORGET_OLD, {"before": before}, reason=why)


def features_known(window: Window, *, share: int) -> int:
    """How many features one in `share` or more of the customers that used any used in the window."""
    params = {"start": window.start, "end": window.end, "share": share}
    return int(sql.rows(statements.FEATURES_KNOWN, params)[0][0])


def features_broad(window: Window) -> int:
    """Different features that the broadest tenth of the active customers used in the window.

    Of more than 2,000 of them, as 2,000 say.
    """
    params = {"start": window.start, "end": window.end, "sample": SAMPLE}
    return int(sql.rows(statements.FEATURES_BROAD, params)[0][0])


def empty() -> None:
    """Nothing is left of the open workspace's usage, and the ids of its events are free again."""
    for statement in statements.EMPTY:
        sql.run(statement)


def _sort_out(chunk: list[Total], seen: dict[str, int], outcome: Outcome) -> list[Total]:
    """The rows to store; counts what becomes of the others."""
    new: list[Total] = []
    ids = [row.source_id for row in chunk]
    kept = {row[0]: row[1:] for row in sql.rows(statements.KEPT_TOTALS, {"ids": array_of(ids)})}
    for row in chunk:
        if (first := seen.get(row.source_id)) is not None:
            outcome.duplicates.append(Reused(row.source_id, row.line, first))
            continue
        earlier = kept.get(row.source_id)
        if earlier is not None and earlier[1:] != _facts(row):
            outcome.duplicates.append(Reused(row.source_id, row.line, earlier[0]))
            continue
        seen[row.source_id] = row.line
        if earlier is None:
            new.append(row)
        else:
            outcome.unchanged += 1
    outcome.created += len(new)
    return new


def _refuse_strangers(customer_ids: set[UUID], ours: set[UUID]) -> None:
    """Those that are not among `ours` are of this workspace, and are among them from now on."""
    if new := customer_ids - ours:
        params = {"customers": array_of(map(str, new))}
        if sql.rows(statements.HOW_MANY_OURS, params)[0][0] != len(new):
            raise ForeignWorkspace("A customer of these rows is not of this workspace.")
        ours |= new


def _facts(row: Total) -> tuple[object, ...]:
    """What must be equal for a row to be unchanged, as KEPT_TOTALS reads it."""
    use = (row.feature, row.day, row.events, row.seconds, row.errors)
    return (row.customer_id, row.contact_id, _person(row), *use)


def _person(row: Total) -> str:
    if row.person_key or row.contact_id is None:
        return row.person_key
    return f"contact:{row.contact_id}"


def _imported(row: Total, run: ImportRun) -> tuple[object, ...]:
    return (row.source_id, row.line, *_facts(row), run.pk)


def touch_nothing() -> None:
    """usage_touched is there, and empty: pairs added to it are what `roll_up_touched` rolls up."""
    sql.stage("usage_touched", statements.TOUCHED, ())


def one_rolls_up() -> None:
    """Nobody else rolls up this workspace until the transaction ends."""
    sql.run(statements.ONE_ROLLS_UP)


def roll_up_touched() -> int:
    """Rollups of the pairs in usage_touched are recomputed; how many rollups there are of them."""
    one_rolls_up()
    sql.run(statements.CLEAR_ROLLUPS)
    return sql.run(statements.ROLL_UP)


def _partition(month: date) -> str:
    return f"usage_event_{month:%Y%m}"


def _next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
