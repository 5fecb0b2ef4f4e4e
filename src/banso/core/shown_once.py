"""Secrets on their way to the page after a form: shown once, to the session that asked for them.

The answer to a form is a redirect, so that loading the page again makes nothing anew. Until that
page is read the secret waits sealed in the session: never in an address, a log or a row as text.
"""

from django.contrib.sessions.backends.base import SessionBase

from banso.core.sealed import Unsealable, seal, unseal

WAITING = "shown_once"


def keep_to_show(session: SessionBase, secret: str, *, of: object) -> None:
    """The next page that asks for the secret `of` this (its id) gets it. One waits at a time."""
    session[WAITING] = [str(of), seal(secret)]


def to_show(session: SessionBase, *, of: object) -> str:
    """The secret that waits `of` this, which is forgotten by that; "" when none does."""
    known, sealed = session.get(WAITING) or ("", "")
    if known != str(of):
        return ""
    del session[WAITING]
    try:
        return unseal(sealed)
    except Unsealable:  # the signing key was changed in between
        return ""
