"""Which workspace a command works in."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import translation

from banso.core.errors import Refused
from banso.core.models import Workspace
from banso.core.scope import open_workspace
from banso.lib.spoken import language
from banso.lib.spoken import say as _
from banso.lib.trouble import TroubleInWords


@contextmanager
def working_in(name: str) -> Iterator[Workspace]:
    """The named workspace, or the only one, is open; words are the terminal's language.

    A refusal inside becomes one line of trouble.
    """
    with translation.override(language()), open_workspace(chosen(name)) as workspace:
        try:
            yield workspace
        except Refused as refusal:
            raise TroubleInWords(str(refusal.message)) from refusal


def chosen(name: str) -> Workspace:
    """The workspace of that name, or the only one. TroubleInWords when there is no telling."""
    known = Workspace.objects.filter(name=name) if name else Workspace.objects.all()
    found = list(known[:2])
    if len(found) == 1:
        return found[0]
    if not found:
        raise TroubleInWords(_("There is no such workspace. Make one: ./banso user add --new"))
    raise TroubleInWords(_("There are several workspaces: choose one with --workspace."))
