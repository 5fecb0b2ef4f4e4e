"""Setting up a SAML service, as owners do it."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from banso.core.models import Person, SignInProvider
from banso.core.sign_in import saml
from banso.core.tests.saml_idp import DOOR, NAME, Idp, needs_saml
from banso.core.tests.saml_visits import a_saml_service

pytestmark = pytest.mark.usefixtures("provider_ground")
VALUES = {
    "label": "社内 SAML",
    "domains": "acme.example",
    "trusts_addresses": "on",
    "new_role": "viewer",
}
ADD = "/settings/sign-in/add/saml/"


def test_without_the_extra_the_page_says_how_to_install_it(
    alice_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saml, "is_installed", lambda: False)
    page = alice_client.get(ADD)
    assert page.status_code == 200 and "BANSO_EXTRAS=saml" in page.content.decode()
    alice_client.post(ADD, VALUES)
    assert not SignInProvider.objects.exists()


@needs_saml
def test_an_owner_pastes_metadata(alice_client: Client, tmp_path: Path) -> None:
    idp = Idp(tmp_path / "idp")
    answer = alice_client.post(ADD, {**VALUES, "metadata": idp.metadata})
    made = SignInProvider.objects.get()
    assert answer["Location"] == f"/settings/sign-in/{made.pk}/"
    assert (made.kind, made.issuer, made.entry_url) == ("saml", NAME, DOOR)
    assert made.certificates == [idp.certificate] and made.domains == ["acme.example"]
    page = alice_client.get(answer["Location"]).content.decode()
    assert f"/accounts/saml/{made.pk}/login/answer/" in page
    assert f"/accounts/saml/{made.pk}/metadata/" in page and "BEGIN CERTIFICATE" in page
    about = alice_client.get(f"/accounts/saml/{made.pk}/metadata/")
    assert about["Content-Type"] == "application/samlmetadata+xml"


@needs_saml
def test_an_owner_fills_in_the_values_and_changes_them(
    alice: Person, alice_client: Client, tmp_path: Path
) -> None:
    idp, other = Idp(tmp_path / "idp"), Idp(tmp_path / "other", key=2)
    told = {"issuer": NAME, "entry_url": DOOR, "certificates": idp.certificate}
    alice_client.post(ADD, {**VALUES, **told})
    made = SignInProvider.objects.get()
    both = {**told, "certificates": idp.certificate + other.certificate}
    alice_client.post(f"/settings/sign-in/{made.pk}/", {**VALUES, **both})
    made.refresh_from_db()
    assert made.certificates == [idp.certificate, other.certificate]
    listed = alice_client.get("/settings/sign-in/").content.decode()
    assert NAME in listed


@needs_saml
@pytest.mark.parametrize(
    "wrong",
    [
        {"trusts_addresses": ""},
        {"certificates": ""},
        {"certificates": "x"},
        {"issuer": ""},
        {"entry_url": "http://idp.acme.example/"},
        {"entry_url": "http://10.0.0.1/"},
        {"entry_url": "https://a:b@idp.acme.example/"},
        {"metadata": "<a/>"},
        {"metadata": "x"},
        {"domains": "x y"},
    ],
    ids=str,
)
def test_what_cannot_work_is_said_in_the_form(
    wrong: dict[str, Any], alice_client: Client, tmp_path: Path
) -> None:
    idp = Idp(tmp_path / "idp")
    told = {"issuer": NAME, "entry_url": DOOR, "certificates": idp.certificate}
    assert alice_client.post(ADD, {**VALUES, **told, **wrong}).status_code == 422
    assert not SignInProvider.objects.exists()


@needs_saml
def test_the_sign_in_page_leads_to_the_service(
    alice: Person, visitor: Client, tmp_path: Path
) -> None:
    made = a_saml_service(alice, Idp(tmp_path / "idp"))
    page = visitor.get("/accounts/login/", {"next": "/customers/"}).content.decode()
    assert f"/accounts/saml/{made.pk}/login/?next=/customers/" in page
