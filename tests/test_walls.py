"""Probes that grow by themselves: S1 (foreign ids in addresses) and S5 (the permission table).

A door whose parameters no builder can fill fails the suite, so every new room is covered.
"""

import json

import pytest

from banso.core.models import Workspace
from banso.customers.fields import fields
from tests import examples, samples
from tests.doors import ANYBODYS, Door, builder, doors, noun
from tests.worlds import ONE_SCOPE, Actor, Answer, World

MAY_EVERYTHING = {"owner", "key"}
WITH_IDS = [door for door in doors() if door.params and door.path not in ANYBODYS]
MARKED = [door for door in doors() if door.permission]
# Doors that open for a row in the bin: giving it back is what they are for.
OPEN_THE_BIN = {
    "POST /customers/{customer_id}/restore/",
    "POST /contacts/{contact_id}/restore/",
    "GET /activities/{activity_id}",
    "POST /activities/{activity_id}/restore",
    "PUT /api/v1/activities/{activity_id}/restored",
    "PUT /api/v1/customers/{customer_id}/restored",
    "PUT /api/v1/contacts/{contact_id}/restored",
}


def test_every_parameter_of_every_door_has_a_builder() -> None:
    missing = {param for param in samples.parameters() if builder(noun(param)) is None}
    assert missing == set()


@pytest.mark.parametrize("door", WITH_IDS, ids=str)
def test_ids_that_are_not_ours_lead_nowhere(
    door: Door, world: World, as_built: samples.Standing
) -> None:
    """Theirs for everybody; every kind for those who may do everything, by cookie and by key.

    Whoever may less is looked up in the same way, or sent away before: of those who may, one knocks
    here, others at other doors. Nothing written is nothing that could lead from a row of ours to
    one of theirs.
    """
    body = examples.body(door, world)
    may = [one for one in world.actors if one.may(door) and one.name not in MAY_EVERYTHING]
    some = in_turn(may, door, WITH_IDS) if door.permission else may
    for param in door.params:
        wrong = wrong_ids(world, door, param)
        for actor in [one for one in world.actors if one not in may or one in some]:
            every = actor.name in MAY_EVERYTHING and actor.known_at(door)
            for kind in wrong if every else ["theirs"]:
                answer = world.call(actor, door, {**world.ids, param: wrong[kind]}, body)
                expect_nothing(door, actor, kind, answer)
                if answer.status == 405:  # it reads no id
                    break
    assert as_built.changed() == {}


def in_turn(actors: list[Actor], door: Door, among: list[Door]) -> list[Actor]:
    """One of them, the next at the next of the doors with that method and permission; more where
    these doors are fewer than the actors.
    """
    alike = [one for one in among if (one.method, one.permission) == (door.method, door.permission)]
    turns = min(len(alike), len(actors))
    return [one for n, one in enumerate(actors) if n % turns == alike.index(door) % turns]


def test_a_row_that_another_wrote_is_noticed(world: World, as_built: samples.Standing) -> None:
    Workspace.objects.filter(pk=world.theirs.pk).update(name="別の名前")
    assert set(as_built.changed()) == {"core_workspace"}


def test_no_row_of_the_world_leads_to_the_other_workspace(world: World) -> None:
    assert samples.rows_that_reach_outside() == []


def wrong_ids(world: World, door: Door, param: str) -> dict[str, str]:
    """By kind; theirs first."""
    wrong = {
        "theirs": world.their_ids[param],
        "random": samples.random_id(world.ids[param]),
        "of another noun": samples.wrong_kind(param, world.ids),
    }
    if str(door) not in OPEN_THE_BIN:
        wrong["binned"] = world.binned[param]
    return wrong


def expect_nothing(door: Door, actor: Actor, kind: str, answer: Answer) -> None:
    where = f"{actor.name} at {door}, an id {kind}: {answer.status} {answer.trouble}"
    if not actor.known_at(door):
        assert sent_away(door, answer), where
    else:
        assert answer.status in ({404, 405} if actor.may(door) else {403, 404, 405}), where
    assert samples.CANARY not in answer.text, where


def sent_away(door: Door, answer: Answer) -> bool:
    """Strangers are led to sign in; programs are told that they need a key."""
    if door.kind != "page":
        return answer.status == 401
    led = answer.status == 302 and "/accounts/login/" in answer.headers["Location"]
    return led or answer.status == 405


@pytest.mark.parametrize("door", MARKED, ids=str)
def test_a_permission_lets_in_exactly_those_who_have_it(
    door: Door, world: World, as_built: samples.Standing
) -> None:
    """Nobody else anywhere. Of those who may, every one gets in by one door at least of those with
    that permission; who may everything, by each.
    """
    body = examples.body(door, world)
    ids = world.binned if str(door) in OPEN_THE_BIN else world.ids
    for actor in [one for one in world.actors if not one.may(door)]:
        answer = world.call(actor, door, ids, body)
        where = f"{actor.name} at {door}: {answer.status} {answer.trouble}"
        assert (answer.status in {403, 405}) if actor.known_at(door) else sent_away(door, answer), (
            where
        )
    assert as_built.changed() == {}
    may = [one for one in world.actors if one.may(door)]
    some = in_turn([one for one in may if one.name not in MAY_EVERYTHING], door, MARKED)
    for actor in [one for one in may if one.name in MAY_EVERYTHING or one in some]:
        answer = world.call(actor, door, ids, body)
        if answer.status == 405:  # for everybody
            break
        where = f"{actor.name} at {door}: {answer.status} {answer.trouble}"
        assert answer.status not in {401, 403, 404} and answer.status < 500, where


def test_a_key_opens_no_page(world: World) -> None:
    key = world.actor("key")
    for door in [one for one in MARKED if one.kind == "page" and not one.params]:
        assert sent_away(door, world.call(key, door, world.ids)), str(door)


def test_a_column_that_one_may_not_see_is_unknown(world: World) -> None:
    """Field level: neither listed, shown, filtered, sorted nor exported without its permission."""
    hidden = [one for one in fields() if one.permission != ONE_SCOPE]
    assert hidden
    narrow, path = world.actor("narrow key"), "/api/v1/customers"
    assert world.knock(narrow, "GET", path).status == 200
    listed = world.knock(narrow, "GET", "/api/v1/columns").text
    for one in hidden:
        assert f'"{one.key}"' not in listed
        for query in (f"columns={one.key}", f"sort={one.key}", f"f={one.key}:not_empty"):
            assert world.knock(narrow, "GET", path, query=query).status == 422, query
            wide = world.knock(world.owner, "GET", path, query=query)
            assert wide.status == 200 or not (one.sortable and one.filterable), query
        for row in json.loads(world.knock(narrow, "GET", path).body)["items"]:
            assert one.noun not in row and one.key not in row["values"]
