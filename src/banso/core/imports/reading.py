"""Lines of a file as rows of typed values."""

from collections.abc import Callable, Mapping
from typing import Any

from banso.core.imports.declarations import Column, ImportTable, Row
from banso.core.imports.mappings import ATTRIBUTE, Source
from banso.core.imports.plans import FilePlan
from banso.core.imports.problems import Problem, problem_of
from banso.core.imports.values import Reading, read_attribute, read_cell
from banso.core.scope import current_workspace
from banso.lib.bad_value import BadValue

# What a cell says is remembered, for days, choices and small numbers come again and again.
REMEMBERED, LONGEST = 5000, 40  # cells of a column, characters of a cell
_UNKNOWN: Any = object()


class RowReader:
    """From the cells of a line to typed values, by the plan's sources."""

    def __init__(self, plan: FilePlan, table: ImportTable, kinds: Mapping[str, str]) -> None:
        reading = Reading(plan.date_order, current_workspace().tz)
        self.columns = [
            _Cells(column.key, source, column.required, _reader(column, reading))
            for column in table.columns
            if (source := plan.columns.get(column.key)) is not None
        ]
        self.attributes = [
            _Cells(name, source, False, _attribute_reader(kinds[name], reading))
            for key, source in plan.columns.items()
            if key.startswith(ATTRIBUTE) and (name := key.removeprefix(ATTRIBUTE))
        ]

    def read(self, line: int, cells: Mapping[str, str], problems: list[Problem]) -> Row | None:
        """The typed row, or None with the reasons added to `problems`."""
        values, attributes = dict[str, Any](), dict[str, Any]()
        for column in self.columns:
            column.take(line, cells, values, problems)
        for column in self.attributes:
            column.take(line, cells, attributes, problems)
        return None if problems else Row(line, values, attributes)


class _Cells:
    """The cells of one column."""

    __slots__ = ("_known", "_name", "_plain", "_read", "_required", "_source")

    def __init__(
        self, name: str, source: Source, required: bool, read: Callable[[str], Any]
    ) -> None:
        self._name, self._source, self._required, self._read = name, source, required, read
        self._plain = source.header if source.header and not source.values else ""
        self._known: dict[str, Any] = {}

    def take(
        self, line: int, cells: Mapping[str, str], values: dict[str, Any], problems: list[Problem]
    ) -> None:
        """`values` has what the line says; `problems` why it cannot be read."""
        cell = cells.get(self._plain, "") if self._plain else self._source.cell(cells)
        value = self._known.get(cell, _UNKNOWN)
        if value is _UNKNOWN:
            try:
                value = self._read(cell)
            except BadValue as error:
                column = self._source.header or self._name
                problems.append(problem_of(error, line=line, column=column, value=cell))
                return
            self._remember(cell, value)
        if value is not None:
            values[self._name] = value
        elif self._required:
            problems.append(Problem(line, self._source.header or self._name, "missing_value"))

    def _remember(self, cell: str, value: Any) -> None:
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        if len(cell) <= LONGEST and not isinstance(value, list):  # a list would be shared by rows
            self._known[cell] = value


def _reader(column: Column, reading: Reading) -> Callable[[str], Any]:
    return lambda cell: read_cell(column, cell, reading)


def _attribute_reader(kind: str, reading: Reading) -> Callable[[str], Any]:
    return lambda cell: read_attribute(kind, cell, reading)
