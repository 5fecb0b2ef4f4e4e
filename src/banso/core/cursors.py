"""Cursors of lists: signed, so that rubbish, other lists' and other workspaces' are refused."""

from collections.abc import Sequence
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.scope import current_workspace_id

SALT = "banso.core.cursor"


def write(kind: str, values: Sequence[Any]) -> str:
    """An opaque text that leads on from `values` in the list `kind` of the open workspace."""
    return signing.dumps([kind, *values], salt=_salt(), compress=False)


def read(kind: str, cursor: str) -> list[Any]:
    """The values that `write` was given for this list. Refused (code "bad_cursor") otherwise."""
    try:
        found = signing.loads(cursor, salt=_salt()) if len(cursor) <= 2000 else [None]
    except (signing.BadSignature, ValueError) as error:
        raise _bad() from error
    if not isinstance(found, list) or found[:1] != [kind]:
        raise _bad()
    return found[1:]


def _salt() -> str:
    return f"{SALT}:{current_workspace_id()}"


def _bad() -> Refused:
    return Refused(
        _("This page link has expired. Start from the first page."),
        code="bad_cursor",
        field="cursor",
    )
