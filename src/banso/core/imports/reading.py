"""Lines of a file as rows of typed values, a thousand together and column by column."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any, NamedTuple

from banso.core.imports.codes import code_problem
from banso.core.imports.declarations import NUMBERS, Column, ImportTable, Row
from banso.core.imports.mappings import ATTRIBUTE, Source
from banso.core.imports.plans import FilePlan
from banso.core.imports.problems import Problem, problem_of
from banso.core.imports.seen import Seen
from banso.core.imports.values import Reading, attribute, read_attribute, read_cell, read_texts
from banso.core.scope import current_workspace
from banso.lib.ahead import ahead
from banso.lib.bad_value import BadValue
from banso.lib.sheets import Number, Repeated
from banso.lib.tabular import Block, blocks

# What a cell says is remembered, for days, choices and small numbers come again and again.
REMEMBERED, LONGEST = 5000, 40  # cells of a column from block to block, characters of a cell
AHEAD = 5  # blocks that are read while others are stored
_REFUSED: Any = object()  # what a cell says that cannot be read
Wrong = dict[int, list[Problem]]  # by place in the block


class Found(NamedTuple):
    """What a block of so many records holds: the typed rows, the first of each id.

    `again`: (line, first line, id) of rows with an id from before; `problems`: why others cannot
    be read, in the order of their lines; `left_out`: how many the mapping does not mean.
    """

    records: int
    rows: list[Row]
    again: list[tuple[int, int, str]]
    problems: list[Problem]
    left_out: int = 0


def read_file(plan: FilePlan, table: ImportTable, kinds: Mapping[str, str]) -> Iterator[Found]:
    """All of the plan's file, read on in a thread while the caller stores what was read.

    Raises UnreadableFile. Memory: 6 blocks.
    """
    if plan.dialect is None:
        return
    reader, seen = RowReader(plan, table, kinds), Seen()

    def read(block: Block) -> Found:
        meant = reader.meant(block)
        rows, problems = reader.read(block, meant)
        problems += [
            Problem(one.line, one.column or "", one.code, one.params)
            for row in block.broken
            for one in row.problems
        ]
        problems.sort(key=attrgetter("line"))
        left_out = len(block.lines) - len(meant) if meant is not None else 0
        return Found(block.records, *_firsts(rows, table, seen), problems, left_out)

    yield from ahead(map(read, blocks(plan.path, plan.dialect)), most=AHEAD)


def _firsts(
    rows: list[Row], table: ImportTable, seen: Seen
) -> tuple[list[Row], list[tuple[int, int, str]]]:
    """The rows without those whose id was on a line before; these."""
    keys = [table.key(row.values) for row in rows]
    again = seen.again(keys, [row.line for row in rows])
    if not again:
        return rows, []
    told = [(rows[place].line, first, _last(keys[place])) for place, first in again.items()]
    return [row for place, row in enumerate(rows) if place not in again], told


def _last(key: Hashable) -> str:
    return str(key[-1] if isinstance(key, tuple) else key)


class RowReader:
    """From the cells of a block to typed values, by the plan's sources."""

    def __init__(self, plan: FilePlan, table: ImportTable, kinds: Mapping[str, str]) -> None:
        self._only = plan.only
        epoch = plan.dialect.epoch if plan.dialect and plan.sheet else None
        reading = Reading(plan.date_order, current_workspace().tz, epoch)
        self.columns = [
            _Cells(column.key, source, _reader(column, reading, source), column, plan)
            for column in table.columns
            if (source := plan.columns.get(column.key)) is not None
        ]
        self.attributes = [
            _Cells(
                name, source, _attribute_reader(kinds[name], reading), attribute(kinds[name]), plan
            )
            for key, source in plan.columns.items()
            if key.startswith(ATTRIBUTE) and (name := key.removeprefix(ATTRIBUTE))
        ]

    def meant(self, block: Block) -> set[int] | None:
        """The places of the rows that the mapping means; None where it means all."""
        if self._only is None:
            return None
        cells, values = self._only.source.cells(block), self._only.values
        return {place for place, cell in enumerate(cells) if cell.strip() in values}

    def read(self, block: Block, meant: set[int] | None = None) -> tuple[list[Row], list[Problem]]:
        """The typed rows, and why the other lines cannot be read; both in the lines' order.

        Of the places in `meant`, where it is given.
        """
        wrong: Wrong = {}
        values = _rows(self.columns, block, wrong)
        attributes = _rows(self.attributes, block, wrong)
        rows = list(map(Row, block.lines, values, attributes))
        if meant is not None:
            wrong = {place: told for place, told in wrong.items() if place in meant}
            rows = [row for place, row in enumerate(rows) if place in meant and place not in wrong]
        elif wrong:
            rows = [row for place, row in enumerate(rows) if place not in wrong]
        return rows, [problem for place in sorted(wrong) for problem in wrong[place]]


