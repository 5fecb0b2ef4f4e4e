"""Taking a bulk edit back: exactly the former values, and only where nobody has worked since."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.jobs import enqueue
from banso.core.models import Event, Membership, Person
from banso.core.signing import sign
from banso.customers.bulk_edits import statements
from banso.customers.bulk_edits.choices import ATTRIBUTE, PEOPLE, set_value, value_of
from banso.customers.bulk_edits.running import (
    AT_ONCE,
    BATCH,
    Outcome,
    locked,
    locked_customers,
    tell_changes,
)
from banso.customers.masters import Masters
from banso.customers.models import (
    UNDONE_WITHIN,
    BulkEdit,
    CustomAttribute,
    Customer,
    EditedCustomer,
    StageChange,
)
from banso.customers.services.checks import id_of

GONE = "customer"  # kept: the customer itself is in the bin
FORGOTTEN_AT_ONCE = 5000
TOLD = {"customers.customer_updated", "customers.stage_changed"}


@transaction.atomic
def undo_bulk_edit(edit_id: UUID, *, by: Person | None) -> BulkEdit:
    """Every customer has the values back that the edit replaced, unless somebody changed them since.

    What was changed since stays and is told (`kept`). A few at once, many by a job. Raises
    BulkEdit.DoesNotExist, Refused while it runs, when it is undone already, and after 30 days.
    Publishes customers.bulk_edit_undone at the end, and each customer's change as usual.
    """
    edit = locked(edit_id)
    if edit.state != BulkEdit.State.DONE:
        raise Refused(_("Only a finished change can be undone, and only once."), code="not_done")
    if not edit.can_be_undone:
        words = _("This change was made more than 30 days ago. Its former values are gone.")
        raise Refused(words, code="too_old")
    edit.state, edit.undone_by, edit.done = BulkEdit.State.UNDOING, by, 0
    edit.save(update_fields=["state", "undone_by", "done"])
    publish("customers.bulk_edit_undo_begun", edit, by=id_of(by))
    if edit.report.get(Outcome.CHANGED, 0) <= AT_ONCE:
        run_undo(edit.pk)
        edit.refresh_from_db()
    else:
        enqueue("customers.undo_bulk_edit", queue="bulk", edit_id=str(edit.pk))
    return edit


def run_undo(edit_id: UUID) -> None:
    """Undo what is left of it. Twice is once, as run_bulk_edit."""
    while _undo_batch(edit_id):
        pass


@transaction.atomic
def _undo_batch(edit_id: UUID) -> bool:
    edit = locked(edit_id)
    if edit.state != BulkEdit.State.UNDOING:
        return False
    left = edit.rows.filter(outcome=Outcome.CHANGED, undone_at=None).order_by("pk")
    rows = list(left[:BATCH])
    if not rows:
        _finish(edit)
        return False
    _Undo(edit, rows).run()
    edit.done += len(rows)
    edit.save(update_fields=["done"])
    return True


def _finish(edit: BulkEdit) -> None:
    kept = edit.rows.exclude(kept=[]).count()
    restored = edit.rows.filter(outcome=Outcome.CHANGED).count() - kept
    edit.report = {**edit.report, "restored": restored, "kept": kept}
    edit.state, edit.undone_at = BulkEdit.State.UNDONE, timezone.now()
    edit.save(update_fields=["report", "state", "undone_at"])
    publish("customers.bulk_edit_undone", edit, by=edit.undone_by_id, restored=restored, kept=kept)


class _Undo:
    """One batch of customers getting their former values back."""

    def __init__(self, edit: BulkEdit, rows: list[EditedCustomer]) -> None:
        self.edit, self.rows = edit, rows
        self.customers = locked_customers(rows)
        self.later = _touched_later(rows)
        self.members = {str(one) for one in Membership.objects.values_list("person_id", flat=True)}
        self.attributes = set(CustomAttribute.objects.values_list("key", flat=True))
        self.masters = Masters.known()
        self.changed: list[tuple[Customer, dict[str, Any], dict[str, Any]]] = []

    def run(self) -> None:
        now = timezone.now()
        for row in self.rows:
            row.undone_at = now
            customer = self.customers.get(row.customer_id)
            row.kept = [GONE] if customer is None else self._restore(customer, row)
        self._put_stages_back()
        sign(self.edit.undone_by_id)
        statements.put_back((one.pk, _columns(one, back)) for one, _made, back in self.changed)
        statements.note_undone(self.rows)
        undone = str(self.edit.pk)
        tell_changes(self.changed, by=self.edit.undone_by_id, undone_bulk_edit=undone)

    def _restore(self, customer: Customer, row: EditedCustomer) -> list[str]:
        """The former values are on the customer again; the names of those that are not."""
        kept = sorted(name for name in row.before if not self._is_ours(customer, row, name))
        back = {name: value for name, value in row.before.items() if name not in kept}
        if back:
            made = {name: self.edit.changes[name] for name in back}
            for name, value in back.items():
                set_value(customer, name, value)
            self.changed.append((customer, made, back))
        return kept

    def _is_ours(self, customer: Customer, row: EditedCustomer, name: str) -> bool:
        """Whether the value is still the edit's own, and the former one can stand again."""
        former = row.before[name]
        if name in PEOPLE and former and former not in self.members:
            return False
        if name.startswith(ATTRIBUTE) and name.removeprefix(ATTRIBUTE) not in self.attributes:
            return False
        if not self.masters.open_to_people(customer, {name: former}):
            return False
        is_same = bool(value_of(customer, name) == self.edit.changes[name])
        return is_same and name not in self.later.get(row.customer_id, ())

    def _put_stages_back(self) -> None:
        """The steps that the edit made are gone from the history; the latest left is the stage."""
        moved = {one.pk: one for one, _made, back in self.changed if "stage" in back}
        made = [row.stage_change for row in self.rows if row.customer_id in moved]
        StageChange.objects.filter(pk__in=made, customer__in=moved).delete()
        latest = (
            StageChange.objects.filter(customer__in=moved)
            .order_by("customer", "-entered_on", "-pk")
            .distinct("customer")
        )
        for step in latest:
            moved[step.customer_id].stage = step.stage
            moved[step.customer_id].stage_since = step.entered_on


