"""What a file probably holds, from its name, its headers and its content. Always shown, never forced."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import PurePath

from banso.core.imports.declarations import Column, ImportTable, import_tables
from banso.core.imports.mappings import ATTRIBUTE, FileMapping, Source
from banso.core.imports.mappings import Mapping as KnownFiles
from banso.core.imports.values import labels
from banso.lib.dates import date_order
from banso.lib.money import without_unit
from banso.lib.text import fold

LONGEST_HEADER = 200
_FILLING = re.compile(r"[\s_\-./・:()\[\]]+")


def folded_header(text: str) -> str:
    """Headers that people take for the same are equal: width, case, spaces, signs.

    What is longer than any header stays as it is: the rows below the heading are looked at, too,
    and minutes of many pages may stand in their cells.
    """
    return _folded(text) if len(text) <= LONGEST_HEADER else text


@lru_cache(maxsize=2048)
def _folded(text: str) -> str:
    return _FILLING.sub("", fold(text))


@lru_cache(maxsize=512)
def _names_of(column: Column) -> frozenset[str]:
    return frozenset(map(folded_header, (column.key, *labels(column.label), *column.aliases)))


def guess_table(name: str, headers: Sequence[str], sheet: str = "") -> ImportTable | None:
    """The table a file goes into: by its name or its sheet's, else the one whose columns its headers are.

    By headers only when every required column is found, and most of the headers are known.
    """
    said = {folded_header(PurePath(name).stem), folded_header(sheet)}
    for table in import_tables():
        if said & set(map(folded_header, (table.name, *labels(table.label), *table.aliases))):
            return table
    fits = {table.name: _fitness(table, headers) for table in import_tables()}
    best = max(import_tables(), key=lambda table: fits[table.name], default=None)
    return best if best and fits[best.name] >= 0.5 else None


def _fitness(table: ImportTable, headers: Sequence[str]) -> float:
    found = guess_columns(table, headers)
    if not headers or any(column.required and column.key not in found for column in table.columns):
        return 0.0
    if table.told_by and found.keys().isdisjoint(table.told_by):
        return 0.0
    return len(found) / len(headers)


def guess_columns(
    table: ImportTable,
    headers: Iterable[str],
    samples: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Source]:
    """Column key → source, by names in any language, then by what the `samples` look like."""
    free = list(headers)
    found: dict[str, Source] = {}
    for column in table.columns:
        match = next((one for one in free if _is_named(column, one)), None)
        if match is not None:
            free.remove(match)
            found[column.key] = Source(header=match)
    for header, key in _attributes(table, free):
        free.remove(header)
        found[key] = Source(header=header)
    for column in table.columns:
        if column.key not in found and (match := _by_content(column, free, samples or {})):
            free.remove(match)
            found[column.key] = Source(header=match)
    return found


def in_file(source: Source, headers: Sequence[str]) -> Source | None:
    """The source as it is called in a file with these headers; None where it is not there."""
    if not (source.any_of or source.any_joined):
        return source
    known = {folded_header(one): one for one in reversed(headers)}
    bare = replace(source, any_of=(), any_joined=())
    for names in source.any_joined:
        found = tuple(known[name] for one in names if (name := folded_header(one)) in known)
        if len(found) == len(names):
            return replace(bare, header=found[0], joined=found)
    for one in source.any_of:
        if (name := folded_header(one)) in known:
            return replace(bare, header=known[name])
    return bare if bare.constant else None


def file_like(mapping: KnownFiles, headers: Sequence[str]) -> FileMapping | None:
    """The mapping's file that has most of its columns among these headers, at least two.

    For systems that name their files as they like; None where no file fits.
    """

    def columns(one: FileMapping) -> int:
        alternatives = [source for source in one.columns.values() if source.any_of]
        return sum(in_file(source, headers) is not None for source in alternatives)

    best = max(mapping.files, key=columns, default=None)
    return best if best and columns(best) > 1 else None


def _attributes(table: ImportTable, headers: Iterable[str]) -> list[tuple[str, str]]:
    """Headers that name attributes, by key ("attributes.color") or by label; with their column key."""
    labels = table.attribute_labels() if table.attribute_labels else {}
    called = {folded_header(label): ATTRIBUTE + name for name, label in labels.items()}
    by_key = {one: one for one in headers if one.startswith(ATTRIBUTE) and table.keeps_attributes}
    found = {one: by_key.get(one) or called.get(folded_header(one)) for one in headers}
    once = {key: header for header, key in reversed(found.items()) if key}
    return [(header, key) for key, header in once.items()]


def _is_named(column: Column, header: str) -> bool:
    """A heading of an amount may end in what it counts: 月額（千円）."""
    names = _names_of(column)
    if folded_header(header) in names:
        return True
    return column.kind == "amount" and folded_header(without_unit(header)) in names


def _by_content(
    column: Column, headers: Sequence[str], samples: Mapping[str, Sequence[str]]
) -> str | None:
    """The only header whose cells can be nothing else: e-mail addresses, or a needed date."""
    if column.key == "email":
        fits = [one for one in headers if _all(samples.get(one, ()), lambda cell: "@" in cell)]
    elif column.required and column.kind == "date":
        fits = [one for one in headers if date_order(samples.get(one, ())) is not None]
    else:
        return None
    return fits[0] if len(fits) == 1 else None


def _all(cells: Sequence[str], test: Callable[[str], bool]) -> bool:
    given = [cell for cell in cells if cell.strip()]
    return bool(given) and all(test(cell) for cell in given)
