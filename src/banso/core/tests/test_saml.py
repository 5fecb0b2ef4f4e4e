"""A company's SAML service: whom it lets in, where, and through which browser only.

The peer is pysaml2, which shares no code with what checks it here.
"""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from banso.core.errors import Refused
from banso.core.models import Identity, Person, SamlAnswer, Session, SignInProvider, Workspace
from banso.core.scope import open_workspace
from banso.core.sign_in import providers
from banso.core.sign_in.saml import answers, names, setup
from banso.core.tests.builders import a_member, events
from banso.core.tests.provider_visits import is_in
from banso.core.tests.saml_idp import DOOR, NAME, Idp, needs_saml
from banso.core.tests.saml_visits import a_saml_service, come_back, enter, sign_in, start

pytestmark = [pytest.mark.usefixtures("provider_ground"), needs_saml]


@pytest.fixture
def idp(tmp_path: Path) -> Idp:
    return Idp(tmp_path / "idp")


@pytest.fixture
def saml_service(alice: Person, idp: Idp) -> SignInProvider:
    made = a_saml_service(alice, idp)
    idp.meets(made)
    return made


def test_a_member_comes_in_through_a_real_provider(
    bob: Person, idp: Idp, saml_service: SignInProvider, visitor: Client
) -> None:
    where = start(visitor, saml_service, next="/customers/")
    assert where.startswith(DOOR + "&SAMLRequest=")
    posted = come_back(Client(), saml_service, idp.answer(where, email=bob.email))
    assert posted.status_code == 303 and not posted.cookies, posted.content.decode()
    answer = visitor.get(posted["Location"])
    assert answer["Location"] == "/customers/", answer.content.decode()
    assert is_in(visitor) and Identity.objects.get().person == bob
    assert [event.facts for event in events("core.signed_in")] == [{"how": "saml"}]
    row = Session.objects.get(session_key=visitor.cookies["sessionid"].value)
    assert (row.person, row.provider) == (bob, saml_service)


def test_who_has_come_once_is_known_by_the_name_that_never_changes(
    bob: Person, idp: Idp, saml_service: SignInProvider, visitor: Client
) -> None:
    sign_in(visitor, saml_service, idp, email=bob.email)
    again = Client()
    sign_in(again, saml_service, idp, email="moved@acme.example")
    assert is_in(again) and Identity.objects.get().person == bob


def test_an_address_that_moved_to_another_account_is_refused(
    bob: Person, idp: Idp, saml_service: SignInProvider, visitor: Client
) -> None:
    sign_in(visitor, saml_service, idp, email=bob.email)
    thief = Client()
    assert sign_in(thief, saml_service, idp, email=bob.email, subject="u-2").status_code == 403
    assert not is_in(thief)


@pytest.mark.parametrize(
    "email", ["bob@evil.example", "nobody@acme.example", "", "ｂob@acme.example"]
)
def test_only_members_with_an_address_in_a_listed_domain_come_in(
    email: str, bob: Person, idp: Idp, saml_service: SignInProvider, visitor: Client
) -> None:
    assert sign_in(visitor, saml_service, idp, email=email).status_code == 403
    assert not is_in(visitor) and not Identity.objects.exists()


def test_a_member_whose_address_is_in_no_listed_domain_does_not_come_in(
    acme: Workspace, idp: Idp, saml_service: SignInProvider, visitor: Client
) -> None:
    a_member("carol@elsewhere.example")
    answer = sign_in(visitor, saml_service, idp, email="carol@elsewhere.example")
    assert answer.status_code == 403 and not is_in(visitor)


def test_an_answer_opens_nothing_in_another_browser_than_the_one_that_asked(
    bob: Person, idp: Idp, saml_service: SignInProvider, visitor: Client
) -> None:
    """Login CSRF: somebody's own good answer, sent through a victim's browser."""
    mallory = Client()
    posted = come_back(
        visitor, saml_service, idp.answer(start(mallory, saml_service), email=bob.email)
    )
    assert posted.status_code == 303
    assert visitor.get(posted["Location"]).status_code == 403 and not is_in(visitor)
    start(visitor, saml_service)
    assert visitor.get(posted["Location"]).status_code == 403 and not is_in(visitor)


def test_an_answer_nobody_asked_for_opens_nothing(
    bob: Person, idp: Idp, saml_service: SignInProvider, visitor: Client
) -> None:
    start(visitor, saml_service)
    goes = {
        "in_response_to": "_nobody",
        "destination": names.our_door(saml_service),
        "sp_entity_id": names.our_name(saml_service),
    }
    posted = come_back(visitor, saml_service, idp.says(goes, email=bob.email, subject="u"))
    assert visitor.get(posted["Location"]).status_code == 403
    goes["in_response_to"] = ""
    posted = come_back(visitor, saml_service, idp.says(goes, email=bob.email, subject="u"))
    assert posted.status_code == 403 and not is_in(visitor)


