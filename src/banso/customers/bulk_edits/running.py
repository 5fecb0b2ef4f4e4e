"""Doing a bulk edit: batch by batch, each whole or not at all, told as if done one by one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models.expressions import CombinedExpression
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.events import publish, publish_many
from banso.core.jobs import enqueue
from banso.core.models import Event, Membership, Person
from banso.core.scope import current_workspace
from banso.core.signing import sign
from banso.customers.bulk_edits import statements
from banso.customers.bulk_edits.choices import (
    ATTRIBUTE,
    PEOPLE,
    PLAIN,
    Changes,
    Chosen,
    chosen_of,
    value_of,
)
from banso.customers.bulk_edits.previews import preview
from banso.customers.masters import Masters
from banso.customers.models import BulkEdit, CustomAttribute, Customer, EditedCustomer, StageChange
from banso.customers.services.checks import id_of

BATCH = 500
AT_ONCE = 200  # a person waits for so many; more go to a job
COLLECTED_AT_ONCE = 2000
Outcome = EditedCustomer.Outcome


@transaction.atomic
def begin_bulk_edit(
    chosen: Chosen,
    *,
    changes: Changes,
    expected: int | None = None,
    effective_on: date | None = None,
    by: Person | None,
) -> BulkEdit:
    """The chosen customers are changed, or will be: a few at once, many by a job (queue bulk).

    `expected`: how many a preview said would change. `effective_on`: the day from which their
    history tells new owners and tiers, where that is not the day on which it is done. Raises Refused for wrong changes, when nothing
    would change, and when by now another number would; Customer.DoesNotExist when none of the
    asked ids is here. Publishes customers.bulk_edit_begun, and for each customer what
    update_customer and change_stage publish.
    """
    seen = preview(chosen, changes=changes)
    if expected is not None and expected != seen.changed:
        words = _("Meanwhile %(count)s customers would change. Look at the change again.")
        raise Refused(words % {"count": f"{seen.changed:,}"}, code="other_count", field="expected")
    if not seen.changed and seen.elsewhere:
        words = _("Another system keeps this of them. Change it there.")
        raise Refused(words, code="mastered", field="changes")
    if not seen.changed:
        raise Refused(_("All of them are so already: nothing would change."), code="no_change")
    edit: BulkEdit = BulkEdit.objects.create(
        chosen=chosen.to_json(),
        changes=seen.changes,
        report={"not_found": seen.gone},
        effective_on=effective_on,
        by=by,
    )
    publish("customers.bulk_edit_begun", edit, by=id_of(by), fields=sorted(seen.changes))
    if seen.total <= AT_ONCE:
        run_bulk_edit(edit.pk)
        edit.refresh_from_db()
    else:
        enqueue("customers.bulk_edit", queue="bulk", edit_id=str(edit.pk))
    return edit


def run_bulk_edit(edit_id: UUID) -> None:
    """Do what is left of it. Twice is once, also beside itself and after a kill: each batch of 500
    customers is one transaction, which knows what the others did. Memory does not grow with N.
    """
    _collect(edit_id)
    while _run_batch(edit_id):
        pass


@transaction.atomic
def _collect(edit_id: UUID) -> None:
    """A row for each chosen customer, once; the choice is fixed from here on."""
    edit = locked(edit_id)
    if edit.total is not None or edit.state != BulkEdit.State.RUNNING:
        return
    ids = _ids(edit)
    rows: list[EditedCustomer] = []
    edit.total = 0
    for pk in ids.iterator(chunk_size=COLLECTED_AT_ONCE):
        rows.append(EditedCustomer(edit=edit, customer_id=pk))
        edit.total += 1
        if len(rows) == COLLECTED_AT_ONCE:
            EditedCustomer.objects.bulk_create(rows)
            rows = []
    EditedCustomer.objects.bulk_create(rows)
    edit.save(update_fields=["total"])


def _ids(edit: BulkEdit) -> "models.QuerySet[Any, Any]":
    """The chosen customers' ids; nobody's when a column that they were chosen by is gone."""
    try:
        found = chosen_of(edit.chosen).customers()
    except Refused:
        found = Customer.objects.none()
    return found.order_by("pk").values_list("pk", flat=True)


def locked(edit_id: UUID) -> BulkEdit:
    """The edit; nobody else works on it until the transaction ends."""
    edit: BulkEdit = BulkEdit.objects.select_for_update().get(pk=edit_id)
    return edit


@transaction.atomic
def _run_batch(edit_id: UUID) -> bool:
    """500 more customers are done, or the edit is; whether there is more to do."""
    edit = locked(edit_id)
    if edit.state != BulkEdit.State.RUNNING:
        return False
    rows = list(edit.rows.filter(outcome=Outcome.WAITING).order_by("pk")[:BATCH])
    if not rows:
        _finish(edit)
        return False
    _edit(edit, rows)
    edit.done += len(rows)
    edit.save(update_fields=["done"])
    return True


def _finish(edit: BulkEdit) -> None:
    counted = edit.rows.values_list("outcome").annotate(models.Count("pk"))
    none = {outcome.value: 0 for outcome in Outcome if outcome != Outcome.WAITING}
    edit.report = {**edit.report, **none, **dict(counted.order_by())}
    edit.state, edit.finished_at = BulkEdit.State.DONE, timezone.now()
    edit.save(update_fields=["report", "state", "finished_at"])
    publish("customers.bulk_edit_finished", edit, by=edit.by_id, **edit.report)


def _edit(edit: BulkEdit, rows: list[EditedCustomer]) -> None:
    customers, changes = locked_customers(rows), _still_possible(edit.changes)
    masters, together = Masters.known(), dict[tuple[str, ...], list[EditedCustomer]]()
    for row in rows:
        customer = customers.get(row.customer_id)
        row.outcome = Outcome.GONE if customer is None else Outcome.SAME
        if customer:
            ours = masters.open_to_people(customer, changes)
            row.before = _former(customer, ours)
            row.outcome = Outcome.CHANGED if row.before else Outcome.SAME
            if row.before:
                together.setdefault(tuple(ours), []).append(row)
    for names, group in together.items():
        _save(edit, group, {name: changes[name] for name in names})
    changed = [row for row in rows if row.outcome == Outcome.CHANGED]
    told = [(customers[row.customer_id], row.before, changes) for row in changed]
    tell_changes(told, by=edit.by_id, bulk_edit=str(edit.pk))
    statements.note_done(rows, upto=latest_event())


def locked_customers(rows: Iterable[EditedCustomer]) -> dict[UUID, Customer]:
    """The rows' customers that are not in the bin, locked in the order of their ids."""
    ids = [row.customer_id for row in rows]
    found = Customer.objects.filter(pk__in=ids).select_for_update().order_by("pk")
    return {one.pk: one for one in found}


