"""The sample of a dry run in words: which rows it would make, and what it would change in others."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from banso.core.declarations import Words
from banso.core.imports.declarations import Column, ImportTable
from banso.core.imports.mappings import ATTRIBUTE
from banso.core.models import ImportRun
from banso.core.ui.wording import short_day

LONGEST = 80  # characters of a value


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a row: empty where it is."""

    label: Words
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A row that would change."""

    line: int
    name: str
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class Examples:
    """The first rows of each kind, and how many more there are."""

    new: list[str]
    more_new: int
    changed: list[Changed]
    more_changed: int


@dataclass(frozen=True, slots=True)
class Alike:
    """A new row that looks like one that stands. `said`: "new", "skip", that one's id, or nothing."""

    line: int
    field: str
    name: str
    id: str
    standing: str
    why: list[str]
    said: str


def examples(facts: Mapping[str, Any], table: ImportTable | None) -> Examples | None:
    """What a stored report shows of its rows; None where it only counts."""
    told = facts.get("sample")
    if table is None or not told or not (told["new"] or told["changed"]):
        return None
    new = [one["name"] for one in told["new"]]
    changed = [
        Changed(one["line"], one["name"], [_change(table, *each) for each in one["changes"]])
        for one in told["changed"]
    ]
    more = (max(facts["created"] - len(new), 0), max(facts["updated"] - len(changed), 0))
    return Examples(new, more[0], changed, more[1])


def alike(facts: Mapping[str, Any], table: ImportTable | None, run: ImportRun) -> list[Alike]:
    """Rows of a dry run that look like one that stands, each with what was said of it."""
    stored = {one["name"]: one["stored"] for one in run.settings.get("files", [])}
    said = run.settings.get("decided", {}).get(facts["file"], {})
    return [
        Alike(
            one["line"],
            f"{stored.get(facts['file'], '')}:alike:{one['line']}",
            one["name"],
            one["id"],
            one["standing"],
            list(table.why(one["reasons"])) if table and table.why else [],
            said.get(str(one["line"]), ""),
        )
        for one in facts.get("alike", ())
    ]


def _change(table: ImportTable, key: str, before: str, now: str) -> Change:
    column = table.column(key)
    label = column.label if column else key.removeprefix(ATTRIBUTE)
    return Change(label, _value(column, before), _value(column, now))


def _value(column: Column | None, text: str) -> str:
    """As people read it: choices by their names, days as days; long texts are cut."""
    if column is None or not text:
        return text[:LONGEST]
    if column.kind == "date":
        return str(short_day(date.fromisoformat(text)))
    if column.kind == "bool":
        return _("Yes") if text == "TRUE" else _("No")
    if column.choices:
        names = {value: str(label) for value, label in column.choices()}
        return ", ".join(names.get(one, one) for one in text.split(","))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