def _rows(columns: Sequence["_Cells"], block: Block, wrong: Wrong) -> list[dict[str, Any]]:
    """For each line what its cells say, by name; nothing of a blank cell."""
    if not columns:
        return [{} for _line in block.lines]
    names = [column.name for column in columns]
    found = [column.read(block, wrong) for column in columns]
    together = zip(*found, strict=True)
    if any(None in values for values in found):
        return [_given(names, values) for values in together]
    return [dict(zip(names, values, strict=True)) for values in together]


def _given(names: Iterable[str], values: Iterable[Any]) -> dict[str, Any]:
    return {name: value for name, value in zip(names, values, strict=True) if value is not None}


class _Cells:
    """The cells of one column."""

    def __init__(
        self,
        name: str,
        source: Source,
        read: Callable[[str], Any],
        column: Column,
        plan: FilePlan,
    ) -> None:
        self._is_sheet, self._zeroed = bool(plan.sheet), plan.zeros.get(source.header, 0)
        self.name, self._source, self._column = name, source, column
        self._header = source.header or name
        self._known = _Known(read)
        # What a mapping says instead of a cell was not looked at when the file was read.
        self._is_text = column.kind == "text" and bool(source.header) and not source.values

    def read(self, block: Block, wrong: Wrong) -> Sequence[Any]:
        """What each line says, None where nothing; `wrong` has the lines that cannot be read."""
        cells = self._source.cells(block)
        if self._is_text and (texts := read_texts(self._column, cells)) is not None:
            values: Sequence[Any] = texts
        else:
            values = self._typed(cells, block.lines, wrong)
        if self._is_sheet:
            self._check_sheet(cells, block.lines, wrong)
        if self._column.required and None in values:
            for place, line in enumerate(block.lines):
                if values[place] is None:
                    _add(wrong, place, Problem(line, self._header, "missing_value"))
        return values

    def _check_sheet(self, cells: Sequence[str], lines: Sequence[int], wrong: Wrong) -> None:
        """Numbers that are no codes any more, and numbers that belong to several rows together."""
        for place, cell in enumerate(cells):
            if type(cell) is Number and self._column.kind == "text":
                found = code_problem(lines[place], self._header, cell, zeroed=self._zeroed)
                if found:
                    _add(wrong, place, Problem(found.line, self._header, found.code, found.params))
            elif type(cell) is Repeated and self._column.kind in NUMBERS:
                facts = {"value": cell[:40]}
                _add(wrong, place, Problem(lines[place], self._header, "merged_number", facts))

    def _typed(self, cells: Sequence[str], lines: Sequence[int], wrong: Wrong) -> list[Any]:
        self._known.begin_block()
        values = list(map(self._known.__getitem__, cells))
        for place, value in enumerate(values) if self._known.refused else ():
            if value is _REFUSED:
                cell, line = cells[place], lines[place]
                error = self._known.refused[cell]
                _add(wrong, place, problem_of(error, line=line, column=self._header, value=cell))
        return values


class _Known(dict[str, Any]):
    """What the cells of a column say, read when first asked; of a block's `refused`, why not."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        self._read = read
        self.refused: dict[str, BadValue] = {}

    def __missing__(self, cell: str) -> Any:
        try:
            value = self._read(cell)
        except BadValue as error:
            self.refused[cell] = error
            return _REFUSED
        if len(cell) <= LONGEST and not isinstance(value, list):  # a list would be shared by rows
            self[cell] = value
        return value

    def begin_block(self) -> None:
        self.refused.clear()
        if len(self) > REMEMBERED:
            self.clear()


def _add(wrong: Wrong, place: int, problem: Problem) -> None:
    wrong.setdefault(place, []).append(problem)


def _reader(column: Column, reading: Reading, source: Source) -> Callable[[str], Any]:
    counted = replace(reading, unit=source.unit or 1)
    return lambda cell: read_cell(column, cell, counted)


def _attribute_reader(kind: str, reading: Reading) -> Callable[[str], Any]:
    return lambda cell: read_attribute(kind, cell, reading)
