"""Forgotten passwords and invitations: the mail arrives, and its link does what it says."""

import re
from typing import Any
from uuid import UUID

import pytest
from allauth.account.forms import default_token_generator
from django.core.cache import cache
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from banso.core import passwords, workspaces
from banso.core.models import Person, Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import drain_jobs
from banso.core.tests.servers import Mailbox

RESET = "/accounts/password/reset/"
NEW = "ein anderes langes wort"


@pytest.fixture(autouse=True)
def no_attempts_yet(db: None) -> None:
    cache.clear()


@pytest.fixture
def visitor() -> Client:
    return Client(headers={"accept-language": "ja"})


def link_in(box: Mailbox) -> str:
    found = re.search(r"https?://\S+", box.mails[-1].get_content())
    assert found
    return found[0]


def set_password(client: Client, url: str) -> Any:
    """Open a link as a browser does, and send the form it leads to."""
    page = client.get(url.removeprefix("https://banso.acme.example"), follow=True)
    where = page.request["PATH_INFO"]
    return client.post(where, {"password1": NEW, "password2": NEW})


def test_the_link_arrives_at_the_stored_address_and_sets_a_password_once(
    bob: Person, visitor: Client, mailbox: Mailbox
) -> None:
    drain_jobs()
    visitor.post(RESET, {"email": "BOB@acme.example"})
    assert mailbox.mails == []
    drain_jobs()
    assert mailbox.recipients == [["bob@acme.example"]]
    assert "パスワードの再設定" in mailbox.mails[0]["Subject"]
    url = link_in(mailbox)
    assert set_password(visitor, url).status_code == 302
    bob.refresh_from_db()
    assert bob.check_password(NEW)
    again = Client().get(url.removeprefix("https://banso.acme.example"), follow=True)
    assert b"password1" not in again.content


def test_a_token_opens_until_the_password_is_set(bob: Person, alice: Person) -> None:
    token = default_token_generator.make_token(bob)
    assert passwords.opens(bob.pk, token)
    assert not passwords.opens(alice.pk, token)
    passwords.set_password(bob, password=NEW)
    assert not passwords.opens(bob.pk, token)


def test_the_link_leads_to_the_public_address_whatever_the_host_header_says(
    bob: Person, visitor: Client, mailbox: Mailbox, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    drain_jobs()
    visitor.post(RESET, {"email": bob.email}, headers={"host": "evil.example"})
    drain_jobs()
    assert link_in(mailbox).startswith("https://banso.acme.example/accounts/")
    assert "evil" not in mailbox.mails[0].as_string()


def test_an_unknown_address_reads_the_same_and_gets_nothing(
    bob: Person, visitor: Client, mailbox: Mailbox
) -> None:
    drain_jobs()
    known = visitor.post(RESET, {"email": bob.email}, follow=True)
    drain_jobs()
    unknown = visitor.post(RESET, {"email": "nobody@acme.example"}, follow=True)
    assert [job.args["person"] for job in ProcrastinateJob.objects.filter(status="todo")] == [""]
    drain_jobs()
    assert len(mailbox.mails) == 1
    assert known.redirect_chain == unknown.redirect_chain
    assert _without_tokens(known) == _without_tokens(unknown)


def _without_tokens(page: Any) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page.content.decode())


def test_no_secret_lies_in_a_waiting_job(bob: Person, visitor: Client) -> None:
    drain_jobs()
    visitor.post(RESET, {"email": bob.email})
    job = ProcrastinateJob.objects.get(status="todo")
    told = {"person": str(bob.pk), "mail": job.args["mail"], "language": "ja"}
    assert job.args == told and UUID(job.args["mail"])


def test_asking_too_often_is_answered_with_wait(bob: Person, visitor: Client) -> None:
    statuses = [visitor.post(RESET, {"email": bob.email}).status_code for _ in range(4)]
    assert statuses == [302, 302, 302, 429]
    assert "受け付けを止めています" in visitor.post(RESET, {"email": bob.email}).content.decode()


def test_who_was_locked_out_may_enter_with_the_new_password(
    bob: Person, visitor: Client, mailbox: Mailbox
) -> None:
    drain_jobs()
    for _ in range(6):
        visitor.post("/accounts/login/", {"login": bob.email, "password": "x"})
    visitor.post(RESET, {"email": bob.email})
    drain_jobs()
    set_password(visitor, link_in(mailbox))
    answer = visitor.post("/accounts/login/", {"login": bob.email, "password": NEW})
    assert answer.status_code == 302


def test_a_new_member_is_invited_and_sets_a_password(
    alice_client: Client, visitor: Client, mailbox: Mailbox
) -> None:
    drain_jobs()
    values = {"email": "New@acme.example", "name": "新田 花", "reading": "", "role": "csm"}
    assert alice_client.post("/settings/people/", values).status_code == 302
    drain_jobs()
    assert mailbox.recipients == [["new@acme.example"]]
    assert "アクメ株式会社" in mailbox.mails[0].get_content()
    set_password(visitor, link_in(mailbox))
    visitor.post("/accounts/login/", {"login": "new@acme.example", "password": NEW})
    assert visitor.get("/settings/").status_code == 200


def test_a_person_known_from_elsewhere_is_told_to_sign_in_and_keeps_their_password(
    alice: Person, charlie: Person, acme: Workspace, mailbox: Mailbox
) -> None:
    drain_jobs()
    secret = charlie.password
    workspaces.add_person(charlie.email, name="Someone else", by=alice.pk)
    drain_jobs()
    assert link_in(mailbox).endswith("/accounts/login/")
    charlie.refresh_from_db()
    assert (charlie.password, charlie.name) == (secret, "Charlie")


def test_an_invitation_speaks_the_readers_language(
    alice: Person, charlie: Person, other_workspace: Workspace, mailbox: Mailbox
) -> None:
    drain_jobs()
    Person.objects.filter(pk=alice.pk).update(language="en")
    with open_workspace(other_workspace):
        workspaces.add_person(alice.email, name="x", by=charlie.pk)
        drain_jobs()
    assert mailbox.mails[0]["Subject"] == "You can use Banso for 別会社"
