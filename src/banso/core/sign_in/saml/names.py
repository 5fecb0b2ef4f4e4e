"""What SAML and XML signatures call things, and what we are called there."""

from django.conf import settings
from django.urls import reverse

from banso.core.models import SignInProvider

SAML = "{urn:oasis:names:tc:SAML:2.0:assertion}"
SAMLP = "{urn:oasis:names:tc:SAML:2.0:protocol}"
METADATA = "{urn:oasis:names:tc:SAML:2.0:metadata}"
DSIG = "{http://www.w3.org/2000/09/xmldsig#}"
XENC = "{http://www.w3.org/2001/04/xmlenc#}"
BY_REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
BY_POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol"
TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"


def our_name(provider: SignInProvider) -> str:
    """Our entity ID at this service: one for each, so that no answer fits another workspace."""
    return _address("saml-metadata", provider)


def our_door(provider: SignInProvider) -> str:
    """Where the service's answers are posted to."""
    return _address("saml-back", provider)


def _address(name: str, provider: SignInProvider) -> str:
    """From the configured address, never from Host."""
    return f"{settings.PUBLIC_URL}{reverse(name, kwargs={'provider_id': provider.pk})}"
