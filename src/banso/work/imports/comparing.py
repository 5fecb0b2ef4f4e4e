"""Whether a cell says what stands already, though a spreadsheet has had it in between."""

from datetime import datetime

from django.utils import translation

from banso.core.imports.values import LANGUAGES
from banso.core.lists.writing import MOST_IN_A_CELL
from banso.core.scope import current_workspace
from banso.lib.text import clean
from banso.work.models import Task
from banso.work.wording import task_title

CUT = MOST_IN_A_CELL - 1  # a quote may stand before it


def same_text(standing: str, said: str) -> bool:
    """Blanks around it do not count, nor what did not fit into a cell."""
    stands, given = clean(standing).strip(), clean(said).strip()
    return stands == given or (is_cut(standing) and len(said) >= CUT and stands.startswith(given))


def is_cut(text: str) -> bool:
    """Whether a cell of Excel holds only its beginning."""
    return len(text) >= CUT


def same_moment(standing: datetime, said: datetime) -> bool:
    """By the clock on the wall, to the second where a second is said."""
    stands, given = clock(standing), clock(said)
    return given in (stands, stands.replace(second=0))


def clock(moment: datetime) -> datetime:
    """The local time of the moment, without its zone, to the second."""
    return moment.astimezone(current_workspace().tz).replace(tzinfo=None, microsecond=0)


def says_title(task: Task, said: str) -> bool:
    """A title made from a code reads differently in each language."""
    for language in LANGUAGES:
        with translation.override(language):
            if same_text(task_title(task), said):
                return True
    return False
