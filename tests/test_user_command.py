"""`banso user` as an operator types it. The database is the test's own."""

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from click.testing import CliRunner, Result
from django.test import Client

from banso.cli.user import user
from banso.core.models import Event, Membership, Person, Workspace
from banso.core.scope import open_workspace
from banso.customers.tests.builders import a_customer
from banso.lib.trouble import TroubleInWords
from banso.work.tests.builders import a_task

GOOD = "korrekt pferd batterie"


@pytest.fixture(autouse=True)
def database_is_there(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("banso.cli.user.need_tables", lambda: None)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def banso_user(*arguments: str, typed: str = GOOD + "\n") -> Result:
    return CliRunner().invoke(user, list(arguments), input=typed)


def add(*more: str, email: str = "ami@acme.example", typed: str = GOOD + "\n") -> Result:
    return banso_user("add", email, "--name", "佐藤 亜美", "--password-stdin", *more, typed=typed)


def trouble(result: Result) -> str:
    """The one line that the launcher prints for this."""
    assert isinstance(result.exception, TroubleInWords), result
    assert "\n" not in str(result.exception)
    return str(result.exception)


def test_the_first_person_owns_the_first_workspace_and_can_sign_in(client: Client) -> None:
    assert add("--workspace", "アクメ株式会社", "--reading", "さとう あみ").exit_code == 0
    member = Membership.anywhere.select_related("workspace", "person").get()
    assert (member.role, member.workspace.name) == ("owner", "アクメ株式会社")
    assert member.person.name_reading == "さとう あみ"
    client.post("/accounts/login/", {"login": "ami@acme.example", "password": GOOD})
    assert client.get("/settings/people/").status_code == 200


def test_the_next_person_is_a_csm_unless_told(client: Client) -> None:
    add()
    add(email="b@acme.example")
    add("--role", "viewer", email="c@acme.example")
    listed = json.loads(banso_user("list", "--json").stdout)
    assert [(row["email"], row["role"]) for row in listed] == [
        ("ami@acme.example", "owner"),
        ("b@acme.example", "csm"),
        ("c@acme.example", "viewer"),
    ]


@pytest.mark.parametrize(
    ("email", "typed", "words"),
    [
        ("not an address", GOOD + "\n", "valid email"),
        ("ami@acme.example", "short\n", "too short"),
        ("ami@acme.example", "\n", "too short"),
        ("ami@acme.example", "", "too short"),
        ("ami@acme.example", "1234567890\n", "too common"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nobody_behind(email: str, typed: str, words: str) -> None:
    assert words in trouble(add(email=email, typed=typed))
    assert not Person.objects.exists()


def test_without_a_terminal_the_password_must_come_by_stdin() -> None:
    result = banso_user("add", "ami@acme.example", "--name", "x", typed="")
    assert "--password-stdin" in trouble(result)


def test_nobody_is_added_twice_or_into_a_workspace_that_is_not_there() -> None:
    add()
    assert "member already" in trouble(add())
    assert "no such workspace" in trouble(add("--workspace", "x", email="b@acme.example"))
    assert add("--workspace", "x", "--new", email="b@acme.example").exit_code == 0
    assert "of this name already" in trouble(add("--workspace", "x", "--new"))
    assert Workspace.objects.count() == 2


def test_the_last_owner_keeps_the_role_and_others_change(client: Client) -> None:
    add()
    add(email="b@acme.example")
    assert "at least one owner" in trouble(banso_user("role", "ami@acme.example", "csm"))
    assert banso_user("role", "B@acme.example", "owner").exit_code == 0
    assert banso_user("role", "ami@acme.example", "csm").exit_code == 0
    assert "Nobody" in trouble(banso_user("role", "x@acme.example", "csm"))


def test_a_removed_person_is_kept_out_at_once_and_what_they_look_after_is_told(
    client: Client,
) -> None:
    add()
    add(email="b@acme.example")
    client.post("/accounts/login/", {"login": "b@acme.example", "password": GOOD})
    assert client.get("/customers/").status_code == 200
    bob = Person.objects.get(email="b@acme.example")
    with open_workspace(Workspace.objects.get()):
        a_customer(main_owner_id=bob.pk)
        a_task(owner=bob)
    done = banso_user("remove", "B@acme.example")
    assert done.exit_code == 0 and "Customers they own: 1\nTheir open tasks: 1" in done.stdout
    assert client.get("/customers/").status_code == 403
    (event,) = Event.anywhere.filter(name="core.member_removed")  # across: none is open here
    assert event.by is None
    assert "not a member" in trouble(banso_user("remove", "b@acme.example"))
    assert "at least one owner" in trouble(banso_user("remove", "ami@acme.example"))
    assert "Nobody" in trouble(banso_user("remove", "x@acme.example"))
    add(email="b@acme.example")
    assert client.get("/customers/").status_code == 200


def test_a_new_password_ends_sessions_and_opens_the_door(client: Client) -> None:
    add()
    client.post("/accounts/login/", {"login": "ami@acme.example", "password": GOOD})
    new = "ein anderes langes wort"
    done: Any = banso_user("password", "ami@acme.example", "--password-stdin", typed=new + "\n")
    assert done.exit_code == 0
    assert client.get("/settings/").status_code == 302
    client.post("/accounts/login/", {"login": "ami@acme.example", "password": new})
    assert client.get("/settings/").status_code == 200
    assert "Nobody" in trouble(banso_user("password", "x@acme.example", "--password-stdin"))


def test_unlock_turns_the_second_step_off() -> None:
    add()
    ami = Person.objects.get(email="ami@acme.example")
    TOTP.activate(ami, generate_totp_secret())
    assert banso_user("unlock", "ami@acme.example").exit_code == 0
    assert not Authenticator.objects.filter(user_id=ami.pk).exists()
    told = Event.anywhere.filter(name="core.second_step_off")  # across: the workspace is new
    assert [one.subject_id for one in told] == [str(ami.pk)]
    assert "Nobody" in trouble(banso_user("unlock", "x@acme.example"))
