"""The second step and passkeys: where allauth's habits are too loose for us."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from banso.core import audit
from banso.core.models import Person
from banso.core.sealed import seal, unseal


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets lie sealed in the database; passkeys belong to the configured address."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is wrong, or it has been used already."),
        "passkey": _("This passkey could not be checked. Try again."),
        "cannot_generate_recovery_codes": _("First turn on an authenticator app or add a passkey."),
    }

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Never from the Host header: a passkey is for the address that the operator named."""
        return {"id": relying_host(), "name": "Banso"}

    def generate_authenticator_name(self, user: Person, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey %(number)d") % {"number": number}


@transaction.atomic
def take_away(person: Person) -> None:
    """The password alone lets the person in: app, passkeys and recovery codes are gone.

    For whoever has lost them. Publishes core.second_step_off in each of their workspaces.
    """
    Authenticator.objects.filter(user_id=person.pk).delete()
    audit.note("core.second_step_off", person)


def relying_host() -> str:
    """The host that passkeys are made for. Browsers take no bare IP address: loopback has a name."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return "localhost" if _is_ip(host) else host


def origins() -> set[str]:
    """Pages on which a passkey of ours may be used."""
    parts = urlsplit(settings.PUBLIC_URL)
    port = f":{parts.port}" if parts.port else ""
    return {f"{parts.scheme}://{relying_host()}{port}"}


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
