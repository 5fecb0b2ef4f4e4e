"""The import pages: upload, choose, try, run, take back."""

import io
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from banso.core.access import Request, requires
from banso.core.errors import Refused
from banso.core.imports import exporting, reports
from banso.core.imports.declarations import import_table, import_tables
from banso.core.imports.mappings import shipped_mappings
from banso.core.models import ImportRun
from banso.office.connections import files, services
from banso.office.connections.choices import answers_from, choices_from, decisions_from
from banso.office.connections.drafts import draft_page
from banso.office.connections.examples import alike, examples
from banso.office.connections.pasted import given
from banso.office.connections.states import ORDERS, STATES, entries, undone_by

SHOWN = 50
AT_WORK = (ImportRun.State.RUNNING, ImportRun.State.UNDOING)


@requires("imports.read")
def imports(request: Request) -> HttpResponse:
    """The history, and the place to begin."""
    return _upload(request) if request.method == "POST" else _history(request)


def _history(request: Request, status: int = 200, **facts: Any) -> HttpResponse:
    runs = ImportRun.objects.select_related("by").order_by("-created_at")[:SHOWN]
    known = {"tables": import_tables(), "mappings": sorted(shipped_mappings())}
    page = {"runs": entries(runs), "may_run": "imports.run" in request.permits, **known, **facts}
    return render(request, "connections/imports.html", page, status=status)


@requires("imports.run")
def _upload(request: Request) -> HttpResponse:
    mapping = str(request.POST.get("mapping", ""))
    try:
        uploads = given(request.FILES.getlist("files"), request.POST.get("pasted"))
        run = services.receive(uploads, mapping=mapping, by=request.person)
    except Refused as refusal:
        return _history(request, status=422, trouble=str(refusal.message))
    return redirect("connections:import", run.pk)


@require_GET
@requires("imports.read")
def one(request: Request, import_run_id: UUID) -> HttpResponse:
    """The import as it stands: a draft to be settled, one that runs, or its result."""
    run = get_object_or_404(ImportRun.objects.select_related("by"), pk=import_run_id)
    return _page(request, run)


def _page(request: Request, run: ImportRun, trouble: str = "") -> HttpResponse:
    results = _results(run)
    waits = run.state in AT_WORK or bool(run.settings.get("checking"))
    facts: dict[str, Any] = {
        "run": run,
        "may_run": "imports.run" in request.permits,
        "trouble": trouble or run.settings.get("trouble", ""),
        "waits": waits,
        "progress": files.progress(run.pk) if waits else {},
        "results": results,
        "has_problems": any(one["problems"] for one in results),
        "state": STATES[run.state][0],
        "tone": STATES[run.state][1],
        "undone_by": undone_by(run),
        "orders": ORDERS,
    }
    if run.state == ImportRun.State.DRAFT and not waits:
        facts |= draft_page(run)
    page = "connections/import.html" + ("#body" if request.htmx else "")
    return render(request, page, facts, status=422 if trouble else 200)


def _results(run: ImportRun) -> list[dict[str, Any]]:
    """The worded reports of the run, or of the draft's last dry run."""
    facts = run.report.get("tables") or run.settings.get("check") or []
    found = [reports.told(one) for one in facts]
    for one in found:
        table = import_table(one["table"])
        one["label"] = table.label if table else one["file"]
        one["problems"] = [*one["errors"], *one["duplicate_rows"]][:SHOWN]
        one["examples"] = examples(one, table)
        one["more_alike"] = one.get("alike_in_all", 0) - len(one.get("alike", ()))
        one["alike"] = alike(one, table, run)
    return found


@require_POST
@requires("imports.run")
def choose(request: Request, import_run_id: UUID) -> HttpResponse:
    run = get_object_or_404(ImportRun.objects, pk=import_run_id)
    try:
        answers, chosen = answers_from(request.POST), choices_from(run, request.POST)
        services.choose(run.pk, answers=answers, chosen=chosen)
    except Refused as refusal:
        return _page(request, run, str(refusal.message))
    if "check" in request.POST:
        return check(request, import_run_id)
    return redirect("connections:import", run.pk)


@require_POST
@requires("imports.run")
def decide(request: Request, import_run_id: UUID) -> HttpResponse:
    """What the rows are that look like one that stands: it, new, or left out."""
    run = get_object_or_404(ImportRun.objects, pk=import_run_id)
    try:
        services.decide(run.pk, decisions_from(run, request.POST))
    except Refused as refusal:
        return _page(request, run, str(refusal.message))
    messages.success(request, _("Saved. The import will do so."))
    return redirect("connections:import", run.pk)


@require_POST
@requires("imports.run")
def check(request: Request, import_run_id: UUID) -> HttpResponse:
    run = get_object_or_404(ImportRun.objects, pk=import_run_id)
    services.begin_check(run.pk)
    return redirect("connections:import", run.pk)


@require_POST
@requires("imports.run")
def run(request: Request, import_run_id: UUID) -> HttpResponse:
    draft = get_object_or_404(ImportRun.objects, pk=import_run_id)
    try:
        services.begin(draft.pk)
    except Refused as refusal:
        return _page(request, draft, str(refusal.message))
    return redirect("connections:import", draft.pk)


@requires("imports.run")
def undo(request: Request, import_run_id: UUID) -> HttpResponse:
    """Asks first, and says what will happen."""
    done = get_object_or_404(ImportRun.objects, pk=import_run_id)
    if request.method != "POST":
        return _ask(request, done)
    try:
        undone = services.undo(done.pk, by=request.person)
    except Refused as refusal:
        return _page(request, done, str(refusal.message))
    if undone.state == ImportRun.State.UNDONE:
        messages.success(request, _("The import was taken back."))
    return redirect("connections:import", done.pk)


def _ask(request: Request, done: ImportRun) -> HttpResponse:
    """What undoing it will do; of an import that cannot be undone, its own page."""
    if done.state != ImportRun.State.DONE:
        return redirect("connections:import", done.pk)
    facts = {"run": done, "entry": entries([done])[0]}
    return render(request, "connections/undo.html", facts)


@require_POST
@requires("imports.run")
def discard(request: Request, import_run_id: UUID) -> HttpResponse:
    draft = get_object_or_404(ImportRun.objects, pk=import_run_id)
    services.discard(draft.pk)
    return redirect("connections:imports")


@require_GET
@requires("imports.read")
def problems(request: Request, import_run_id: UUID) -> HttpResponse:
    """Every error and duplicate of the import as CSV."""
    run = get_object_or_404(ImportRun.objects, pk=import_run_id)
    text = io.StringIO()
    exporting.problems_csv(_results(run), text)
    return _csv(text.getvalue(), "import-errors.csv")


@require_GET
@requires("imports.read")
def template(request: Request) -> HttpResponse:
    """An empty table to fill in, with headers in the reader's language."""
    table = import_table(request.GET.get("table", "")) or import_tables()[0]
    text = io.StringIO()
    exporting.write_template(table, text, language=get_language() or "ja")
    return _csv(text.getvalue(), f"{table.name}.csv")


def _csv(text: str, name: str) -> HttpResponse:
    answer = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
