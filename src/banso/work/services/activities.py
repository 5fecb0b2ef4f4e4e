"""Writing down what was said and done with a customer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import Person
from banso.core.scope import current_workspace
from banso.customers import services as customers
from banso.customers.models import Customer
from banso.customers.services.checks import refusing_duplicates
from banso.lib.text import fold
from banso.work.models import Activity, ActivityKind
from banso.work.services import attendees
from banso.work.services.activity_checks import EDITABLE, check_activity
from banso.work.services.tasks import open_task

DAYS_IN_BIN = timedelta(days=30)
TEXTS = ("title", "body", "decisions")


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is to be done after an activity: it becomes a task of `owner_id`, due on `due_on`."""

    title: str
    due_on: date | None = None
    owner_id: UUID | None = None


@transaction.atomic
def log_activity(
    customer_id: UUID,
    *,
    kind: str,
    title: str,
    happened_at: datetime | None = None,
    body: str = "",
    decisions: str = "",
    mood: str = "",
    contact_ids: Iterable[UUID] = (),
    member_ids: Iterable[UUID] | None = None,
    next_step: NextStep | None = None,
    by: Person | None = None,
) -> Activity:
    """The activity stands in the book, and the customer's last contact knows of it (memos aside).

    `happened_at`: aware, None is now. `member_ids`: ours who took part, None is `by`. Raises
    Customer.DoesNotExist outside this workspace; Refused for unknown kinds, moods and people, an
    empty title, texts that are too long and a day to come. The next step is a task whose origin is
    this activity. Publishes work.activity_logged and what the customer book and the task publish.
    """
    customer = Customer.objects.get(pk=customer_id)
    activity = Activity(
        customer=customer,
        kind=kind,
        title=title.strip(),
        happened_at=happened_at or _now(),
        body=body,
        decisions=decisions,
        mood=mood,
        written_by=by,
    )
    check_activity(activity)
    activity.folded = folded(activity)
    activity.save(force_insert=True)
    attendees.set_contacts(activity, contact_ids)
    ours = [by.pk] if member_ids is None and by else member_ids or ()
    attendees.set_members(activity, ours)
    _hear_of(activity, by)
    if next_step:
        _open_next_step(activity, next_step, by)
    _tell("work.activity_logged", activity, by)
    return activity


@transaction.atomic
def edit_activity(
    activity_id: UUID,
    *,
    changes: Mapping[str, Any],
    next_step: NextStep | None = None,
    by: Person | None = None,
) -> Activity:
    """The activity says what `changes` say; the last contact follows its kind and day.

    Keys as in `log_activity`; others are refused. A next step is opened where there is none yet;
    one that stands is a task of its own. Raises Activity.DoesNotExist outside this workspace, and
    Refused as `log_activity`. Publishes work.activity_edited with the names of what changed.
    """
    activity = _locked(activity_id)
    if unknown := set(changes) - EDITABLE:
        raise Refused(_("This cannot be changed on an activity."), field=min(unknown))
    before = contact_day(activity)
    changed = [name for name in sorted(changes) if _change(activity, name, changes[name])]
    check_activity(activity)
    activity.folded = folded(activity)
    columns = [name for name in changed if not name.endswith("_ids")]
    with refusing_duplicates():
        activity.save(update_fields=[*columns, "folded"])
    if contact_day(activity) != before:
        _take_back(activity, by)
        _hear_of(activity, by)
    if next_step:
        _open_next_step(activity, next_step, by)
    if changed:
        _tell("work.activity_edited", activity, by, changed=changed)
    return activity


@transaction.atomic
def delete_activity(activity_id: UUID, *, by: Person | None = None) -> Activity:
    """The activity is in the bin for 30 days, and the last contact forgets it; its task stays.

    Raises Activity.DoesNotExist outside this workspace. Publishes work.activity_deleted.
    """
    activity = _locked(activity_id)
    activity.deleted_at = timezone.now()
    activity.save(update_fields=["deleted_at"])
    _take_back(activity, by)
    _tell("work.activity_deleted", activity, by)
    return activity


