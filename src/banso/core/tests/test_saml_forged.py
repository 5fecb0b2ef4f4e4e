"""What somebody who plays a SAML service, or changes its answers on the way, cannot do.

Each forgery starts from a real answer; "signed" ones bear a good signature by the right key, so
that only the named check stands in the way. The reason in the log says which check it was.
"""

import base64
import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from banso.core.models import Identity, Person, SamlAnswer, SignInProvider
from banso.core.tests.provider_visits import is_in
from banso.core.tests.saml_idp import Idp, needs_saml
from banso.core.tests.saml_visits import a_saml_service, come_back, enter, sign_in, start

try:
    import xmlsec
    from lxml import etree
except ImportError:
    xmlsec = etree = None

pytestmark = [pytest.mark.usefixtures("provider_ground"), needs_saml]
Change = Callable[[str], str]
ASSERTION = "{urn:oasis:names:tc:SAML:2.0:assertion}Assertion"
FIRST = re.compile(r"<[a-z0-9]+:Assertion .*?</[a-z0-9]+:Assertion>", re.DOTALL)
EMAIL = "bob@acme.example"


@pytest.fixture
def idp(tmp_path: Path) -> Idp:
    return Idp(tmp_path / "idp")


@pytest.fixture
def saml_service(alice: Person, idp: Idp) -> SignInProvider:
    made = a_saml_service(alice, idp)
    idp.meets(made)
    return made


def xml_of(text: str) -> str:
    return base64.b64decode(text).decode()


def posted(xml: str | bytes) -> str:
    return base64.b64encode(xml if isinstance(xml, bytes) else xml.encode()).decode()


def signed(xml: str, idp: Idp, *, method: str = "RSA_SHA256", digest: str = "SHA256") -> str:
    """The assertion of this answer, signed by the service's key with another tool than its own."""
    root = etree.fromstring(xml.encode())
    assertion = root.find(ASSERTION)
    xmlsec.tree.add_ids(assertion, ["ID"])
    right = {"c14n_method": xmlsec.Transform.EXCL_C14N, "ns": "ds"}
    frame = xmlsec.template.create(
        assertion, sign_method=getattr(xmlsec.Transform, method), **right
    )
    assertion.insert(1, frame)
    way = getattr(xmlsec.Transform, digest)
    reference = xmlsec.template.add_reference(frame, way, uri=f"#{assertion.get('ID')}")
    xmlsec.template.add_transform(reference, xmlsec.Transform.ENVELOPED)
    xmlsec.template.add_transform(reference, xmlsec.Transform.EXCL_C14N)
    pen = xmlsec.SignatureContext()
    if method.startswith("HMAC"):
        pen.key = xmlsec.Key.from_binary_data(xmlsec.KeyData.HMAC, idp.certificate.encode())
    else:
        pen.key = xmlsec.Key.from_memory(idp.key, xmlsec.KeyFormat.PEM, None)
    pen.sign(frame)
    return posted(etree.tostring(root))


def swap(pattern: str, new: str) -> Change:
    """Everywhere in the answer, and at least once."""

    def change(xml: str) -> str:
        changed, times = re.subn(pattern, new, xml)
        assert times, pattern
        return changed

    return change


def why(caplog: pytest.LogCaptureFixture) -> str:
    told = [getattr(one, "facts", {}).get("why", "") for one in caplog.records]
    return " ".join(filter(None, told))


def unsigned(visitor: Client, service: SignInProvider, idp: Idp, **more: Any) -> str:
    where = start(visitor, service)
    return xml_of(idp.answer(where, email=EMAIL, sign_assertion=False, **more))


