"""What can be imported: tables and their columns, declared by the rooms that own them."""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from banso.core.declarations import Words

if TYPE_CHECKING:
    from banso.core.imports.loading import Loading
    from banso.core.models import ImportedRow, ImportRun

Kind = Literal[
    "text", "code", "number", "whole", "amount", "date", "moment", "bool", "choice", "choices"
]
Values = Mapping[str, Any]
NUMBERS = ("whole", "amount", "number")  # never text, so a minus sign is no formula


@dataclass(frozen=True, slots=True)
class Column:
    """One value of a row.

    kinds: code is a text in small letters (names of systems); amount is a Decimal in major units; whole an int of at least `least`; moment an aware
    UTC time (a time without zone is the workspace's); choice one of `choices`, choices a list of
    them. `aliases` are other headers people use, in any language; width and case do not matter.
    `also` are other words people write for a choice: (word, value). `written` makes the number of
    what people write for one (1年 for 12 months).
    """

    key: str
    label: Words
    kind: Kind = "text"
    required: bool = False
    aliases: tuple[str, ...] = ()
    choices: Callable[[], Iterable[tuple[str, Words]]] | None = None
    also: tuple[tuple[str, str], ...] = ()
    written: Callable[[str], str] | None = None
    max_length: int = 200
    least: int = 0
    example: str = ""


class Row(NamedTuple):
    """One line of a file as typed values; a key is absent where the file gives nothing.

    `attributes` are values the mapping keeps beside the columns, by their own names.
    """

    line: int
    values: Values
    attributes: Values


class Seen(NamedTuple):
    """A row as a dry run shows it: its name, and (column key, before, now) of what it changes.

    Values are texts as an export writes them; people and other rows by their names.
    """

    name: str
    changes: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class ImportTable:
    """A table people can import, in the order that references need (customers first).

    key(values) decides which rows of one file are the same thing; None means each is its own.
    load(rows, loading) writes up to 5,000 rows and tells `loading` what became of each line.
    finish(loading) runs after the last row. settle(run) follows once the rows are in, in short
    transactions of its own: what takes locks that live work needs too. It bears being cut off and
    run again. undo(run, rows) puts everything back; `rows` are
    newest first. rows() gives every row as text by column key, for export.
    attribute_kinds() tells how the values of known attributes are read: text, number, bool or
    date; a table without it keeps no attributes. attribute_labels() tells what people call them.
    `goes_out`: people can have it as a file; False where rows() has nothing to give.
    seen(befores) shows rows by their ids, each with what `Loading` was told stood there before
    (nothing, of new ones); a table without it only counts. why(reasons) words what it told a dry
    run of a row that looks like one that stands (`Loading.alike`). vanished(source, key, known) gives
    the ids of rows that come from the source and whose `key` is none of the known. `told_by`: a
    file is taken for the table by its headers alone only where it has one of these columns.
    """

    name: str
    label: Words
    order: int
    columns: tuple[Column, ...]
    key: Callable[[Values], Hashable | None]
    load: "Callable[[Sequence[Row], Loading], None]"
    undo: "Callable[[ImportRun, Sequence[ImportedRow]], None]"
    rows: Callable[[], Iterable[Mapping[str, str]]]
    finish: "Callable[[Loading], None] | None" = None
    settle: "Callable[[ImportRun], None] | None" = None
    aliases: tuple[str, ...] = ()
    attribute_kinds: Callable[[], Mapping[str, str]] | None = None
    attribute_labels: Callable[[], Mapping[str, str]] | None = None
    goes_out: bool = True
    seen: Callable[[Mapping[str, Values]], Mapping[str, Seen]] | None = None
    why: Callable[[Any], Sequence[str]] | None = None
    vanished: Callable[[str, str, Collection[str]], Iterable[str]] | None = None
    told_by: tuple[str, ...] = ()

    @property
    def keeps_attributes(self) -> bool:
        return self.attribute_kinds is not None

    def column(self, key: str) -> Column | None:
        return next((column for column in self.columns if column.key == key), None)


_tables: dict[str, ImportTable] = {}


def declare_import(*tables: ImportTable) -> None:
    """Make tables known to every import and export. Called from a room's `imports.py`."""
    for table in tables:
        if table.name in _tables:
            raise ValueError(f"Import table {table.name} is declared twice.")
        _tables[table.name] = table


def import_tables() -> list[ImportTable]:
    """Every declared table, in the order in which they must be loaded."""
    return sorted(_tables.values(), key=lambda table: (table.order, table.name))


def import_table(name: str) -> ImportTable | None:
    return _tables.get(name)
