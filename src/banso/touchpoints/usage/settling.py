"""Whose usage is whose, found anew where something has changed; and rollups that follow.

Beside requests that come in all the time. What is settled is the same whatever came first: it
depends on nothing but the rows that stand when nothing is due any more.
"""

import time
from collections.abc import Collection
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from banso.core import sql
from banso.core.scope import current_workspace_id
from banso.touchpoints.usage import live_statements as statements
from banso.touchpoints.usage import store

ARRIVALS_KEPT = timedelta(hours=24)
CALLS_KEPT = timedelta(days=7)
_forgot_at: dict[UUID, float] = {}  # by workspace, on the clock of this process


class Moved(NamedTuple):
    """Rows of usage_moved, and what they name."""

    ids: list[int]
    accounts: list[str]
    people: list[str]


def settle() -> Moved:
    """Persons whose calls or matches have changed are who the newest rows say; what was looked at.

    In a transaction of its own, before `roll_up`: requests that still read the old state have
    committed when that one waits for them, those that come later read the new.
    """
    with transaction.atomic():
        rows = sql.rows(statements.MOVED)
        accounts = sorted({account for _id, account, _person in rows if account})
        people = {person for _id, _account, person in rows if person}
        if accounts:
            found = sql.rows(statements.PEOPLE_OF_ACCOUNTS, {"accounts": accounts})
            people |= {person for (person,) in found}
        keys = _settle_people(people) if people else []
        return Moved([one for one, _account, _person in rows], accounts, keys)


def attribute(moved: Moved) -> set[UUID]:
    """Events of what has moved are their owners'; the customers whose rollups are to change.

    What has moved stays to be looked at when a request does not end in time (see `is_left`).

    In the caller's transaction, which goes on with `roll_up`: until its end nobody else does.
    """
    store.one_rolls_up()
    store.touch_nothing()
    if moved.ids and store.requests_have_ended():
        for statement, given in (
            (statements.ATTRIBUTE_BY_PERSON, {"people": moved.people}),
            (statements.ATTRIBUTE_BY_ACCOUNT, {"accounts": moved.accounts}),
        ):
            if any(given.values()):
                sql.run(statement, given)
        sql.run(statements.LOOKED_AT, {"ids": moved.ids})
    return {customer for (customer,) in sql.rows(statements.CUSTOMERS)}


def is_left(moved: Moved) -> bool:
    """Whether something that has moved was not looked at yet."""
    return bool(moved.ids) and bool(sql.rows(statements.ANY_OF, {"ids": moved.ids}))


def roll_up() -> None:
    """The rollups of all that `attribute` touched, and of all that is due, are true."""
    if sql.rows(statements.ANY_TOUCHED):
        store.roll_up_touched()
    sql.run(statements.ADD_DUE)


def forget_repeated_calls() -> None:
    """Group calls of over a week ago that only repeat the one before them are forgotten."""
    sql.run(statements.FORGET_REPEATED_CALLS, {"before": timezone.now() - CALLS_KEPT})


def forget_arrivals(*, every: float = 0.0) -> None:
    """Only the last day's arrivals are kept, and the last 1,000 of each source.

    With `every`, nothing is done where this process did so less than so many seconds ago.
    """
    workspace, now = current_workspace_id(), time.monotonic()
    if every and now - _forgot_at.get(workspace, -every) < every:
        return
    _forgot_at[workspace] = now
    sql.run(statements.FORGET_ARRIVALS, {"before": timezone.now() - ARRIVALS_KEPT})


def _settle_people(people: Collection[str]) -> list[str]:
    """Each visitor's person is the end of their chain; their keys."""
    keys = sorted(_together(people))
    sql.run(statements.LOCK_VISITORS, {"keys": keys})
    chain = {
        key: (person, other) for key, person, other in sql.rows(statements.TOGETHER, {"keys": keys})
    }
    names = {
        key: end_of_chain(key, {one: other for one, (_, other) in chain.items()}) for key in chain
    }
    params = {"keys": list(names), "people": list(names.values())}
    sql.run(statements.NAME_PEOPLE, params)
    sql.run(statements.SETTLE, {"people": sorted(set(names.values()))})
    return sorted(names)


def _together(people: Collection[str]) -> set[str]:
    """Every visitor that is joined with one of these in any way."""
    known: set[str] = set()
    named = set(people)
    while named - known:
        asked = sorted(named - known)
        known |= named
        for row in sql.rows(statements.TOGETHER, {"keys": asked}):
            named |= set(row) - {""}
    return known


def end_of_chain(key: str, same_as: dict[str, str]) -> str:
    """Where following `same_as` ends; in a circle, its member that sorts first."""
    path = [key]
    while (following := same_as.get(path[-1], "")) in same_as:
        if following in path:
            return min(path[path.index(following) :])
        path.append(following)
    return path[-1]
