"""Tables as spreadsheets read them, and as people save them again."""

import csv
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from openpyxl import load_workbook

from trials.formulas.cells import SIGNS

SECONDS = 120
# What is taken away or passed over before the first sign is looked at, by one program or another.
_BEFORE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2060-\u2064\ufeff]*")
_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Spreadsheet:
    """A spreadsheet program without its window; `found` is what a formula looks like in its file."""

    name: str
    command: tuple[str, ...]
    made: str
    found: re.Pattern[str]

    def formulas(self, path: Path) -> list[str]:
        """The formulas that it sees in a CSV file."""
        with tempfile.TemporaryDirectory() as folder:
            words = [one.format(given=path, folder=folder) for one in self.command]
            subprocess.run(words, check=True, capture_output=True, timeout=SECONDS)
            made = Path(folder) / self.made.format(stem=path.stem)
            return self.found.findall(made.read_text("utf-8", errors="replace"))


# The 15th word of the filter's options makes LibreOffice run formulas of CSV files.
_LIBRE = "--infilter=CSV:44,34,76,1,,0,false,false,false,false,false,-1,true"
_PROGRAMS = {
    "soffice": Spreadsheet(
        "LibreOffice",
        ("soffice", "--headless", _LIBRE, "--convert-to", "fods", "--outdir", "{folder}", "{given}"),
        "{stem}.fods",
        re.compile(r'table:formula="([^"]*)"'),
    ),
    "ssconvert": Spreadsheet(
        "Gnumeric",
        (
            "ssconvert", "--import-type=Gnumeric_stf:stf_csvtab",
            "--export-type=Gnumeric_XmlIO:sax:0", "{given}", "{folder}/made.xml",
        ),
        "made.xml",
        re.compile(r'<gnm:Cell Row="[0-9]+" Col="[0-9]+"(?: ExprID="[0-9]+")?>([^<]*)<'),
    ),
}  # fmt: skip


@cache
def installed() -> Spreadsheet | None:
    """The spreadsheet program of this machine, if there is one."""
    return next((one for name, one in _PROGRAMS.items() if shutil.which(name)), None)


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def cells_in(path: Path) -> int:
    return sum(len(row) for row in rows_of(path))


def formulas_by_rule(path: Path) -> Iterator[tuple[str, str]]:
    """(place, cell) of what Excel, LibreOffice, Numbers or Google Sheets may run.

    A cell is text where it begins with a quotation mark ('), and a number is a number; else it is
    a formula when its first sign, whatever stands before it, is one of those that begin one.
    """
    for line, row in enumerate(rows_of(path), start=1):
        for column, cell in enumerate(row, start=1):
            bare = _BEFORE.sub("", cell, count=1)
            runs = bare.startswith(tuple(SIGNS)) or cell[:1] in ("\t", "\r", "\n")
            if runs and not cell.startswith("'") and not _NUMBER.fullmatch(cell):
                yield f"line {line}, column {column}", cell


def as_it_is(folder: Path, to: Path) -> Path:
    return Path(shutil.copytree(folder, to))


def as_tsv(folder: Path, to: Path) -> Path:
    """As a spreadsheet saves the tables with tabs."""
    return _written(folder, to, ".tsv", "utf-8", delimiter="\t")


def as_shift_jis(folder: Path, to: Path) -> Path:
    """As Japanese Excel saves them; rows with other characters are left out."""
    return _written(folder, to, ".csv", "cp932", delimiter=",")


def without_guard(folder: Path, to: Path) -> Path:
    """As they would be if the export wrote what is stored."""
    to.mkdir()
    for path in folder.glob("*.csv"):
        with (to / path.name).open("w", encoding="utf-8-sig", newline="") as file:
            rows = ([cell.removeprefix("'") for cell in row] for row in rows_of(path))
            csv.writer(file).writerows(rows)
    return to


def _written(folder: Path, to: Path, ending: str, encoding: str, *, delimiter: str) -> Path:
    to.mkdir()
    for path in folder.glob("*.csv"):
        with (to / f"{path.stem}{ending}").open("w", encoding=encoding, newline="") as file:
            writer = csv.writer(file, delimiter=delimiter)
            writer.writerows(_storable(rows_of(path), encoding))
    return to


def _storable(rows: Iterable[list[str]], encoding: str) -> Iterator[list[str]]:
    for row in rows:
        try:
            "".join(row).encode(encoding)
        except UnicodeEncodeError:
            continue
        yield row


def as_jsonl(folder: Path, to: Path) -> Path:
    to.mkdir()
    for path in folder.glob("*.csv"):
        names, *rows = rows_of(path)
        lines = (json.dumps(dict(zip(names, row, strict=True))) for row in rows)
        if rows:
            (to / f"{path.stem}.jsonl").write_text("\n".join(lines))
    return to


def formulas_of_workbooks(folder: Path) -> list[str]:
    """What a spreadsheet would work out."""
    return [
        f"{path.name} {cell.coordinate}: {cell.value!r}"
        for path in folder.glob("*.xlsx")
        for row in load_workbook(path).worksheets[0].iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


def saved_as_csv(folder: Path, to: Path) -> None:
    """The workbooks' cells as a spreadsheet saves them."""
    to.mkdir()
    for path in folder.glob("*.xlsx"):
        with (to / f"{path.stem}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            rows = load_workbook(path).worksheets[0].iter_rows(values_only=True)
            csv.writer(file).writerows(rows)
