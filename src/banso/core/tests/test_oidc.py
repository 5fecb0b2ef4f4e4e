"""A company's own sign-in service: whom it lets in, where, and what it can never do.

Row 4 of the known holes (CVE-2025-22146): one workspace's service signs in another's person.
"""

import pytest
from django.test import Client

from banso.core import workspaces
from banso.core.models import (
    Identity,
    Membership,
    Person,
    Role,
    Session,
    SignInProvider,
    Workspace,
)
from banso.core.scope import open_workspace
from banso.core.sign_in import providers
from banso.core.tests import idp
from banso.core.tests.builders import PASSWORD, a_member, events, fresh
from banso.core.tests.odd_provider import OddProvider
from banso.core.tests.provider_visits import PUBLIC, a_service, come_back, is_in, sign_in, start

pytestmark = pytest.mark.usefixtures("provider_ground")


def test_a_member_comes_in_through_a_real_provider(
    alice: Person, bob: Person, visitor: Client
) -> None:
    mine = a_service(alice, "http://127.0.0.1:1")
    back = f"{PUBLIC}/accounts/oidc/{mine.pk}/login/callback/"
    with idp.provider(back) as issuer:
        SignInProvider.objects.update(issuer=issuer)
        sent = visitor.get(f"/accounts/oidc/{mine.pk}/login/", {"next": "/customers/"})
        arrived = idp.visit(sent["Location"], who=bob.email)
        assert arrived.startswith(back)
        answer = visitor.get(arrived.removeprefix(PUBLIC))
        assert answer["Location"] == "/customers/", answer.content.decode()
        assert is_in(visitor) and Identity.objects.get().person == bob
        again = Client()
        sent = again.get(f"/accounts/oidc/{mine.pk}/login/")
        bob.refresh_from_db()
        again.get(idp.visit(sent["Location"], who=bob.email).removeprefix(PUBLIC))
        assert is_in(again) and Identity.objects.count() == 1
        odd_one = Client()
        sent = odd_one.get(f"/accounts/oidc/{mine.pk}/login/")
        refused = odd_one.get(
            idp.visit(sent["Location"], who="not-verified@acme.example").removeprefix(PUBLIC)
        )
        assert refused.status_code == 403 and not is_in(odd_one)
    assert [event.facts for event in events("core.signed_in")] == [{"how": "oidc"}] * 2


def test_the_way_there_is_random_bound_and_names_our_configured_address(
    service: SignInProvider, visitor: Client
) -> None:
    one, two = start(visitor, service), start(visitor, service)
    assert one["redirect_uri"].startswith(f"{PUBLIC}/accounts/oidc/")
    assert one["code_challenge_method"] == "S256" and one["scope"] == "openid email profile"
    for name in ("state", "nonce", "code_challenge"):
        assert len(one[name]) >= 43 and one[name] != two[name]


def test_the_session_says_through_whom_it_came(
    bob: Person, service: SignInProvider, odd: OddProvider, visitor: Client
) -> None:
    assert sign_in(visitor, service, odd)["Location"] == "/"
    row = Session.objects.get(session_key=visitor.cookies["sessionid"].value)
    assert (row.person, row.provider) == (bob, service)


def test_row_4_the_service_of_one_workspace_opens_no_other(
    bob: Person,
    service: SignInProvider,
    odd: OddProvider,
    visitor: Client,
    other_workspace: Workspace,
) -> None:
    with open_workspace(other_workspace):
        theirs = Membership.objects.create(person=bob, role=Role.OWNER)
    sign_in(visitor, service, odd)
    answer = visitor.post("/settings/switch/", {"workspace": str(theirs.workspace_id)})
    assert answer.status_code == 404
    session = visitor.session
    session["workspace"] = str(theirs.workspace_id)
    session.save()
    page = visitor.get("/settings/").content.decode()
    assert "別会社" not in page and "アクメ株式会社" in page


def test_row_4_the_service_finds_nobody_outside_its_workspace(
    charlie: Person, service: SignInProvider, odd: OddProvider, visitor: Client
) -> None:
    SignInProvider.objects.update(domains=["other.example", "acme.example"])
    odd.claims = {"email": charlie.email}
    assert sign_in(visitor, service, odd).status_code == 403
    assert not is_in(visitor) and not Identity.objects.exists()