def latest_event() -> int:
    """The latest event of the workspace; those of this transaction count. 1 query."""
    return int(Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0)


def _still_possible(changes: Changes) -> dict[str, Any]:
    """Without owners who have left and attributes that are gone since the edit began. 2 queries."""
    members = {str(one) for one in Membership.objects.values_list("person_id", flat=True)}
    known = {ATTRIBUTE + key for key in CustomAttribute.objects.values_list("key", flat=True)}
    return {
        name: value
        for name, value in changes.items()
        if not (name in PEOPLE and value and value not in members)
        and (name in PLAIN or name in known)
    }


def _former(customer: Customer, changes: Changes) -> dict[str, Any]:
    """The values that `changes` replaces."""
    now = {name: value_of(customer, name) for name in changes}
    return {name: now[name] for name in changes if now[name] != changes[name]}


def _save(edit: BulkEdit, rows: list[EditedCustomer], changes: Changes) -> None:
    """The rows' customers hold the new values: one statement a kind, whatever their number."""
    ids, today = [row.customer_id for row in rows], current_workspace().today()
    plain = {name: changes[name] for name in PLAIN if name in changes and name != "stage"}
    if attributes := _attributes(changes):
        plain["attributes"] = attributes
    if plain:
        sign(edit.by_id, on=edit.effective_on)
        Customer.objects.filter(pk__in=ids).update(**plain)
    moved = [row for row in rows if "stage" in row.before]
    if not moved:
        return
    steps = [
        StageChange(
            customer_id=row.customer_id,
            stage=changes["stage"],
            entered_on=today,
            by_id=edit.by_id,
        )
        for row in moved
    ]
    for row, step in zip(moved, StageChange.objects.bulk_create(steps), strict=True):
        row.stage_change = step.pk
    Customer.objects.filter(pk__in=[row.customer_id for row in moved]).update(
        stage=changes["stage"], stage_since=today
    )


def _attributes(changes: Changes) -> Any:
    """An expression of the merged attributes; None where none changes."""
    named = {
        name.removeprefix(ATTRIBUTE): value
        for name, value in changes.items()
        if name.startswith(ATTRIBUTE)
    }
    if not named:
        return None
    json = models.JSONField()
    given = {key: value for key, value in named.items() if value is not None}
    merged: Any = models.F("attributes")
    if given:
        merged = CombinedExpression(merged, "||", models.Value(given, json), output_field=json)
    for key in named.keys() - given.keys():
        merged = CombinedExpression(merged, "-", models.Value(key), output_field=json)
    return merged


def tell_changes(
    changed: Sequence[tuple[Customer, Mapping[str, Any], Mapping[str, Any]]],
    *,
    by: UUID | None,
    **facts: str,
) -> None:
    """Each customer's change is told as update_customer and change_stage tell it.

    `changed`: the customer, the values before of the fields that changed, and the values after.
    One customers.customer_updated a customer, owner_changed and stage_changed where they did.
    """
    today = current_workspace().today().isoformat()

    def told(name: str, make: Callable[[Mapping[str, Any], Mapping[str, Any]], Any]) -> None:
        listed = [(one, make(before, after)) for one, before, after in changed]
        meant = [(one, {**known, **facts}) for one, known in listed if known]
        if meant:
            publish_many(name, meant, by=by)

    told("customers.customer_updated", _updated)
    told("customers.owner_changed", lambda before, after: _step("main_owner_id", before, after))
    told(
        "customers.stage_changed",
        lambda before, after: _step("stage", before, after, on=today),
    )


def _updated(before: Mapping[str, Any], _after: Mapping[str, Any]) -> dict[str, Any]:
    names = {"attributes" if name.startswith(ATTRIBUTE) else name for name in before}
    own = sorted(name for name in before if name.startswith(ATTRIBUTE))
    fields = sorted(names - {"stage"})
    return {"fields": fields, **({"attributes": own} if own else {})} if fields else {}


def _step(
    name: str, before: Mapping[str, Any], after: Mapping[str, Any], **more: Any
) -> dict[str, Any]:
    return {"before": before[name], "after": after[name], **more} if name in before else {}
