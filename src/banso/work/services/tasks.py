from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import Person
from banso.customers.models import Customer
from banso.customers.services.checks import refusing_duplicates
from banso.work.models import Task
from banso.work.services.assignment import must_be_member, must_be_theirs

EDITABLE = frozenset(
    {"title", "note", "owner_id", "contact_id", "due_on", "external_id", "source", "source_id"}
)
LONGEST_TITLE = 200


@transaction.atomic
def open_task(
    *,
    customer_id: UUID | None = None,
    owner_id: UUID | None = None,
    contact_id: UUID | None = None,
    due_on: date | None = None,
    title: str = "",
    note: str = "",
    code: str = "",
    params: Mapping[str, Any] | None = None,
    origin: str = "",
    by: Person | None = None,
) -> Task:
    """A task for `owner_id` (nobody when None), due at the end of the local day `due_on`.

    Say what to do by `title`, or by `code` and `params` (ids, enums, numbers) that a room
    has declared words for. `contact_id`: whom of the customer's people it is about. The same
    `origin` twice gives the task that stands already, unchanged. Raises Customer.DoesNotExist
    outside this workspace; Refused without words, for an owner who is not a member and for a
    contact of somebody else. Publishes work.task_opened.
    """
    if origin and (known := Task.objects.filter(origin=origin).first()):
        return _as_task(known)
    must_be_member(owner_id)
    if customer_id is not None:
        Customer.objects.get(pk=customer_id)
    must_be_theirs(contact_id, customer_id)
    words = {"title": fit_title(title, code), "note": note, "code": code}
    facts = {"customer_id": customer_id, "owner_id": owner_id, "contact_id": contact_id}
    made = {**words, **facts, "due_on": due_on, "params": dict(params or {})}
    task, is_new = _insert(made, origin)
    if is_new:
        publish("work.task_opened", task, by=by.pk if by else None, code=code, due_on=_iso(due_on))
    return task


@transaction.atomic
def finish_task(task_id: UUID, *, by: Person | None = None) -> Task:
    """The task is done; finishing it again changes nothing.

    Raises Task.DoesNotExist outside this workspace. Publishes work.task_finished.
    """
    task = _locked(task_id)
    if task.done_at is None:
        task.done_at, task.done_by = timezone.now(), by
        task.save(update_fields=["done_at", "done_by"])
        publish("work.task_finished", task, by=by.pk if by else None)
    return task


@transaction.atomic
def reopen_task(task_id: UUID, *, by: Person | None = None) -> Task:
    """The task is to do again, as if it had never been finished; harmless when it is open.

    Raises Task.DoesNotExist outside this workspace. Publishes work.task_reopened.
    """
    task = _locked(task_id)
    if task.done_at is not None:
        task.done_at, task.done_by = None, None
        task.save(update_fields=["done_at", "done_by"])
        publish("work.task_reopened", task, by=by.pk if by else None)
    return task


@transaction.atomic
def edit_task(task_id: UUID, *, changes: Mapping[str, Any], by: Person | None = None) -> Task:
    """The task has the given values of EDITABLE; other keys are refused.

    Raises Task.DoesNotExist outside this workspace, Refused for an owner who is not a member, a
    contact of somebody else or an empty title. Publishes work.task_edited with the names of what
    changed.
    """
    task = _locked(task_id)
    if unknown := set(changes) - EDITABLE:
        raise Refused(_("This cannot be changed on a task."), field=min(unknown))
    if "owner_id" in changes:
        must_be_member(changes["owner_id"])
    if "contact_id" in changes:
        must_be_theirs(changes["contact_id"], task.customer_id)
    if "title" in changes:
        fit_title(changes["title"], task.code)
    changed = sorted(key for key, value in changes.items() if getattr(task, key) != value)
    for key in changed:
        setattr(task, key, changes[key])
    if changed:
        with refusing_duplicates():
            task.save(update_fields=changed)
        publish("work.task_edited", task, by=by.pk if by else None, changed=changed)
    return task


def _insert(values: dict[str, Any], origin: str) -> tuple[Task, bool]:
    if not origin:
        return Task.objects.create(**values), True
    task, is_new = Task.objects.get_or_create(origin=origin, defaults=values)
    return task, is_new


def _locked(task_id: UUID) -> Task:
    return _as_task(Task.objects.select_for_update().get(pk=task_id))


def _as_task(row: Any) -> Task:
    task: Task = row
    return task


def fit_title(title: str, code: str) -> str:
    """Without blanks around it. Refused for nothing where no code says it, and for too much."""
    fitting = title.strip()
    if not fitting and not code:
        raise Refused(_("Say what is to be done."), code="empty_title", field="title")
    if len(fitting) > LONGEST_TITLE:
        raise Refused(_("Use 200 characters or fewer."), code="too_long", field="title")
    return fitting


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
