"""Workbooks as people have them: every value right, or an error that says sheet, cell and reason."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from openpyxl import Workbook

from banso.core.imports import planning, reports, running
from banso.core.imports.declarations import import_table
from banso.core.imports.mappings import FileMapping, Source
from banso.core.models import Workspace
from banso.customers.models import Customer
from banso.customers.tests.builders import a_customer
from banso.lib import tabular
from tests.workbook_making import Case, built
from tests.workbooks import CASES


def bring_in(path: Path, case: Case) -> dict[str, Any]:
    plan = planning.plan_import([(path.name, path)])
    if case.chosen or case.told:
        [guessed] = plan.files
        table = import_table(case.table)
        assert table is not None
        columns = planning.guessed_headers(path, table, sheet=case.chosen)
        sources = {key: Source(header=header) for key, header in columns.items()}
        chosen = FileMapping((), case.table, {**sources, **case.told}, sheet=case.chosen)
        plan = planning.plan_import([(path.name, path)], chosen={guessed.name: chosen})
    run = running.start_run(plan, source=path.name, by=None)
    [facts] = running.run_import(plan, run=run, by=None)
    return facts


def stored(case: Case) -> list[dict[str, str]]:
    """What is there now, of the columns that the case tells."""
    table = import_table(case.table)
    assert table is not None
    keys = case.rows[0].keys() if case.rows else ["name"]
    return [{key: row.get(key, "") for key in keys} for row in table.rows()]


@pytest.mark.parametrize("name", CASES)
def test_every_trap_is_read_right_or_told_by_its_cell(
    acme: Workspace, tmp_path: Path, name: str
) -> None:
    case = CASES[name]
    path = tmp_path / f"{case.table}.xlsx"
    path.write_bytes(built(case))
    if case.table != "customers":
        a_customer(external_id="C-1")
    facts = bring_in(path, case)
    errors = {(one["cell"] or f"row {one['line']}", one["code"]) for one in facts["errors"]}
    assert errors == case.errors
    assert {one["sheet"] for one in facts["errors"]} <= {case.sheet}
    assert {(one["column"], one["code"]) for one in facts.get("notes", [])} == case.notes
    found = {tuple(row.items()) for row in stored(case)}
    assert found == {tuple(row.items()) for row in case.rows}
    assert facts["created"] == len(case.rows)


def test_a_row_error_says_sheet_cell_heading_and_reason(acme: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "customers.xlsx"
    path.write_bytes(built(CASES["cells that show an error"]))
    facts = bring_in(path, CASES["cells that show an error"])
    with translation.override("ja"):
        first = reports.told(facts)["errors"][0]["message"]
    assert first.startswith("シート「一覧」のセル C2「社員数」：")
    with translation.override("en"):
        told = reports.told(facts)["errors"][1]
    assert told["message"].startswith(
        "Sheet “一覧”, cell B3, “会社名”: The cell shows the error #REF!"
    )


def _zip(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", data)
    return file.getvalue()


def _with(name: str, data: bytes) -> bytes:
    """A good workbook with one part that is something else."""
    file = io.BytesIO()
    good = zipfile.ZipFile(io.BytesIO(built(CASES["as it should be"])))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in good.namelist():
            archive.writestr(one, data if one == name else good.read(one))
    return file.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(8)
)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old workbook", "old_workbook"),
        (b"PK\x03\x04\x14\x00\x06\x00rest of a workbook", "workbook_broken"),
        (_zip(word__document=b"<w/>"), "workbook_broken"),
        (_with(SHEET, b"<worksheet"), "workbook_broken"),
        (_with(SHEET, b"<worksheet %s><sheetData/></worksheet>" % NAMESPACE), "empty_sheet"),
        (_with("xl/styles.xml", b" " * (65 << 20)), "workbook_too_large"),
        (_with(SHEET, b"<worksheet %s><sheetData><row>" % NAMESPACE + b"<c/>" * (5 << 20)), "workbook_too_large"),
        (_with(SHEET, LAUGHS + b"]><worksheet %s><sheetData><row><c t='str'><v>&i;</v></c></row></sheetData></worksheet>" % NAMESPACE), "workbook_broken"),
        (_with(SHEET, b"<worksheet %s><sheetData><row r='2000000'><c><v>1</v></c></row></sheetData></worksheet>" % NAMESPACE), "too_many_rows"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_no_workbook_or_a_bomb_is_refused_in_words(
    acme: Workspace, tmp_path: Path, data: bytes, code: str
) -> None:
    path = tmp_path / "customers.xlsx"
    path.write_bytes(data)
    facts = bring_in(path, Case(fill=lambda _sheet: None))
    assert code in {one["code"] for one in facts["errors"]}
    assert not Customer.objects.exists()


def test_a_large_sheet_is_read_row_by_row(tmp_path: Path) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("一覧")
    for n in range(3000):
        sheet.append([n, f"値{n % 7}"])
    book.save(tmp_path / "big.xlsx")
    dialect = tabular.sniff_file(tmp_path / "big.xlsx")
    each = tabular.rows(tmp_path / "big.xlsx", dialect)
    assert next(each).line == 2
    assert sum(1 for _row in each) == 2998
