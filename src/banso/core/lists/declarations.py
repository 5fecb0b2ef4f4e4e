"""What can be had as files: lists and documents, declared by the rooms that show them, and every
import table."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from django.http import QueryDict

from banso.core.declarations import Words
from banso.core.imports.declarations import import_table, import_tables
from banso.core.lists.tables import read_table


@dataclass(frozen=True, slots=True)
class Percentage:
    """A fraction of 1 that a workbook shows as a percentage."""

    share: Decimal | float


@dataclass(frozen=True, slots=True)
class Money:
    """Major units that a workbook shows with the digits of their currency."""

    amount: Decimal
    currency: str


Cell = (
    str | int | float | Decimal | date | datetime | bool | Percentage | Money | None
)  # times as a clock on the wall shows them
TABLE = "table."
READER = "reader"  # the id of the person who asks for a list


class Sheet(NamedTuple):
    """Headings, and rows of as many cells. Texts may be anything; they are made harmless.

    `title`: what a workbook calls the sheet, where the list's label would say too little.
    """

    headings: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    title: str = ""


@dataclass(frozen=True, slots=True)
class List:
    """read(query, permits): the rows that the list's address asks for, in its order, with the
    columns on the screen, in the reader's language. Raises Refused as the page does. The query
    also tells who reads (`READER`), whatever the address said.

    `file` names the file: where it is an import table's name, the file comes back as an update.
    `named`: what this query's file is called instead, in Latin letters. Never raises.
    """

    name: str
    label: Words
    permission: str
    file: str
    read: Callable[[QueryDict, frozenset[str]], Sheet]
    named: Callable[[QueryDict], str] | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """write(path, kind, query, permits): the page that `query` asks for as a file of that kind, in
    the reader's language. Raises Refused as the page does. `kinds()`: those this machine can make.
    """

    name: str
    label: Words
    permission: str
    file: str
    kinds: Callable[[], Collection[str]]
    write: Callable[[Path, str, QueryDict, frozenset[str]], None]


_lists: dict[str, List] = {}
_documents: dict[str, Document] = {}


def declare_list(*lists: List) -> None:
    """Make lists known. Called from a room's `declares.py`."""
    for one in lists:
        if one.name in _lists:
            raise ValueError(f"List {one.name} is declared twice.")
        _lists[one.name] = one


def declare_document(*documents: Document) -> None:
    """Make documents known. Called from a room's `declares.py`."""
    for one in documents:
        if one.name in _documents:
            raise ValueError(f"Document {one.name} is declared twice.")
        _documents[one.name] = one


def known_document(name: str) -> Document | None:
    return _documents.get(name)


def known(name: str) -> List | Document | None:
    """Whatever can be had as a file by that name."""
    return known_document(name) or known_list(name)


def known_list(name: str) -> List | None:
    """A declared list, or all of an import table as "table.<its name>"."""
    table = import_table(name.removeprefix(TABLE)) if name.startswith(TABLE) else None
    if table is not None and table.goes_out:
        return List(
            name,
            table.label,
            "core.export",
            table.name,
            lambda _query, _permits: Sheet(*read_table(table)),
        )
    return _lists.get(name)


def known_lists() -> list[List]:
    """Every list there is, whole tables last."""
    whole = (known_list(TABLE + table.name) for table in import_tables())
    return [*_lists.values(), *(one for one in whole if one)]
