"""Thousands of activities and tasks at once, for imports: the same checks, few statements.

Each answers one outcome per row, in the rows' order: what was made, or the Refused that says why
not. A refused row leaves no trace and stops no other. Events go by publish_many.
"""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.core import new_rows
from banso.core.errors import Refused
from banso.core.events import publish_many
from banso.core.models import ImportRun, Membership, Person
from banso.customers import services as customers
from banso.customers.models import Contact
from banso.customers.services.bulk import Keys, attempt
from banso.customers.services.checks import id_of
from banso.customers.source_ids import checked_id
from banso.work.models import Activity, Attendee, Task
from banso.work.services.activities import (
    NextStep,
    contact_day,
    facts_of,
    folded,
    origin_of,
)
from banso.work.services.activity_checks import check_activity
from banso.work.services.attendees import MOST
from banso.work.services.tasks import fit_title


@dataclass(frozen=True, slots=True)
class NewActivity:
    """As `log_activity` takes them. That the customer is here is the caller's to know."""

    customer_id: UUID
    kind: str
    happened_at: datetime
    title: str
    body: str = ""
    decisions: str = ""
    mood: str = ""
    contact_ids: frozenset[UUID] = frozenset()
    member_ids: frozenset[UUID] = frozenset()
    written_by_id: UUID | None = None
    next_step: NextStep | None = None
    external_id: str = ""
    source: str = ""
    source_id: str = ""


@dataclass(frozen=True, slots=True)
class NewTask:
    """As `open_task` takes them. That the customer and its contact are here is the caller's to know."""

    title: str
    customer_id: UUID | None = None
    owner_id: UUID | None = None
    contact_id: UUID | None = None
    due_on: date | None = None
    note: str = ""
    is_done: bool = False
    external_id: str = ""
    source: str = ""
    source_id: str = ""


@transaction.atomic
def log_activities(
    rows: Iterable[NewActivity], *, by: Person | None, import_run: ImportRun | None = None
) -> list[Activity | Refused]:
    """Activities with their people and next steps; the customers' last contacts know of them.

    Publishes work.activity_logged for each, and what `log_activity` does besides.
    """
    listed = list(rows)
    keys, people = Keys(Activity, listed), _People(listed)

    def make(row: NewActivity) -> Activity:
        people.check(row)
        activity = _activity(row, import_run)
        keys.take(activity)
        return activity

    outcomes = attempt(listed, make)
    made = [
        (row, one) for row, one in zip(listed, outcomes, strict=True) if isinstance(one, Activity)
    ]
    _open_next_steps(made, people, by, import_run)
    _hear_of([one for _row, one in made], by)
    new_rows.insert([one for _row, one in made])
    new_rows.insert([attendee for row, one in made for attendee in _attendees(row, one)])
    told = sorted((one for _row, one in made), key=lambda one: one.happened_at)
    publish_many("work.activity_logged", [(one, facts_of(one)) for one in told], by=id_of(by))
    return outcomes


class _People:
    """Who of those that a batch names is here. 2 queries."""

    def __init__(self, rows: Sequence[NewActivity]) -> None:
        wanted = {one for row in rows for one in row.contact_ids}
        theirs = Contact.objects.filter(pk__any=wanted)
        self.theirs: dict[UUID, UUID] = dict(theirs.values_list("pk", "customer_id"))
        self.ours: set[UUID] = set(Membership.objects.values_list("person_id", flat=True))

    def check(self, row: NewActivity) -> None:
        step = row.next_step
        doing = {step.owner_id} - {None} if step else frozenset[UUID]()
        _check(row.contact_ids, self.theirs.keys(), "their_people")
        _check(row.member_ids, self.ours, "our_people")
        _check(doing, self.ours, "next_step_by")

    def only_contact(self, row: NewActivity) -> UUID | None:
        """The one of the customer's own people who took part; None where it was nobody or several."""
        [one] = row.contact_ids if len(row.contact_ids) == 1 else [None]
        return one if one and self.theirs[one] == row.customer_id else None


