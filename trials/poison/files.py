"""Poisoned rows in files to import."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from banso.core.imports import planning, running, undoing
from banso.core.scope import open_workspace
from banso.customers.models import Contract, Customer
from banso.touchpoints.usage.models import ImportedUsage
from trials.ground import Ground
from trials.poison.measure import AMONG, Watch

DOOR = "import rows"
COLUMNS = {
    "customers": ("external_id", "name", "employees", "tier", "since", "country", "currency"),
    "contracts": (
        "external_id",
        "customer",
        "start_on",
        "end_on",
        "amount",
        "term_months",
        "seats",
    ),
    "usage": ("source_id", "customer", "person", "feature", "day", "events", "seconds"),
}
MODELS = {"customers": Customer, "contracts": Contract, "usage": ImportedUsage}
KEYS = {"customers": "external_id", "contracts": "external_id", "usage": "source_id"}
# Cells as they stand in the file.
CELLS = (
    "", '""', " ", "\x00", "\x1b[31m", "\x85", "\u202e", "\ufeff", "NULL", "NaN", "inf", "-0",
    "1e400", "9" * 400, "-" + "9" * 30, "0x1F", "１２３", "①", "㈱", "２０２６−１３−４５", "2026-02-30",
    "9999-12-31", "0001-01-01", "令和99年1月1日", "31/12/2026 25:61", "a" * 500, "あ" * 130_000,
    '"' + "b" * 99_000 + '"', '"unclosed', 'a"b', '"a"b', '"a\nb"', "=1+1", "'", "''", "{}", "[]",
    "\udc80", "\udcff\udcfe", "🏳️‍🌈" * 60, "𠮷" * 300, "%s%n", "../../etc/passwd", "; DROP TABLE x",
    "a,b", "a,b,c,d", "no such customer", "-1", "1.5", "1,234,567,890,123,456,789",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a file; `poison` says its kind, and is empty for good ones."""

    line: int
    text: str
    key: str
    poison: str = ""


def bring_in(kinds: int, place: Ground, watch: Watch) -> None:
    """Customers, contracts and usage, each a file with its share of the kinds; then all undone."""
    folder = place.data / "poisoned"
    folder.mkdir()
    made = {name: _rows(name, max(1, kinds // 3), watch.random) for name in COLUMNS}
    plan = planning.plan_import(
        [_written(folder / f"{name}.csv", name, rows) for name, rows in made.items()],
        answers=planning.Answers(encoding="utf-8", date_order="ymd"),
    )
    watch.expect(not plan.questions, f"asked: {plan.questions[:1]}")
    run = running.start_run(plan, source="trial", by=place.ours.owner)
    with watch.all(DOOR):
        tables = running.run_import(plan, run=run, by=place.ours.owner)
    for facts in tables:
        _judge(facts, made[facts["table"]], watch)
    _told_in_words(tables, watch)
    undoing.undo_import(run.pk, by=place.ours.owner)
    left = sum(
        model.objects.exclude(**{KEYS[name]: "good"}).count() for name, model in MODELS.items()
    )
    watch.expect(left == 0, f"{left} rows are left after undo")
    _alone(made, folder, place, watch)


def _rows(table: str, kinds: int, random: Random) -> list[Row]:
    """So many kinds, each somewhere among 99 good ones."""
    cases = [(column, cell) for column in range(len(COLUMNS[table])) for cell in CELLS]
    rows, line, number = list[Row](), 2, 0
    for column, cell in random.sample(cases, kinds):
        place = random.randrange(AMONG)
        for n in range(AMONG):
            if n == place:
                cells = _good(table, number := number + 1)
                cells[column] = cell
                shown = cell if len(cell) < 30 else f"{cell[:12]}… ({len(cell)})"
                kind = f"{COLUMNS[table][column]}={shown!r}"
                row = Row(line, ",".join(cells), cells[0], kind)
                rows.append(row)
                line += row.text.count("\n") + 1
            cells = _good(table, number := number + 1)
            rows.append(Row(line, ",".join(cells), cells[0]))
            line += 1
    return rows


def _good(table: str, n: int) -> list[str]:
    return {
        "customers": [f"C{n}", f"会社{n}", "10", "tech", "2026-04-01", "JP", "JPY"],
        "contracts": [f"K{n}", "good", "2026-04-01", "2027-04-01", "120000", "12", "5"],
        "usage": [f"U{n}", "good", f"u{n % 7}", "report", "2026-11-01", "3", "60"],
    }[table]


def _written(path: Path, table: str, rows: Sequence[Row]) -> tuple[str, Path]:
    text = "\n".join([",".join(COLUMNS[table]), *(row.text for row in rows)]) + "\n"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return path.name, path


def _judge(facts: dict[str, Any], rows: Sequence[Row], watch: Watch) -> None:
    """Good ones are in; poison is in as it stands, or told by its line."""
    table = facts["table"]
    parts = ("created", "updated", "unchanged", "duplicates", "skipped")
    watch.expect(
        facts["read"] == sum(facts[one] for one in parts), f"{table}: counts do not add up"
    )
    stored = set(MODELS[table].objects.values_list(KEYS[table], flat=True))
    told = {one["line"] for one in (*facts["errors"], *facts["duplicate_rows"])}
    good = [row for row in rows if not row.poison]
    lost = [row.line for row in good if row.key not in stored]
    watch.expect(not lost, f"{table}: {len(lost)} of {len(good)} good rows are not in: {lost[:3]}")
    watch.report.count(f"{DOOR}: good ones", len(good))
    for row in rows:
        if row.poison:
            watch.report.count(f"{DOOR}: kinds of poison")
            is_told = row.line in told or row.key in stored
            # A key that is poisoned itself is stored in another spelling, as if it were none.
            is_told = is_told or row.poison.startswith(KEYS[table])
            watch.expect(is_told, f"{table}, line {row.line}: {row.poison} vanished")
    watch.report.count(f"{DOOR}: refused", facts["skipped"])


def _told_in_words(tables: Sequence[dict[str, Any]], watch: Watch) -> None:
    """Each with its file and its line."""
    for facts in tables:
        watch.expect(facts["file"] == f"{facts['table']}.csv", f"{facts['table']}: no file told")
        bare = [one for one in facts["errors"] if not one["line"] or not one["code"]]
        watch.expect(not bare, f"{facts['table']}: told without line or code: {bare[:2]}")


def _alone(made: dict[str, list[Row]], folder: Path, place: Ground, watch: Watch) -> None:
    """The time that each poison takes by itself, in a dry run."""
    for table, rows in made.items():
        for row in rows:
            if row.poison:
                given = [_written(folder / f"{table}.csv", table, [row])]
                answers = planning.Answers(encoding="utf-8", date_order="ymd")
                with watch.one(DOOR), open_workspace(place.ours.workspace):
                    plan = planning.plan_import(given, answers=answers)
                    running.dry_run(plan, by=None)
