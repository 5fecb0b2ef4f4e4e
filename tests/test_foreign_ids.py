"""S2: ids of another workspace in bodies, forms, filters, imports, sessions and keys lead nowhere."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction

from banso.core import api_keys
from banso.core.errors import Refused
from banso.core.imports import planning, running
from banso.core.imports.declarations import Column, ImportTable, import_tables
from banso.core.scope import open_workspace
from banso.customers import filters, queries
from banso.customers.fields import Field, fields
from banso.customers.filters import Condition
from banso.customers.models import Customer
from banso.customers.tests.builders import a_customer
from tests import examples, rubbish, samples
from tests.doors import Door, operations
from tests.worlds import Actor, Answer, World, cookies_of

WITH_BODY = [door for door in operations() if door.body]
LISTS = ["/api/v1/customers", "/customers/"]


@contextmanager
def nothing_of_theirs_is_touched(world: World) -> Iterator[None]:
    before = samples.checksum(world.theirs)
    yield
    assert samples.checksum(world.theirs) == before
    assert samples.rows_that_reach_outside() == []


def foreign_ids(world: World) -> list[str]:
    """Of every noun of theirs, their owner's and their workspace's own."""
    person = samples.members(world.theirs)[0]
    rows = {str(row.pk) for row in world.their_rows.values()}
    return sorted(rows | {str(person), str(world.theirs.pk)})


def likely_ids(world: World, ours: Iterable[str]) -> list[str]:
    """Theirs of the nouns that these ids of ours are of, and their workspace's own.

    Every id of theirs where we cannot tell the noun.
    """
    known = set(ours)
    nouns = {noun for noun, row in world.rows.items() if str(row.pk) in known}
    rows = {str(world.their_rows[noun].pk) for noun in nouns & world.their_rows.keys()}
    if not known.isdisjoint(str(one.pk) for one in world.people.values()):
        rows.add(str(samples.members(world.theirs)[0]))
    return sorted(rows | {str(world.theirs.pk)}) if rows else foreign_ids(world)


def expect_refusal(where: str, answer: Answer) -> None:
    assert 400 <= answer.status < 500, f"{where}: {answer.status} {answer.trouble}"
    assert samples.CANARY not in answer.text, where


@pytest.mark.parametrize("door", WITH_BODY, ids=str)
def test_an_operation_takes_its_example_but_no_foreign_id_in_it(door: Door, world: World) -> None:
    body = examples.body(door, world)
    answer = world.call(world.owner, door, world.ids, body)
    assert 200 <= answer.status < 300, f"{answer.status} {answer.text} {answer.trouble}"
    with nothing_of_theirs_is_touched(world):
        for path, part in examples.leaves(door):
            if not examples.takes_an_id(str(path[-1]), part):
                continue
            ours = examples.at(body, path)
            for wrong in [*likely_ids(world, [str(ours)]), samples.random_id("")]:
                answer = world.call(world.owner, door, world.ids, examples.put(body, path, wrong))
                expect_refusal(f"{door} {path} {wrong}", answer)


def test_a_list_that_asks_about_strangers_is_empty(world: World) -> None:
    people = [one.key for one in fields() if one.kind == "person"]
    for key in people:
        for wrong in foreign_ids(world):
            for path in LISTS:
                query = urlencode({"f": f"{key}:is:{wrong}"})
                answer = world.knock(world.owner, "GET", path, query=query)
                assert answer.status in {200, 422} and samples.CANARY not in answer.text


@pytest.mark.parametrize("field", fields(), ids=lambda field: str(field.key))
def test_every_condition_is_refused_or_finds_only_ours(field: Field, world: World) -> None:
    operators = [*filters.OPERATORS[field.kind], *rubbish.OPERATORS]
    values: list[Any] = [*rubbish.SQL, *foreign_ids(world)[:2], *rubbish.VALUES]
    asked: set[Condition] = set()  # those that are read alike are one
    with open_workspace(world.ours), transaction.atomic():
        for op in operators:
            for value in values:
                asked |= _read(field.key, op, value) | _read(field.key, op, [value, value])
        for condition in asked:
            found = filters.apply(Customer.objects.all(), [condition], on=world.ours.today())
            assert all(one.workspace_id == world.ours.pk for one in found)
    assert asked or not field.filterable


@pytest.mark.parametrize("key", rubbish.FIELDS, ids=lambda key: repr(key)[:30])
def test_no_condition_reads_what_is_not_declared(key: Any, world: World) -> None:
    with open_workspace(world.ours), pytest.raises(Refused):
        filters.parse([{"field": key, "op": "is", "value": "x"}])
    if isinstance(key, str) and rubbish.storable(key):
        for path in LISTS:
            answer = world.knock(world.owner, "GET", path, query=urlencode({"f": f"{key}:is:x"}))
            assert 400 <= answer.status < 500, f"{answer.status} {answer.trouble}"


def _read(key: str, op: Any, value: Any) -> set[Condition]:
    """The condition as the program understands it; nothing where it is refused."""
    try:
        return set(filters.parse([{"field": key, "op": op, "value": value}]))
    except Refused:
        return set()


@pytest.mark.parametrize("name", ["sort", "columns", "cursor", "on", "limit", "q"])
def test_what_shapes_a_list_is_taken_or_refused_in_words(name: str, world: World) -> None:
    values = [*rubbish.SQL, *foreign_ids(world)[:3], *map(str, rubbish.FIELDS), *rubbish.NUMBERS]
    for value in filter(rubbish.storable, values):
        answer = world.knock(world.owner, "GET", LISTS[0], query=urlencode({name: value}))
        assert answer.status < 500, f"{name}={value!r}: {answer.trouble}"
        assert samples.CANARY not in answer.text


def test_a_cursor_of_theirs_shows_ours_only(world: World) -> None:
    with open_workspace(world.theirs):
        for n in range(2):
            a_customer(f"{samples.CANARY}{n}")
        cursor = queries.customer_list(limit=1).next_cursor
    assert cursor
    for path in LISTS:
        answer = world.knock(world.owner, "GET", path, query=urlencode({"cursor": cursor}))
        assert answer.status < 500 and samples.CANARY not in answer.text


IMPORTED = [(table, column) for table in import_tables() for column in table.columns]


@pytest.mark.parametrize(
    ("table", "column"), IMPORTED, ids=lambda one: getattr(one, "name", getattr(one, "key", ""))
)
def test_a_file_cannot_name_rows_of_theirs(
    table: ImportTable, column: Column, world: World, tmp_path: Any
) -> None:
    if column.kind != "text":
        return
    names = [f"THEIRS-{noun}" for noun in world.their_rows]
    path = tmp_path / f"{table.name}.csv"
    with nothing_of_theirs_is_touched(world):
        path.write_text(_csv(table, column, [*names, *foreign_ids(world)]), "utf-8")
        with open_workspace(world.ours):
            plan = planning.plan_import([(path.name, path)])
            run = running.start_run(plan, source=path.name, by=world.people["owner"])
            report = running.run_import(plan, run=run, by=world.people["owner"])
        assert samples.CANARY not in str(report)


def _csv(table: ImportTable, column: Column, values: list[str]) -> str:
    """A row for each value in that column, the others as in the template."""
    keys = [one.key for one in table.columns]
    lines = [",".join(keys)]
    for value in values:
        cells = [value if one.key == column.key else one.example for one in table.columns]
        lines.append(",".join(f'"{cell}"' for cell in cells))
    return "\n".join(lines)


def test_a_session_cannot_name_a_workspace_of_strangers(world: World) -> None:
    cookies = cookies_of(world.people["owner"], workspace=str(world.theirs.pk))
    actor = Actor("owner", cookies, permits=world.owner.permits)
    for path in ("/", "/customers/", "/settings/", "/api/v1/customers"):
        answer = world.knock(actor, "GET", path)
        assert answer.status == 200 and samples.CANARY not in answer.text
    for wrong in [*foreign_ids(world), "", "\x00", "x" * 10_000]:
        data = urlencode({"workspace": wrong}).encode()
        answer = world.knock(actor, "POST", "/settings/switch/", data=data)
        assert 400 <= answer.status < 500, answer.trouble


def test_their_key_opens_their_rows_only(world: World) -> None:
    with open_workspace(world.theirs):
        person = samples.people_of(world.theirs)[0]
        permits = world.owner.permits
        _key, secret = api_keys.make_key("連携", scopes=sorted(permits), by=person)
    theirs = Actor("their key", key=secret, permits=permits)
    both = Actor("their key, our cookie", world.owner.cookies, secret, permits)
    for door in [one for one in operations() if one.params]:
        for actor in (theirs, both):
            body = examples.body(door, world)
            answer = world.call(actor, door, world.ids, body)
            assert answer.status in {404, 405}, f"{actor.name} {door}: {answer.status}"


@pytest.mark.parametrize("key", ["", "x", "bns_", "é", "\udc80", "bns_" + "x" * 10_000, "a b c"])
def test_a_wrong_key_is_401_even_beside_a_cookie(key: str, world: World) -> None:
    value = f"Bearer {key}".encode("utf-8", "surrogateescape").decode("latin-1")
    answer = world.knock(
        Actor("nobody"), "GET", "/api/v1/customers", headers={"Authorization": value}
    )
    assert answer.status == 401, answer.trouble
