"""Many customers at once: look first, change, take back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Query, Schema, Status
from pydantic import Field

from banso.core.access import Request, requires
from banso.core.errors import Refused
from banso.core.idempotency import creates
from banso.customers import filters
from banso.customers.api import schemas as given
from banso.customers.api.router import router
from banso.customers.bulk_edits.choices import PLAIN, Chosen, by_id
from banso.customers.bulk_edits.previews import Preview, preview
from banso.customers.bulk_edits.running import begin_bulk_edit
from banso.customers.bulk_edits.undoing import undo_bulk_edit
from banso.customers.models import BulkEdit, EditedCustomer

LATEST = 50


class BulkPreviewOut(Schema):
    """`changed` of `total` customers would change, `same` are so already, `gone` are not here.

    `fields`: by name how many customers the new value changes, and how many have it.
    """

    total: int
    changed: int
    same: int
    gone: int
    fields: dict[str, dict[str, int]]


class BulkEditOut(Schema):
    """`state`: running, done, undoing or undone; `done` of `total` customers are through.

    `restored` and `kept`: after an undo, those as before again, and those that it left alone.
    """

    id: UUID
    state: str
    changes: dict[str, Any]
    total: int | None
    done: int
    changed: int | None
    same: int | None
    gone: int | None
    restored: int | None
    kept: int | None
    by_id: UUID | None
    created_at: datetime
    finished_at: datetime | None
    undone_at: datetime | None
    undo_until: datetime | None


class EditedOut(Schema):
    """What became of one customer. `kept`: fields that an undo left as somebody had made them."""

    customer_id: UUID
    outcome: str
    before: dict[str, Any]
    undone_at: datetime | None
    kept: list[str]


class EditedPage(Schema):
    items: list[EditedOut]
    next_after: UUID | None


class EditedIn(Schema):
    """`outcome`: waiting, changed, same, gone or kept; `after`: next_after of the page before."""

    outcome: str = Field("", max_length=10)
    after: UUID | None = None
    limit: int = Field(200, ge=1, le=1000)


@router.post(
    "/customers/bulk-edit/preview",
    response=BulkPreviewOut,
    summary=gettext_noop("Preview a bulk edit"),
)
@requires("customers.bulk_edit")
def preview_bulk_edit(request: Request, body: given.BulkEditIn) -> dict[str, Any]:
    """What a bulk edit would change on how many customers. Nothing is saved."""
    return _preview_out(preview(_chosen(body, request), changes=_changes(body)))


@router.post(
    "/customers/bulk-edit",
    response={201: BulkEditOut, 202: BulkEditOut},
    summary=gettext_noop("Edit many customers at once"),
)
@requires("customers.bulk_edit")
@creates
def begin(request: Request, body: given.BulkEditIn) -> Status[dict[str, Any]]:
    """Change many customers: a few at once (201), many by a job (202); ask for it by its id."""
    edit = begin_bulk_edit(
        _chosen(body, request), changes=_changes(body), expected=body.expected, by=request.person
    )
    return Status(202 if edit.runs else 201, _out(edit))


@router.get(
    "/customers/bulk-edits", response=list[BulkEditOut], summary=gettext_noop("List bulk edits")
)
@requires("customers.bulk_edit")
def bulk_edits(request: Request) -> list[dict[str, Any]]:
    """The latest 50 bulk edits, newest first."""
    return [_out(one) for one in BulkEdit.objects.order_by("-created_at")[:LATEST]]


@router.get(
    "/customers/bulk-edits/{uuid:bulk_edit_id}",
    response=BulkEditOut,
    summary=gettext_noop("Get a bulk edit"),
)
@requires("customers.bulk_edit")
def bulk_edit(request: Request, bulk_edit_id: UUID) -> dict[str, Any]:
    """How far a bulk edit is and what it did."""
    return _out(BulkEdit.objects.get(pk=bulk_edit_id))


@router.get(
    "/customers/bulk-edits/{uuid:bulk_edit_id}/customers",
    response=EditedPage,
    summary=gettext_noop("List what a bulk edit did to each customer"),
)
@requires("customers.bulk_edit")
def edited(request: Request, bulk_edit_id: UUID, asked: Query[EditedIn]) -> dict[str, Any]:
    """What became of each customer, by the order of their ids. Kept for 30 days."""
    rows = BulkEdit.objects.get(pk=bulk_edit_id).rows.order_by("customer_id")
    if asked.outcome == "kept":
        rows = rows.exclude(kept=[])
    elif asked.outcome:
        rows = rows.filter(outcome=asked.outcome)
    if asked.after:
        rows = rows.filter(customer_id__gt=asked.after)
    page: list[EditedCustomer] = list(rows[: asked.limit + 1])
    more = len(page) > asked.limit
    shown = page[: asked.limit]
    return {"items": shown, "next_after": shown[-1].customer_id if more else None}


@router.post(
    "/customers/bulk-edits/{uuid:bulk_edit_id}/undo",
    response=BulkEditOut,
    summary=gettext_noop("Undo a bulk edit"),
)
@requires("customers.bulk_edit")
@creates
def undo(request: Request, bulk_edit_id: UUID) -> dict[str, Any]:
    """Bring the former values back, where nobody has changed them since."""
    return _out(undo_bulk_edit(bulk_edit_id, by=request.person))


def _chosen(body: given.BulkEditIn, request: Request) -> Chosen:
    if (body.customer_ids is None) == (body.filter is None):
        words = _("Give either customer_ids or filter.")
        raise Refused(words, code="none_chosen", field="customer_ids")
    if body.filter is None:
        return by_id(body.customer_ids or ())
    raw = [one.dict() for one in body.filter.conditions]
    return Chosen(None, body.filter.q, tuple(filters.parse(raw, permits=request.permits)))


def _changes(body: given.BulkEditIn) -> dict[str, Any]:
    sent = body.changes.dict(exclude_unset=True)
    named = {name: sent[name] for name in PLAIN if name in sent}
    return {**named, "attributes": sent.get("attributes")}


def _preview_out(seen: Preview) -> dict[str, Any]:
    counts = {one.name: {"changed": one.changed, "same": one.same} for one in seen.fields}
    names = ("total", "changed", "same", "gone")
    return {**{name: getattr(seen, name) for name in names}, "fields": counts}


def _out(edit: BulkEdit) -> dict[str, Any]:
    plain = (
        "id", "state", "changes", "total", "done", "by_id", "created_at", "finished_at",
        "undone_at", "undo_until",
    )  # fmt: skip
    told = edit.report
    over = edit.finished_at is not None
    return {
        **{name: getattr(edit, name) for name in plain},
        **{name: told.get(name, 0) if over else None for name in ("changed", "same")},
        "gone": told.get("gone", 0) + told.get("not_found", 0) if over else None,
        **{name: told.get(name) for name in ("restored", "kept")},
    }
