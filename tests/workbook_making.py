"""How the workbooks of our own making are made, trap by trap.

A case tells what an import must make of it. `rows`: what each line is stored as, by the table's
own columns. `errors`: (cell or row, code) on the sheet `sheet`. Nothing else may be stored or told.
"""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from banso.core.imports.mappings import Source

CUSTOMERS = ["外部ID", "会社名", "社員数", "取引開始日"]
CONTRACTS = ["外部ID", "顧客ID", "契約開始日", "契約金額", "契約期間"]
SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
Errors = set[tuple[str, str]]


@dataclass(frozen=True)
class Case:
    """`told` is what a person says of columns; `patch` changes the finished file's bytes."""

    fill: Callable[[Worksheet], object]
    rows: list[dict[str, str]] = field(default_factory=list)
    errors: Errors = field(default_factory=set)
    table: str = "customers"
    sheet: str = "一覧"
    told: Mapping[str, Source] = field(default_factory=dict)
    chosen: str = ""
    notes: Errors = field(default_factory=set)
    patch: Callable[[bytes], bytes] = bytes


def built(case: Case) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = case.sheet
    case.fill(sheet)
    file = io.BytesIO()
    book.save(file)
    return case.patch(file.getvalue())


def rows_of(*rows: list[Any], headings: list[str] = CUSTOMERS) -> Callable[[Worksheet], None]:
    def fill(sheet: Worksheet) -> None:
        for row in (headings, *rows):
            sheet.append(row)

    return fill


def formats(**codes: str) -> Callable[[Worksheet], None]:
    """Number formats by cell."""

    def fill(sheet: Worksheet) -> None:
        for cell, code in codes.items():
            sheet[cell].number_format = code

    return fill


def merges(*ranges: str) -> Callable[[Worksheet], None]:
    def fill(sheet: Worksheet) -> None:
        for one in ranges:
            sheet.merge_cells(one)

    return fill


def then(*steps: Callable[[Worksheet], object]) -> Callable[[Worksheet], None]:
    def fill(sheet: Worksheet) -> None:
        for step in steps:
            step(sheet)

    return fill


def part(name: str, change: Callable[[str], str]) -> Callable[[bytes], bytes]:
    """The file with one of its parts changed."""

    def patch(data: bytes) -> bytes:
        file = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(data)) as old,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
        ):
            for one in old.namelist():
                text = old.read(one)
                new.writestr(one, change(text.decode()) if one == name else text)
        return file.getvalue()

    return patch


def cells(**xml: str) -> Callable[[bytes], bytes]:
    """Cells of the first sheet as XML: what Excel writes and openpyxl does not."""

    def change(text: str) -> str:
        for cell, inside in xml.items():
            text, count = re.subn(rf'<c r="{cell}"[^>]*?(/>|>.*?</c>)', inside, text)
            assert count == 1, cell
        return text

    return part(SHEET, change)


def shared(data: bytes) -> bytes:
    """The file with its texts kept once, with their reading, as Excel writes them."""
    texts: list[str] = []

    def take(found: re.Match[str]) -> str:
        texts.append(found[2])
        return f'<c r="{found[1]}" t="s"><v>{len(texts) - 1}</v></c>'

    cell = r'<c r="(\w+)" t="inlineStr"><is><t>(.*?)</t></is></c>'
    data = part(SHEET, lambda text: re.sub(cell, take, text))(data)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    entry = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    data = part("[Content_Types].xml", lambda text: text.replace("</Types>", entry))(data)
    file = io.BytesIO(data)
    reading = '<rPh sb="0" eb="1"><t>ヨミ</t></rPh>'
    listed = "".join(f"<si><t>{text}_x000D_\n</t>{reading}</si>" for text in texts)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{listed}</sst>')
    return file.getvalue()


def customer(key: str, name: str, employees: str = "", since: str = "") -> dict[str, str]:
    return {"external_id": key, "name": name, "employees": employees, "since": since}


def contract(key: str, amount: str, start: str = "2026-04-01") -> dict[str, str]:
    return {"external_id": key, "customer": "C-1", "amount": amount, "start_on": start}
