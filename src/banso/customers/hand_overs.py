"""担当変更: customers pass to another main owner on a day, by a bulk edit that the day begins."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import IntegerField, Q, QuerySet, Value
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import Membership, Person
from banso.core.scope import current_workspace
from banso.customers.bulk_edits.choices import Chosen, chosen_of
from banso.customers.bulk_edits.previews import preview
from banso.customers.bulk_edits.running import begin_bulk_edit
from banso.customers.models import BulkEdit, Customer, HandOver
from banso.customers.services.checks import id_of

LAST_DAY = date(2999, 12, 31)
MOST_LINES, LONGEST_LINE, LONGEST_NOTE = 30, 200, 5000
State = HandOver.State


@transaction.atomic
def plan_hand_over(
    chosen: Chosen,
    *,
    new_owner_id: UUID,
    on: date,
    note: str = "",
    list_for_old: Iterable[str] = (),
    list_for_new: Iterable[str] = (),
    passes_tasks: bool = True,
    by: Person | None,
) -> HandOver:
    """The chosen customers are the new owner's from the local day `on`: today at once, later by itself.

    A filter is asked again on the day; customers whose owner somebody has changed meanwhile are left
    as they are. `passes_tasks`: open tasks and calls of each former owner about them pass on, too.
    Refused for a day that is over, nobody to hand over, and a new owner who is no member. Publishes
    customers.hand_over_planned.
    """
    _check(on, note)
    seen = preview(chosen, changes={"main_owner_id": new_owner_id})
    if not seen.changed and seen.elsewhere:
        words = _("Another system keeps this of them. Change it there.")
        raise Refused(words, code="mastered", field="new_owner")
    if not seen.changed:
        raise Refused(_("All of them are theirs already."), code="no_change", field="new_owner")
    made: HandOver = HandOver.objects.create(
        on=on,
        new_owner_id=new_owner_id,
        chosen=chosen.to_json(),
        expected=seen.changed,
        former_owners=_former_owners(chosen, new_owner_id),
        note=note.strip(),
        list_for_old=_checked_list(list_for_old, "list_for_old"),
        list_for_new=_checked_list(list_for_new, "list_for_new"),
        passes_tasks=passes_tasks,
        by=by,
    )
    day = on.isoformat()
    publish("customers.hand_over_planned", made, by=id_of(by), on=day, customers=seen.changed)
    return hand_over(made.pk) if on <= current_workspace().today() else made


@transaction.atomic
def hand_over(hand_over_id: UUID) -> HandOver:
    """A planned hand-over happens. Twice is once.

    Who is no member any more gets nothing: it has failed then, and says why. Publishes
    customers.hand_over_begun or hand_over_failed, and what begin_bulk_edit does.
    """
    found = _locked(hand_over_id)
    if found.state != State.PLANNED:
        return found
    try:
        with transaction.atomic():
            found.bulk_edit = _begin(found)
    except (Refused, Customer.DoesNotExist) as trouble:
        return _fail(found, trouble.code if isinstance(trouble, Refused) else "gone")
    found.state = State.DONE
    found.save(update_fields=["state", "bulk_edit"])
    publish("customers.hand_over_begun", found, by=found.by_id)
    return found


def _fail(found: HandOver, code: str) -> HandOver:
    found.state, found.why_not = State.FAILED, code
    found.save(update_fields=["state", "why_not"])
    publish("customers.hand_over_failed", found, by=found.by_id)
    return found


def _begin(found: HandOver) -> BulkEdit:
    chosen = replace(chosen_of(found.chosen), kept_since=found.created_at)
    changes = {"main_owner_id": found.new_owner_id}
    if not Membership.objects.filter(person_id=found.new_owner_id).exists():
        raise Refused(_("The new owner is gone."), code="not_a_member")
    return begin_bulk_edit(chosen, changes=changes, effective_on=found.on, by=found.by)


def hand_over_due(on: date) -> int:
    """Every hand-over planned for the day `on` or earlier happens; how many. Safe late and twice."""
    due = HandOver.objects.filter(state=State.PLANNED, on__lte=on).order_by("on", "pk")
    ids = list(due.values_list("pk", flat=True))
    for one in ids:
        hand_over(one)
    return len(ids)


@transaction.atomic
def cancel_hand_over(hand_over_id: UUID, *, by: Person | None) -> HandOver:
    """It will not happen. Raises HandOver.DoesNotExist; Refused when it is not planned any more.

    Publishes customers.hand_over_cancelled.
    """
    found = _locked(hand_over_id)
    if found.state != State.PLANNED:
        raise Refused(
            _("Only a hand-over that is still planned can be cancelled."), code="not_planned"
        )
    found.state = State.CANCELLED
    found.save(update_fields=["state"])
    publish("customers.hand_over_cancelled", found, by=id_of(by))
    return found


def passing(found: HandOver) -> QuerySet[Customer]:
    """The customers that a planned hand-over would give another owner as things stand."""
    try:
        chosen = replace(chosen_of(found.chosen), kept_since=found.created_at)
    except Refused:  # a column that they were chosen by is gone: nobody
        chosen = Chosen(ids=())
    new = Q(main_owner=found.new_owner_id, main_owner__isnull=False)
    return chosen.customers().exclude(new).order_by("name_sort", "pk")


def coming(customer_id: UUID) -> list[HandOver]:
    """The planned hand-overs that would give the customer another owner, the next first.

    2 queries however many are planned, and what the Fields of their conditions need.
    """
    planned = HandOver.objects.filter(state=State.PLANNED).select_related("new_owner")
    every = [one for one in planned.order_by("on", "pk") if _may_be_about(one, customer_id)]
    asked = [_is_passing(nth, one, customer_id) for nth, one in enumerate(every)]
    found = {nth for (nth,) in asked[0].union(*asked[1:], all=True)} if asked else set()
    return [one for nth, one in enumerate(every) if nth in found]


def _may_be_about(one: HandOver, customer_id: UUID) -> bool:
    """Whether the customer is chosen; of a filter nobody knows before it is asked."""
    return str(customer_id) in one.chosen.get("ids", [str(customer_id)])


def _is_passing(nth: int, one: HandOver, customer_id: UUID) -> "QuerySet[Any, tuple[int]]":
    """The number of the hand-over, if the customer passes by it."""
    theirs = passing(one).filter(pk=customer_id).order_by()
    return theirs.annotate(nth=Value(nth, IntegerField())).values_list("nth")


def _former_owners(chosen: Chosen, new_owner_id: UUID) -> list[UUID]:
    """The members whose customers these are. 1 query, and what conditions need."""
    others = chosen.customers().exclude(main_owner=None).exclude(main_owner=new_owner_id)
    members = Membership.objects.filter(person_id__in=others.values("main_owner_id"))
    return sorted(members.values_list("person_id", flat=True))


def _locked(hand_over_id: UUID) -> HandOver:
    found: HandOver = HandOver.objects.select_for_update().get(pk=hand_over_id)
    return found


def _check(on: date, note: str) -> None:
    if not current_workspace().today() <= on <= LAST_DAY:
        raise Refused(_("Choose today or a later day."), code="over", field="on")
    if len(note) > LONGEST_NOTE:
        raise Refused(_("Use 5,000 characters or fewer."), code="too_long", field="note")


def _checked_list(lines: Iterable[str], field: str) -> list[str]:
    told = [line.strip() for line in lines if line.strip()]
    if len(told) > MOST_LINES or any(len(line) > LONGEST_LINE for line in told):
        words = _("At most %(lines)d lines of %(letters)d characters.")
        facts = {"lines": MOST_LINES, "letters": LONGEST_LINE}
        raise Refused(words % facts, code="too_long", field=field)
    return told
