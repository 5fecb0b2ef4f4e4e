"""What owners paste of their SAML service: its metadata, or its name, address and certificate."""

import base64
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.models import SignInProvider
from banso.core.sign_in import outside, saml
from banso.core.sign_in.claims import NotProven
from banso.core.sign_in.saml import shape
from banso.core.sign_in.saml.names import BY_REDIRECT, DSIG, METADATA, PROTOCOL

MOST_CERTIFICATES = 5
PEM = re.compile(r"-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Described:
    """A service as its metadata tells it."""

    issuer: str
    entry_url: str
    certificates: list[str]


def described(metadata: str) -> Described:
    """The one identity provider of this metadata. Refused when it names none, or several."""
    try:
        root = shape.parsed(metadata.strip().encode())
    except NotProven as error:
        raise _unreadable() from error
    entities = [one for one in root.iter(f"{METADATA}EntityDescriptor") if _speaks(one)]
    if len(entities) != 1:
        raise _unreadable()
    role = _speaks(entities[0])[0]
    doors = role.findall(f"{METADATA}SingleSignOnService")
    found = [one.get("Location", "") for one in doors if one.get("Binding") == BY_REDIRECT]
    return Described(
        issuer=entities[0].get("entityID", ""),
        entry_url=next(iter(found), ""),
        certificates=certificates_in("\n".join(_wrapped(key) for key in _keys(role))),
    )


def certificates_in(text: str) -> list[str]:
    """The certificates of a text, as PEM; a bare base64 body is one too. Refused for others."""
    bodies = PEM.findall(text) or ([text] if text.strip() else [])
    found = list(dict.fromkeys(_certificate(body) for body in bodies))
    if not 0 < len(found) <= MOST_CERTIFICATES:
        raise _no_certificate()
    return found


def told(values: dict[str, Any]) -> dict[str, Any]:
    """The form's values as a provider keeps them; metadata speaks before the single values."""
    _must_be_installed()
    kept = {name: value for name, value in values.items() if name != "metadata"}
    if not values.get("metadata", "").strip():
        return {**kept, "certificates": certificates_in(values["certificates"])}
    found = described(values["metadata"])
    return {
        **kept,
        "issuer": found.issuer,
        "entry_url": found.entry_url,
        "certificates": found.certificates,
    }


def check(provider: SignInProvider) -> None:
    """It can work as a SAML service. Refused in words."""
    _must_be_installed()
    if not provider.issuer:
        words = _("Name the entity ID of the service.")
        raise Refused(words, code="issuer", field="issuer")
    if not _is_door(provider.entry_url):
        words = _("This is not the address of a sign-in service. It begins with https://.")
        raise Refused(words, code="entry_url", field="entry_url")
    if not provider.trusts_addresses:
        words = _(
            "SAML does not say whether an address is verified: only your word lets people in."
        )
        raise Refused(words, code="trusts_addresses", field="trusts_addresses")
    provider.certificates = certificates_in("\n".join(provider.certificates))


def _must_be_installed() -> None:
    if not saml.is_installed():
        raise Refused(_("This installation does not speak SAML."), code="saml")


def _speaks(entity: Any) -> list[Any]:
    """Its roles as an identity provider of SAML 2.0."""
    roles = entity.findall(f"{METADATA}IDPSSODescriptor")
    return [one for one in roles if PROTOCOL in one.get("protocolSupportEnumeration", "").split()]


def _keys(role: Any) -> list[str]:
    return [
        "".join(one.itertext())
        for key in role.findall(f"{METADATA}KeyDescriptor")
        if key.get("use", "signing") == "signing"
        for one in key.iter(f"{DSIG}X509Certificate")
    ]


def _wrapped(body: str) -> str:
    return f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----"


def _certificate(body: str) -> str:
    """One certificate as PEM. Its dates mean nothing here: owners have named this very key."""
    try:
        found = x509.load_der_x509_certificate(
            base64.b64decode("".join(body.split()), validate=True)
        )
        key = found.public_key()
    except Exception as error:
        raise _no_certificate() from error
    strong = isinstance(key, ec.EllipticCurvePublicKey) and key.key_size >= 256
    if not strong and not (isinstance(key, rsa.RSAPublicKey) and key.key_size >= 2048):
        words = _("The key of this certificate is too weak, or of another kind than RSA and EC.")
        raise Refused(words, code="weak_key", field="certificates")
    return found.public_bytes(Encoding.PEM).decode()


def _is_door(url: str) -> bool:
    """An https address; http only inside the networks that the operator lists."""
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and not parts.username and (parts.port or 1) > 0
        near = parts.scheme == "http" and outside.is_near(str(parts.hostname))
    except ValueError:
        return False
    return named and not parts.fragment and (near or parts.scheme == "https")


def _unreadable() -> Refused:
    words = _("This is not the metadata of one SAML identity provider.")
    return Refused(words, code="metadata", field="metadata")


def _no_certificate() -> Refused:
    words = _("Paste the signing certificate of the service (PEM).")
    return Refused(words, code="certificates", field="certificates")
