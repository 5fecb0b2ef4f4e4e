"""What has been written since a moment, exactly: by the transaction that wrote it, not by its id.

Ids are given when a row is written and seen when it is committed: a reader that remembers the
greatest id it saw misses the rows of a longer transaction that commits later with smaller ones.
"""

import re
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Func

from banso.core.quick import Rows, quick_all
from banso.core.sql import Params

if TYPE_CHECKING:
    _Field = models.Field[Any, Any]  # at run time it takes no brackets
else:
    _Field = models.Field
_SNAPSHOT = re.compile(r"(\d{1,20}):(\d{1,20}):[\d,]*(?:\+[\d:]+)?")


class _Type(_Field):
    """A type of PostgreSQL's own, told and read as text."""

    kind = ""

    def db_type(self, connection: Any) -> str:
        return self.kind

    def get_prep_value(self, value: Any) -> Any:
        return value if value is None or hasattr(value, "resolve_expression") else str(value)


class TransactionId(_Type):
    """Which transaction wrote the row; rows older than the column count as written long ago."""

    kind = "xid8"

    def __init__(self, *args: Any, **options: Any) -> None:
        written = Func(function="pg_current_xact_id", output_field=models.TextField())
        super().__init__(*args, **{"db_default": written, "editable": False, **options})


def snapshot(*models_read: type[models.Model]) -> str:
    """Which transactions have committed by now, as PostgreSQL words it. 1 query.

    Our own counts as under way: what it writes from now on is later. Of the rows it has written
    already, the snapshot remembers the last id in each of `models_read` ("+transaction:id:id").
    """
    return snapshot_and(None, *models_read)[0]


def snapshot_and(
    asked: tuple[str, Params] | None, *models_read: type[models.Model]
) -> tuple[str, Rows]:
    """`snapshot`, and the rows of a statement (as `quick` takes it) that sees at least as much.

    One round trip for both.
    """
    last = "".join(f", {_LAST.format(table=one._meta.db_table)}" for one in models_read)
    ((now, ours, *ids),), *rows = quick_all(
        (_NOW.format(last=last), {}), *([asked] if asked else [])
    )
    found = rows[0] if rows else []
    if ours is None:
        return str(now), found
    return f"{_with(now, int(ours))}+{ours}" + "".join(f":{one}" for one in ids), found


# Of the workspace, though the server's: so that it goes as every statement does.
_NOW = """
SELECT pg_current_snapshot()::text, ours::text {last}
FROM pg_current_xact_id_if_assigned() AS ours WHERE %(workspace)s::uuid IS NOT NULL
"""
# Not max(id): that walks the ids from the latest on, through all events of a workspace, in search
# of one of ours; `tx` has an index.
_LAST = "coalesce((SELECT max(id + 0) FROM {table} WHERE workspace_id = %(workspace)s AND tx = ours), 0)"


def _with(now: str, ours: int) -> str:
    oldest, end, under_way = now.split(":")
    if ours >= int(end):
        return now
    ids = sorted({ours, *(int(one) for one in under_way.split(",") if one)})
    return f"{min(ours, int(oldest))}:{end}:{','.join(map(str, ids))}"


def is_snapshot(words: str) -> bool:
    """Whether the words are those of a snapshot."""
    return _SNAPSHOT.fullmatch(words) is not None


def is_later(now: str, then: str) -> bool:
    """Whether `now` can follow `then`: False for words that are no snapshot, and where the
    database was restored into a younger server, whose transactions count from lower numbers."""
    before, after = _SNAPSHOT.fullmatch(then), _SNAPSHOT.fullmatch(now)
    return bool(before and after and int(before[2]) <= int(after[2]))


def written_since(then: str, *, place: int = 0) -> tuple[str, dict[str, Any]]:
    """SQL that holds of rows which the snapshot `then` had not seen, and its values.

    Written by a transaction that had not committed, or by the one that took it, afterwards.
    `place`: where the rows' model stands among those the snapshot was given. The column is `tx`;
    needs an index on (workspace, tx).
    """
    committed, _sep, own = then.partition("+")
    values = {"oldest": committed.partition(":")[0], "seen": committed}
    ours, *ids = own.split(":")
    if not ids:
        return _LATER, values
    last = f"last_{place}"
    values |= {"ours": ours, last: ids[place]}
    return f"{_LATER} AND NOT (tx = %(ours)s::xid8 AND id <= %({last})s::int8)", values


_LATER = "tx >= %(oldest)s::xid8 AND NOT pg_visible_in_snapshot(tx, %(seen)s::pg_snapshot)"
