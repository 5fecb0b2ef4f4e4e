"""One pass over a file before it is imported: how many rows, and in which order its dates read."""

from collections.abc import Mapping, Sequence
from typing import cast

from banso.core.imports.declarations import ImportTable
from banso.core.imports.mappings import Source
from banso.core.imports.plans import FilePlan
from banso.core.imports.problems import Problem
from banso.lib.dates import Order, date_order
from banso.lib.memory import rarely_collecting
from banso.lib.tabular import Dialect, UnreadableFile, blocks


def survey(plan: FilePlan, told: str) -> None:
    """Count the rows and settle how dates read: proven by the data, else told, else asked."""
    spellings = _date_cells(plan)
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


def _date_cells(plan: FilePlan) -> dict[str, set[str]]:
    """Header → its distinct cells, for columns that hold dates. One pass over the file."""
    table, dialect = plan.target, plan.dialect
    if table is None or dialect is None:
        return {}
    dated = {
        source.header
        for key, source in plan.columns.items()
        if source.header and _holds_dates(table, key, source)
    }
    spellings: dict[str, set[str]] = {header: set() for header in sorted(dated)}
    try:
        with rarely_collecting():
            _read(plan, dialect, spellings)
    except UnreadableFile as error:
        plan.problems.append(Problem(0, "", error.code, error.params))
    return spellings


def _read(plan: FilePlan, dialect: Dialect, spellings: dict[str, set[str]]) -> None:
    for block in blocks(plan.path, dialect):
        plan.rows += block.records
        for header, cells in spellings.items():
            cells.update(block.cells(header))
            cells.update(row.values.get(header, "") for row in block.broken)


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