def _columns(customer: Customer, back: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the columns that changed, as they stand on the customer again."""
    found = {name: value for name, value in back.items() if not name.startswith(ATTRIBUTE)}
    if "stage" in back:
        found |= {"stage": customer.stage, "stage_since": customer.stage_since.isoformat()}
    if any(name.startswith(ATTRIBUTE) for name in back):
        found["attributes"] = customer.attributes
    return found


def _touched_later(rows: Iterable[EditedCustomer]) -> dict[UUID, set[str]]:
    """The fields that were told to be changed after the edit, by customer. 2 queries.

    A value set anew to what the edit had made it is somebody's decision, too. A later bulk edit
    that was undone is none: it and its undo cancel each other.
    """
    upto = {row.customer_id: row.told_upto for row in rows}
    events = Event.objects.filter(
        customer_id__in=list(upto), name__in=TOLD, pk__gt=min(upto.values(), default=0)
    )
    told = list(events.values_list("pk", "customer_id", "name", "facts"))
    cancelled = _undone({edit for *_rest, facts in told for edit in _edits_of(facts)})
    found: dict[UUID, set[str]] = {}
    for pk, customer, name, facts in told:
        if pk > upto[customer] and not _edits_of(facts) & cancelled:
            found.setdefault(customer, set()).update(_fields_told(name, facts))
    return found


def _edits_of(facts: Mapping[str, Any]) -> set[str]:
    return {str(facts[key]) for key in ("bulk_edit", "undone_bulk_edit") if key in facts}


def _undone(edits: set[str]) -> set[str]:
    done = BulkEdit.objects.filter(pk__in=edits, state=BulkEdit.State.UNDONE)
    return {str(pk) for pk in done.values_list("pk", flat=True)} if edits else set()


def _fields_told(name: str, facts: Mapping[str, Any]) -> set[str]:
    if name == "customers.stage_changed":
        return {"stage"}
    return {*facts.get("fields", ()), *facts.get("attributes", ())}


def forget_former_values() -> int:
    """Of edits that can be undone no longer, what they did to each customer is gone; how many rows.

    In batches. The edits themselves stay, with their counts.
    """
    before, gone = timezone.now() - UNDONE_WITHIN, 0
    old = models.Q(edit__finished_at__lte=before) & ~models.Q(edit__state="undoing")
    while True:
        ids = list(
            EditedCustomer.objects.filter(old).values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE]
        )
        EditedCustomer.objects.filter(pk__in=ids).delete()
        gone += len(ids)
        if len(ids) < FORGOTTEN_AT_ONCE:
            return gone
