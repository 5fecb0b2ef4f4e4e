"""What a file probably holds, from its name, its headers and its content. Always shown, never forced."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import PurePath

from banso.core.imports.declarations import Column, ImportTable, import_tables
from banso.core.imports.mappings import ATTRIBUTE, Source
from banso.core.imports.values import labels
from banso.lib.dates import date_order
from banso.lib.text import fold

_FILLING = re.compile(r"[\s_\-./・:()\[\]]+")


def folded_header(text: str) -> str:
    """Headers that people take for the same are equal: width, case, spaces, signs."""
    return _FILLING.sub("", fold(text))


@lru_cache(maxsize=512)
def _names_of(column: Column) -> frozenset[str]:
    return frozenset(map(folded_header, (column.key, *labels(column.label), *column.aliases)))


def guess_table(name: str, headers: Sequence[str]) -> ImportTable | None:
    """The table a file goes into: by its name, else the one whose columns its headers are.

    By headers only when every required column is found, and most of the headers are known.
    """
    stem = folded_header(PurePath(name).stem)
    for table in import_tables():
        if stem in map(folded_header, (table.name, *labels(table.label), *table.aliases)):
            return table
    fits = {table.name: _fitness(table, headers) for table in import_tables()}
    best = max(import_tables(), key=lambda table: fits[table.name], default=None)
    return best if best and fits[best.name] >= 0.5 else None


def _fitness(table: ImportTable, headers: Sequence[str]) -> float:
    found = guess_columns(table, headers)
    if not headers or any(column.required and column.key not in found for column in table.columns):
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
        match = next((one for one in free if folded_header(one) in _names_of(column)), None)
        if match is not None:
            free.remove(match)
            found[column.key] = Source(header=match)
    for header in [one for one in free if one.startswith(ATTRIBUTE) and table.keeps_attributes]:
        free.remove(header)
        found[header] = Source(header=header)
    for column in table.columns:
        if column.key not in found and (match := _by_content(column, free, samples or {})):
            free.remove(match)
            found[column.key] = Source(header=match)
    return found


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
