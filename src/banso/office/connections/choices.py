"""What a person chose on the page of a draft, from the form's fields."""

from collections.abc import Mapping
from typing import Any

from banso.core.imports.declarations import import_table
from banso.core.imports.planning import Answers
from banso.core.models import ImportRun
from banso.lib.money import UNITS
from banso.lib.sheets import MOST_ROWS
from banso.lib.text import narrow

MOST_DIGITS = 30
LINE_DIGITS = 10


def answers_from(form: Mapping[str, Any]) -> Answers:
    """Date order, currency and encoding as told; empty ones are left to the data."""
    return Answers(
        date_order=_text(form, "date_order"),
        currency=_text(form, "currency").upper(),
        encoding=_text(form, "encoding"),
    )


def choices_from(run: ImportRun, form: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Stored name → table and columns, of files whose table was shown.

    A file that was given another table, sheet or heading forgets its columns: they are guessed
    afresh. Another sheet may be another table: that is guessed, too, unless it was chosen as well.
    """
    chosen: dict[str, dict[str, Any]] = {}
    for one in run.settings["files"]:
        stored = one["stored"]
        if f"{stored}:table" not in form:
            continue
        name = _text(form, f"{stored}:table")
        table = import_table(name)
        sheet = _text(form, f"{stored}:sheet")
        heading = _number(form, f"{stored}:heading", most=MOST_ROWS)
        place = {"table": name, "sheet": sheet, "heading": heading}
        if table is None or _was(form, stored) != (name, sheet, heading):
            # Another sheet finds its own heading.
            moved = sheet != _text(form, f"{stored}:was_sheet")
            heading = 0 if moved else heading
            is_open = moved and name == _text(form, f"{stored}:was")
            told = {**place, "heading": heading, "columns": None, "is_table_open": is_open}
            chosen[stored] = told
            continue
        columns = {
            column.key: _text(form, f"{stored}:column:{column.key}") for column in table.columns
        }
        units = {key: _number(form, f"{stored}:unit:{key}", most=max(UNITS)) for key in columns}
        digits = {key: _number(form, f"{stored}:digits:{key}", most=MOST_DIGITS) for key in columns}
        chosen[stored] = {
            **place,
            "columns": columns,
            "units": {key: unit for key, unit in units.items() if unit in UNITS},
            "digits": {key: count for key, count in digits.items() if count},
        }
    return chosen


def _was(form: Mapping[str, Any], stored: str) -> tuple[str, str, int]:
    """What the form was filled in for."""
    heading = _number(form, f"{stored}:was_heading", most=MOST_ROWS)
    return _text(form, f"{stored}:was"), _text(form, f"{stored}:was_sheet"), heading


def _number(form: Mapping[str, Any], name: str, *, most: int) -> int:
    """A whole number from 0 on; 0 for anything else: what the data says is then kept."""
    text = narrow(_text(form, name))
    return int(text) if text.isascii() and text.isdigit() and int(text) <= most else 0


def decisions_from(run: ImportRun, form: Mapping[str, Any]) -> dict[str, dict[int, str]]:
    """File's name → line → what was said, of rows that look like one that stands."""
    names = {one["stored"]: one["name"] for one in run.settings["files"]}
    decided: dict[str, dict[int, str]] = {}
    for field in form:
        stored, _alike, line = field.partition(":alike:")
        if stored in names and line.isdecimal() and len(line) < LINE_DIGITS:
            decided.setdefault(names[stored], {})[int(line)] = _text(form, field)
    return decided


def _text(form: Mapping[str, Any], name: str) -> str:
    return str(form.get(name, "")).replace("\x00", "").strip()[:300]
