"""What the work room gives to the rest of the house."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from banso.core.declarations import (
    EVERYONE,
    MANAGERS,
    STAFF,
    Charge,
    EventText,
    Panel,
    Permission,
    Shortcut,
    Titles,
    Topic,
    Words,
    declare,
)
from banso.core.lists.declarations import declare_list
from banso.core.ui.wording import short_day
from banso.customers.fields import Field, declare_fields
from banso.customers.holdings import Holding, declare_holdings
from banso.work import cadences, expressions
from banso.work.exports import ACTIVITY_LIST, TASK_LIST
from banso.work.models import Activity, ActivityKind, CallKind, Mood, Task
from banso.work.queries import count_open_tasks
from banso.work.wording import task_title


def _in_words(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    kind = str(facts.get("kind", ""))
    label = CallKind(kind).label if kind in CallKind.values else kind
    return {**facts, "kind": label}


def _activity(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    kind, day = str(facts.get("kind", "")), str(facts.get("on", ""))
    label = ActivityKind(kind).label if kind in ActivityKind.values else kind
    return {**facts, "kind": label, "on": short_day(date.fromisoformat(day)) if day else ""}


def _activity_text(verb: str, wording: Words, icon: str) -> EventText:
    name, page = f"work.activity_{verb}", "work:activity"
    return EventText(name, wording, icon, _activity, page, Titles("work.read", _activity_titles))


def _activity_titles(ids: Collection[str]) -> Mapping[str, str]:
    rows = Activity.objects.filter(pk__in=ids).values_list("pk", "title")
    return {str(pk): title for pk, title in rows}


def _task_text(verb: str, wording: Words, icon: str = "check") -> EventText:
    return EventText(f"work.task_{verb}", wording, icon, titles=Titles("work.read", _task_titles))


def _task_titles(ids: Collection[str]) -> Mapping[str, str]:
    return {str(task.pk): task_title(task) for task in Task.objects.filter(pk__in=ids)}


LOGGING = {
    "c": (ActivityKind.CALL, _("Log a call")),
    "v": (ActivityKind.VISIT, _("Log a visit")),
    "w": (ActivityKind.MEETING, _("Log a web meeting")),
    "m": (ActivityKind.MAIL, _("Log a mail note")),
    "n": (ActivityKind.MEMO, _("Log a memo")),
}


def _shortcut(letter: str, kind: ActivityKind, label: Words) -> Shortcut:
    """l as in log, then the kind."""
    query = f"?kind={kind}"
    return Shortcut(f"l {letter}", label, "work:log_activity", "work.write", "customer_id", query)


def _activities(customer_id: Any) -> str:
    return f"{reverse('work:activities')}?customer={customer_id}"


def _rows(customer_id: Any) -> str:
    return reverse("work:customer", args=[customer_id])


declare(
    Permission("work.read", _("See tasks, calls to action and activities"), EVERYONE),
    Permission("work.write", _("Make and finish tasks and calls to action, log activities"), STAFF),
    Permission("work.manage", _("Set how often customers are met"), MANAGERS),
    Charge("tasks", _("Their open tasks"), count_open_tasks),
    Topic("tasks", "work.read", events=("work.",)),
    Topic("activities", "work.read", events=("work.activity_",)),
    Panel("customer.how", "work:customer", "work.read", _("Tasks and calls to action"), order=20),
    Panel("customer.who", "work:activities_of", "work.read", _("Activities"), order=10),
    Panel("today.side", "work:overdue_meetings", "work.read", _("Meetings overdue"), order=10),
    Panel("person.main", "work:absences_of", "work.write", _("Absences"), order=20),
    Panel("settings.tabs", "work:cadences", "work.manage", _("Rhythm of meetings"), order=20),
    *(_shortcut(letter, kind, label) for letter, (kind, label) in LOGGING.items()),
    _task_text("opened", _("A task was opened")),
    _task_text("finished", _("A task was finished")),
    _task_text("reopened", _("A task was opened again")),
    _task_text("edited", _("A task was changed")),
    _task_text("passed_on", _("A task passed on to the successor"), "arrow-right"),
    _activity_text("logged", _("%(kind)s on %(on)s"), "chat"),
    _activity_text("edited", _("Corrected: %(kind)s on %(on)s"), "pencil"),
    _activity_text("deleted", _("Deleted: %(kind)s on %(on)s"), "trash"),
    _activity_text("restored", _("Restored: %(kind)s on %(on)s"), "undo"),
    EventText("work.cadences_changed", _("The rhythm of meetings was changed"), "clock"),
    _task_text("dropped", _("A task was dropped"), "trash"),
    EventText("work.call_passed_on", _("A call to action passed to the new owner"), "user"),
    EventText("work.absence_added", _("An absence was noted"), "calendar"),
    EventText("work.absence_ended", _("An absence was ended"), "calendar"),
    EventText("work.call_raised", _("Call to action raised: %(kind)s"), "bell", _in_words),
    EventText("work.call_closed", _("Call to action closed: %(kind)s"), "bell", _in_words),
    EventText("work.call_reopened", _("Call to action opened again: %(kind)s"), "bell", _in_words),
)

declare_fields(
    Field(
        "work.open_tasks",
        _("Open tasks"),
        "number",
        expressions.open_tasks,
        unit=pgettext_lazy("counter", "tasks"),
        rows=_rows,
        higher_is_better=False,
        permission="work.read",
    ),
    Field(
        "work.open_calls",
        _("Open calls to action"),
        "number",
        expressions.open_calls,
        unit=pgettext_lazy("counter", "calls"),
        rows=_rows,
        higher_is_better=False,
        permission="work.read",
    ),
    Field(
        "work.worst_call",
        _("Oldest open trouble"),
        "choice",
        expressions.worst_call,
        choices=lambda: CallKind.choices,
        rows=_rows,
        permission="work.read",
        sheet=expressions.WORST_CALLS,
    ),
    Field(
        "work.worst_call_since",
        _("Trouble open since"),
        "date",
        expressions.worst_call_since,
        rows=_rows,
        permission="work.read",
        sheet=expressions.WORST_CALLS,
    ),
    Field(
        "work.last_activity_on",
        _("Last activity"),
        "date",
        cadences.last_activity_on,
        rows=_activities,
        permission="work.read",
        sheet=cadences.LATEST,
    ),
    Field(
        "work.last_meeting_on",
        _("Last meeting"),
        "date",
        cadences.last_meeting_on,
        rows=_activities,
        permission="work.read",
        sheet=cadences.LATEST,
    ),
    Field(
        "work.last_mood",
        _("Last mood"),
        "choice",
        cadences.last_mood,
        choices=lambda: Mood.choices,
        rows=_activities,
        permission="work.read",
    ),
    Field(
        "work.meeting_due_on",
        _("Next meeting by"),
        "date",
        cadences.meeting_due_on,
        rows=_activities,
        permission="work.read",
    ),
    Field(
        "work.meeting_overdue",
        _("Meeting overdue"),
        "bool",
        cadences.meeting_overdue,
        rows=_activities,
        permission="work.read",
        needs=("work.meeting_due_on",),
        higher_is_better=False,
    ),
)

declare_list(ACTIVITY_LIST, TASK_LIST)

declare_holdings(
    Holding("work.task", _("Tasks"), "work:customer"),
    Holding("work.task.contact_id", _("Tasks about them"), "work:customer"),
    Holding("work.calltoaction", _("Calls to action"), "work:customer"),
    Holding("work.activity", _("Activities"), "work:customer"),
    Holding("work.activity.next_step_id", goes_along=True),
    Holding("work.attendee", _("Attendances"), "work:customer"),
)