def test_an_answer_counts_once(
    bob: Person, idp: Idp, saml_service: SignInProvider, visitor: Client
) -> None:
    text = idp.answer(start(visitor, saml_service), email=bob.email)
    posted = come_back(visitor, saml_service, text)
    assert come_back(visitor, saml_service, text).status_code == 403
    assert visitor.get(posted["Location"]).status_code == 302 and is_in(visitor)
    assert come_back(visitor, saml_service, text).status_code == 403
    thief = Client()
    assert thief.get(posted["Location"]).status_code == 403 and not is_in(thief)
    row = SamlAnswer.objects.get()
    assert row.taken_at and (row.subject, row.email, row.name) == ("", "", "")


def test_what_was_taken_once_waits_no_more(
    bob: Person, idp: Idp, saml_service: SignInProvider, visitor: Client
) -> None:
    come_back(visitor, saml_service, idp.answer(start(visitor, saml_service), email=bob.email))
    request_id = SamlAnswer.objects.get().request_id
    taken = answers.take(saml_service, request_id)
    assert taken and taken.email == bob.email
    assert answers.take(saml_service, request_id) is None


def test_a_second_answer_to_one_request_is_refused(
    bob: Person, idp: Idp, saml_service: SignInProvider, visitor: Client
) -> None:
    where = start(visitor, saml_service)
    assert come_back(visitor, saml_service, idp.answer(where, email=bob.email)).status_code == 303
    assert come_back(visitor, saml_service, idp.answer(where, email=bob.email)).status_code == 403


def test_a_request_that_is_too_old_is_not_answered(
    bob: Person, idp: Idp, saml_service: SignInProvider, visitor: Client
) -> None:
    text = idp.answer(start(visitor, saml_service), email=bob.email)
    session = visitor.session
    session["saml"] = [{**one, "at": one["at"] - 601} for one in session["saml"]]
    session.save()
    assert enter(visitor, come_back(visitor, saml_service, text)).status_code == 403


def test_the_service_of_one_workspace_opens_no_other(
    alice: Person,
    bob: Person,
    idp: Idp,
    saml_service: SignInProvider,
    visitor: Client,
    other_workspace: Workspace,
) -> None:
    """The same identity provider serves two workspaces: an answer for one is nothing to the other."""
    with open_workspace(other_workspace):
        owner = a_member("owner@other.example", role="owner")
        theirs = a_saml_service(owner, idp)
        a_member(bob.email)
    idp.meets(saml_service, theirs)
    text = idp.answer(start(visitor, theirs), email=bob.email)
    assert come_back(visitor, saml_service, text).status_code == 403
    assert enter(visitor, come_back(visitor, theirs, text)).status_code == 302
    row = Session.objects.get(session_key=visitor.cookies["sessionid"].value)
    assert row.provider == theirs
    page = visitor.get("/settings/")
    assert page.status_code == 200 and other_workspace.name in page.content.decode()
    switched = visitor.post("/settings/switch/", {"workspace": str(saml_service.workspace_id)})
    assert switched.status_code in (403, 404, 422)


def test_a_request_of_one_service_is_not_answered_by_another(
    alice: Person, bob: Person, idp: Idp, saml_service: SignInProvider, visitor: Client
) -> None:
    second = a_saml_service(alice, idp)
    idp.meets(saml_service, second)
    posted = come_back(visitor, second, idp.answer(start(visitor, second), email=bob.email))
    swapped = posted["Location"].replace(str(second.pk), str(saml_service.pk))
    assert visitor.get(swapped).status_code == 403 and not is_in(visitor)


def test_metadata_tells_the_service(idp: Idp) -> None:
    found = setup.described(idp.metadata)
    assert (found.issuer, found.entry_url) == (NAME, DOOR)
    assert found.certificates == [idp.certificate]


@pytest.mark.parametrize(
    "text",
    ["", "x", "<a/>", '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
)
def test_what_is_no_metadata_is_refused_in_words(text: str) -> None:
    with pytest.raises(Refused):
        setup.described(text)


def test_a_service_without_what_it_needs_is_refused(alice: Person, idp: Idp) -> None:
    wrongs: list[dict[str, Any]] = [
        {"issuer": ""},
        {"entry_url": "http://idp.acme.example/"},
        {"entry_url": "javascript:alert(1)"},
        {"certificates": []},
        {"certificates": ["nonsense"]},
        {"trusts_addresses": False},
        {"domains": []},
    ]
    for wrong in wrongs:
        with pytest.raises(Refused):
            a_saml_service(alice, idp, **wrong)
    assert not providers.providers().exists()


def test_old_answers_are_forgotten(
    bob: Person, idp: Idp, saml_service: SignInProvider, visitor: Client
) -> None:
    sign_in(visitor, saml_service, idp, email=bob.email)
    answers.forget_old()
    row = SamlAnswer.objects.get()
    SamlAnswer.objects.update(kept_until=row.kept_until.replace(year=2020))
    answers.forget_old()
    assert not SamlAnswer.objects.exists()


def test_a_changed_service_takes_back_what_waits(
    alice: Person, bob: Person, idp: Idp, saml_service: SignInProvider, visitor: Client
) -> None:
    posted = come_back(
        visitor, saml_service, idp.answer(start(visitor, saml_service), email=bob.email)
    )
    providers.change_provider(saml_service.pk, by=alice, label="another")
    assert enter(visitor, posted).status_code == 403 and not is_in(visitor)
