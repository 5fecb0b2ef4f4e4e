"""Tasks about somebody who moved on pass to whoever took over (後任)."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from banso.core.events import publish
from banso.core.models import Event
from banso.customers.models import Contact, FormerPost
from banso.work.models import Task

PASSED = "work.task_passed_on"


@transaction.atomic
def pass_tasks_on(contact_id: UUID, *, to: UUID, by: UUID | None = None) -> int:
    """Open tasks about the contact at their own company are about the successor; how many.

    None where the succession stands no longer. Publishes work.task_passed_on for each.
    """
    if not _stands(contact_id, to):
        return 0
    return _pass(_open_about(contact_id), to, by)


@transaction.atomic
def pass_tasks_back(contact_id: UUID, *, successor: UUID, by: UUID | None = None) -> int:
    """Open tasks that the successor had from the contact are the contact's again; how many.

    None where they took over after all. Publishes work.task_passed_on for each.
    """
    if _stands(contact_id, successor):
        return 0
    told = Event.objects.filter(
        customer_id__in=_home(contact_id), name=PASSED, facts__contact=str(contact_id)
    )
    inherited = told.filter(facts__to=str(successor)).values_list("subject_id", flat=True)
    return _pass(_open_about(successor).filter(pk__in=list(inherited)), contact_id, by)


def _stands(contact_id: UUID, successor: UUID) -> bool:
    return bool(FormerPost.objects.filter(contact=contact_id, successor=successor).exists())


def _home(contact_id: UUID) -> QuerySet[Any]:
    found: QuerySet[Any] = Contact.objects.filter(pk=contact_id).values("customer_id")
    return found


def _open_about(contact_id: UUID) -> QuerySet[Task]:
    theirs: QuerySet[Task] = Task.objects.filter(
        contact=contact_id, customer__in=_home(contact_id), done_at=None
    )
    return theirs.select_for_update(of=("self",)).order_by("pk")


def _pass(tasks: QuerySet[Task], to: UUID, by: UUID | None) -> int:
    rows = list(tasks) if Contact.objects.filter(pk=to).exists() else []
    for task in rows:
        facts: dict[str, Any] = {"contact": str(task.contact_id), "to": str(to)}
        task.contact_id = to
        task.save(update_fields=["contact_id"])
        publish(PASSED, task, by=by, **facts)
    return len(rows)
