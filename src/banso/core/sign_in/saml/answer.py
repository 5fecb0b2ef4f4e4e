"""Who a posted answer proves somebody to be (SAML core 2.3, profiles 4.1.4.3).

python3-saml checks schema, signature and times. What it lets pass when it is missing (audience,
recipient, InResponseTo, end) or compares by beginnings is asked for here, exactly. Facts are read
from the signed assertion alone.
"""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from banso.core.models import SignInProvider
from banso.core.sign_in.claims import Claims, NotProven
from banso.core.sign_in.saml import names, shape
from banso.core.sign_in.saml.names import SAML, SAMLP
from banso.core.sign_in.saml.proof import Proof

try:
    from lxml import etree
    from onelogin.saml2.response import OneLogin_Saml2_Response
    from onelogin.saml2.settings import OneLogin_Saml2_Settings
except ImportError:  # the extra is not installed: nothing here is called
    etree = OneLogin_Saml2_Response = OneLogin_Saml2_Settings = None

CLOCKS_DIFFER = timedelta(seconds=60)
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
# What Entra ID, Okta, Google, Keycloak, AD FS and Shibboleth call an address and a name.
EMAILS = {
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
    "urn:oid:0.9.2342.19200300.100.1.3",
    "email",
    "emailaddress",
    "mail",
}
PEOPLES_NAMES = {
    "http://schemas.microsoft.com/identity/claims/displayname",
    "urn:oid:2.16.840.1.113730.3.1.241",
    "displayname",
    "name",
}


def proven(provider: SignInProvider, posted: str) -> Proof:
    """What this answer proves, for us, now; whose browser it is in is asked later.

    Raises NotProven, which says why, for the log.
    """
    root = shape.checked(posted)
    if root.find(f"{SAMLP}Status/{SAMLP}StatusCode").get("Value") != SUCCESS:
        raise NotProven("not a success")
    root = _signed(provider, root)
    assertion = _only(root, f"{SAML}Assertion")
    _check_envelope(provider, root, assertion)
    _check_conditions(provider, assertion)
    confirmed = _confirmation(provider, assertion)
    request_id = confirmed.get("InResponseTo", "")
    if not request_id or root.get("InResponseTo") != request_id:
        raise NotProven("InResponseTo")
    return Proof(request_id, assertion.get("ID"), _claims(assertion), _end(confirmed))


def _signed(provider: SignInProvider, root: Any) -> Any:
    """The library's own reading of the document that was judged, its signature proven."""
    here = urlsplit(names.our_door(provider))
    request = {
        "https": "on" if here.scheme == "https" else "off",
        "http_host": here.netloc,
        "script_name": here.path,
    }
    try:
        judged = base64.b64encode(etree.tostring(root, encoding="UTF-8"))
        answer = OneLogin_Saml2_Response(_settings(provider), judged)
        answer.is_valid(request, raise_exceptions=True)
        return answer.get_xml_document()
    except Exception as error:
        raise NotProven(f"{type(error).__name__}: {error}"[:300]) from error


def _settings(provider: SignInProvider) -> Any:
    back = {"url": names.our_door(provider), "binding": names.BY_POST}
    there = {"url": provider.entry_url, "binding": names.BY_REDIRECT}
    keys = {"signing": provider.certificates}
    return OneLogin_Saml2_Settings(
        {
            "strict": True,
            "debug": False,
            "sp": {"entityId": names.our_name(provider), "assertionConsumerService": back},
            "idp": {
                "entityId": provider.issuer,
                "singleSignOnService": there,
                "x509certMulti": keys,
            },
            "security": {
                "wantAssertionsSigned": True,
                "wantAttributeStatement": False,
                "rejectDeprecatedAlgorithm": True,
                "requestedAuthnContext": False,
                "allowSingleLabelDomains": True,
            },
        }
    )


def _check_envelope(provider: SignInProvider, root: Any, assertion: Any) -> None:
    if root.get("Destination") != names.our_door(provider):
        raise NotProven("destination")
    if _text(_only(assertion, f"{SAML}Issuer")) != provider.issuer:
        raise NotProven("issuer")


def _check_conditions(provider: SignInProvider, assertion: Any) -> None:
    conditions = _only(assertion, f"{SAML}Conditions")
    for_whom = conditions.findall(f"{SAML}AudienceRestriction")
    us = names.our_name(provider)
    fits = [us in [_text(one) for one in group.findall(f"{SAML}Audience")] for group in for_whom]
    if not fits or not all(fits):
        raise NotProven("audience")
    now = datetime.now(UTC)
    begins, ends = conditions.get("NotBefore"), conditions.get("NotOnOrAfter")
    if begins and _moment(begins) > now + CLOCKS_DIFFER:
        raise NotProven("not yet")
    if ends and _moment(ends) <= now - CLOCKS_DIFFER:
        raise NotProven("expired")


def _confirmation(provider: SignInProvider, assertion: Any) -> Any:
    """The one bearer confirmation, made out to our door and still good."""
    subject = _only(assertion, f"{SAML}Subject")
    confirmation = _only(subject, f"{SAML}SubjectConfirmation")
    data = _only(confirmation, f"{SAML}SubjectConfirmationData")
    if confirmation.get("Method") != names.BEARER:
        raise NotProven("no bearer")
    if data.get("Recipient") != names.our_door(provider):
        raise NotProven("recipient")
    if _end(data) <= datetime.now(UTC) - CLOCKS_DIFFER:
        raise NotProven("expired")
    return data


def _end(data: Any) -> datetime:
    return _moment(data.get("NotOnOrAfter") or "")


def _claims(assertion: Any) -> Claims:
    """SAML has no word for a verified address: what owners say of the service decides."""
    named = _only(_only(assertion, f"{SAML}Subject"), f"{SAML}NameID")
    subject, kind = _text(named), named.get("Format") or names.UNSPECIFIED
    if kind == names.TRANSIENT:
        raise NotProven("a name for one visit")
    if not 0 < len(subject) <= 255:
        raise NotProven("no name")
    told = _attribute(assertion, EMAILS)
    if not told and kind in (names.EMAIL, names.UNSPECIFIED):
        told = subject
    name = _attribute(assertion, PEOPLES_NAMES)
    return Claims(subject=subject, email=told, email_verified=False, name=name)


def _attribute(assertion: Any, known: set[str]) -> str:
    """The one value of an attribute by its usual names; empty where there is none."""
    found = {
        _text(value)
        for one in assertion.iterfind(f"{SAML}AttributeStatement/{SAML}Attribute")
        if one.get("Name", "").lower() in known
        for value in one.findall(f"{SAML}AttributeValue")
    }
    if len(found) > 1:
        raise NotProven("several values of one attribute")
    return next(iter(found), "")


def _only(parent: Any, name: str) -> Any:
    found = parent.findall(name)
    if len(found) != 1:
        raise NotProven(f"{len(found)} of {name.rpartition('}')[2]}")
    return found[0]


def _text(element: Any) -> str:
    """Its whole text; an element with others inside has none that can be trusted."""
    if len(element):
        raise NotProven("elements in a text")
    return (element.text or "").strip()


def _moment(told: str) -> datetime:
    try:
        found = datetime.fromisoformat(told)
    except ValueError as error:
        raise NotProven("no time") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)  # SAML core 1.3.3: always UTC
