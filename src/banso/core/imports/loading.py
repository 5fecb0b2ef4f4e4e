"""What a table's `load` is given: who imports, and where to tell what became of each line."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction

from banso.core import sql
from banso.core.errors import Refused
from banso.core.imports.declarations import ImportTable
from banso.core.imports.problems import Problem
from banso.core.imports.reports import TableReport
from banso.core.models import ImportedRow, ImportRun, Person
from banso.lib.bad_value import BadValue

T = TypeVar("T")
Mark = tuple[tuple[int, ...], int, int]
# A row of the undo log, as its columns are.
_Change = tuple[UUID, str, int, str, dict[str, Any] | None]
_LOG = {"run_id": "uuid", "table": "text", "line": "int4", "object_id": "text", "before": "jsonb"}


@dataclass(slots=True)
class Loading:
    """One table of one file being loaded. `headers`: column key → the file's own header."""

    table: ImportTable
    run: ImportRun
    by: Person | None
    currency: str
    headers: Mapping[str, str]
    report: TableReport
    attribute_kinds: Mapping[str, str] = field(default_factory=dict)
    decisions: Mapping[int, str] = field(default_factory=dict)  # see FilePlan
    source: str = ""  # the system that the file comes from, where the mapping says so
    looks: bool = False  # a dry run: somebody will look at what is alike
    later: list[Any] = field(default_factory=list)  # what `finish` is to do, by the table's choice
    changed: list[_Change] = field(default_factory=list)
    _kept: dict[Any, Any] = field(default_factory=dict)

    def kept(self, make: Callable[[], T]) -> T:
        """What the table keeps from batch to batch, made when first asked for: what it has looked up."""
        if make not in self._kept:
            self._kept[make] = make()
        found: T = self._kept[make]
        return found

    def created(self, line: int, object_id: UUID | int | str, *, table: str = "") -> None:
        """The line made this row. Another `table`: it came along (a product) and is not counted."""
        self.report.created += not table
        self._remember(line, object_id, table, None)

    def updated(self, line: int, object_id: UUID | int | str, before: Mapping[str, Any]) -> None:
        """The line changed this row; `before` is JSON that `undo` puts back."""
        self.report.updated += 1
        self._remember(line, object_id, "", before)

    def remember(self, line: int, object_id: UUID | int | str, before: Mapping[str, Any]) -> None:
        """As `updated`, for one more change of a line that is counted already."""
        self._remember(line, object_id, "", before)

    def unchanged(self, line: int) -> None:
        """The row stood there already, just so."""
        self.report.unchanged += 1

    def duplicate(self, line: int, first_line: int, key: str) -> None:
        """The id was used before, on `first_line`; that row was kept."""
        self.report.duplicate(line, self._header(self.table.columns[0].key), first_line, key)

    def alike(self, line: int, name: str, object_id: object, standing: str, reasons: Any) -> None:
        """The new row `name` looks like a row that stands; `reasons` are for the table's `why`."""
        facts = {"line": line, "name": name, "id": str(object_id), "standing": standing}
        self.report.looks_alike({**facts, "reasons": reasons})

    def leave_out(self, line: int) -> None:
        """A person said that the line is not to be imported."""
        self.report.skipped += 1

    def refuse(self, line: int, column: str, code: str, **params: str | int) -> None:
        """The line cannot be imported; the others can."""
        self.report.refuse(Problem(line, self._header(column), code, params))

    def refuse_value(self, line: int, column: str, error: BadValue, value: str = "") -> None:
        """As `refuse`, for a value that a reader of `banso.lib` refused."""
        self.refuse(line, column, error.code, **{"value": value[:60], **error.params})

    def refuse_row(self, line: int, error: Exception) -> None:
        """As `refuse`, for what a service or the database said about the row."""
        if isinstance(error, Refused):
            column = (error.field or "").removesuffix("_id")
            self.refuse(line, column, "refused", reason=str(error.message))
        elif isinstance(error, BadValue):
            self.refuse(line, "", error.code, **error.params)
        else:
            self.refuse(line, "", "cannot_be_stored")

    def note(self, column: str, code: str, **params: str | int) -> None:
        """Something that somebody should look at; no line is left out for it."""
        self.report.notes.append(Problem(0, self._header(column), code, params))

    @contextmanager
    def whole(self, line: int) -> Iterator[None]:
        """What is done for the line is done whole, or the line is refused and nothing of it stays.

        For a row that stands: a batch is not halved for each that a service refuses.
        """
        try:
            with transaction.atomic():
                yield
        except Refused as refusal:
            self.refuse_row(line, refusal)

    def mark(self) -> Mark:
        """Where things stand, to come back to when a batch is refused."""
        return self.report.mark(), len(self.changed), len(self.later)

    def back_to(self, mark: Mark) -> None:
        counts, changed, later = mark
        self.report.back_to(counts)
        del self.changed[changed:], self.later[later:]

    def flush(self) -> None:
        """Keep what the lines did, for undo."""
        sql.append(ImportedRow._meta.db_table, _LOG, self.changed)
        self.changed.clear()

    def _header(self, key: str) -> str:
        return self.headers.get(key) or key

    def _remember(
        self, line: int, object_id: UUID | int | str, table: str, before: Mapping[str, Any] | None
    ) -> None:
        name = f"{self.table.name}:{table}" if table else self.table.name
        kept = None if before is None else dict(before)
        self.changed.append((self.run.pk, name, line, str(object_id), kept))
