"""The words of tasks: written by a person, or made from a code and its numbers."""

from collections.abc import Callable, Mapping
from typing import Any

from banso.core.declarations import Words
from banso.core.scope import current_workspace
from banso.work.models import Task

Worder = Callable[[Mapping[str, Any]], Words]
_worders: dict[str, Worder] = {}


def declare_task_words(code: str, worder: Worder) -> None:
    """Tasks with this code read as `worder(params)`, in the reader's language.

    `params` hold `opened_on` besides what the task was opened with: its local day (YYYY-MM-DD), so
    that numbers counted then are told with their day, not as if they were today's.

    For `declares.py` of the room that opens such tasks.
    """
    if code in _worders:
        raise ValueError(f"Task code {code} is declared twice.")
    _worders[code] = worder


def task_title(task: Task) -> str:
    """What is to be done, as a sentence in the reader's language.

    A title that a person wrote wins over the code; a code whose room is gone reads as itself.
    """
    if task.title:
        return task.title
    worder = _worders.get(task.code)
    if worder is None:
        return task.code
    opened_on = current_workspace().day_of(task.created_at).isoformat()
    return str(worder({"opened_on": opened_on, **task.params}))
