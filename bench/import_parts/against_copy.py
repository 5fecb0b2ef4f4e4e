"""The import against COPY of finished rows, from empty tables each time."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from django.db import connection, transaction

from banso.core.imports import planning, running, undoing
from banso.core.models import ImportRun, Workspace
from bench.import_parts import files
from bench.measure import Claim, seconds

OF_THE_FILES = (
    "customers_product",
    "customers_plan",
    "customers_customer",
    "customers_contract",
    "customers_contractchange",
    "usage_importedusage",
)
ALL = (
    *OF_THE_FILES,
    "customers_stagechange",
    "core_event",
    "core_importedrow",
    "usage_dailyusage",
)
BLOCK = 1 << 20


def claims(workspace: Workspace, *, customers: int, runs: int) -> Iterator[Claim]:
    """`runs` imports of so many customers, each beside both peers; then one undo."""
    with tempfile.TemporaryDirectory(prefix="banso-bench-") as folder:
        given = files.write(Path(folder) / "csv", customers=customers)
        saved = Path(folder) / "rows"
        saved.mkdir()
        mine, rows_only, everything, memory = [], list[float](), list[float](), list[float]()
        for _run in range(runs):
            begin_anew()
            before = _memory("VmRSS", anew=True)
            mine.append(seconds(lambda: bring_in(given)))
            memory.append(_memory("VmHWM") - before)
            counted = _save(saved)
            for peer, tables in ((rows_only, OF_THE_FILES), (everything, ALL)):
                begin_anew()
                _copy(saved, ["core_importrun"])
                with _left_alone():
                    peer.append(seconds(lambda tables=tables: _copy(saved, tables)))  # type: ignore[misc]
        undone = _undone(given)
    stored = counted["usage_importedusage"]
    size = f"{customers} customers with contracts, {stored} rows of usage"
    each = median(mine) / (customers + customers + stored) * 1e6
    more = (
        f"{each:.0f} µs a row; {sum(counted.values())} rows stored; memory +{max(memory):.0f} MB;"
        f" undone in {undone:.1f} s, nothing left"
    )
    yield _claim("COPY of the same rows", mine, rows_only, size, more)
    yield _claim("COPY of all rows it leaves", mine, everything, size, "")


def bring_in(given: Sequence[tuple[str, Path]]) -> ImportRun:
    """The whole import, from the files on."""
    plan = planning.plan_import(given)
    run = running.start_run(plan, source="bench", by=None)
    running.run_import(plan, run=run, by=None)
    return run


def _claim(peer: str, mine: list[float], theirs: list[float], size: str, more: str) -> Claim:
    ratios = [b / a for a, b in zip(mine, theirs, strict=True)]
    lowest, highest = min(ratios), max(ratios)
    ours, other, ratio = median(mine), median(theirs), median(ratios)
    runs = len(mine)
    return Claim(
        "import", peer, size, runs, ours, other, ratio, lowest, highest, of_speed=True, more=more
    )


def begin_anew() -> None:
    """Empty tables."""
    tables = ", ".join((*ALL, "core_importrun", "procrastinate_jobs"))
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")


@contextmanager
def _left_alone() -> Iterator[None]:
    """Autovacuum keeps off the tables. It sees no row of a COPY that is not committed, notes that
    there are none, and each foreign key is then checked by walking an index: a COPY of minutes."""
    _set_autovacuum("SET (autovacuum_enabled = off)")
    yield
    _set_autovacuum("RESET (autovacuum_enabled)")


def _set_autovacuum(how: str) -> None:
    with connection.cursor() as cursor:
        for table in (*ALL, "core_importrun"):
            cursor.execute(f"ALTER TABLE {table} {how}")


def _save(folder: Path) -> dict[str, int]:
    """Every row the import left, as COPY takes it fastest; how many, by table."""
    counted = {}
    with connection.cursor() as cursor:
        for table in (*ALL, "core_importrun"):
            with (
                (folder / table).open("wb") as file,
                cursor.copy(f"COPY {table} TO STDOUT (FORMAT BINARY)") as copy,
            ):
                for block in copy:
                    file.write(block)
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
            counted[table] = cursor.fetchone()[0]
    return counted


@transaction.atomic
def _copy(folder: Path, tables: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            with (
                (folder / table).open("rb") as file,
                cursor.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy,
            ):
                while block := file.read(BLOCK):
                    copy.write(block)


def _undone(given: Sequence[tuple[str, Path]]) -> float:
    """Seconds of the undo of one more import, after which no row of it may be left."""
    begin_anew()
    run = bring_in(given)
    taken = seconds(lambda: undoing.undo_import(run.pk, by=None))
    with connection.cursor() as cursor:
        for table in ALL:
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
            if table != "core_event" and cursor.fetchone()[0]:
                raise RuntimeError(f"undo left rows in {table}")
    return taken


def _memory(what: str, *, anew: bool = False) -> float:
    """This process's memory in MB: VmRSS now, VmHWM the most since it was last asked `anew`."""
    if anew:
        Path("/proc/self/clear_refs").write_text("5")
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(what))
