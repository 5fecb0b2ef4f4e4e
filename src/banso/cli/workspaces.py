"""Which workspace a command works in."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.utils import translation

from banso.core import workspaces
from banso.core.errors import Refused
from banso.core.models import Workspace
from banso.core.scope import open_workspace
from banso.lib.spoken import language
from banso.lib.spoken import say as _
from banso.lib.trouble import TroubleInWords

FIRST_NAME = "Banso"


@contextmanager
def working_in(name: str) -> Iterator[Workspace]:
    """The named workspace, or the only one, is open; words are the terminal's language.

    A refusal inside becomes one line of trouble.
    """
    with speaking(), open_workspace(_chosen(name)) as workspace:
        yield workspace


@contextmanager
def working_or_new(name: str, *, new: bool = False) -> Iterator[Workspace]:
    """As `working_in`; makes the first workspace, or another when `new` says so."""
    if new and Workspace.objects.filter(name=name).exists():
        raise TroubleInWords(_("There is a workspace of this name already."))
    if new or not Workspace.objects.exists():
        with speaking():
            name = workspaces.create_workspace(name or FIRST_NAME).name
    with working_in(name) as workspace:
        yield workspace


@contextmanager
def speaking() -> Iterator[None]:
    """Words are the terminal's language; what is refused becomes one line of trouble."""
    with translation.override(language()):
        try:
            yield
        except Refused as refusal:
            raise TroubleInWords(str(refusal.message)) from refusal
        except ValidationError as error:
            raise TroubleInWords(" ".join(error.messages)) from error


def _chosen(name: str) -> Workspace:
    """The workspace of that name, or the only one. TroubleInWords when there is no telling."""
    known = Workspace.objects.filter(name=name) if name else Workspace.objects.all()
    found = list(known[:2])
    if len(found) == 1:
        return found[0]
    if not found:
        raise TroubleInWords(_("There is no such workspace. Make one: ./banso user add --new"))
    raise TroubleInWords(_("There are several workspaces: choose one with --workspace."))