def test_row_4_the_service_wins_no_keys_of_the_person(
    bob: Person, service: SignInProvider, odd: OddProvider, visitor: Client
) -> None:
    """A passkey added from here would open the person's other workspaces too."""
    Person.objects.filter(pk=bob.pk).update(password="!nothing")
    sign_in(visitor, service, odd)
    for path in (
        "2fa/",
        "2fa/webauthn/add/",
        "2fa/totp/activate/",
        "2fa/recovery-codes/",
        "2fa/recovery-codes/generate/",
        "password/set/",
        "password/change/",
        "reauthenticate/",
        "sessions/end/",
    ):
        assert visitor.get(f"/accounts/{path}").status_code == 403, path
        assert visitor.post(f"/accounts/{path}").status_code == 403, path
    visitor.post("/settings/", {"name": "Mallory", "reading": "", "language": ""})
    bob.refresh_from_db()
    assert bob.name != "Mallory"


def test_each_way_there_leads_back_once_and_only_in_the_same_browser(
    bob: Person, service: SignInProvider, odd: OddProvider, visitor: Client
) -> None:
    sent = start(visitor, service)
    odd.nonce = sent["nonce"]
    elsewhere = Client()
    assert come_back(elsewhere, service, state=sent["state"], code="c").status_code == 403
    assert come_back(visitor, service, state="", code="c").status_code == 403
    assert (
        come_back(visitor, service, state=sent["state"], error="access_denied").status_code == 403
    )
    assert come_back(visitor, service, state=sent["state"], code="c").status_code == 403
    assert not is_in(visitor) and not is_in(elsewhere)


def test_a_state_for_one_service_is_none_for_another(
    alice: Person, bob: Person, service: SignInProvider, odd: OddProvider, visitor: Client
) -> None:
    other = a_service(alice, odd.issuer)
    sent = start(visitor, other)
    odd.nonce = sent["nonce"]
    assert come_back(visitor, service, state=sent["state"], code="c").status_code == 403
    assert come_back(visitor, service, state=sent["state"], code="c", iss="x").status_code == 403


def test_an_address_from_the_userinfo_counts_when_it_is_the_same_persons(
    bob: Person, service: SignInProvider, odd: OddProvider, visitor: Client
) -> None:
    odd.claims = {"email": None, "email_verified": None}
    odd.more = {"sub": "another", "email": bob.email, "email_verified": True}
    assert sign_in(visitor, service, odd).status_code == 403
    odd.more = {**odd.more, "sub": "subject-1"}
    assert sign_in(visitor, service, odd).status_code == 302


def test_an_address_given_to_somebody_else_there_is_not_the_same_person(
    bob: Person, service: SignInProvider, odd: OddProvider, visitor: Client
) -> None:
    sign_in(visitor, service, odd)
    odd.claims = {"sub": "subject-2"}
    assert sign_in(Client(), service, odd).status_code == 403


def test_who_has_left_the_workspace_does_not_come_in(
    alice: Person, bob: Person, service: SignInProvider, odd: OddProvider, visitor: Client
) -> None:
    sign_in(visitor, service, odd)
    workspaces.remove_member(Membership.objects.get(person=bob).pk, by=alice)
    assert visitor.get("/customers/").status_code == 403
    assert sign_in(Client(), service, odd).status_code == 403


def test_who_is_not_active_does_not_come_in(
    bob: Person, service: SignInProvider, odd: OddProvider, visitor: Client
) -> None:
    Person.objects.filter(pk=bob.pk).update(is_active=False)
    assert sign_in(visitor, service, odd).status_code == 403


def test_new_people_come_in_only_where_the_owner_said_so(
    service: SignInProvider, odd: OddProvider, visitor: Client
) -> None:
    odd.claims = {"email": "new@acme.example", "name": "新田 花", "sub": "subject-9"}
    assert sign_in(visitor, service, odd).status_code == 403
    assert not Person.objects.filter(email="new@acme.example").exists()
    SignInProvider.objects.update(adds_people=True)
    assert sign_in(visitor, service, odd).status_code == 302
    member = Membership.objects.get(person__email="new@acme.example")
    assert (member.role, member.person.name) == (Role.VIEWER, "新田 花")
    assert not member.person.has_usable_password()


