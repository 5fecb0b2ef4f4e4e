"""Many customers at once: chosen in the list, looked at, changed, and taken back."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from banso.core.access import Request, requires
from banso.core.errors import Refused
from banso.customers.bulk_edits.choices import Chosen, by_id
from banso.customers.bulk_edits.previews import Preview, preview
from banso.customers.bulk_edits.running import begin_bulk_edit
from banso.customers.bulk_edits.undoing import undo_bulk_edit
from banso.customers.bulk_edits.words import Wording, wording
from banso.customers.forms.bulk_edits import BulkEditForm
from banso.customers.models import BulkEdit, EditedCustomer
from banso.customers.views import asked as asking
from banso.customers.views.asking import data, done

LISTED = 50
SHOWN = 100
TONES = {"running": "info", "undoing": "info", "done": "good", "undone": "neutral"}


@requires("customers.bulk_edit")
def edit(request: Request) -> HttpResponse:
    """Say what to change; see what that does and to how many; then do it.

    Which customers stands in the address: `id` again and again, or `all` with the list's filters.
    """
    try:
        chosen = chosen_in(request.GET, request.permits)
    except Refused as refusal:
        messages.warning(request, str(refusal.message))
        return redirect(list_of(request.GET))
    form = BulkEditForm(data(request))
    if form.is_bound and form.is_valid():
        with form.refusals():
            return _answer(request, chosen, form)
    return _page(request, chosen, form, status=422 if form.errors else 200)


def chosen_in(query: QueryDict, permits: frozenset[str]) -> Chosen:
    """Refused when nobody is chosen, or what stands there cannot be read."""
    if query.get("all"):
        asked = asking.read(query, permits)
        return Chosen(None, asked.q, asked.conditions)
    try:
        return by_id(UUID(one) for one in query.getlist("id"))
    except ValueError as error:
        raise Refused(_("Choose at least one customer."), code="none_chosen") from error


def list_of(query: QueryDict) -> str:
    """The list with the filters that the choice was made in."""
    kept = query.copy()
    for name in ("id", "all"):
        kept.pop(name, None)
    return f"{reverse('customers:list')}?{kept.urlencode()}"


def _answer(request: Request, chosen: Chosen, form: BulkEditForm) -> HttpResponse:
    if "again" in request.POST:
        return _page(request, chosen, form)
    seen = preview(chosen, changes=form.changes())
    if "save" not in request.POST:
        return _preview(request, chosen, form, seen)
    if request.POST.get("seen", mark := _mark(seen)) != mark:
        words = _("Meanwhile the customers have changed. Look at the change again.")
        return _preview(request, chosen, form, seen, words)
    made = begin_bulk_edit(chosen, changes=seen.changes, expected=seen.changed, by=request.person)
    return redirect("customers:bulk_edit_done", made.pk)


def _mark(seen: Preview) -> str:
    """What was looked at: the same changes to the same number of customers."""
    facts = json.dumps([seen.total, seen.changed, seen.changes], sort_keys=True)
    return hashlib.sha256(facts.encode()).hexdigest()[:16]


def _page(
    request: Request, chosen: Chosen, form: BulkEditForm, *, status: int = 200
) -> HttpResponse:
    facts = {"form": form, "count": chosen.customers().count(), "back": list_of(request.GET)}
    hand_over = f"{reverse('customers:plan_hand_over')}?{request.GET.urlencode()}"
    page = {**facts, "address": request.get_full_path(), "hand_over_url": hand_over}
    return render(request, "customers/bulk_edit.html", page, status=status)


def _preview(
    request: Request, chosen: Chosen, form: BulkEditForm, seen: Preview, trouble: str = ""
) -> HttpResponse:
    words = wording([seen.changes, *(one.before for one in seen.samples)])
    facts: dict[str, Any] = {
        "seen": seen,
        "mark": _mark(seen),
        "kept": form.kept(),
        "fields": [
            {**words.change(one.name, one.value), "changed": one.changed, "same": one.same}
            for one in seen.fields
        ],
        "samples": [
            {"customer": one.customer, "steps": _steps(words, one.before, seen.changes)}
            for one in seen.samples
        ],
        "trouble": trouble,
        "address": request.get_full_path(),
        "back": list_of(request.GET),
    }
    status = 422 if trouble else 200
    return render(request, "customers/bulk_preview.html", facts, status=status)


def _steps(
    words: Wording, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[dict[str, Any]]:
    return [
        {**words.change(name, after[name]), "before": words.value(name, value)}
        for name, value in before.items()
    ]


@require_GET
@requires("customers.bulk_edit")
def index(request: Request) -> HttpResponse:
    """What was changed in bulk, latest first."""
    edits = list(BulkEdit.objects.select_related("by").order_by("-created_at")[:LISTED])
    words = wording([one.changes for one in edits])
    rows = [{"edit": one, **_told(words, one)} for one in edits]
    return render(request, "customers/bulk_edits.html", {"rows": rows})


def _told(words: Wording, edit: BulkEdit) -> dict[str, Any]:
    return {
        "changes": [words.change(name, value) for name, value in edit.changes.items()],
        "state": state_words(edit),
        "tone": TONES[edit.state],
        "changed": edit.report.get("changed"),
    }


def state_words(edit: BulkEdit) -> str:
    return {
        BulkEdit.State.RUNNING: _("Being changed"),
        BulkEdit.State.DONE: _("Change made"),
        BulkEdit.State.UNDOING: _("Being undone"),
        BulkEdit.State.UNDONE: _("Undone"),
    }[BulkEdit.State(edit.state)]


@require_GET
@requires("customers.bulk_edit")
def show(request: Request, bulk_edit_id: UUID) -> HttpResponse:
    """How far it is, what it did, and what an undo left alone."""
    found = BulkEdit.objects.select_related("by", "undone_by").get(pk=bulk_edit_id)
    rows = list(kept_rows(found)[:SHOWN])
    words = wording([found.changes, *(row.before for row in rows)])
    facts = {
        "edit": found,
        **_told(words, found),
        "report": found.report,
        "steps": found.report.get("changed") if found.state == "undoing" else found.total,
        "kept": [{"row": row, "fields": _kept(words, row)} for row in rows],
        "more_kept": max(0, found.report.get("kept", 0) - SHOWN),
    }
    page = "customers/bulk_edit_done.html" + ("#body" if request.htmx else "")
    return render(request, page, facts)


def kept_rows(edit: BulkEdit) -> QuerySet[EditedCustomer]:
    """The customers with fields that its undo left alone, by reading."""
    kept: QuerySet[EditedCustomer] = edit.rows.exclude(kept=[]).select_related("customer")
    return kept.order_by("customer__name_sort", "pk")


def _kept(words: Wording, row: EditedCustomer) -> list[dict[str, Any]]:
    """The fields that stay, with the value that an undo would have brought back."""
    return [
        {
            "label": words.label(name),
            "former": words.value(name, row.before[name]) if name in row.before else "",
        }
        for name in row.kept
    ]


@require_POST
@requires("customers.bulk_edit")
def undo(request: Request, bulk_edit_id: UUID) -> HttpResponse:
    """The former values come back where nobody has changed them since."""
    undone = undo_bulk_edit(bulk_edit_id, by=request.person)
    words = _("It is being undone.") if undone.runs else _("It was undone.")
    return done(request, words, reverse("customers:bulk_edit_done", args=[undone.pk]))
