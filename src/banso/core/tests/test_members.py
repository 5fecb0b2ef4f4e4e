"""Who belongs to a workspace, with which role, and how they move between workspaces."""

from typing import Any

import pytest
from django.test import Client

from banso.core import workspaces
from banso.core.errors import Refused
from banso.core.models import Membership, Person, Role, Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import events, fresh


def membership(person: Person) -> Membership:
    found: Membership = Membership.objects.get(person=person)
    return found


def test_an_owner_changes_a_role_and_the_event_says_both(
    alice_client: Client, bob: Person, alice: Person
) -> None:
    place = membership(bob)
    alice_client.post(f"/settings/people/{place.pk}/role/", {"role": "manager"})
    assert fresh(place).role == Role.MANAGER
    [event] = events("core.role_changed")
    assert event.facts == {"before": "csm", "role": "manager"} and event.by == alice.pk


def test_a_role_nobody_knows_is_refused(alice_client: Client, bob: Person) -> None:
    place = membership(bob)
    answer = alice_client.post(f"/settings/people/{place.pk}/role/", {"role": "king"})
    assert answer.status_code == 422 and fresh(place).role == Role.CSM


def test_the_last_owner_stays_owner(alice_client: Client, alice: Person) -> None:
    place = membership(alice)
    for address, values in (("role", {"role": "viewer"}), ("remove", {})):
        answer = alice_client.post(f"/settings/people/{place.pk}/{address}/", values)
        assert answer.status_code == 422
        assert "管理者が1人以上必要" in answer.content.decode()
    assert fresh(place).role == Role.OWNER


def test_one_of_two_owners_may_go(alice: Person, bob: Person) -> None:
    workspaces.change_role(membership(bob).pk, role=Role.OWNER, by=alice)
    workspaces.remove_member(membership(alice).pk, by=bob)
    assert not Membership.objects.filter(person=alice).exists()


def test_removing_asks_first_and_says_who(alice_client: Client, bob: Person) -> None:
    page = alice_client.get(f"/settings/people/{membership(bob).pk}/remove/")
    assert page.status_code == 200 and "鈴木" in page.content.decode()
    assert Membership.objects.filter(person=bob).exists()


def test_the_way_out_stands_beside_everybody_and_needs_no_mouse(
    alice_client: Client, bob: Person
) -> None:
    """What shows only where the mouse is was taken for not there."""
    page = alice_client.get("/settings/people/").content.decode()
    assert f"/settings/people/{membership(bob).pk}/remove/" in page and "row-actions" not in page


def test_nobody_removes_a_member_of_another_workspace(
    alice_client: Client, other_workspace: Workspace, charlie: Person
) -> None:
    with open_workspace(other_workspace):
        place = membership(charlie)
    for ask in (alice_client.get, alice_client.post):
        assert ask(f"/settings/people/{place.pk}/remove/").status_code == 404
    assert Membership.anywhere.filter(pk=place.pk).exists()


def test_a_removed_person_finds_every_page_closed_at_once(
    alice_client: Client, bob: Person, bob_client: Client
) -> None:
    assert bob_client.get("/tasks/").status_code != 403
    alice_client.post(f"/settings/people/{membership(bob).pk}/remove/")
    assert bob_client.get("/settings/people/").status_code == 403
    assert fresh(bob).is_active


def test_nobody_is_added_twice_and_bad_values_are_named(alice: Person, bob: Person) -> None:
    with pytest.raises(Refused) as twice:
        workspaces.add_person(bob.email.upper(), name="x", by=alice.pk)
    assert twice.value.code == "member_exists"
    with pytest.raises(Refused) as wrong:
        workspaces.add_person("not an address", name="x", by=alice.pk)
    assert wrong.value.field == "email"
    with pytest.raises(Refused) as long:
        workspaces.add_person("y@acme.example", name="x" * 10_000, by=alice.pk)
    assert long.value.field == "name"


@pytest.mark.parametrize("email", ["", "x", "a@b\x00.example", "x" * 10_000 + "@acme.example"])
def test_the_form_answers_bad_addresses_in_words(alice_client: Client, email: str) -> None:
    values = {"email": email, "name": "x", "role": "csm"}
    assert alice_client.post("/settings/people/", values).status_code == 422


@pytest.fixture
def in_both(alice: Person, other_workspace: Workspace) -> Workspace:
    """Alice also works in the other workspace."""
    with open_workspace(other_workspace):
        workspaces.add_person(alice.email, name="x", role=Role.VIEWER)
    return other_workspace


def test_a_person_of_two_workspaces_switches_between_them(
    alice_client: Client, in_both: Workspace, acme: Workspace
) -> None:
    page = alice_client.get("/settings/").content.decode()
    assert "/settings/switch/" in page and in_both.name in page
    assert alice_client.get("/settings/people/").status_code == 200
    alice_client.post("/settings/switch/", {"workspace": str(in_both.pk)})
    assert in_both.name in alice_client.get("/settings/").content.decode().split("</title>")[0]
    assert alice_client.get("/settings/people/").status_code == 403  # a viewer there
    alice_client.post("/settings/switch/", {"workspace": str(acme.pk)})
    assert alice_client.get("/settings/people/").status_code == 200


@pytest.mark.parametrize("wanted", ["theirs", "", "x", "00000000-0000-0000-0000-000000000000"])
def test_nobody_switches_into_a_workspace_that_is_not_theirs(
    bob_client: Client, other_workspace: Workspace, wanted: str
) -> None:
    value = str(other_workspace.pk) if wanted == "theirs" else wanted
    assert bob_client.post("/settings/switch/", {"workspace": value}).status_code == 404
    assert other_workspace.name not in bob_client.get("/settings/").content.decode()


def test_who_has_one_workspace_sees_no_switch(bob_client: Client) -> None:
    assert "/settings/switch/" not in bob_client.get("/settings/").content.decode()


def test_settings_are_kept_and_named_in_an_event(alice_client: Client, acme: Workspace) -> None:
    values: dict[str, Any] = {
        "name": "アクメ", "zone": "Europe/Berlin", "currency": "EUR", "fiscal_start_month": "1"
    }  # fmt: skip
    assert alice_client.post("/settings/workspace/", values).status_code == 302
    ours = fresh(acme)
    assert (ours.name, ours.zone, ours.currency, ours.fiscal_start_month) == (
        "アクメ", "Europe/Berlin", "EUR", 1
    )  # fmt: skip
    assert len(events("core.settings_changed")) == 1


def test_company_days_are_written_one_a_line(alice_client: Client, acme: Workspace) -> None:
    days = "2026-12-29 年末年始\n2026/12/30"
    assert alice_client.post("/settings/calendar/", {"days": days}).status_code == 302
    wrong = alice_client.post("/settings/calendar/", {"days": "2026-12-29\nきのう"})
    assert wrong.status_code == 422 and "2行目" in wrong.content.decode()
    page = alice_client.get("/settings/calendar/").content.decode()
    assert "2026-12-29 年末年始\n2026-12-30" in page
