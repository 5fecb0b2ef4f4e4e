"""What the work room gives to the rest of the house."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from banso.core.declarations import (
    EVERYONE,
    STAFF,
    Charge,
    EventText,
    Panel,
    Permission,
    Topic,
    declare,
)
from banso.customers.fields import Field, declare_fields
from banso.work import expressions
from banso.work.models import CallKind
from banso.work.queries import count_open_tasks


def _in_words(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    kind = str(facts.get("kind", ""))
    label = CallKind(kind).label if kind in CallKind.values else kind
    return {**facts, "kind": label}


def _rows(customer_id: Any) -> str:
    return reverse("work:customer", args=[customer_id])


declare(
    Permission("work.read", _("See tasks and calls to action"), EVERYONE),
    Permission("work.write", _("Make and finish tasks and calls to action"), STAFF),
    Charge("tasks", _("Their open tasks"), count_open_tasks),
    Topic("tasks", "work.read", events=("work.",)),
    Panel("customer.side", "work:customer", "work.read", _("Tasks and calls to action"), order=20),
    EventText("work.task_opened", _("A task was opened"), "check"),
    EventText("work.task_finished", _("A task was finished"), "check"),
    EventText("work.task_reopened", _("A task was opened again"), "check"),
    EventText("work.task_edited", _("A task was changed"), "check"),
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
)
