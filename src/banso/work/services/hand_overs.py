"""What a hand-over of customers is to people's work: check lists, and open work that passes on."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from banso.core import sql
from banso.core.events import publish_many
from banso.core.models import Membership
from banso.customers.models import HandOver
from banso.work.models import CallToAction, Task
from banso.work.services.tasks import open_task

NEW_OWNERS_DAYS = 7
OVER = (HandOver.State.CANCELLED, HandOver.State.FAILED)

# Of each customer that got another owner: what was its former owner's to do.
_HAND_ON = """
UPDATE {table} AS open SET owner_id = %(owner)s
FROM customers_editedcustomer AS row
WHERE row.workspace_id = %(workspace)s AND row.edit_id = %(edit)s AND row.outcome = 'changed'
    AND open.workspace_id = row.workspace_id AND open.customer_id = row.customer_id
    AND open.owner_id = (row.before->>'main_owner_id')::uuid AND {still}
RETURNING open.id
"""
_OPEN_TASK = "open.done_at IS NULL AND NOT starts_with(open.origin, %(lists)s)"
_OPEN_CALL = "open.closed_on IS NULL"


@transaction.atomic
def open_check_lists(hand_over: HandOver) -> None:
    """Each former owner has the tasks of their list, due on the day; the new owner theirs, due a week
    after it. Twice is once; nobody has any where it was cancelled or has failed by now.
    """
    if not _stands(hand_over):
        return
    members: set[UUID] = set(Membership.objects.values_list("person_id", flat=True))
    chosen = hand_over.chosen.get("ids", [])
    about = chosen[0] if len(chosen) == 1 else None
    old = members & set(hand_over.former_owners)
    new = {one for one in members if one == hand_over.new_owner_id}
    listed = ((old, hand_over.list_for_old, 0), (new, hand_over.list_for_new, NEW_OWNERS_DAYS))
    for people, lines, days in listed:
        for place, line in enumerate(lines):
            for person in sorted(people):
                open_task(
                    customer_id=about,
                    owner_id=person,
                    due_on=hand_over.on + timedelta(days=days),
                    title=line,
                    note=hand_over.note[:4000],
                    origin=f"{_origin(hand_over)}{days}:{place}:{person.hex}",
                    by=hand_over.by,
                )


def _stands(hand_over: HandOver) -> bool:
    """As things are now, and to the end of the transaction: whoever cancels it waits."""
    rows = HandOver.objects.select_for_update(no_key=True).filter(pk=hand_over.pk)
    return rows.values_list("state", flat=True).get() not in OVER


@transaction.atomic
def drop_check_lists(hand_over: HandOver) -> int:
    """Its tasks that nobody has done yet are gone; how many. Publishes work.task_dropped for each."""
    rows = Task.objects.filter(origin__startswith=_origin(hand_over), done_at=None)
    gone = list(rows.select_for_update().order_by("pk"))
    publish_many("work.task_dropped", [(task, {}) for task in gone], by=None)
    rows.filter(pk__in=[task.pk for task in gone]).delete()
    return len(gone)


@transaction.atomic
def pass_on_work(hand_over: HandOver) -> None:
    """The former owners' open tasks and calls about customers handed over are the new owner's, but
    not what is on their own check list. Twice is once. Publishes work.task_edited and work.call_passed_on for each. 2 statements.
    """
    facts = {"owner": hand_over.new_owner_id, "edit": hand_over.bulk_edit_id}
    lists = {**facts, "lists": _origin(hand_over)}
    tasks = sql.rows(_HAND_ON.format(table="work_task", still=_OPEN_TASK), lists)
    calls = sql.rows(_HAND_ON.format(table="work_calltoaction", still=_OPEN_CALL), facts)
    _tell("work.task_edited", Task.objects.all(), tasks, hand_over, changed=["owner_id"])
    _tell("work.call_passed_on", CallToAction.objects.all(), calls, hand_over)


def _tell(
    name: str,
    rows: "QuerySet[Task] | QuerySet[CallToAction]",
    ids: list[tuple[object, ...]],
    hand_over: HandOver,
    **facts: object,
) -> None:
    passed = rows.filter(pk__in=[pk for (pk,) in ids]).order_by("pk")
    publish_many(name, [(one, facts) for one in passed], by=hand_over.by_id)


def _origin(hand_over: HandOver) -> str:
    return f"ho:{hand_over.pk.hex}:"
