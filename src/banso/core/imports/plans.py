"""How an import will be done, file by file: what planning finds and running follows."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from banso.core.imports.declarations import ImportTable, import_table
from banso.core.imports.mappings import Only, Source
from banso.core.imports.problems import Problem
from banso.lib.dates import Order
from banso.lib.sheets import Line
from banso.lib.tabular import Dialect


@dataclass(slots=True)
class FilePlan:
    """One file: the table it fills, the source of each column, and how it is written.

    `problems` are why it cannot be imported, `questions` what must be answered first, `notes`
    what somebody should look at. Of a workbook: its `sheets`, the first rows (`head`) of the one
    that is read, the `letters` of its headers, and the `unit` of amounts that is told above them.
    """

    path: Path
    name: str
    table: str = ""
    columns: dict[str, Source] = field(default_factory=dict)
    skipped: str = ""
    dialect: Dialect | None = None
    date_order: Order = "ymd"
    headers: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    rows: int = 0
    # Line → what a person said of a row that looks like one that stands: "new", "skip" or its id.
    decisions: Mapping[int, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    questions: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    sheets: tuple[str, ...] = ()
    head: Sequence[Line] = ()
    letters: dict[str, str] = field(default_factory=dict)
    unit: int = 1
    only: Only | None = None
    zeros: dict[str, int] = field(default_factory=dict)  # header -> digits of its codes

    @property
    def sheet(self) -> str:
        """The sheet that is read; "" of a file that is no workbook."""
        return self.dialect.sheet if self.dialect else ""

    @property
    def source(self) -> str:
        """The system that the file comes from, where its mapping says so; a cell cannot claim it."""
        said = self.columns.get("source")
        return said.constant if said and not said.header else ""

    @property
    def target(self) -> ImportTable | None:
        return import_table(self.table)

    @property
    def read(self) -> set[str]:
        """Headers whose cells are read; "" where a value is no cell's."""
        sources = [*self.columns.values(), *([self.only.source] if self.only else [])]
        return {one for each in sources for one in (each.header, *each.joined)}

    @property
    def unused(self) -> list[str]:
        """Headers that nothing reads and the mapping does not set aside."""
        used = self.read | set(self.ignored)
        return [] if self.skipped else [one for one in self.headers if one not in used]


@dataclass(slots=True)
class Plan:
    """A whole import, in the order in which its files must be loaded."""

    mapping: str
    currency: str
    files: list[FilePlan]

    @property
    def questions(self) -> list[Problem]:
        return [question for one in self.files for question in one.questions]

    @property
    def readable(self) -> bool:
        """Whether anything can be imported at all."""
        return any(not one.problems for one in self.files)

    def facts(self) -> dict[str, Any]:
        """As kept with the run: what was read as what."""
        return {
            "currency": self.currency,
            "files": [
                {
                    "name": one.name,
                    "table": one.table,
                    "date_order": one.date_order,
                    **({"sheet": one.sheet} if one.sheet else {}),
                    "columns": {key: asdict(source) for key, source in one.columns.items()},
                    **({"only": asdict(one.only)} if one.only else {}),
                    **({"has_footer": True} if one.dialect and one.dialect.has_footer else {}),
                }
                for one in self.files
            ],
        }
