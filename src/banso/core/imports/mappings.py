"""Mappings: which file holds which table, and which of its columns which value. TOML files."""

import tomllib
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.imports.declarations import ImportTable, import_table
from banso.lib.money import UNITS
from banso.lib.sheets import Number
from banso.lib.tabular import Block

FOLDER = "mappings"
ATTRIBUTE = "attributes."


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value comes from: a header (its cells translated by `values`), or a constant.

    `unit`: what a plain number counts (1000 in a column of 千円); 0 where the heading shall say.
    `digits`: how many a code has: a number of a workbook gets its leading zeros back.
    `joined`: headers whose cells make the value together (a family name and a given one); `header`
    is then the first. `any_of` and `any_joined`: what the column is called in one file or another;
    planning finds out which (`guesses.in_file`), and leaves out what has none of them.
    """

    header: str = ""
    values: Dict[str, str] = field(default_factory=dict)
    constant: str = ""
    kind: str = ""  # of an attribute: text, number, bool or date
    unit: int = 0
    digits: int = 0
    joined: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    any_joined: tuple[tuple[str, ...], ...] = ()

    def cells(self, block: Block) -> Sequence[str]:
        """What the rows say; the constant where there is no header. An unknown word stays."""
        if not self.header:
            return [self.constant] * len(block.lines)
        found = block.cells(self.header)
        if self.joined:
            together = zip(*map(block.cells, self.joined), strict=True)
            found = [" ".join(filter(None, map(str.strip, cells))) for cells in together]
        if self.digits:
            found = [one.zfill(self.digits) if type(one) is Number else one for one in found]
        return [self.values.get(cell.strip(), cell) for cell in found] if self.values else found


@dataclass(frozen=True, slots=True)
class Only:
    """Rows that are meant: those with one of the `values` in a column; others are left out."""

    source: Source
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileMapping:
    """One kind of file: names it goes by, the table it fills, and the source of each column."""

    patterns: tuple[str, ...]
    table: str
    columns: Dict[str, Source]
    skipped: str = ""  # the code of the reason why nothing of it is imported
    ignored: tuple[str, ...] = ()
    sheet: str = ""
    heading: int = 0
    has_footer: bool = False  # of a report: what stands below its rows is told apart from them
    only: "Only | None" = None

    def fits(self, name: str) -> bool:
        return any(fnmatch(name.lower(), pattern.lower()) for pattern in self.patterns)


@dataclass(frozen=True, slots=True)
class Mapping:
    """A known set of files. Empty currency or date order: the workspace's, or proven by the data."""

    name: str
    label: str
    currency: str
    date_order: str
    files: tuple[FileMapping, ...]

    def file_for(self, name: str) -> FileMapping | None:
        return next((one for one in self.files if one.fits(name)), None)


def shipped_mappings() -> dict[str, Path]:
    """Every mapping that comes with a room, by name."""
    folders = [Path(room.path) / FOLDER for room in apps.get_app_configs()]
    return {path.stem: path for folder in folders for path in sorted(folder.glob("*.toml"))}


def load_mapping(name: str) -> Mapping:
    """The shipped mapping `name`. Raises Refused when there is none."""
    if (path := shipped_mappings().get(name)) is None:
        known = ", ".join(sorted(shipped_mappings())) or "-"
        words = _("There is no mapping “%(name)s”. Known: %(known)s.")
        raise Refused(words % {"name": name[:60], "known": known}, code="unknown_mapping")
    return read_mapping(path)


def read_mapping(path: Path) -> Mapping:
    """The mapping in a TOML file. Raises Refused for anything it does not understand."""
    try:
        told = tomllib.loads(path.read_text("utf-8"))
        return Mapping(
            name=str(told.get("name", path.stem))[:100],
            label=str(told.get("label", path.stem)),
            currency=str(told.get("currency", "")),
            date_order=str(told.get("date_order", "")),
            files=tuple(_file(one) for one in told.get("file", [])),
        )
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _bad(path, str(error)) from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise _bad(path, f"{type(error).__name__}: {error}") from error


def _bad(path: Path, why: str) -> Refused:
    words = _("The mapping %(file)s cannot be used: %(why)s")
    return Refused(words % {"file": path.name, "why": why}, code="bad_mapping")


def _file(told: dict[str, Any]) -> FileMapping:
    columns = {key: _source(one) for key, one in told.get("columns", {}).items()}
    columns |= {key: Source(constant=str(one)) for key, one in told.get("constants", {}).items()}
    name = str(told.get("table", ""))
    if not told.get("skipped"):
        _check_columns(_known_table(name), columns)
    return FileMapping(
        patterns=tuple(map(str, told["patterns"])),
        table=name,
        columns=columns,
        skipped=str(told.get("skipped", "")),
        ignored=tuple(map(str, told.get("ignored", []))),
        sheet=str(told.get("sheet", "")),
        heading=int(told.get("heading", 0)),
        has_footer=bool(told.get("has_footer", False)),
        only=_only(told["only"]) if "only" in told else None,
    )


def _only(told: dict[str, Any]) -> Only:
    return Only(_source(told), tuple(map(str, told["is"])))


def _known_table(name: str) -> ImportTable:
    if (table := import_table(name)) is None:
        raise ValueError(f"no table {name!r}")
    return table


def _check_columns(table: ImportTable, columns: dict[str, Source]) -> None:
    for key in columns:
        is_attribute = table.keeps_attributes and key.startswith(ATTRIBUTE)
        if not is_attribute and table.column(key) is None:
            raise ValueError(f"{table.name} has no column {key!r}")


def _source(told: str | list[str] | dict[str, Any]) -> Source:
    if isinstance(told, str):
        return Source(header=told)
    if isinstance(told, list):
        return Source(any_of=tuple(map(str, told)))
    values = {str(word): str(value) for word, value in told.get("values", {}).items()}
    unit, digits = int(told.get("unit", 0)), int(told.get("digits", 0))
    if unit and unit not in UNITS:
        raise ValueError(f"unit {unit} is none of {sorted(UNITS)}")
    kind = str(told.get("kind", ""))
    given: dict[str, Any] = {"values": values, "kind": kind, "unit": unit, "digits": digits}
    joined = tuple(tuple(map(str, one)) for one in told.get("join", []))
    if joined or isinstance(told["from"], list):
        return Source(any_of=tuple(map(str, told.get("from", []))), any_joined=joined, **given)
    return Source(header=str(told["from"]), **given)