def _check(named: Set[UUID | None], known: Set[UUID], field: str) -> None:
    if len(named) > MOST:
        raise Refused(_("Name 100 people or fewer."), code="too_many", field=field)
    if named - known:
        raise Refused(_("Choose people from the list."), code="unknown", field=field)


def _activity(row: NewActivity, run: ImportRun | None) -> Activity:
    """Unsaved, checked."""
    activity = Activity(
        customer_id=row.customer_id,
        kind=row.kind,
        title=row.title.strip(),
        happened_at=row.happened_at,
        body=row.body,
        decisions=row.decisions,
        mood=row.mood,
        written_by_id=row.written_by_id,
        external_id=row.external_id,
        source=row.source,
        source_id=checked_id(row.source, row.source_id),
        created_by_import=run,
    )
    check_activity(activity)
    if row.next_step:
        fit_title(row.next_step.title, "")
    activity.folded = folded(activity)
    return activity


def _open_next_steps(
    made: Sequence[tuple[NewActivity, Activity]],
    people: _People,
    by: Person | None,
    run: ImportRun | None,
) -> None:
    tasks = list[Task]()
    for row, activity in made:
        if (step := row.next_step) is None:
            continue
        task = Task(
            customer_id=activity.customer_id,
            contact_id=people.only_contact(row),
            title=step.title.strip(),
            due_on=step.due_on,
            owner_id=step.owner_id,
            origin=origin_of(activity),
            created_by_import=run,
        )
        activity.next_step = task
        tasks.append(task)
    _insert_tasks(tasks, by)


def _hear_of(made: Sequence[Activity], by: Person | None) -> None:
    """Each activity that is a contact keeps the event by which the last contact knows of it."""
    days = [(one, day) for one in made if (day := contact_day(one))]
    spoken = [customers.Spoken(one.customer_id, day, origin_of(one)) for one, day in days]
    noted = customers.note_contacts(spoken, by=by)
    for (one, _day), event in zip(days, noted, strict=True):
        one.contacted = event


def _attendees(row: NewActivity, activity: Activity) -> Iterable[Attendee]:
    for contact in sorted(row.contact_ids):
        yield Attendee(activity=activity, contact_id=contact)
    for member in sorted(row.member_ids):
        yield Attendee(activity=activity, member_id=member)


@transaction.atomic
def open_tasks(
    rows: Iterable[NewTask], *, by: Person | None, import_run: ImportRun | None = None
) -> list[Task | Refused]:
    """Tasks of people here, some of them done already.

    Publishes work.task_opened for each, and work.task_finished for those that are done.
    """
    listed = list(rows)
    keys, now = Keys(Task, listed), timezone.now()

    def make(row: NewTask) -> Task:
        task = Task(
            customer_id=row.customer_id,
            owner_id=row.owner_id,
            contact_id=row.contact_id,
            due_on=row.due_on,
            title=fit_title(row.title, ""),
            note=row.note,
            done_at=now if row.is_done else None,
            done_by=by if row.is_done else None,
            external_id=row.external_id,
            source=row.source,
            source_id=checked_id(row.source, row.source_id),
            created_by_import=import_run,
        )
        keys.take(task)
        return task

    outcomes = attempt(listed, make)
    _insert_tasks([one for one in outcomes if isinstance(one, Task)], by)
    return outcomes


def _insert_tasks(tasks: Sequence[Task], by: Person | None) -> None:
    new_rows.insert(tasks)
    opened = [(one, {"code": one.code, "due_on": _iso(one.due_on)}) for one in tasks]
    publish_many("work.task_opened", opened, by=id_of(by))
    done: list[tuple[Task, dict[str, str]]] = [(one, {}) for one in tasks if one.done_at]
    publish_many("work.task_finished", done, by=id_of(by))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
