"""How an import will be done, file by file: what planning finds and running follows."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from banso.core.imports.declarations import ImportTable, import_table
from banso.core.imports.mappings import Source
from banso.core.imports.problems import Problem
from banso.lib.dates import Order
from banso.lib.tabular import Dialect


@dataclass(slots=True)
class FilePlan:
    """One file: the table it fills, the source of each column, and how it is written.

    `problems` are why it cannot be imported, `questions` what must be answered first.
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
    problems: list[Problem] = field(default_factory=list)
    questions: list[Problem] = field(default_factory=list)

    @property
    def target(self) -> ImportTable | None:
        return import_table(self.table)

    @property
    def unused(self) -> list[str]:
        """Headers that nothing reads and the mapping does not set aside."""
        used = {source.header for source in self.columns.values()} | set(self.ignored)
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
                    "columns": {key: asdict(source) for key, source in one.columns.items()},
                }
                for one in self.files
            ],
        }
