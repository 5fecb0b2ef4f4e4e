"""Probes that grow by themselves: S1 (foreign ids in addresses), S2 (in bodies), S5 (permissions).

A door whose parameters no builder can fill fails the suite, so every new room is covered.
"""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from banso.core.declarations import permission as declared
from banso.core.models import Person, Role, Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import a_member, a_workspace
from tests import samples
from tests.doors import Door, builder, doors, noun, operations

ROLES = [role.value for role in Role]
DOORS = doors()
WITH_IDS = [door for door in DOORS if door.params]
MARKED = [door for door in DOORS if door.permission]
WITH_ID_FIELDS = [door for door in operations() if samples.id_fields(door.body)]
Asker = Callable[..., Any]


@pytest.fixture
def foreign(db: None) -> Workspace:
    """Another workspace, full of canaries."""
    workspace = a_workspace("カナリア社")
    with open_workspace(workspace):
        a_member("owner@canary.example", name=samples.CANARY, role=Role.OWNER)
    return workspace


@pytest.fixture
def people(acme: Workspace) -> dict[str, Person]:
    """One person of each role at acme."""
    return {role: a_member(f"{role}@acme.example", name=role, role=role) for role in ROLES}


def client_of(person: Person) -> Client:
    client = Client(headers={"accept-language": "ja"})
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def ask(client: Client, door: Door, ids: dict[str, str], body: dict[str, Any] | None = None) -> Any:
    """Knock as a browser or a program would; a server error is an answer, not an exception."""
    client.raise_request_exception = False
    if door.kind == "api" and door.method != "GET":
        return client.generic(
            door.method, door.address(ids), json.dumps(body or {}), content_type="application/json"
        )
    return client.generic(door.method, door.address(ids))


def text_of(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return str(content.decode("utf-8", "replace"))


def test_every_parameter_of_every_door_has_a_builder() -> None:
    missing = {p for door in DOORS for p in door.params if builder(noun(p)) is None}
    assert missing == set()


@pytest.mark.parametrize("door", WITH_IDS, ids=str)
def test_ids_of_another_workspace_lead_nowhere(
    door: Door, acme: Workspace, people: dict[str, Person], foreign: Workspace
) -> None:
    theirs = samples.one_of_each(foreign)
    samples.plant_canaries(foreign)
    ours = samples.one_of_each(acme)
    before = samples.checksum(foreign)
    for role, person in people.items():
        client = client_of(person)
        for param in door.params:
            for wrong in (theirs[param], str(uuid4())):
                answer = ask(
                    client, door, {**ours, param: wrong}, samples.body_for(door.body, ours)
                )
                expect_nothing(door, role, answer)
    assert samples.checksum(foreign) == before
    assert samples.rows_that_reach_outside() == []


def expect_nothing(door: Door, role: str, answer: Any) -> None:
    allowed = role in declared(str(door.permission)).roles if door.permission else True
    fine = {404, 405} if allowed else {403, 404, 405}
    assert answer.status_code in fine, f"{role} {door}: {answer.status_code}"
    assert samples.CANARY not in text_of(answer)


@pytest.mark.parametrize("door", WITH_ID_FIELDS, ids=str)
def test_ids_of_another_workspace_in_a_body_are_refused(
    door: Door, acme: Workspace, people: dict[str, Person], foreign: Workspace
) -> None:
    theirs = samples.one_of_each(foreign)
    samples.plant_canaries(foreign)
    ours = samples.one_of_each(acme)
    before = samples.checksum(foreign)
    client = client_of(people["owner"])
    for name in samples.id_fields(door.body):
        for foreign_id in sorted(set(theirs.values())):
            body = {**samples.body_for(door.body, ours), name: foreign_id}
            answer = ask(client, door, ours, body)
            assert answer.status_code in {400, 404, 409, 422}, (
                f"{door} {name}: {answer.status_code}"
            )
            assert samples.CANARY not in text_of(answer)
    assert samples.checksum(foreign) == before
    assert samples.rows_that_reach_outside() == []


@pytest.mark.parametrize("door", MARKED, ids=str)
def test_a_permission_lets_in_exactly_the_roles_that_have_it(
    door: Door, acme: Workspace, people: dict[str, Person]
) -> None:
    ours = samples.one_of_each(acme)
    body = samples.body_for(door.body, ours)
    denied = [r for r in ROLES if r not in declared(str(door.permission)).roles]
    before = samples.checksum(acme)
    for role in denied:
        answer = ask(client_of(people[role]), door, ours, body)
        assert answer.status_code in {403, 405}, f"{role}: {answer.status_code}"
    assert samples.checksum(acme) == before
    for role in declared(str(door.permission)).roles:
        status = ask(client_of(people[role]), door, samples.one_of_each(acme), body).status_code
        assert status not in {401, 403} and status < 500, f"{role}: {status}"


@pytest.mark.parametrize("door", MARKED, ids=str)
def test_nobody_enters_a_marked_door_without_signing_in(door: Door, acme: Workspace) -> None:
    answer = ask(Client(), door, samples.one_of_each(acme))
    if door.kind == "api":
        assert answer.status_code == 401
    else:
        assert answer.status_code in {302, 405}
        assert answer.status_code == 405 or "/accounts/login/" in answer["Location"]
