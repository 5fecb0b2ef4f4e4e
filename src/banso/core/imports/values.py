"""From what a cell says to a typed value."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.utils import translation

from banso.core.imports.cells import as_written
from banso.core.imports.declarations import Column
from banso.lib.bad_value import BadValue
from banso.lib.cells import parse_bool, parse_int, refuse_error
from banso.lib.dates import Epoch, Order, parse_date, parse_moment, written_serial
from banso.lib.money import parse_amount
from banso.lib.text import as_code, fold, has_forbidden

MOST = 2_147_483_647
LANGUAGES = ("ja", "en")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file's cells need to be understood: the order of its dates, and the zone of times.

    `epoch` of a workbook: a date may be a number of days. `unit` of a column: what it counts.
    """

    order: Order
    zone: ZoneInfo
    epoch: Epoch | None = None
    unit: int = 1


def read_cell(column: Column, cell: str, reading: Reading) -> Any:
    """The typed value of a cell, None when it is blank. Raises BadValue with a worded code."""
    written = as_written(cell) if cell.startswith("'") else cell
    # What an export has quoted comes back to the letter, the blanks before it too.
    text = written.strip() if written == cell else written
    if not text.strip():
        return None
    if text.startswith("#"):
        refuse_error(text)
    # Of a mapping's constants; the file's cells were read before.
    if not text.isprintable() and has_forbidden(text):
        raise BadValue("forbidden_character")
    return READERS[column.kind](column, text, reading)


def read_texts(column: Column, cells: Sequence[str]) -> list[str | None] | None:
    """As `read_cell` of every cell of a file in a column of texts; None where one is not plain."""
    texts = list(map(str.strip, cells))
    if max(map(len, texts), default=0) > column.max_length:
        return None
    if any(cell[:1] in ("'", "#") for cell in texts if cell):
        return None
    return [text or None for text in texts]


def labels(words: Any) -> tuple[str, ...]:
    """A label in each language."""
    found = []
    for language in LANGUAGES:
        with translation.override(language):
            found.append(str(words))
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=256)
def choice_spellings(column: Column) -> dict[str, str]:
    """Folded spelling → stored value: the value itself, its label in each language, other words."""
    spellings: dict[str, str] = {}
    for value, words in column.choices() if column.choices else ():
        for spelling in (value, *labels(words)):
            spellings.setdefault(fold(spelling), value)
    for spelling, value in column.also:
        spellings.setdefault(fold(spelling), value)
    return spellings


def _choice_words(column: Column) -> str:
    """What may be written, in each language: nobody knows here which one the reader reads."""
    known = column.choices() if column.choices else ()
    return ", ".join(" / ".join(labels(words)) for _value, words in known)


def _text(column: Column, text: str, _reading: Reading) -> str:
    if len(text) > column.max_length:
        raise BadValue("too_long", length=len(text), limit=column.max_length)
    return text


def _code(column: Column, text: str, reading: Reading) -> str:
    return as_code(_text(column, text, reading))


def _number(_column: Column, text: str, _reading: Reading) -> Decimal:
    return parse_amount(text)


def _amount(_column: Column, text: str, reading: Reading) -> Decimal:
    return parse_amount(text, unit=reading.unit)


def _whole(column: Column, text: str, _reading: Reading) -> int:
    number = column.written(text) if column.written else text
    return parse_int(number, minimum=column.least, maximum=MOST)


def _date(_column: Column, text: str, reading: Reading) -> date:
    return parse_date(_dated(text, reading), reading.order)


def _moment(_column: Column, text: str, reading: Reading) -> datetime:
    return parse_moment(_dated(text, reading), reading.order, reading.zone)


def _dated(text: str, reading: Reading) -> str:
    return text if reading.epoch is None else written_serial(text, reading.epoch)


def _bool(_column: Column, text: str, _reading: Reading) -> bool:
    return parse_bool(text)


def _choice(column: Column, text: str, _reading: Reading) -> str:
    spellings = choice_spellings(column)
    if (found := spellings.get(fold(text))) is None:
        raise BadValue("not_a_choice", value=text[:60], choices=_choice_words(column))
    return found


def _choices(column: Column, text: str, reading: Reading) -> list[str]:
    for sign in ";、；|":
        text = text.replace(sign, ",")
    parts = [part.strip() for part in text.split(",") if part.strip()]
    return list(dict.fromkeys(_choice(column, part, reading) for part in parts))


READERS: dict[str, Callable[[Column, str, Reading], Any]] = {
    "text": _text,
    "code": _code,
    "number": _number,
    "amount": _amount,
    "whole": _whole,
    "date": _date,
    "moment": _moment,
    "bool": _bool,
    "choice": _choice,
    "choices": _choices,
}


@lru_cache(maxsize=8)
def attribute(kind: str) -> Column:
    """The column that an attribute of this kind is read as."""
    known = kind if kind in ("number", "bool", "date") else "text"
    return Column("attribute", "", cast(Any, known), max_length=500)


def read_attribute(kind: str, cell: str, reading: Reading) -> Any:
    """An attribute's value as JSON keeps it: str, int, float, bool or YYYY-MM-DD; None when blank."""
    value = read_cell(attribute(kind), cell, reading)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else value