def test_unverified_addresses_count_where_the_owner_trusts_them(
    bob: Person, service: SignInProvider, odd: OddProvider, visitor: Client
) -> None:
    odd.claims = {"email_verified": None}
    SignInProvider.objects.update(trusts_addresses=True)
    assert sign_in(visitor, service, odd).status_code == 302


def test_removing_the_service_ends_the_sessions_that_came_through_it(
    acme: Workspace,
    alice: Person,
    bob: Person,
    service: SignInProvider,
    odd: OddProvider,
    visitor: Client,
) -> None:
    sign_in(visitor, service, odd)
    providers.change_rules(second_step_roles=[], only_provider=True, by=alice)
    providers.remove_provider(service.pk, by=alice)
    assert not is_in(visitor) and not Session.objects.filter(person=bob).exists()
    assert not fresh(acme).only_provider


def test_another_issuer_knows_nobody_of_the_one_before(
    alice: Person, bob: Person, service: SignInProvider, odd: OddProvider, visitor: Client
) -> None:
    sign_in(visitor, service, odd)
    values = {"label": "x", "client_id": "another", "domains": ["acme.example"]}
    providers.change_provider(service.pk, by=alice, issuer=odd.issuer, **values)
    assert not is_in(visitor) and not Identity.objects.exists()


def test_only_the_service_opens_the_workspace_but_for_owners(
    alice: Person, bob: Person, service: SignInProvider, odd: OddProvider, visitor: Client
) -> None:
    providers.change_rules(second_step_roles=[], only_provider=True, by=alice)
    visitor.post("/accounts/login/", {"login": bob.email, "password": PASSWORD})
    assert visitor.get("/customers/")["Location"] == "/closed/"
    page = visitor.get("/closed/").content.decode()
    assert f"/accounts/oidc/{service.pk}/login/" in page
    assert sign_in(visitor, service, odd).status_code == 302
    assert visitor.get("/customers/").status_code == 200
    owner = Client()
    owner.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    assert owner.get("/customers/").status_code == 200


def test_the_secret_lies_sealed_and_is_never_shown(
    alice_client: Client, service: SignInProvider
) -> None:
    assert idp.SECRET not in service.secret and service.secret.startswith("sealed:")
    page = alice_client.get(f"/settings/sign-in/{service.pk}/").content.decode()
    assert "a secret of the client" not in page and service.secret not in page


def test_the_owner_sets_a_service_up_on_a_page_and_learns_whether_it_answers(
    alice_client: Client, odd: OddProvider
) -> None:
    values = {"label": "社内", "issuer": odd.issuer, "client_id": "banso", "secret": "s"}
    values |= {"domains": "acme.example、ACME.co.jp", "new_role": "viewer"}
    answer = alice_client.post("/settings/sign-in/add/", values, follow=True)
    assert "応答を確認しました" in answer.content.decode()
    assert SignInProvider.objects.get().domains == ["acme.example", "acme.co.jp"]
    dead = {**values, "issuer": "http://127.0.0.1:1"}
    answer = alice_client.post("/settings/sign-in/add/", dead, follow=True)
    assert "正しく応答しません" in answer.content.decode()
    for wrong in ({"domains": "not a domain!"}, {"domains": ""}, {"issuer": "ftp://x"}):
        answer = alice_client.post("/settings/sign-in/add/", {**values, **wrong})
        assert answer.status_code == 422, wrong


def test_a_person_of_two_workspaces_is_one_person_with_two_doors(
    alice: Person, service: SignInProvider, odd: OddProvider, other_workspace: Workspace
) -> None:
    """What the service of acme proves says nothing to the other; their password still does."""
    bob = a_member("bob@acme.example")
    with open_workspace(other_workspace):
        Membership.objects.create(person=bob, role=Role.VIEWER)
    client = Client()
    client.post("/accounts/login/", {"login": bob.email, "password": PASSWORD})
    page = client.get("/settings/").content.decode()
    assert "別会社" in page and "アクメ株式会社" in page


def test_a_state_that_is_not_the_browsers_own_opens_nothing(
    bob: Person, service: SignInProvider, odd: OddProvider, visitor: Client
) -> None:
    odd.nonce = start(visitor, service)["nonce"]
    for state in ("", "x", start(Client(), service)["state"]):
        assert come_back(visitor, service, state=state, code="c").status_code == 403
    assert not is_in(visitor)
