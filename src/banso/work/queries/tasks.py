from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import QuerySet

from banso.core.models import Person
from banso.work.models import CallToAction, Task
from banso.work.queries.absences import tasks_for

SOON_DAYS = 7


@dataclass(frozen=True, slots=True)
class MyTasks:
    """What one person is to do by when they are due, soonest first.

    `soon` is due within seven days after today; `later` is due after that, or whenever.
    """

    overdue: tuple[Task, ...]
    today: tuple[Task, ...]
    soon: tuple[Task, ...]
    later: tuple[Task, ...]

    @property
    def count(self) -> int:
        return len(self.overdue) + len(self.today) + len(self.soon) + len(self.later)


def my_tasks(person: Person, on: date, *, limit: int = 200) -> MyTasks:
    """Open tasks that `person` is to do, as seen on the local day `on`: their own, and those that
    come up for people they stand in for, whose owner is the other. 2 queries, at most `limit`.
    """
    rows: list[Task] = list(_open_tasks().filter(tasks_for(person.pk, on))[:limit])
    horizon = on + timedelta(days=SOON_DAYS)
    return MyTasks(
        overdue=tuple(t for t in rows if t.due_on and t.due_on < on),
        today=tuple(t for t in rows if t.due_on == on),
        soon=tuple(t for t in rows if t.due_on and on < t.due_on <= horizon),
        later=tuple(t for t in rows if t.due_on is None or t.due_on > horizon),
    )


def every_task_for(person_id: UUID, on: date) -> Iterator[Task]:
    """As `my_tasks`, soonest due first, row by row. 2 queries."""
    return iter(_open_tasks().filter(tasks_for(person_id, on)).iterator(chunk_size=1000))


def every_task() -> Iterator[Task]:
    """All tasks, open or done, row by row. 1 query."""
    rows: QuerySet[Task] = Task.objects.filter(customer__deleted_at=None).order_by("pk")
    return iter(rows.select_related("customer", "contact", "owner").iterator(chunk_size=1000))


def tasks_of(customer_id: UUID, *, limit: int = 50) -> list[Task]:
    """Open tasks about a customer, soonest due first. 1 query."""
    return list(_open_tasks().filter(customer_id=customer_id)[:limit])


def open_calls(customer_id: UUID, *, limit: int = 50) -> list[CallToAction]:
    """Calls to action that stand open for a customer, oldest first. 1 query."""
    calls = CallToAction.objects.filter(customer_id=customer_id, closed_on=None)
    return list(calls.select_related("owner").order_by("since", "id")[:limit])


def task(task_id: UUID) -> Task:
    """One task with its customer and owner; Task.DoesNotExist elsewhere. 1 query."""
    found: Task = Task.objects.select_related("customer", "contact", "owner").get(pk=task_id)
    return found


def count_open_tasks(person_id: UUID) -> int:
    """How many tasks the person has to do. 1 query."""
    return _open_tasks().filter(owner=person_id).count()


def _open_tasks() -> QuerySet[Task]:
    """Tasks of customers in the bin stay away until the customer comes back."""
    tasks: QuerySet[Task] = Task.objects.filter(done_at=None, customer__deleted_at=None)
    return tasks.select_related("customer", "contact", "owner").order_by(
        "due_on", "created_at", "id"
    )
