"""Pages of quarterly reviews: what did we promise, what happened, why, and what do we do next?"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from banso.core.access import Request, requires
from banso.core.as_of import read_day
from banso.core.scope import current_workspace
from banso.customers.forms.fields import RoomForm
from banso.insight.metrics.models import Decision
from banso.insight.metrics.reviews import queries, services
from banso.insight.metrics.reviews.forms import (
    SUMMARY,
    DecisionForm,
    NotesForm,
    TargetsForm,
    standing_decision,
)
from banso.insight.metrics.reviews.queries import Shown, shown
from banso.insight.metrics.reviews.waterfall import bars
from banso.lib import paper


@require_GET
@requires("metrics.read")
def index(request: Request) -> HttpResponse:
    """The quarters that were looked back on, and those that wait for it."""
    facts = {
        "reviews": queries.reviews(),
        "waiting": queries.to_begin(current_workspace().today()),
        "may_manage": "metrics.manage" in request.permits,
    }
    return render(request, "metrics/reviews.html", facts)


@require_POST
@requires("metrics.manage")
def begin(request: Request) -> HttpResponse:
    """The quarter has a review."""
    day = read_day(request.POST.get("starts_on", ""))
    return redirect("metrics:review", services.begin_review(day, by=request.person).pk)


@require_GET
@requires("metrics.read")
def show(request: Request, review_id: UUID) -> HttpResponse:
    """One review."""
    return _page(request, shown(review_id))


@require_POST
@requires("metrics.manage")
def write_notes(request: Request, review_id: UUID) -> HttpResponse:
    """Why the figures are what they are."""
    found = shown(review_id)
    form = _notes_form(found, request.POST)

    def save() -> None:
        services.write_notes(review_id, notes=form.notes(), by=request.person)

    return _saved(request, found, "notes_form", form, save, "#why")


@require_POST
@requires("metrics.manage")
def set_targets(request: Request, review_id: UUID) -> HttpResponse:
    """What the next quarter is to bring."""
    found = shown(review_id)
    form = _targets_form(found, request.POST)

    def save() -> None:
        services.set_targets(found.following, form.changes(), by=request.person)

    return _saved(request, found, "targets_form", form, save, "#next")


@require_POST
@requires("metrics.manage")
def decide(request: Request, review_id: UUID) -> HttpResponse:
    """Something was decided; with a task for whoever does it, if that was wished."""
    found = shown(review_id)
    form = DecisionForm(request.POST)

    def save() -> None:
        decision = services.decide(review_id, **form.values(), by=request.person)
        if request.POST.get("task"):
            services.open_decision_task(decision.pk, by=request.person)

    return _saved(request, found, "decision_form", form, save, "#decisions")


@requires("metrics.manage")
def decision(request: Request, decision_id: UUID) -> HttpResponse:
    """A decision as it should have been written."""
    found: Decision = Decision.objects.get(pk=decision_id, voided_at=None)
    posted = request.POST if request.method == "POST" else None
    form = DecisionForm(posted, initial=standing_decision(found))
    if form.is_bound and form.is_valid():
        with form.refusals():
            services.change_decision(decision_id, changes=form.changed(), by=request.person)
            messages.success(request, _("Saved."))
            return redirect(_place(found.review_id, "#decisions"))
    status = 422 if form.errors else 200
    facts = {"form": form, "decision": found, "review": found.review}
    return render(request, "metrics/decision.html", facts, status=status)


@require_POST
@requires("metrics.manage")
def void_decision(request: Request, decision_id: UUID) -> HttpResponse:
    """The decision stands no more."""
    gone = services.void_decision(decision_id, by=request.person)
    messages.success(request, _("The decision was taken back."))
    return redirect(_place(gone.review_id, "#decisions"))


@require_POST
@requires("metrics.manage")
def open_task(request: Request, decision_id: UUID) -> HttpResponse:
    """The decision stands among its owner's tasks."""
    decided = services.open_decision_task(decision_id, by=request.person)
    messages.success(request, _("The task was opened."))
    return redirect(_place(decided.review_id, "#decisions"))


@require_POST
@requires("metrics.manage")
def close(request: Request, review_id: UUID) -> HttpResponse:
    """The review's figures stay."""
    services.close_review(review_id, by=request.person)
    messages.success(request, _("The review is closed. Its figures stay as they are."))
    return redirect("metrics:review", review_id)


@require_POST
@requires("metrics.manage")
def reopen(request: Request, review_id: UUID) -> HttpResponse:
    """The review can be changed again."""
    services.reopen_review(review_id, by=request.person)
    messages.success(request, _("The review is open again and shows what the ledger says now."))
    return redirect("metrics:review", review_id)


def _saved(
    request: Request,
    found: Shown,
    name: str,
    form: RoomForm,
    save: Callable[[], None],
    place: str,
) -> HttpResponse:
    """Saved and back to the page; or the page with what was typed and why it cannot be, 422."""
    if form.is_valid():
        with form.refusals():
            save()
            messages.success(request, _("Saved."))
            return redirect(_place(found.review.pk, place))
    return _page(request, found, status=422, **{name: form})


def _place(review_id: UUID, place: str) -> str:
    return reverse("metrics:review", args=[review_id]) + place


def _page(request: Request, found: Shown, *, status: int = 200, **forms: Any) -> HttpResponse:
    may_change = "metrics.manage" in request.permits and found.closing is None
    facts: dict[str, Any] = {
        "shown": found,
        "query": f"?review={found.review.pk}",
        "bars": bars(found.answers.moves),
        "may_manage": "metrics.manage" in request.permits,
        "may_change": may_change,
        "can_make_pdf": paper.can_make(),
    }
    if may_change:
        facts |= {
            "notes_form": _notes_form(found),
            "targets_form": _targets_form(found),
            "decision_form": DecisionForm(),
        }
    return render(request, "metrics/review.html", {**facts, **forms}, status=status)


def _notes_form(found: Shown, posted: Any = None) -> NotesForm:
    initial = {row.line.kpi: row.note for row in found.rows} | {SUMMARY: found.summary}
    lines = [row.line for row in found.rows]
    return NotesForm(posted, lines=lines, initial=initial, prefix="why")


def _targets_form(found: Shown, posted: Any = None) -> TargetsForm:
    return TargetsForm(
        posted,
        kpis=[row.line.kpi for row in found.rows],
        standing=found.answers.promised,
        currency=found.answers.moves.currency,
        prefix="next",
    )