def test_the_forger_of_these_tests_can_make_a_good_answer(
    bob: Person, idp: Idp, saml_service: SignInProvider, visitor: Client
) -> None:
    text = signed(unsigned(visitor, saml_service, idp), idp)
    assert enter(visitor, come_back(visitor, saml_service, text)).status_code == 302
    assert is_in(visitor)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (swap(r"(:Audience>)[^<]+", r"\1https://else.example"), "audience"),
        (swap(r"<(\w+):AudienceRestriction>.*?</\1:AudienceRestriction>", ""), "audience"),
        (swap(r'Recipient="[^"]+"', 'Recipient="https://else.example/"'), "SubjectConfirmation"),
        (swap(r'(Recipient="[^"]+)"', r'\1x"'), "recipient"),
        (swap(r' Recipient="[^"]+"', ""), "recipient"),
        (swap(r'Destination="[^"]+"', 'Destination="https://else.example/"'), "received at"),
        (swap(r'(Destination="[^"]+)"', r'\1x"'), "destination"),
        (swap(r' Destination="[^"]+"', ""), "destination"),
        (swap(r"(:Issuer[^>]*>)[^<]+", r"\1https://else.example"), "issuer"),
        (swap(r'NotOnOrAfter="[^"]+"', 'NotOnOrAfter="2020-01-01T00:00:00Z"'), "expired"),
        (swap(r'NotBefore="[^"]+"', 'NotBefore="2090-01-01T00:00:00Z"'), "not yet"),
        (swap(r'(ConfirmationData[^>]*?)NotOnOrAfter="[^"]+"', r"\1"), "no time"),
        (swap(r'NotOnOrAfter="[^"]+"', ""), "no time"),
        (swap(r' InResponseTo="[^"]+"', ""), "InResponseTo"),
        (swap(r'(Response .*?)InResponseTo="[^"]+"', r"\1"), "InResponseTo"),
        (swap(r"cm:bearer", "cm:sender-vouches"), "SubjectConfirmation"),
        (swap(r"status:Success", "status:Responder"), "not a success"),
        (swap(r"nameid-format:persistent", "nameid-format:transient"), "one visit"),
        (swap(r"(:NameID[^>]*>)[^<]+", r"\1" + "x" * 256), "no name"),
        (swap(r"(:NameID[^>]*>)[^<]+", r"\1"), ""),
        (swap(r"bob@acme.example", "bob@<b/>acme.example"), ""),
        (
            swap(
                r"(<(\w+):AttributeValue.*?</\2:AttributeValue>)",
                r"\1<\2:AttributeValue>x</\2:AttributeValue>",
            ),
            "several",
        ),
    ],
)
def test_signed_answers_that_are_wrong_open_nothing(
    change: Change,
    reason: str,
    bob: Person,
    idp: Idp,
    saml_service: SignInProvider,
    visitor: Client,
    caplog: pytest.LogCaptureFixture,
) -> None:
    text = signed(change(unsigned(visitor, saml_service, idp)), idp)
    with caplog.at_level(logging.WARNING, "banso.sign_in"):
        assert come_back(visitor, saml_service, text).status_code == 403
    assert reason in why(caplog) and why(caplog)
    assert not SamlAnswer.objects.exists()


@pytest.mark.parametrize(
    ("method", "digest"),
    [
        ("RSA_SHA1", "SHA1"),
        ("RSA_SHA1", "SHA256"),
        ("RSA_SHA256", "SHA1"),
        ("HMAC_SHA256", "SHA256"),
    ],
)
def test_weak_or_symmetric_signatures_prove_nothing(
    method: str,
    digest: str,
    bob: Person,
    idp: Idp,
    saml_service: SignInProvider,
    visitor: Client,
    caplog: pytest.LogCaptureFixture,
) -> None:
    text = signed(unsigned(visitor, saml_service, idp), idp, method=method, digest=digest)
    assert come_back(visitor, saml_service, text).status_code == 403
    assert "Method" in why(caplog)


@pytest.mark.parametrize("more", [{}, {"sign_response": True}], ids=["bare", "only the response"])
def test_an_assertion_without_a_signature_of_its_own_proves_nothing(
    more: dict[str, Any],
    bob: Person,
    idp: Idp,
    saml_service: SignInProvider,
    visitor: Client,
    caplog: pytest.LogCaptureFixture,
) -> None:
    text = posted(unsigned(visitor, saml_service, idp, **more))
    assert come_back(visitor, saml_service, text).status_code == 403
    assert why(caplog) == "the assertion is not signed"


