"""Activities and my tasks as files: the columns on the screen, and our id, by which they come back."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.core.imports.declarations import Column
from banso.core.lists.declarations import READER, Cell, List, Sheet
from banso.core.models import Person
from banso.core.scope import current_workspace
from banso.customers.models import Contact, Customer
from banso.work import queries
from banso.work.forms import AskedForm
from banso.work.imports.columns import ACTIVITY_COLUMNS, TASK_COLUMNS, TASK_STATES
from banso.work.imports.comparing import clock
from banso.work.models import Activity, Task
from banso.work.wording import task_title

ACTIVITY = (
    "id", "title", "kind", "happened_at", "customer", "our_people", "their_people", "mood",
    "next_step", "next_step_on", "body", "decisions",
)  # fmt: skip
TASK = ("id", "title", "due_on", "state", "customer", "contact", "owner", "note")


def read_activities(query: QueryDict, permits: frozenset[str]) -> Sheet:
    """Activities as their list's address asks for them, with their texts. Refused as the list."""
    asked = AskedForm(query).asked()
    rows = map(_activity_cells, queries.every_activity(asked))
    return Sheet(_headings(ACTIVITY_COLUMNS, ACTIVITY), rows)


def _headings(columns: Iterable[Column], keys: Iterable[str]) -> list[str]:
    """By which an import knows them again; the customer's name stands behind its id."""
    labels = {one.key: str(one.label) for one in columns}
    return [
        heading
        for key in keys
        for heading in ([labels[key], _("Customer")] if key == "customer" else [labels[key]])
    ]


def _activity_cells(one: Activity) -> list[Cell]:
    people, step = list(one.attendees.all()), one.next_step
    return [
        str(one.pk),
        one.title,
        str(one.get_kind_display()),
        clock(one.happened_at),
        *_customer(one.customer),
        _people(each.member for each in people),
        _people(each.contact for each in people),
        str(one.get_mood_display()),
        task_title(step) if step else "",
        step.due_on if step else None,
        one.body,
        one.decisions,
    ]


def _customer(customer: Customer | None) -> Iterator[str]:
    yield (customer.external_id or str(customer.pk)) if customer else ""
    yield customer.name if customer else ""


def _people(people: Iterable[Person | Contact | None]) -> str:
    return "; ".join(one.name or one.email for one in people if one)


def read_tasks(query: QueryDict, permits: frozenset[str]) -> Sheet:
    """What the reader is to do, as their page shows it."""
    reader, today = UUID(str(query[READER])), current_workspace().today()
    words = {state: str(label) for state, label in TASK_STATES}
    rows = (_task_cells(one, words) for one in queries.every_task_for(reader, today))
    return Sheet(_headings(TASK_COLUMNS, TASK), rows)


def _task_cells(one: Task, words: dict[str, str]) -> list[Cell]:
    return [
        str(one.pk),
        task_title(one),
        one.due_on,
        words["done" if one.done_at else "open"],
        *_customer(one.customer),
        _people([one.contact]),
        _people([one.owner]),
        one.note,
    ]


ACTIVITY_LIST = List(
    "activities", gettext_lazy("Activities"), "work.read", "activities", read_activities
)
TASK_LIST = List("tasks", gettext_lazy("My tasks"), "work.read", "tasks", read_tasks)
