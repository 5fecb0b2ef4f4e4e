"""An import from upload to undo, for pages and the API."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.core.errors import DATABASE_AWAY, Refused, is_disk_full
from banso.core.imports import mappings, planning, running, undoing
from banso.core.imports.declarations import import_table
from banso.core.imports.mappings import ATTRIBUTE, FileMapping, Source
from banso.core.imports.plans import FilePlan, Plan
from banso.core.jobs import enqueue
from banso.core.models import ImportRun, Person
from banso.core.problems import WORDS
from banso.office.connections import files, kept_mappings, vanished

State = ImportRun.State
UNDONE_AT_ONCE = 2000  # rows that a request takes back itself


def receive(
    uploads: Sequence[UploadedFile],
    *,
    mapping: str = "",
    answers: planning.Answers | None = None,
    by: Person | None,
) -> ImportRun:
    """A draft of an import: its files are kept, nothing is read into the book yet.

    Raises Refused for no file, one too many or too large, and an unknown mapping or answer.
    Where the draft cannot be kept, neither are its files.
    """
    files.check(uploads)
    told = (answers or planning.Answers()).checked()
    if mapping:
        mappings.load_mapping(mapping)
    name = uploads[0].name or "file.csv"
    run = ImportRun(mapping=mapping, source=name[:200], by=by)
    try:
        _keep(run, uploads, told)
    except BaseException:
        files.forget(run.pk)
        raise
    return run


@transaction.atomic
def _keep(run: ImportRun, uploads: Sequence[UploadedFile], told: planning.Answers) -> None:
    run.settings = {
        "files": files.keep(run.pk, uploads),
        "chosen": {},
        "answers": _answers_json(told),
    }
    run.save(force_insert=True)


def _answers_json(answers: planning.Answers) -> dict[str, str | int]:
    return {
        "date_order": answers.date_order,
        "currency": answers.currency,
        "encoding": answers.encoding,
        "sheet": answers.sheet,
        "heading": answers.heading,
    }


def plan_of(run: ImportRun) -> Plan:
    """How the run's files would be imported now. Reads the files; Refused when they are gone."""
    found = files.paths(run.pk, run.settings["files"])
    chosen = {name: _file_mapping(one) for name, one in run.settings.get("chosen", {}).items()}
    plan = planning.plan_import(
        found,
        mapping=mappings.load_mapping(run.mapping) if run.mapping else None,
        answers=planning.Answers(**run.settings.get("answers", {})),
        chosen=chosen,
    )
    decided = run.settings.get("decided", {})
    for one in plan.files:
        one.decisions = {int(line): said for line, said in decided.get(one.name, {}).items()}
    return plan


def _file_mapping(told: Mapping[str, Any]) -> FileMapping:
    if "kept" in told:
        return kept_mappings.file_mapping(told["table"], told["kept"])
    units, digits = told.get("units", {}), told.get("digits", {})
    columns = {
        key: Source(header=header, unit=units.get(key, 0), digits=digits.get(key, 0))
        for key, header in told["columns"].items()
    }
    return FileMapping(
        patterns=(),
        table=told["table"],
        columns=columns,
        skipped=told.get("skipped", ""),
        sheet=told.get("sheet", ""),
        heading=told.get("heading", 0),
    )


@transaction.atomic
def choose(
    run_id: UUID,
    *,
    answers: planning.Answers,
    chosen: Mapping[str, Mapping[str, Any]],
) -> ImportRun:
    """The draft's files go where `chosen` says, by stored name: table, column → header, column →
    what it counts and how many digits its codes have, sheet and row of the heading.

    The last dry run is forgotten. Raises ImportRun.DoesNotExist, Refused.
    """
    run = _locked_draft(run_id)
    found = {one["stored"]: one["name"] for one in run.settings["files"]}
    paths = dict(files.paths(run.pk, run.settings["files"]))
    kept = {
        name: _checked(chosen[stored], name, paths[name])
        for stored, name in found.items()
        if stored in chosen
    }
    run.settings = {
        **run.settings,
        "chosen": {**run.settings["chosen"], **kept},
        "answers": _answers_json(answers.checked()),
        "check": None,
    }
    run.save(update_fields=["settings"])
    return run


