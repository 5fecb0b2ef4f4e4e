"""S10: no cell that leaves runs as a formula, and every cell comes back as it was.

150 cells that some spreadsheet takes for a formula stand in every text of the book, as people and
other systems put them there. Everything that the program writes as a table (the export, workbooks,
and the list of an import's errors) is then read as spreadsheets read it, and the export is imported
again: as it is, as TSV, in Shift_JIS, as JSONL, as workbooks, into the same book and into another.
"""

import tempfile
from pathlib import Path
from typing import Any

from django.http import QueryDict

from banso.core.imports import exporting, planning, running
from banso.core.imports.declarations import import_tables
from banso.core.lists.declarations import TABLE, Sheet, known_list
from banso.core.lists.writing import write_xlsx
from banso.core.scope import open_workspace
from trials.formulas import book, cells, readers
from trials.ground import Side, ground
from trials.report import Dose, Report

FORMATS = {
    "CSV": readers.as_it_is,
    "TSV": readers.as_tsv,
    "Shift_JIS": readers.as_shift_jis,
    "JSONL": readers.as_jsonl,
}


def run(dose: Dose) -> Report:
    report = Report(dose)
    risky = cells.risky(dose.random(), 150)
    report.figure("cells", len(risky))
    with ground(dose.trial) as place, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with open_workspace(place.ours.workspace):
            book.write(risky, by=place.ours.owner)
            exporting.export_all(folder / "export")
            told = book.errors(risky, folder)
            _as_workbooks(folder / "XLSX", report)
            _changes_nothing(folder / "XLSX", "XLSX", report)
        _reader_sees_some(folder / "export", folder / "bare", report)
        _no_formulas(folder / "export", report)
        _no_formulas(told, report)
        for form, change in FORMATS.items():
            given = change(folder / "export", folder / form)
            with open_workspace(place.ours.workspace):
                _changes_nothing(given, form, report)
        with open_workspace(place.theirs.workspace):
            _comes_back(place.ours, folder / "export", report)
    return report


def _reader_sees_some(export: Path, bare: Path, report: Report) -> None:
    """The same tables without the guard, for a reader that sees nothing would find nothing."""
    readers.without_guard(export, bare)
    by_rule = sum(1 for path in bare.glob("*.csv") for _one in readers.formulas_by_rule(path))
    report.figure("without the guard, by rule", by_rule)
    report.expect(by_rule, "the rules see no formulas where there are some")
    if reader := readers.installed():
        seen = sum(len(reader.formulas(path)) for path in bare.glob("*.csv"))
        report.figure(f"without the guard, {reader.name}", seen)
        report.expect(seen, f"{reader.name} sees no formulas where there are some")


def _no_formulas(folder: Path, report: Report) -> None:
    """By a spreadsheet program where there is one, and by the rules of several in any case."""
    for path in sorted(folder.glob("*.csv")):
        for where, cell in readers.formulas_by_rule(path):
            report.expect(False, f"{path.name} {where}: {cell!r} is a formula")
        report.count("cells read by rule", readers.cells_in(path))
        if reader := readers.installed():
            found = reader.formulas(path)
            report.count(f"files read by {reader.name}")
            report.expect(not found, f"{path.name}: {reader.name} sees formulas: {found[:3]}")
    report.figure("spreadsheet", reader.name if (reader := readers.installed()) else "none here")


def _changes_nothing(folder: Path, form: str, report: Report) -> None:
    """Into the book it came from: every row is unchanged."""
    for one in _brought_in(folder):
        report.count(f"rows again as {form}", one["read"])
        same = one["unchanged"] == one["read"] and not one["errors"]
        facts = {name: one[name] for name in ("table", "read", "unchanged", "updated", "created")}
        report.expect(same, f"{form} again: {facts} {one['errors'][:2]}")


def _comes_back(ours: Side, folder: Path, report: Report) -> None:
    """Into another book: every value is the one that went out."""
    for one in _brought_in(folder):
        report.expect(not one["errors"], f"another book: {one['table']} {one['errors'][:2]}")
    arrived = book.values()
    with open_workspace(ours.workspace):
        sent = book.values()
    for name in sorted(sent):
        lost = sent[name] - arrived[name]
        report.count("values compared", len(sent[name]))
        report.expect(not lost, f"{name}: {list(lost)[:3]} did not come back")


def _brought_in(folder: Path) -> list[dict[str, Any]]:
    plan = planning.plan_import(planning.files_in(folder))
    run = running.start_run(plan, source="export", by=None)
    found = running.run_import(plan, run=run, by=None)
    return [one for one in found if one["read"]]


def _as_workbooks(folder: Path, report: Report) -> None:
    """Every table as a workbook, of which no cell is a formula, nor becomes one once saved as CSV."""
    folder.mkdir()
    for table in import_tables():
        if found := known_list(TABLE + table.name):
            headings, rows, _title = found.read(QueryDict(), frozenset())
            # A workbook knows one end of a line only: carriage returns come back as line feeds.
            kept = (row for row in rows if not any("\r" in str(cell) for cell in row))
            write_xlsx(folder / f"{table.name}.xlsx", Sheet(headings, kept), table.name)
    run = readers.formulas_of_workbooks(folder)
    report.expect(not run, f"workbooks hold formulas: {run[:3]}")
    saved = folder / "saved"
    readers.saved_as_csv(folder, saved)
    _no_formulas(saved, report)
