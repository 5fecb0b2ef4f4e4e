"""Reads of the work room."""

from banso.work.queries.absences import AbsenceRow, absences
from banso.work.queries.activities import (
    ActivityPage,
    Asked,
    activities_of,
    activity,
    activity_list,
    every_activity,
    search_activities,
)
from banso.work.queries.cadences import Overdue, cadences, meetings_overdue
from banso.work.queries.tasks import (
    MyTasks,
    count_open_tasks,
    every_task,
    every_task_for,
    my_tasks,
    open_calls,
    task,
    tasks_of,
)

__all__ = [
    "AbsenceRow",
    "ActivityPage",
    "Asked",
    "MyTasks",
    "Overdue",
    "absences",
    "activities_of",
    "activity",
    "activity_list",
    "cadences",
    "count_open_tasks",
    "every_activity",
    "every_task",
    "every_task_for",
    "meetings_overdue",
    "my_tasks",
    "open_calls",
    "search_activities",
    "task",
    "tasks_of",
]
