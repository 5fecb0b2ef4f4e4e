"""Mappings as they are kept with a repeated import and with each of its runs."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from banso.core.imports import planning
from banso.core.imports.declarations import ImportTable
from banso.core.imports.mappings import FileMapping, Only, Source

Kept = dict[str, Any]


def kept(one: FileMapping) -> Kept:
    """The mapping as JSON."""
    return {
        "columns": {key: asdict(source) for key, source in one.columns.items()},
        "ignored": list(one.ignored),
        "sheet": one.sheet,
        "heading": one.heading,
        "has_footer": one.has_footer,
        "only": asdict(one.only) if one.only else None,
    }


def guessed(path: Path, table: ImportTable) -> Kept:
    """What this file's headers say for themselves."""
    found = planning.guessed_headers(path, table)
    columns = {key: Source(header=header) for key, header in found.items()}
    return kept(FileMapping((), table.name, columns))


def from_source(told: Kept, source: str) -> Kept:
    """The mapping for files that come from `source`, whatever their cells say; as it is for ""."""
    own = {"source": asdict(Source(constant=source))} if source else {}
    return {**told, "columns": {**told["columns"], **own}}


def file_mapping(table: str, told: Mapping[str, Any]) -> FileMapping:
    """What `kept` was given."""
    only = told.get("only")
    return FileMapping(
        patterns=(),
        table=table,
        columns={key: _source(one) for key, one in told["columns"].items()},
        ignored=tuple(told.get("ignored", ())),
        sheet=told.get("sheet", ""),
        heading=told.get("heading", 0),
        has_footer=told.get("has_footer", False),
        only=Only(_source(only["source"]), tuple(only["values"])) if only else None,
    )


def _source(told: Mapping[str, Any]) -> Source:
    lists = {
        "joined": tuple(told.get("joined", ())),
        "any_of": tuple(told.get("any_of", ())),
        "any_joined": tuple(map(tuple, told.get("any_joined", ()))),
    }
    return Source(**{**told, **lists})