def test_another_key_than_the_services_proves_nothing(
    bob: Person,
    idp: Idp,
    saml_service: SignInProvider,
    visitor: Client,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It brings its own certificate in the signature, as real ones do; nobody listens to that."""
    other = Idp(tmp_path / "other", key=2)
    other.meets(saml_service)
    text = other.answer(start(visitor, saml_service), email=EMAIL)
    assert "X509Certificate" in xml_of(text)
    assert come_back(visitor, saml_service, text).status_code == 403
    assert "Signature validation failed" in why(caplog)


def other_address(xml: str) -> str:
    return xml.replace(EMAIL, "alice@acme.example")


def evil(xml: str) -> str:
    """The signed assertion again, for somebody else, without its signature."""
    bare = re.sub(
        r"<(\w+):Signature .*?</\1:Signature>", "", FIRST.findall(xml)[0], flags=re.DOTALL
    )
    return bare.replace(EMAIL, "alice@acme.example").replace('ID="', 'ID="evil-')


def evil_first(xml: str) -> str:
    return FIRST.sub(lambda found: evil(xml) + found[0], xml)


def evil_last(xml: str) -> str:
    return FIRST.sub(lambda found: found[0] + evil(xml), xml)


def evil_with_the_same_id(xml: str) -> str:
    return FIRST.sub(lambda found: evil(xml).replace("evil-", "") + found[0], xml)


def signed_one_inside(xml: str) -> str:
    """XSW: the evil assertion stands where one is looked for and carries the good one within."""
    good = FIRST.findall(xml)[0]
    tail = re.findall(r"</\w+:Assertion>$", good)[0]
    return FIRST.sub(lambda _found: evil(xml).removesuffix(tail) + good + tail, xml)


def signed_one_in_an_object(xml: str) -> str:
    """XSW: the signature moves to the evil assertion, the good one into an Object of it."""
    good = FIRST.findall(xml)[0]
    sign = re.findall(r"<(\w+):Signature .*?</\1:Signature>", good, re.DOTALL)
    whole = re.search(r"<(\w+):Signature .*?</\1:Signature>", good, re.DOTALL)
    assert sign and whole
    bare, end = good.replace(whole[0], ""), f"</{whole[1]}:Signature>"
    ns = 'xmlns:ds="http://www.w3.org/2000/09/xmldsig#"'
    held = whole[0].removesuffix(end) + f"<ds:Object {ns}>{bare}</ds:Object>{end}"
    opening, closing = re.match(r"<[^>]+>", evil(xml)), re.findall(r"</\w+:Assertion>$", good)[0]
    assert opening
    inner = evil(xml)[opening.end() :].removesuffix(closing)
    return FIRST.sub(lambda _found: opening[0] + held + inner + closing, xml)


def another_with_its_id(xml: str) -> str:
    ids = re.findall(r'Assertion[^>]* ID="([^"]+)"', xml)
    return re.sub(r"(<(\w+):Status>)", rf'<x xmlns="urn:x" Id="{ids[0]}"/>\1', xml)


def comment_in_the_address(xml: str) -> str:
    """CVE-2017-11427: canonical XML has no comments, so the signature stays good."""
    return xml.replace(EMAIL, "bob@<!-- -->acme.example")


def comment_in_the_name(xml: str) -> str:
    return re.sub(r"(:NameID [^>]*>)(.)", r"\1\2<!-- -->", xml)


def instruction_in_the_address(xml: str) -> str:
    return xml.replace(EMAIL, "bob@<?x y?>acme.example")


def entity(xml: str) -> str:
    bare = re.sub(r"^<\?xml.*?\?>", "", xml)
    start = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    return start + bare.replace(EMAIL, "&e;")


def laughs(xml: str) -> str:
    bare = re.sub(r"^<\?xml.*?\?>", "", xml)
    lines = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 20))
    return f'<!DOCTYPE x [<!ENTITY a0 "ha">{lines}]>' + bare.replace(EMAIL, "&a19;")


def other_encoding(xml: str) -> bytes:
    bare = re.sub(r"^<\?xml.*?\?>", "", xml)
    return ('<?xml version="1.0" encoding="UTF-16"?>' + bare).encode("utf-16")


def xslt(xml: str) -> str:
    there = "http://www.w3.org/TR/1999/REC-xslt-19991116"
    return xml.replace("http://www.w3.org/2000/09/xmldsig#enveloped-signature", there)


def the_whole_document(xml: str) -> str:
    return re.sub(r'URI="#[^"]+"', 'URI=""', xml)


def from_elsewhere(xml: str) -> str:
    return re.sub(r'URI="#[^"]+"', 'URI="http://127.0.0.1:1/"', xml)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (other_address, "Signature validation failed"),
        (evil_first, "not one assertion"),
        (evil_last, "not one assertion"),
        (evil_with_the_same_id, "not one assertion"),
        (signed_one_inside, "not one assertion"),
        (signed_one_in_an_object, "not one assertion"),
        (another_with_its_id, "an ID twice"),
        (comment_in_the_address, "a comment"),
        (comment_in_the_name, "a comment"),
        (instruction_in_the_address, "a comment or an instruction"),
        (entity, "a document type"),
        (laughs, "a document type"),
        (other_encoding, "not UTF-8"),
        (xslt, "a transform"),
        (the_whole_document, "it signs something else"),
        (from_elsewhere, "it signs something else"),
        (lambda xml: xml[:-20], "no XML"),
        (lambda _xml: "", "no XML"),
        (lambda _xml: "<a/>", "no response"),
        (lambda xml: xml + " " * 300_000, "too long"),
    ],
)
def test_a_real_answer_that_was_changed_on_the_way_opens_nothing(
    change: Callable[[str], Any],
    reason: str,
    bob: Person,
    idp: Idp,
    saml_service: SignInProvider,
    visitor: Client,
    caplog: pytest.LogCaptureFixture,
) -> None:
    real = xml_of(idp.answer(start(visitor, saml_service), email=EMAIL))
    changed = change(real)
    assert changed != real
    assert come_back(visitor, saml_service, posted(changed)).status_code == 403
    assert reason in why(caplog)
    assert not SamlAnswer.objects.exists()


@pytest.mark.parametrize("text", ["", "ü", "AAA", "=" * 9, "\x00"])
def test_what_is_no_base64_is_refused_in_words(
    text: str, saml_service: SignInProvider, visitor: Client
) -> None:
    assert come_back(visitor, saml_service, text).status_code == 403


def test_doors_take_only_what_they_are_for(
    idp: Idp, saml_service: SignInProvider, visitor: Client, service: SignInProvider
) -> None:
    door = f"/accounts/saml/{saml_service.pk}/login"
    assert visitor.get(f"{door}/answer/").status_code == 405
    assert visitor.get(f"{door}/enter/").status_code == 403
    assert visitor.get(f"{door}/enter/", {"request": "é%"}).status_code == 403
    for other in ("login/", "login/enter/", "metadata/"):
        assert visitor.get(f"/accounts/saml/{service.pk}/{other}").status_code == 404
    assert visitor.get(f"/accounts/oidc/{saml_service.pk}/login/").status_code == 404


def test_a_new_certificate_replaces_the_old_one(
    alice: Person,
    bob: Person,
    idp: Idp,
    saml_service: SignInProvider,
    visitor: Client,
    tmp_path: Path,
) -> None:
    other = Idp(tmp_path / "other", key=2)
    other.meets(saml_service)
    saml_service.certificates = [idp.certificate, other.certificate]
    saml_service.save()
    for one in (idp, other):  # while it changes its key, both sign
        visitor = Client()
        assert sign_in(visitor, saml_service, one, email=EMAIL).status_code == 302
    saml_service.certificates = [other.certificate]
    saml_service.save()
    text = idp.answer(start(visitor, saml_service), email=EMAIL)
    assert come_back(visitor, saml_service, text).status_code == 403
    assert Identity.objects.count() == 1
