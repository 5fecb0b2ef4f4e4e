"""What an import did, table by table: counts and problems, as stored and as shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from banso.core.imports.problems import Problem, message

KEPT = 1000  # problems kept for each table; all are counted
MOST_ALIKE = 200  # rows that look like one that stands


@dataclass(slots=True)
class TableReport:
    """read = created + updated + unchanged + duplicates + skipped, once the table is done.

    `skipped` are lines with errors and lines of tables that nothing here can hold (`note`).
    """

    table: str
    file: str
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicates: int = 0
    skipped: int = 0
    note: str = ""
    date_order: str = ""
    encoding: str = ""
    unused: list[str] = field(default_factory=list)  # headers of the file that nothing reads
    sheet: str = ""  # of a workbook
    letters: Mapping[str, str] = field(default_factory=dict)  # header → its column on the sheet
    notes: list[Problem] = field(default_factory=list)  # what somebody should look at
    errors: list[Problem] = field(default_factory=list)
    errors_in_all: int = 0
    reused: list[Problem] = field(default_factory=list)
    refused_lines: set[int] = field(default_factory=set)
    alike: list[dict[str, Any]] = field(default_factory=list)  # of a dry run: see `Loading.alike`
    alike_in_all: int = 0
    sample: dict[str, Any] = field(default_factory=dict)  # of a dry run: see `samples.sample`

    def refuse(self, *problems: Problem) -> None:
        """The lines of `problems` are skipped, each counted once however much is wrong with it."""
        for problem in problems:
            self.errors_in_all += 1
            if problem.line and problem.line not in self.refused_lines:
                self.refused_lines.add(problem.line)
                self.skipped += 1
            if len(self.errors) < KEPT:
                self.errors.append(problem)

    def duplicate(self, line: int, column: str, first_line: int, key: str) -> None:
        self.duplicates += 1
        if len(self.reused) < KEPT:
            facts: dict[str, str | int] = {"id": key[:60], "first_line": first_line}
            self.reused.append(Problem(line, column, "duplicate_id", facts))

    def looks_alike(self, facts: dict[str, Any]) -> None:
        self.alike_in_all += 1
        if len(self.alike) < MOST_ALIKE:
            self.alike.append(facts)

    def mark(self) -> tuple[int, ...]:
        """The counts that a batch may change, to come back to when it is refused."""
        counts = (self.created, self.updated, self.unchanged, self.duplicates, self.skipped)
        told = (len(self.errors), len(self.reused), self.errors_in_all)
        return (*counts, *told, len(self.alike), self.alike_in_all)

    def back_to(self, mark: tuple[int, ...]) -> None:
        self.created, self.updated, self.unchanged, self.duplicates, self.skipped = mark[:5]
        for problem in self.errors[mark[5] :]:
            self.refused_lines.discard(problem.line)
        del self.errors[mark[5] :], self.reused[mark[6] :]
        self.errors_in_all = mark[7]
        del self.alike[mark[8] :]
        self.alike_in_all = mark[9]

    @property
    def failed(self) -> bool:
        """The file as a whole could not be read."""
        return any(problem.line == 0 for problem in self.errors)

    def facts(self) -> dict[str, Any]:
        """As stored with the run: codes, to be worded for whoever reads."""
        return {
            "table": self.table,
            "file": self.file,
            **{name: getattr(self, name) for name in COUNTS},
            "note": self.note,
            "date_order": self.date_order,
            "encoding": self.encoding,
            "unused": self.unused,
            "errors": list(map(self._told, self.errors)),
            "errors_in_all": self.errors_in_all,
            "duplicate_rows": list(map(self._told, self.reused)),
            **({"notes": list(map(self._told, self.notes))} if self.notes else {}),
            **({"sample": self.sample} if self.sample else {}),
            **({"alike": self.alike, "alike_in_all": self.alike_in_all} if self.alike else {}),
        }

    def _told(self, problem: Problem) -> dict[str, Any]:
        """Of a workbook with its sheet and, where it has one, its cell."""
        if not self.sheet:
            return problem.facts()
        letters = self.letters.get(problem.column, "") if problem.line else ""
        cell = f"{letters}{problem.line}" if letters else ""
        return {**problem.facts(), "sheet": self.sheet, "cell": cell}


COUNTS = ("read", "created", "updated", "unchanged", "duplicates", "skipped")


def told(facts: Mapping[str, Any]) -> dict[str, Any]:
    """A stored table report with its sentences, in the reader's language."""
    note = message({"line": 0, "column": "", "code": facts["note"], "params": {}})
    return {
        **facts,
        "note": note if facts["note"] else "",
        "errors": [_told(problem) for problem in facts["errors"]],
        "duplicate_rows": [
            {**_told(problem), **problem["params"]} for problem in facts["duplicate_rows"]
        ],
        "notes": [_told(problem) for problem in facts.get("notes", [])],
    }


def by_table(tables: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Worded reports by table; a second file of one table, and a file of none, by its own name."""
    found: dict[str, dict[str, Any]] = {}
    for facts in tables:
        name = facts["table"] or facts["file"]
        found[f"{name}: {facts['file']}" if name in found else name] = told(facts)
    return found


def _told(problem: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "line": problem["line"],
        "column": problem["column"],
        "code": problem["code"],
        "message": message(problem),
        **{key: problem[key] for key in ("sheet", "cell") if key in problem},
    }
