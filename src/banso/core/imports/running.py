"""Running an import: all valid rows of all its tables in one transaction, or nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import DatabaseError, OperationalError, transaction
from django.utils import timezone

from banso.core import sql
from banso.core.errors import DATABASE_AWAY, Refused
from banso.core.events import publish
from banso.core.imports.declarations import ImportTable, Row, import_table
from banso.core.imports.loading import Loading
from banso.core.imports.mappings import ATTRIBUTE, Source
from banso.core.imports.plans import FilePlan, Plan
from banso.core.imports.problems import Problem
from banso.core.imports.reading import Found, read_file
from banso.core.imports.reports import COUNTS, TableReport
from banso.core.imports.samples import last_row, sample
from banso.core.imports.sizes import MANY, learn_sizes
from banso.core.models import ImportRun, Person
from banso.core.outbox import deferrer
from banso.lib.bad_value import BadValue
from banso.lib.memory import rarely_collecting
from banso.lib.tabular import BLOCK, UnreadableFile, blocks

UNSETTLED = "unsettled"  # in a run's settings, from its commit to the end of `settle_run`
GIVES_UP_SECONDS = 600  # after so long a job does what a stopped process has left
ONE_IMPORTS = "SELECT pg_advisory_xact_lock(hashtextextended('import:' || %(workspace)s::text, 0))"
IF_NOBODY_IMPORTS = ONE_IMPORTS.replace("pg_advisory", "pg_try_advisory")
BESIDE_OTHERS = IF_NOBODY_IMPORTS.replace("xact_lock", "xact_lock_shared")  # that bring nothing in
NOT_NEEDED = """
    DELETE FROM procrastinate_jobs WHERE task_name = 'core.settle_import' AND status = 'todo'
        AND args->>'run_id' = %(run)s
