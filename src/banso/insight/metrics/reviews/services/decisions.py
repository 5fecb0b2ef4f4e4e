"""What a review decides: who does what by when."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import Membership, Person
from banso.insight.metrics.models import Decision
from banso.insight.metrics.reviews.services.reviews import open_review
from banso.work import services as work

LONGEST = 200
EDITABLE = ("text", "owner_id", "due_on")


@transaction.atomic
def decide(
    review_id: UUID,
    *,
    text: str,
    owner_id: UUID | None = None,
    due_on: date | None = None,
    by: Person | None = None,
) -> Decision:
    """The review decided this. Refused when it is closed, without words, and for an owner who is
    not a member. Publishes metrics.decision_made.
    """
    review = open_review(review_id)
    _must_be_member(owner_id)
    decision: Decision = Decision.objects.create(
        review=review, text=fit(text, LONGEST), owner_id=owner_id, due_on=due_on, by=by
    )
    publish("metrics.decision_made", decision, by=by.pk if by else None, **_facts(decision))
    return decision


@transaction.atomic
def change_decision(
    decision_id: UUID, *, changes: Mapping[str, Any], by: Person | None = None
) -> Decision:
    """The decision has the given values of EDITABLE, and so has its task, where it has one.

    Raises Decision.DoesNotExist outside this workspace; Refused as `decide`. Publishes
    metrics.decision_changed.
    """
    decision = _standing(decision_id)
    given = {key: changes[key] for key in EDITABLE if key in changes}
    if "text" in given:
        given["text"] = fit(given["text"], LONGEST)
    if given.get("owner_id") != decision.owner_id:
        _must_be_member(given.get("owner_id"))
    changed = [key for key, value in given.items() if getattr(decision, key) != value]
    for key in changed:
        setattr(decision, key, given[key])
    if changed:
        decision.save(update_fields=changed)
        _tell_task(decision, changed, by)
        publish("metrics.decision_changed", decision, by=by.pk if by else None, changed=changed)
    return decision


@transaction.atomic
def void_decision(decision_id: UUID, *, by: Person | None = None) -> Decision:
    """The decision stands no more; a task that it opened stays with its owner.

    Raises Decision.DoesNotExist outside this workspace and for one that is gone; Refused when the
    review is closed. Publishes metrics.decision_voided.
    """
    decision = _standing(decision_id)
    decision.voided_at = timezone.now()
    decision.save(update_fields=["voided_at"])
    publish("metrics.decision_voided", decision, by=by.pk if by else None)
    return decision


@transaction.atomic
def open_decision_task(decision_id: UUID, *, by: Person | None = None) -> Decision:
    """The decision stands among its owner's tasks; the same task when asked again.

    Also of a closed review: doing what was decided changes nothing of what it says. Raises
    Decision.DoesNotExist outside this workspace and for one that is gone. Publishes
    metrics.decision_assigned.
    """
    decision: Decision = Decision.objects.select_for_update().get(pk=decision_id, voided_at=None)
    if decision.task_id is None:
        decision.task = work.open_task(
            owner_id=decision.owner_id,
            due_on=decision.due_on,
            title=decision.text,
            origin=f"metrics.decision:{decision.pk}",
            by=by,
        )
        decision.save(update_fields=["task"])
        publish("metrics.decision_assigned", decision, by=by.pk if by else None)
    return decision


def fit(text: str, most: int) -> str:
    """Without blanks around it. Refused for nothing and for too much."""
    fitting = text.strip()
    if not fitting:
        raise Refused(_("Say what is decided."), code="empty", field="text")
    if len(fitting) > most:
        words = _("Use %(limit)d characters or fewer.") % {"limit": most}
        raise Refused(words, code="too_long", field="text")
    return fitting


def _standing(decision_id: UUID) -> Decision:
    decision: Decision = Decision.objects.get(pk=decision_id, voided_at=None)
    open_review(decision.review_id)
    return decision


def _tell_task(decision: Decision, changed: list[str], by: Person | None) -> None:
    if decision.task_id is not None:
        named = {"title" if key == "text" else key: getattr(decision, key) for key in changed}
        work.edit_task(decision.task_id, changes=named, by=by)


def _must_be_member(person_id: UUID | None) -> None:
    if person_id is not None and not Membership.objects.filter(person=person_id).exists():
        raise Refused(_("Choose a member of this workspace."), code="not_member", field="owner_id")


def _facts(decision: Decision) -> dict[str, Any]:
    owner, due = decision.owner_id, decision.due_on
    return {"owner_id": str(owner) if owner else None, "due_on": due.isoformat() if due else None}
