"""Secrets that must be read again (unlike passwords): sealed with the program's signing key."""

import base64
import hashlib
import json
from typing import Any, cast

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

MARK = "sealed:"


class Unsealable(ValueError):
    """The text was sealed with a key that is not known any more, or was changed."""


def seal(text: str) -> str:
    """`text`, readable only with the signing key."""
    return MARK + _locks().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """What was sealed. Texts from before sealing come back as they are. Raises Unsealable."""
    if not sealed.startswith(MARK):
        return sealed
    try:
        return _locks().decrypt(sealed.removeprefix(MARK).encode()).decode()
    except InvalidToken as error:
        raise Unsealable("sealed with another key") from error


def seal_facts(**facts: Any) -> str:
    """What a job must know and its row must not tell: addresses, texts, tokens."""
    return seal(json.dumps(facts, ensure_ascii=False))


def unseal_facts(sealed: str) -> dict[str, Any]:
    """What `seal_facts` was given. Raises Unsealable."""
    return cast("dict[str, Any]", json.loads(unseal(sealed)))


def _locks() -> MultiFernet:
    """Seals with today's key, opens with those before it too."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(str(key))) for key in keys])


def _key(secret: str) -> bytes:
    digest = hashlib.sha256(b"banso.sealed:" + secret.encode()).digest()
    return base64.urlsafe_b64encode(digest)
