"""Every write of the work room."""

from banso.work.services.calls import close_call, raise_call, reopen_call
from banso.work.services.tasks import edit_task, finish_task, open_task, reopen_task

__all__ = [
    "close_call",
    "edit_task",
    "finish_task",
    "open_task",
    "raise_call",
    "reopen_call",
    "reopen_task",
]
