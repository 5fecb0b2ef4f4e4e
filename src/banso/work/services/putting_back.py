"""What an import did to activities and tasks is undone. Whoever is gone since stays away."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import models, transaction

from banso.customers import services as customers
from banso.customers.models import Contact
from banso.work.models import Activity, Attendee, Task
from banso.work.services.activities import contact_day, folded, origin_of

AT_ONCE = 1000  # rows deleted together: what hangs on them is read first
SIDES = {"contact_ids": "contact", "member_ids": "member"}


@transaction.atomic
def forget_activities(ids: Sequence[str]) -> None:
    """Activities that an import made are gone, and the last contacts do not know of them."""
    told = Activity.with_deleted.filter(pk__any=ids).exclude(contacted=None)
    noted = [
        (one.customer_id, one.contacted, origin_of(one))
        for one in told.only("customer_id", "contacted").order_by("pk")
    ]
    customers.take_back_contacts(noted, by=None)
    for some in _chunks(ids):
        Activity.with_deleted.filter(pk__in=some).delete()


@transaction.atomic
def forget_tasks(ids: Sequence[str]) -> None:
    """Tasks that an import made are gone."""
    for some in _chunks(ids):
        Task.objects.filter(pk__in=some).delete()


@transaction.atomic
def put_back_activity(activity_id: str, before: Mapping[str, Any]) -> None:
    """Its columns and people are as `before` (see `imports.activities`); the last contact follows."""
    rows = Activity.with_deleted.select_for_update(of=("self",), no_key=True)
    activity: Activity | None = rows.filter(pk=activity_id).first()
    if activity is None:
        return
    day = contact_day(activity)
    columns = _put_back(activity, before, but=(*SIDES, "next_step"))
    activity.folded = folded(activity)
    activity.save(update_fields=[*columns, "folded"])
    for name, side in SIDES.items():
        if name in before:
            _put_back_people(activity, side, before[name])
    if contact_day(activity) != day:
        _move_contact(activity, contact_day(activity))


def _move_contact(activity: Activity, day: date | None) -> None:
    origin = origin_of(activity)
    if activity.contacted is not None:
        customers.take_back_contacts([(activity.customer_id, activity.contacted, origin)], by=None)
        activity.contacted = None
    if day is not None:
        spoken = customers.Spoken(activity.customer_id, day, origin)
        [activity.contacted] = customers.note_contacts([spoken], by=None)
    activity.save(update_fields=["contacted"])


def _put_back_people(activity: Activity, side: str, ids: Iterable[str]) -> None:
    wanted = {UUID(one) for one in ids}
    rows = Attendee.objects.filter(activity=activity).exclude(**{side: None})
    present = set(rows.values_list(side, flat=True))
    rows.exclude(**{f"{side}__in": wanted}).delete()
    came = _still_here(side, wanted - present)
    Attendee.objects.bulk_create(
        Attendee(activity=activity, **{f"{side}_id": one}) for one in sorted(came)
    )


def _still_here(side: str, ids: set[UUID]) -> set[UUID]:
    field: Any = Attendee._meta.get_field(side)
    rows = Contact.objects if side == "contact" else field.related_model.objects
    return set(rows.filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()


@transaction.atomic
def put_back_task(task_id: str, before: Mapping[str, Any]) -> None:
    """Its columns are as `before`."""
    rows = Task.objects.select_for_update(of=("self",), no_key=True)
    task: Task | None = rows.filter(pk=task_id).first()
    if task is None:
        return
    columns = _put_back(task, before)
    if task.contact_id and not _still_here("contact", {task.contact_id}):
        task.contact_id = None
    task.save(update_fields=columns)


def _put_back(
    row: models.Model, before: Mapping[str, Any], *, but: Sequence[str] = ()
) -> list[str]:
    """The columns of `before` are set; their names. Nothing is saved."""
    columns = {one.attname: one for one in row._meta.concrete_fields}
    names = [name for name in before if name not in but]
    for name in names:
        setattr(row, name, columns[name].to_python(before[name]))
    return names


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