"""
BATCH = 5000  # rows that are looked up, stored and told of together
Progress = Callable[[FilePlan, int], None]  # rows of the file that are done


class _RolledBack(Exception):
    """Ends a dry run: nothing of it stays."""


def silent(_file: FilePlan, _rows: int) -> None:
    """Progress nobody watches."""


def wait_for_imports() -> None:
    """Nobody else imports, or undoes an import, in this workspace until the transaction ends.

    No lock on the workspace's row: scoring holds it, and whatever points to it would wait for
    the end of the import. 1 query.
    """
    sql.run(ONE_IMPORTS)


def is_my_turn() -> bool:
    """As `wait_for_imports`, without the waiting: False when somebody else imports now. 1 query."""
    [(mine,)] = sql.rows(IF_NOBODY_IMPORTS)
    return bool(mine)


def start_run(plan: Plan, *, source: str, by: Person | None) -> ImportRun:
    """The log entry of an import that is about to run."""
    run: ImportRun = ImportRun.objects.create(
        mapping=plan.mapping,
        source=source[:200],
        state=ImportRun.State.RUNNING,
        settings=plan.facts(),
        by=by,
    )
    return run


@rarely_collecting()
def run_import(
    plan: Plan, *, run: ImportRun, by: Person | None, progress: Progress = silent
) -> list[dict[str, Any]]:
    """Every valid row of the plan's files is in; returns and stores one report per file.

    One transaction: a crash leaves nothing of the import, and the run FAILED or to be run
    again. A row that cannot be imported is told and left out. A second run of the same files
    changes nothing. Imports of one workspace wait for each other. Then what follows of the rows
    (`settle_run`), which a job does when we are stopped before it. Publishes core.import_finished.
    """
    try:
        with transaction.atomic():
            reports = _load_files(plan, run, by, progress)
            _finish(run, reports)
    except DATABASE_AWAY:
        raise  # what the run became cannot be told now; a job is run again, a command by its user
    except Exception:
        ImportRun.objects.filter(pk=run.pk).update(
            state=ImportRun.State.FAILED, finished_at=timezone.now()
        )
        raise
    settle_run(run.pk)
    run.refresh_from_db(fields=["settings"])
    return [one.facts() for one in reports]


@rarely_collecting()
def settle_run(run_id: UUID) -> None:
    """All that follows of a finished import's rows is true, and the import is told of. Twice is once.

    Outside its transaction: rollups take locks that live work needs, too. Nothing happens when
    the run is settled, or was undone. Publishes core.import_finished.
    """
    run = ImportRun.objects.filter(pk=run_id, state=ImportRun.State.DONE).first()
    if run is None or not run.settings.get(UNSETTLED):
        return
    for name in sorted({facts["table"] for facts in run.report["tables"]}):
        table = import_table(name)
        if table is not None and table.settle is not None:
            table.settle(run)
    _tell(run.pk)


@transaction.atomic
def _tell(run_id: UUID) -> None:
    """Once: who comes second finds the run settled."""
    run: ImportRun = ImportRun.objects.select_for_update().get(pk=run_id)
    if run.state != ImportRun.State.DONE or not run.settings.pop(UNSETTLED, False):
        return
    run.save(update_fields=["settings"])
    totals = {name: sum(one[name] for one in run.report["tables"]) for name in COUNTS}
    publish("core.import_finished", run, by=run.by_id, **totals)
    sql.run_for_all(NOT_NEEDED, {"run": str(run.pk)}, reason="it names the run, which is ours")


@rarely_collecting()
def dry_run(plan: Plan, *, by: Person | None, progress: Progress = silent) -> list[dict[str, Any]]:
    """The reports `run_import` would give, with a sample of their rows. Nothing of it is kept."""
    reports: list[TableReport] = []
    try:
        with transaction.atomic():
            run = start_run(plan, source="dry run", by=by)
            reports = _load_files(plan, run, by, progress, shows=True)
            raise _RolledBack
    except _RolledBack:
        return [one.facts() for one in reports]


def _finish(run: ImportRun, reports: list[TableReport]) -> None:
    run.report = {"tables": [one.facts() for one in reports]}
    run.state = ImportRun.State.DONE
    run.finished_at = timezone.now()
    run.settings = {**run.settings, UNSETTLED: True}
    run.save(update_fields=["report", "state", "finished_at", "settings"])
    later = deferrer("core.settle_import", schedule_in={"seconds": GIVES_UP_SECONDS})
    later.defer(workspace=str(run.workspace_id), run_id=str(run.pk))


def _load_files(
    plan: Plan, run: ImportRun, by: Person | None, progress: Progress, *, shows: bool = False
) -> list[TableReport]:
    wait_for_imports()  # whoever imports second finds the first one's rows
    return [_FileLoad(one, plan.currency, run, by, progress, shows).run() for one in plan.files]


@dataclass(slots=True)
class _FileLoad:
    """One file on its way in."""

    plan: FilePlan
    currency: str
    by_run: ImportRun
    by: Person | None
    progress: Progress
    shows: bool  # its report has a sample of its rows

    def run(self) -> TableReport:
        """The file's report. A file that turns out unreadable midway leaves nothing behind."""
        report = self._new_report()
        report.refuse(*self.plan.problems, *self.plan.questions)
        if self.plan.problems or self.plan.questions:
            return report
        if self.plan.skipped:
            return self._skip(report)
        try:
            with transaction.atomic():
                self._load(report)
        except UnreadableFile as error:
            report = self._new_report()
            report.refuse(Problem(0, "", error.code, error.params))
        return report

    def _new_report(self) -> TableReport:
        return TableReport(
            table=self.plan.table,
            file=self.plan.name,
            date_order=self.plan.date_order,
            encoding=self.plan.dialect.encoding if self.plan.dialect else "",
            unused=self.plan.unused,
            sheet=self.plan.sheet,
            letters=self.plan.letters,
            notes=[*self.plan.notes],
        )

    def _skip(self, report: TableReport) -> TableReport:
        report.note = self.plan.skipped
        if self.plan.dialect:
            report.read = sum(one.records for one in blocks(self.plan.path, self.plan.dialect))
        report.skipped = report.read
        return report

    def _load(self, report: TableReport) -> None:
        table = import_table(self.plan.table)
        if table is None:
            raise UnreadableFile("no_table")
        loading = self._loading(table, report)
        before = last_row(self.by_run) if self.shows else 0
        batch: list[Row] = []
        for found in read_file(self.plan, table, loading.attribute_kinds):
            _tell_of(found, loading)
            batch += found.rows
            if len(batch) > BATCH - BLOCK:
                self._store(batch, loading)
                batch = []
        self._store(batch, loading)
        if table.finish:
            table.finish(loading)
        loading.flush()
        if report.created >= MANY:
            learn_sizes()
        if self.shows:
            report.sample = sample(table, self.by_run, after=before)

    def _loading(self, table: ImportTable, report: TableReport) -> Loading:
        sources = self.plan.columns
        return Loading(
            table=table,
            run=self.by_run,
            by=self.by,
            currency=self.currency,
            headers={key: source.header for key, source in sources.items()},
            report=report,
            attribute_kinds=_attribute_kinds(table, sources),
            decisions=self.plan.decisions,
            source=self.plan.source,
            looks=self.shows,
        )

    def _store(self, batch: list[Row], loading: Loading) -> None:
        _store(batch, loading)
        loading.flush()
        self.progress(self.plan, loading.report.read)


def _tell_of(found: Found, loading: Loading) -> None:
    """What of the block is not imported."""
    loading.report.read += found.records
    loading.report.skipped += found.left_out
    loading.report.refuse(*found.problems)
    for line, first, key in found.again:
        loading.duplicate(line, first, key)


def _store(batch: list[Row], loading: Loading) -> None:
    """Load the batch; when something in it is refused, find the row by halving."""
    if not batch:
        return
    mark = loading.mark()
    try:
        with transaction.atomic():
            loading.table.load(batch, loading)
    except OperationalError:
        raise  # the database is away: that is nobody's row
    except (Refused, BadValue, DatabaseError) as error:
        loading.back_to(mark)
        if len(batch) == 1:
            loading.refuse_row(batch[0].line, error)
            return
        middle = len(batch) // 2
        _store(batch[:middle], loading)
        _store(batch[middle:], loading)


def _attribute_kinds(table: ImportTable, sources: Mapping[str, Source]) -> dict[str, str]:
    """Kind of each attribute the file brings: as known already, else as the mapping says."""
    known = table.attribute_kinds() if table.attribute_kinds else {}
    names = {
        key.removeprefix(ATTRIBUTE): source
        for key, source in sources.items()
        if key.startswith(ATTRIBUTE)
    }
    return {name: known.get(name) or source.kind or "text" for name, source in names.items()}
