"""What becomes of lines whose rows take the place of others, and how they are taken back."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from banso.core.errors import Refused
from banso.core.imports.declarations import Row
from banso.core.imports.loading import Loading
from banso.core.models import ImportedRow, ImportRun
from banso.insight.metrics.models import Put


def tell(
    rows: Iterable[Row], outcomes: Iterable[Put[Any] | Refused | None], loading: Loading
) -> None:
    """What became of each row; None: it stood already, just so."""
    for row, outcome in zip(rows, outcomes, strict=True):
        if outcome is None:
            loading.unchanged(row.line)
        elif isinstance(outcome, Refused):
            loading.refuse_row(row.line, outcome)
        elif outcome.replaced is None:
            loading.created(row.line, outcome.made.pk)
        else:
            loading.updated(row.line, outcome.made.pk, {"voided": str(outcome.replaced.pk)})


def undo_by(take_back: Callable[..., None]) -> Callable[[ImportRun, Sequence[ImportedRow]], None]:
    """Rows of the run no longer count; those whose place they took count again."""

    def undo(run: ImportRun, rows: Sequence[ImportedRow]) -> None:
        replaced = [row.before["voided"] for row in rows if row.before]
        take_back([row.object_id for row in rows], replaced=replaced)

    return undo