@transaction.atomic
def restore_activity(activity_id: UUID, *, by: Person | None = None) -> Activity:
    """The activity stands as before it was deleted. Raises Activity.DoesNotExist unless it is in
    the bin, Refused when its ids were given to another. Publishes work.activity_restored.
    """
    binned = Activity.with_deleted.exclude(deleted_at=None).filter(customer__deleted_at=None)
    activity: Activity = binned.select_for_update(of=("self",)).get(pk=activity_id)
    activity.deleted_at = None
    with refusing_duplicates():
        activity.save(update_fields=["deleted_at"])
    _hear_of(activity, by)
    _tell("work.activity_restored", activity, by)
    return activity


@transaction.atomic
def purge_activities() -> int:
    """What was deleted 30 days ago or earlier is gone for good; how many. Twice is once."""
    due = Activity.with_deleted.filter(deleted_at__lte=timezone.now() - DAYS_IN_BIN)
    gone, by_model = due.delete()
    return by_model.get(Activity._meta.label, 0) if gone else 0


def folded(activity: Activity) -> str:
    """What search reads of it."""
    return fold("\n".join(getattr(activity, name) for name in TEXTS))


def _change(activity: Activity, name: str, value: Any) -> bool:
    """Whether anything is other than it was."""
    if name == "contact_ids":
        return attendees.set_contacts(activity, value)
    if name == "member_ids":
        return attendees.set_members(activity, value)
    value = value.strip() if name == "title" else value
    is_new = bool(getattr(activity, name) != value)
    setattr(activity, name, value)
    return is_new


def contact_day(activity: Activity) -> date | None:
    """The day on which the customer was contacted by this activity; None for memos."""
    if activity.kind == ActivityKind.MEMO:
        return None
    return current_workspace().day_of(activity.happened_at)


def _hear_of(activity: Activity, by: Person | None) -> None:
    if day := contact_day(activity):
        activity.contacted = customers.note_contact(
            activity.customer_id, on=day, origin=origin_of(activity), by=by
        )
        activity.save(update_fields=["contacted"])


def _take_back(activity: Activity, by: Person | None) -> None:
    if activity.contacted is not None:
        customers.take_back_contact(
            activity.customer_id, event_id=activity.contacted, origin=origin_of(activity), by=by
        )
        activity.contacted = None
        activity.save(update_fields=["contacted"])


def _open_next_step(activity: Activity, step: NextStep, by: Person | None) -> None:
    if activity.next_step_id is not None:
        words = _("The next step is a task already. Change the task.")
        raise Refused(words, code="has_next_step", field="next_step")
    activity.next_step = open_task(
        customer_id=activity.customer_id,
        contact_id=attendees.only_contact(activity),
        title=step.title,
        due_on=step.due_on,
        owner_id=step.owner_id,
        origin=origin_of(activity),
        by=by,
    )
    activity.save(update_fields=["next_step"])


def _tell(name: str, activity: Activity, by: Person | None, **facts: Any) -> None:
    publish(name, activity, by=by.pk if by else None, **facts_of(activity), **facts)


def facts_of(activity: Activity) -> dict[str, Any]:
    """What its events tell of it."""
    on = current_workspace().day_of(activity.happened_at).isoformat()
    return {"kind": str(activity.kind), "mood": str(activity.mood), "on": on}


def origin_of(activity: Activity) -> str:
    """As the last contact and its next step name it."""
    return f"work.activity:{activity.pk}"


def _now() -> datetime:
    """Now, on the day that it is in this workspace (demos stand still)."""
    ours, now = current_workspace(), timezone.now()
    clock = now.astimezone(ours.tz).time()
    return datetime.combine(ours.today(), clock, ours.tz) if ours.fixed_today else now


def _locked(activity_id: UUID) -> Activity:
    rows = Activity.objects.filter(customer__deleted_at=None)
    found: Activity = rows.select_for_update(of=("self",)).get(pk=activity_id)
    return found
