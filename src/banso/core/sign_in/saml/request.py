"""Asking a SAML service who somebody is: HTTP-Redirect binding (SAML bindings, section 3.4)."""

import base64
import secrets
import time
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode
from xml.sax.saxutils import escape, quoteattr

from banso.core.models import SignInProvider
from banso.core.sign_in.saml import names

ASKED_SECONDS = 600
REQUEST = (
    '<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"'
    ' xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" Version="2.0" ID={id} IssueInstant={now}'
    " Destination={there} AssertionConsumerServiceURL={back} ProtocolBinding={binding}>"
    "<saml:Issuer>{us}</saml:Issuer></samlp:AuthnRequest>"
)
ABOUT_US = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID={us}>'
    '<md:SPSSODescriptor AuthnRequestsSigned="false" WantAssertionsSigned="true"'
    " protocolSupportEnumeration={protocol}>"
    '<md:AssertionConsumerService index="1" isDefault="true" Binding={binding} Location={back}/>'
    "</md:SPSSODescriptor></md:EntityDescriptor>\n"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a browser was sent away with, kept in its session until it comes back once."""

    provider: str
    id: str
    at: float
    next: str = ""

    @property
    def is_fresh(self) -> bool:
        return time.time() - self.at < ASKED_SECONDS


def ask(provider: SignInProvider, *, following: str = "") -> Asked:
    """A fresh random request. Its ID is what binds the answer to this browser."""
    return Asked(str(provider.pk), f"_{secrets.token_hex(24)}", time.time(), following)


def address(provider: SignInProvider, asked: Asked) -> str:
    """Where the browser goes."""
    xml = REQUEST.format(
        id=quoteattr(asked.id),
        now=quoteattr(f"{datetime.fromtimestamp(asked.at, UTC):%Y-%m-%dT%H:%M:%SZ}"),
        there=quoteattr(provider.entry_url),
        back=quoteattr(names.our_door(provider)),
        binding=quoteattr(names.BY_POST),
        us=escape(names.our_name(provider)),
    )
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)  # raw, as the binding wants it
    packed = packer.compress(xml.encode()) + packer.flush()
    query = urlencode({"SAMLRequest": base64.b64encode(packed).decode()})
    return f"{provider.entry_url}{'&' if '?' in provider.entry_url else '?'}{query}"


def about_us(provider: SignInProvider) -> str:
    """Our metadata for this service."""
    return ABOUT_US.format(
        us=quoteattr(names.our_name(provider)),
        protocol=quoteattr(names.PROTOCOL),
        binding=quoteattr(names.BY_POST),
        back=quoteattr(names.our_door(provider)),
    )
