"""What a person chose on the page of a draft, from the form's fields."""

from collections.abc import Mapping
from typing import Any

from banso.core.imports.declarations import import_table
from banso.core.imports.planning import Answers
from banso.core.models import ImportRun


def answers_from(form: Mapping[str, Any]) -> Answers:
    """Date order, currency and encoding as told; empty ones are left to the data."""
    return Answers(
        date_order=_text(form, "date_order"),
        currency=_text(form, "currency").upper(),
        encoding=_text(form, "encoding"),
    )


def choices_from(run: ImportRun, form: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Stored name → table and columns, of files whose table was shown.

    A file that was given another table forgets its columns: they are guessed afresh.
    """
    chosen: dict[str, dict[str, Any]] = {}
    for one in run.settings["files"]:
        stored = one["stored"]
        if f"{stored}:table" not in form:
            continue
        name = _text(form, f"{stored}:table")
        table = import_table(name)
        if table is None or name != _text(form, f"{stored}:was"):
            chosen[stored] = {"table": name, "columns": None}
            continue
        columns = {
            column.key: _text(form, f"{stored}:column:{column.key}") for column in table.columns
        }
        chosen[stored] = {"table": name, "columns": columns}
    return chosen


def _text(form: Mapping[str, Any], name: str) -> str:
    return str(form.get(name, "")).replace("\x00", "").strip()[:300]
