"""Who hears what became of a file, or that none came: by mail, and by a task where something is to do."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from banso.core.imports import reports
from banso.core.imports.declarations import import_table
from banso.core.models import ArrivedFile, ImportRun, Membership, Person, RepeatedImport, Role
from banso.core.scope import current_workspace
from banso.core.senders.outgoing import send_mail
from banso.core.ui.wording import moment
from banso.office.connections.vanished import listed
from banso.work.models import Task
from banso.work.services import finish_task, open_task

FILE, MISSING = "connections.file", "connections.missing"
MOST_ERRORS, MOST_NAMES = 10, 10
OVER = (ImportRun.State.DONE, ImportRun.State.FAILED)
Words = tuple[str, str]  # subject and text of a mail


def tell_waiting() -> None:
    """Of every file whose import is over, somebody has heard. Twice is once."""
    for file in ArrivedFile.objects.filter(told_at=None).order_by("arrived_at"):
        tell_unless_running(file)


def tell_of_run(run: ImportRun) -> None:
    """As `tell_waiting`, for the file of one import, if a folder brought it."""
    for file in ArrivedFile.objects.filter(run=run, told_at=None):
        tell_unless_running(file)


@transaction.atomic
def tell_unless_running(asked: ArrivedFile) -> None:
    """Somebody has heard what became of the file, once; nothing while it is being imported."""
    files = ArrivedFile.objects.select_for_update(of=("self",)).select_related("repeated", "run")
    file = files.filter(pk=asked.pk, told_at=None).first()
    if file is None or (file.run and not file.trouble and file.run.state not in OVER):
        return
    file.told_at = timezone.now()
    file.save(update_fields=["told_at"])
    _send(file.repeated, lambda: result_words(file))
    if outcome(file)["needs_a_look"]:
        _open_tasks(file.repeated, FILE, f"file:{file.pk}", _facts(file), _address(file))


def outcome(file: ArrivedFile) -> dict[str, Any]:
    """What became of the file: its counts, its errors in words, how many rows vanished."""
    tables = [reports.told(one) for one in file.run.report.get("tables", [])] if file.run else []
    counts = {name: sum(one[name] for one in tables) for name in reports.COUNTS}
    errors = [error for one in tables for error in one["errors"]]
    notes = [note for one in tables for note in one["notes"]]
    failed = bool(file.trouble) or (file.run is not None and file.run.state == "failed")
    in_all = sum(one["errors_in_all"] for one in tables)
    return {
        **counts,
        "errors": errors[:MOST_ERRORS],
        "notes": notes,
        "errors_in_all": in_all,
        "failed": failed,
        "trouble": file.trouble or (file.run.settings.get("trouble", "") if file.run else ""),
        "needs_a_look": failed or bool(in_all) or bool(file.vanished),
    }


def result_words(file: ArrivedFile) -> Words:
    """The mail about a file, in the active language."""
    found, one = outcome(file), file.repeated
    table = import_table(one.table)
    words = {
        "file": file,
        "repeated": one,
        "label": table.label if table else one.table,
        "found": found,
        "vanished": [row["name"] for row in listed(one)[:MOST_NAMES]],
        "vanished_in_all": one.vanished.count(),
        "url": settings.PUBLIC_URL + _address(file),
    }
    return _subject(file, found), render_to_string("mail/import_result.txt", words)


def _subject(file: ArrivedFile, found: dict[str, Any]) -> str:
    said = {"name": _one_line(file.repeated.name), **found, "vanished": file.vanished}
    if found["failed"]:
        return _("%(name)s: the file could not be imported") % said
    if file.same_as_id:
        return _("%(name)s: the same file as before, nothing to import") % said
    words = _(
        "%(name)s: %(created)d new, %(updated)d changed, %(errors_in_all)d errors, %(vanished)d vanished"
    )
    return words % said


def _one_line(text: str) -> str:
    return " ".join(text.split())


@transaction.atomic
def tell_missing(one: RepeatedImport, *, hour: datetime) -> None:
    """Somebody has heard that no whole file has come since `hour` (aware)."""

    def words() -> Words:
        from_hour = moment(hour)
        facts = {"repeated": one, "hour": from_hour, "url": settings.PUBLIC_URL + _page(one)}
        subject = _("%(name)s: no file has come") % {"name": _one_line(one.name)}
        return subject, render_to_string("mail/import_missing.txt", facts)

    _send(one, words)
    origin = f"missing:{one.pk}:{hour:%Y%m%d%H}"
    _open_tasks(one, MISSING, origin, {"name": one.name, "hour": hour.isoformat()}, _page(one))


def forget_missing(one: RepeatedImport) -> None:
    """A file has come after all: nobody needs to look for it."""
    waiting = Task.objects.filter(origin__startswith=f"missing:{one.pk}:", done_at=None)
    for pk in waiting.values_list("pk", flat=True):
        finish_task(pk)


def _facts(file: ArrivedFile) -> dict[str, Any]:
    found = outcome(file)
    return {
        "name": file.repeated.name,
        "failed": found["failed"],
        "errors": found["errors_in_all"],
        "vanished": file.vanished,
    }


def _open_tasks(one: RepeatedImport, code: str, origin: str, facts: Any, page: str) -> None:
    owner = next(iter(hearers(one)), None)
    open_task(
        owner_id=owner.pk if owner else None,
        due_on=current_workspace().today(),
        code=code,
        params=facts,
        note=settings.PUBLIC_URL + page,
        origin=origin[:80],
    )


def _send(one: RepeatedImport, words: Callable[[], Words]) -> None:
    for person in hearers(one):
        with _as_read_by(person):
            subject, text = words()
        send_mail(to=[person.email], subject=subject, text=text)


@contextmanager
def _as_read_by(person: Person) -> Iterator[None]:
    with (
        translation.override(person.language or settings.LANGUAGE_CODE),
        timezone.override(current_workspace().tz),
    ):
        yield


def hearers(one: RepeatedImport) -> list[Person]:
    """The person who is to hear, while a member here; else the owners. 1 query."""
    members = Membership.objects.filter(person__is_active=True).select_related("person")
    rows = list(members.order_by("pk"))
    told = [row.person for row in rows if row.person_id == one.tells_id]
    return told or [row.person for row in rows if row.role == Role.OWNER]


def _address(file: ArrivedFile) -> str:
    if file.run_id is None:
        return _page(file.repeated)
    return reverse("connections:import", args=[file.run_id])


def _page(one: RepeatedImport) -> str:
    return reverse("connections:repeated", args=[one.pk])
