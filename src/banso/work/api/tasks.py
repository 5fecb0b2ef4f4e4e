"""Tasks and calls to action."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop as _
from ninja import Schema, Status
from pydantic import Field

from banso.core.access import Request, requires
from banso.core.api import Body, Text
from banso.core.idempotency import creates
from banso.core.scope import current_workspace
from banso.customers.models import Customer
from banso.work import queries, services
from banso.work.api.router import router
from banso.work.models import CallToAction, Task
from banso.work.wording import task_title


class TaskOut(Schema):
    """`title` is in the caller's language; `code` and `params` are what it was made from."""

    id: UUID
    title: str
    note: str
    code: str
    params: dict[str, Any]
    customer_id: UUID | None
    contact_id: UUID | None
    owner_id: UUID | None
    due_on: date | None
    done_at: datetime | None
    created_at: datetime

    @staticmethod
    def resolve_title(task: Task) -> str:
        return task_title(task)


class MyTasksOut(Schema):
    overdue: list[TaskOut]
    today: list[TaskOut]
    soon: list[TaskOut]
    later: list[TaskOut]


class TaskIn(Body):
    title: Text = Field(max_length=200)
    note: Text = Field("", max_length=4000)
    customer_id: UUID | None = None
    contact_id: UUID | None = None
    owner_id: UUID | None = None
    due_on: date | None = None


class TaskChanges(Body):
    """What is left out stays as it is."""

    title: Text | None = Field(None, max_length=200)
    note: Text | None = Field(None, max_length=4000)
    owner_id: UUID | None = None
    contact_id: UUID | None = None
    due_on: date | None = None


class CallOut(Schema):
    id: UUID
    customer_id: UUID
    kind: str
    since: date
    note: str
    owner_id: UUID | None
    closed_on: date | None
    outcome: str


class CallIn(Body):
    """`since` left out: today."""

    kind: Text = Field(max_length=20)
    since: date | None = None
    note: Text = Field("", max_length=4000)
    owner_id: UUID | None = None


class ClosedIn(Body):
    """`closed_on` left out: today."""

    closed_on: date | None = None
    outcome: Text = Field("", max_length=200)


@router.get("/tasks", response=MyTasksOut, summary=_("List my open tasks"))
@requires("work.read")
def my_tasks(request: Request) -> queries.MyTasks:
    """The caller's open tasks by when they are due, as seen today."""
    return queries.my_tasks(request.person, current_workspace().today())


@router.post("/tasks", response={201: TaskOut}, summary=_("Add a task"))
@requires("work.write")
@creates
def open_task(request: Request, body: TaskIn) -> Status[Task]:
    """A new task."""
    return Status(201, services.open_task(**body.dict(), by=request.person))


@router.get("/tasks/{uuid:task_id}", response=TaskOut, summary=_("Get a task"))
@requires("work.read")
def task(request: Request, task_id: UUID) -> Task:
    """One task."""
    return queries.task(task_id)


@router.patch("/tasks/{uuid:task_id}", response=TaskOut, summary=_("Change a task"))
@requires("work.write")
def edit_task(request: Request, task_id: UUID, body: TaskChanges) -> Task:
    """Change a task. Texts cannot be set to null; owner, contact and day can."""
    given = body.dict(exclude_unset=True)
    changes = {k: v for k, v in given.items() if v is not None or k.endswith(("_id", "_on"))}
    return services.edit_task(task_id, changes=changes, by=request.person)


@router.put("/tasks/{uuid:task_id}/done", response=TaskOut, summary=_("Finish a task"))
@requires("work.write")
def finish_task(request: Request, task_id: UUID) -> Task:
    """The task is done. Repeating the call is harmless."""
    return services.finish_task(task_id, by=request.person)


@router.delete("/tasks/{uuid:task_id}/done", response=TaskOut, summary=_("Open a task again"))
@requires("work.write")
def reopen_task(request: Request, task_id: UUID) -> Task:
    """The task is to do again. Repeating the call is harmless."""
    return services.reopen_task(task_id, by=request.person)


@router.get(
    "/customers/{uuid:customer_id}/tasks",
    response=list[TaskOut],
    summary=_("List the open tasks of a customer"),
)
@requires("work.read")
def tasks_of(request: Request, customer_id: UUID) -> list[Task]:
    """Open tasks about a customer, soonest due first."""
    Customer.objects.get(pk=customer_id)
    return queries.tasks_of(customer_id)


@router.get(
    "/customers/{uuid:customer_id}/calls",
    response=list[CallOut],
    summary=_("List the open calls to action of a customer"),
)
@requires("work.read")
def open_calls(request: Request, customer_id: UUID) -> list[CallToAction]:
    """Calls to action that stand open for a customer, oldest first."""
    Customer.objects.get(pk=customer_id)
    return queries.open_calls(customer_id)


@router.post(
    "/customers/{uuid:customer_id}/calls",
    response={201: CallOut},
    summary=_("Raise a call to action"),
)
@requires("work.write")
@creates
def raise_call(request: Request, customer_id: UUID, body: CallIn) -> Status[CallToAction]:
    """Something about the customer stands open."""
    return Status(201, services.raise_call(customer_id, **body.dict(), by=request.person))


@router.put("/calls/{uuid:call_id}/closed", response=CallOut, summary=_("Close a call to action"))
@requires("work.write")
def close_call(request: Request, call_id: UUID, body: ClosedIn) -> CallToAction:
    """The call stands open no longer. Repeating the call is harmless."""
    return services.close_call(call_id, **body.dict(), by=request.person)


@router.delete(
    "/calls/{uuid:call_id}/closed", response=CallOut, summary=_("Open a call to action again")
)
@requires("work.write")
def reopen_call(request: Request, call_id: UUID) -> CallToAction:
    """The call stands open again. Repeating the call is harmless."""
    return services.reopen_call(call_id, by=request.person)