def _checked(told: Mapping[str, Any], name: str, path: Path) -> dict[str, Any]:
    """Only tables and columns that are declared; "" leaves the file out; None is guessed."""
    table = import_table(str(told.get("table", "")))
    sheet, heading = str(told.get("sheet", "")), int(told.get("heading", 0))
    place = {"sheet": sheet, "heading": heading}
    if told.get("is_table_open"):
        table = planning.guessed_table(name, path, sheet=sheet) or table
    if table is None:
        return {"table": "", "columns": {}, "skipped": "left_out"}
    if told.get("columns") is None:
        found = planning.guessed_headers(path, table, sheet=sheet, heading=heading)
        return {"table": table.name, "columns": found, **place}
    columns = {
        key: str(header)
        for key, header in dict(told.get("columns", {})).items()
        if header and (table.column(key) or (table.keeps_attributes and key.startswith(ATTRIBUTE)))
    }
    # The form asks for what people fill in: our ids and attributes are found by their names.
    guessed = planning.guessed_headers(path, table, sheet=sheet, heading=heading)
    unasked = {key: one for key, one in guessed.items() if key == "id" or key.startswith(ATTRIBUTE)}
    columns = unasked | columns
    counted = {name: dict(told.get(name, {})) for name in ("units", "digits")}
    return {"table": table.name, "columns": columns, **place, **counted}


@transaction.atomic
def decide(run_id: UUID, decided: Mapping[str, Mapping[int, str]]) -> ImportRun:
    """Rows that look like one that stands are what a person said: by file's name and line, "new",
    "skip", or the id of the row that the last dry run found it like.

    Other lines stay as they were said. Raises ImportRun.DoesNotExist, Refused.
    """
    run = _locked_draft(run_id)
    found = {
        (one["file"], row["line"]): row["id"]
        for one in run.settings.get("check") or []
        for row in one.get("alike", ())
    }
    known = {name: dict(lines) for name, lines in run.settings.get("decided", {}).items()}
    for name, lines in decided.items():
        for line, said in lines.items():
            if said not in {"new", "skip", found.get((name, line))}:
                raise Refused(_("Choose one of the offered values."), code="invalid")
            known.setdefault(name, {})[str(line)] = said
    run.settings = {**run.settings, "decided": known}
    run.save(update_fields=["settings"])
    return run


def _locked_draft(run_id: UUID) -> ImportRun:
    run: ImportRun = ImportRun.objects.select_for_update().get(pk=run_id)
    if run.state != State.DRAFT:
        raise Refused(_("This import has begun already."), code="not_draft")
    files.touch(run_id)  # who works on it keeps it
    return run


def receive_and_begin(
    uploads: Sequence[UploadedFile],
    *,
    mapping: str = "",
    answers: planning.Answers | None = None,
    by: Person | None,
) -> ImportRun:
    """The import is queued, or what was refused waits as a draft to be looked at.

    Where the database finds no room, nothing is left: whoever asked is told that nothing was
    saved. Raises what `receive` and `begin` raise.
    """
    run = receive(uploads, mapping=mapping, answers=answers, by=by)
    try:
        return begin(run.pk)
    except DatabaseError:
        with suppress(*DATABASE_AWAY):
            ImportRun.objects.filter(pk=run.pk, state=State.DRAFT).delete()
        files.forget(run.pk)
        raise


@transaction.atomic
def begin_check(run_id: UUID) -> ImportRun:
    """A dry run is queued; its result comes into `settings["check"]`."""
    run = _locked_draft(run_id)
    run.settings = {**run.settings, "check": None, "checking": True}
    run.save(update_fields=["settings"])
    enqueue("connections.check_import", run_id=str(run.pk))
    return run


@transaction.atomic
def begin(run_id: UUID) -> ImportRun:
    """The import is queued. Refused while something must be answered or nothing can be read."""
    run = _locked_draft(run_id)
    plan = plan_of(run)
    if plan.questions:
        raise Refused(_("Answer the open questions first."), code="questions")
    if not plan.readable:
        raise Refused(_("None of the files can be imported."), code="unreadable")
    run.state, run.settings = State.RUNNING, {**run.settings, "plan": plan.facts()}
    run.save(update_fields=["state", "settings"])
    enqueue("connections.run_import", run_id=str(run.pk))
    return run


