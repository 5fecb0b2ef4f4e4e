"""Repeated imports: files that come again and again."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from banso.core.access import Request, requires
from banso.core.errors import Refused
from banso.core.imports.declarations import import_table
from banso.core.models import ArrivedFile, ImportRun, RepeatedImport
from banso.office.connections import arrivals, repeated, vanished
from banso.office.connections.forms import RepeatedImportForm, initial_of
from banso.office.connections.states import STATES
from banso.office.connections.telling import outcome

SHOWN = 30
AT_WORK = (ImportRun.State.RUNNING, ImportRun.State.UNDOING)
ASKED_AS = {"at_hour": "hours"}


@require_GET
@requires("imports.read")
def index(request: Request) -> HttpResponse:
    """Which files come by themselves?"""
    found = RepeatedImport.objects.select_related("tells").order_by("name", "pk")
    facts = {
        "rows": [_row(one) for one in found],
        "may_run": "imports.run" in request.permits,
    }
    return render(request, "connections/repeated_list.html", facts)


def _row(one: RepeatedImport) -> dict[str, Any]:
    latest = one.files.select_related("run").order_by("-arrived_at").first()
    return {"one": one, "latest": latest, "state": _state(one, latest), "hours": _hours(one)}


def _state(one: RepeatedImport, latest: ArrivedFile | None) -> tuple[Any, str]:
    """In a word, and its tone."""
    if one.paused_at:
        return _("Paused"), "neutral"
    if one.missed_for and one.missed_for > (one.arrived_for or one.since):
        return _("The file has not come"), "bad"
    if latest is None:
        return _("Waits for the first file"), "info"
    return _state_of(latest)


def _state_of(file: ArrivedFile) -> tuple[Any, str]:
    if file.trouble:
        return _("Could not be imported"), "bad"
    if file.same_as_id:
        return _("Same as before"), "neutral"
    return STATES[file.run.state] if file.run else (_("Import deleted"), "neutral")


def _hours(one: RepeatedImport) -> str:
    """The days, where not all are meant, and the hours."""
    days = ", ".join(str(WEEKDAYS_ABBR[day]) for day in one.weekdays)
    hours = _("at %(hour)02d:00") % {"hour": one.at_hour or 0}
    if one.every_hours:
        words = ngettext("every hour", "every %(n)d hours", one.every_hours)
        hours = words % {"n": one.every_hours}
    return f"{days} {hours}".strip()


@requires("imports.run")
def create(request: Request) -> HttpResponse:
    return _form(request, None)


@requires("imports.run")
def edit(request: Request, repeated_import_id: UUID) -> HttpResponse:
    return _form(request, RepeatedImport.objects.get(pk=repeated_import_id))


def _form(request: Request, standing: RepeatedImport | None) -> HttpResponse:
    known = initial_of(standing) if standing else {"tells": str(request.person.pk)}
    given = request.POST if request.method == "POST" else None
    form = RepeatedImportForm(given, initial=known, standing=standing)
    if form.is_bound and form.is_valid():
        try:
            saved = repeated.save_repeated_import(
                form.setup(),
                repeated_import_id=standing.pk if standing else None,
                by=request.person,
            )
        except Refused as refusal:
            field = ASKED_AS.get(refusal.field or "", refusal.field)
            form.add_error(field if field in form.fields else None, str(refusal.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("connections:repeated", saved.pk)
    facts = {"form": form, "one": standing}
    status = 422 if form.errors else 200
    return render(request, "connections/repeated_form.html", facts, status=status)


@require_GET
@requires("imports.read")
def show(request: Request, repeated_import_id: UUID) -> HttpResponse:
    """What came, what became of it, and who is missing?"""
    one = RepeatedImport.objects.select_related("tells").get(pk=repeated_import_id)
    files = one.files.select_related("run").order_by("-arrived_at")[:SHOWN]
    table = import_table(one.table)
    rows = [{"file": file, "state": _state_of(file), "found": outcome(file)} for file in files]
    is_looking = arrivals.is_looking(one)
    facts = {
        "one": one,
        "table": table.label if table else one.table,
        "where": arrivals.whereabouts(one),
        "hours": _hours(one),
        "state": _state(one, rows[0]["file"] if rows else None),
        "rows": rows,
        "is_looking": is_looking,
        "waits": is_looking or any(_is_at_work(row["file"]) for row in rows),
        "asked": _asked(one),
        "vanished": vanished.listed(one),
        "vanished_in_all": one.vanished.count(),
        "may_run": "imports.run" in request.permits,
    }
    page = "connections/repeated.html" + ("#body" if request.htmx else "")
    return render(request, page, facts)


def _is_at_work(file: ArrivedFile) -> bool:
    return bool(file.run and not file.trouble and file.run.state in AT_WORK)


def _asked(one: RepeatedImport) -> str:
    """What came of the latest look that somebody asked for."""
    if one.asked_found is None:
        return ""
    if not one.asked_found:
        return _(
            "There was no new whole file. A file that was just written is taken two minutes later."
        )
    words = ngettext("%(n)d file was taken.", "%(n)d files were taken.", one.asked_found)
    return words % {"n": one.asked_found}


@require_POST
@requires("imports.run")
def look(request: Request, repeated_import_id: UUID) -> HttpResponse:
    """Look for files now, whatever the hour."""
    arrivals.ask_to_look(repeated_import_id)
    return redirect("connections:repeated", repeated_import_id)


@require_POST
@requires("imports.run")
def pause(request: Request, repeated_import_id: UUID) -> HttpResponse:
    """Pause it, or let it go on."""
    paused = request.POST.get("paused") == "1"
    repeated.pause_repeated_import(repeated_import_id, paused=paused, by=request.person)
    messages.success(request, _("It is paused.") if paused else _("It goes on."))
    return redirect("connections:repeated", repeated_import_id)


@requires("imports.run")
def remove(request: Request, repeated_import_id: UUID) -> HttpResponse:
    """Asks first."""
    one = RepeatedImport.objects.get(pk=repeated_import_id)
    if request.method != "POST":
        return render(request, "connections/repeated_remove.html", {"one": one})
    repeated.delete_repeated_import(one.pk, by=request.person)
    messages.success(request, _("The repeated import was deleted."))
    return redirect("connections:repeated-list")
