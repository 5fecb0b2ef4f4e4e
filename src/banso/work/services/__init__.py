"""Every write of the work room."""

from banso.work.services.absences import add_absence, end_absence
from banso.work.services.activities import (
    NextStep,
    delete_activity,
    edit_activity,
    log_activity,
    purge_activities,
    restore_activity,
)
from banso.work.services.bulk import NewActivity, NewTask, log_activities, open_tasks
from banso.work.services.cadences import set_cadences
from banso.work.services.calls import close_call, raise_call, reopen_call
from banso.work.services.hand_overs import drop_check_lists, open_check_lists, pass_on_work
from banso.work.services.putting_back import (
    forget_activities,
    forget_tasks,
    put_back_activity,
    put_back_task,
)
from banso.work.services.succession import pass_tasks_back, pass_tasks_on
from banso.work.services.tasks import edit_task, finish_task, open_task, reopen_task

__all__ = [
    "NewActivity",
    "NewTask",
    "NextStep",
    "add_absence",
    "close_call",
    "delete_activity",
    "drop_check_lists",
    "edit_activity",
    "edit_task",
    "end_absence",
    "finish_task",
    "forget_activities",
    "forget_tasks",
    "log_activities",
    "log_activity",
    "open_check_lists",
    "open_task",
    "open_tasks",
    "pass_on_work",
    "pass_tasks_back",
    "pass_tasks_on",
    "purge_activities",
    "put_back_activity",
    "put_back_task",
    "raise_call",
    "reopen_call",
    "reopen_task",
    "restore_activity",
    "set_cadences",
]