def check_now(run_id: UUID) -> None:
    """The dry run itself, in a job. Twice is once: the second finds nothing to do."""
    run = ImportRun.objects.get(pk=run_id)
    if run.state != State.DRAFT or not run.settings.get("checking"):
        return
    try:
        facts = running.dry_run(plan_of(run), by=run.by, progress=_Watch(run).show)
    except Refused as refusal:
        facts = []
        run.settings["trouble"] = str(refusal.message)
    run.settings = {**run.settings, "check": facts, "checking": False}
    run.save(update_fields=["settings"])


def run_now(run_id: UUID) -> None:
    """The import itself, in a job. Twice is once: rows that are in already are unchanged.

    One that finds no room has failed, in words: trying again would fill the disk again. While
    the database is away, its error comes through, and the run waits to be tried again.
    """
    run = ImportRun.objects.get(pk=run_id)
    if run.state != State.RUNNING:
        running.settle_run(run.pk)  # a worker may have died between the rows and what follows
        _let_go(run)
        return
    with _telling(lambda why: _give_up(run, why)):
        running.run_import(plan_of(run), run=run, by=run.by, progress=_Watch(run).show)
        _let_go(run)


def _let_go(run: ImportRun) -> None:
    """Of files that are in, nothing is left but who was not in them."""
    if run.state == State.DONE and files.are_here(run.pk, run.settings["files"]):
        vanished.note_vanished(run, lambda: plan_of(run))
        files.forget(run.pk)


@contextmanager
def _telling(tell: Callable[[str], None]) -> Iterator[None]:
    """Why it was refused, or that there was no room, is told; a database that is away comes through."""
    try:
        yield
    except Refused as refusal:
        tell(str(refusal.message))
    except DATABASE_AWAY as error:
        if not is_disk_full(error):
            raise
        tell(str(WORDS[507]))


def _give_up(run: ImportRun, why: str) -> None:
    """It has failed, if its rows are not in: what follows of them is done later by itself."""
    ImportRun.objects.filter(pk=run.pk).exclude(state=State.DONE).update(
        state=State.FAILED,
        finished_at=timezone.now(),
        settings={**run.settings, "trouble": why},
    )


class _Watch:
    """Counts rows over all files of a run."""

    def __init__(self, run: ImportRun) -> None:
        self.run, self.done = run, dict[str, int]()

    def show(self, file: FilePlan, done: int) -> None:
        self.done[file.name] = done
        files.tell_progress(self.run.pk, sum(self.done.values()), max(file.rows, done))


@transaction.atomic
def undo(run_id: UUID, *, by: Person) -> ImportRun:
    """The import is taken back whole: a small one at once; else, or during an import, by a job.

    Raises ImportRun.DoesNotExist, Refused with the reason; why it stays after all, when a job
    found out, is told in `settings["trouble"]`.
    """
    run: ImportRun = ImportRun.objects.select_for_update().get(pk=run_id)
    if run.state != State.DONE:
        raise undoing.not_done()
    if _changed_rows(run) <= UNDONE_AT_ONCE and running.is_my_turn():
        return undoing.undo_import(run_id, by=by)
    run.state, run.settings = State.UNDOING, {**run.settings, "trouble": ""}
    run.save(update_fields=["state", "settings"])
    enqueue("connections.undo_import", run_id=str(run.pk), by=str(by.pk))
    return run


def _changed_rows(run: ImportRun) -> int:
    return sum(one["created"] + one["updated"] for one in run.report.get("tables", []))


def undo_now(run_id: UUID, *, by: UUID) -> None:
    """The undo itself, in a job. Twice is once; where it is refused, the import stays, with the reason."""
    if not ImportRun.objects.filter(pk=run_id, state=State.UNDOING).exists():
        return
    with _telling(lambda why: _stays(run_id, why)):
        undoing.undo_import(run_id, by=Person.objects.filter(pk=by).first())


def _stays(run_id: UUID, why: str) -> None:
    run = ImportRun.objects.get(pk=run_id)
    run.state, run.settings = State.DONE, {**run.settings, "trouble": why}
    run.save(update_fields=["state", "settings"])
    running.settle_run(run_id)  # it may have been asked for before the rollups


@transaction.atomic
def discard(run_id: UUID) -> None:
    """The draft and its files are gone."""
    _locked_draft(run_id).delete()
    files.forget(run_id)
