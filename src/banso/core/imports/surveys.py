"""One pass over a file before it is imported: how many rows, in which order its dates read, and
whether its codes are whole."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, cast

from banso.core.imports.codes import Codes
from banso.core.imports.declarations import ImportTable
from banso.core.imports.mappings import Source
from banso.core.imports.plans import FilePlan
from banso.core.imports.problems import Problem
from banso.lib.dates import Order, date_order
from banso.lib.memory import rarely_collecting
from banso.lib.table import Row
from banso.lib.tabular import Dialect, UnreadableFile, blocks
from banso.lib.text import shorten

SHOWN = 6  # lines of a footer


def survey(plan: FilePlan, told: str) -> None:
    """Count the rows and settle how dates read: proven by the data, else told, else asked."""
    looked = _look_at(plan)
    _tell_codes(plan, looked.codes)
    _tell_footer(plan, looked.footer)
    spellings = looked.spellings
    proofs = {header: date_order(cells) for header, cells in spellings.items()}
    proven = {order for order in proofs.values() if order in ("dmy", "mdy")}
    if len(proven) > 1:
        _ask(plan, spellings, proofs, "mixed_dates", ("dmy", "mdy"))
    elif proven:
        (found,) = proven
        if told in ("dmy", "mdy") and told != found:
            _ask(plan, spellings, proofs, "other_order", (found,), proven=found, told=told)
        plan.date_order = cast(Order, found)
    elif told:
        plan.date_order = cast(Order, told)
    elif "ambiguous" in proofs.values():
        _ask(plan, spellings, proofs, "ambiguous_dates", ("ambiguous",))
    elif all(order in ("iso", None) for order in proofs.values()):
        plan.date_order = "iso"


class _Looked(NamedTuple):
    """Rows in all; header → its distinct cells, of dates; header → its codes, of a workbook; what
    stands below the rows."""

    rows: int
    spellings: Mapping[str, set[str]]
    codes: Mapping[str, Codes]
    footer: Sequence[Row] = ()


def _look_at(plan: FilePlan) -> _Looked:
    table, dialect = plan.target, plan.dialect
    if table is None or dialect is None:
        return _Looked(0, {}, {})
    read = [(key, source) for key, source in plan.columns.items() if source.header]
    dated = {one.header for key, one in read if _holds_dates(table, key, one)}
    coded = {one.header for key, one in read if dialect.sheet and _holds_codes(table, key, one)}
    try:
        stamp = plan.path.stat().st_mtime_ns
        found = _look(plan.path, stamp, dialect, tuple(sorted(dated)), tuple(sorted(coded)))
    except UnreadableFile as error:
        plan.problems.append(Problem(0, "", error.code, error.params))
        return _Looked(0, {header: set() for header in dated}, {})
    plan.rows = found.rows
    return found


@lru_cache(maxsize=8)
@rarely_collecting()
def _look(
    path: Path, _stamp: int, dialect: Dialect, dated: Sequence[str], coded: Sequence[str]
) -> _Looked:
    """The pass itself, remembered: the page of a draft asks again whenever it is looked at."""
    rows, spellings = 0, {header: set[str]() for header in dated}
    codes = {header: Codes() for header in coded}
    footer: list[Row] = []
    for block in blocks(path, dialect, footer.extend):
        rows += block.records
        for header, cells in spellings.items():
            cells.update(block.cells(header))
            cells.update(row.values.get(header, "") for row in block.broken)
        for header, found in codes.items():
            found.look(block.lines, block.cells(header))
    return _Looked(rows, spellings, codes, footer)


def _tell_footer(plan: FilePlan, footer: Sequence[Row]) -> None:
    """What is taken for the end of a report is shown: a row among it would be missed else."""
    texts = [shorten(" ".join(filter(None, row.values.values())), 60) for row in footer]
    if said := [text for text in texts if text]:
        more = len(said) - SHOWN
        listed = " / ".join([*said[:SHOWN], *([f"+{more}"] if more > 0 else [])])
        facts: dict[str, str | int] = {
            "line": footer[0].line, "count": len(footer), "value": listed
        }  # fmt: skip
        plan.notes.append(Problem(0, "", "footer", facts))


def _tell_codes(plan: FilePlan, codes: Mapping[str, Codes]) -> None:
    for header, found in codes.items():
        plan.zeros[header] = found.zeroed
        if found.are_numbers:
            line, value = found.first
            cell = f"{plan.letters[header]}{line}"
            facts: dict[str, str | int] = {"value": value, "cell": cell, "count": found.numbers}
            plan.notes.append(Problem(0, header, "numbers_as_codes", facts))


def _holds_codes(table: ImportTable, key: str, source: Source) -> bool:
    column = table.column(key)
    return column is not None and column.kind == "text" and not source.digits


def _holds_dates(table: ImportTable, key: str, source: Source) -> bool:
    column = table.column(key)
    return column.kind in ("date", "moment") if column else source.kind == "date"


def _ask(
    plan: FilePlan,
    spellings: Mapping[str, set[str]],
    proofs: Mapping[str, str | None],
    code: str,
    orders: Sequence[str],
    **params: str,
) -> None:
    for header, cells in spellings.items():
        if proofs[header] in orders:
            example = min((cell for cell in cells if cell.strip()), default="")
            facts = {"value": example[:30], "file": plan.name, **params}
            problem = Problem(0, header, code, facts)
            (plan.questions if code == "ambiguous_dates" else plan.problems).append(problem)
