"""Many new rows of one model at once, by COPY: a third of what `bulk_create` costs."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models.base import ModelState
from django.db.models.fields import NOT_PROVIDED

from banso.core import sql
from banso.core.scope import ForeignWorkspace, ScopedModel, current_workspace_id

_MODIFIER = re.compile(r"\([^)]*\)")  # varchar(200)[] is varchar[] to COPY
FEW = 20  # that `bulk_create` stores as fast
M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True)
class _Layout:
    """Which columns of a model are written, with their types, and how to read them off `vars(row)`:
    the attributes of links cost a call each.
    """

    columns: Mapping[str, str]
    values: Callable[[dict[str, Any]], tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class _Blank:
    """What a new row of a model holds before anything is told: values, and what makes some anew."""

    fixed: Mapping[str, Any]
    made: tuple[tuple[str, Callable[[], Any]], ...]


def unsaved(model: type[M], **columns: Any) -> M:
    """`model(**columns)` at a tenth of its cost (3 of 30 µs); links by their columns (`customer_id`).

    Other columns have their defaults. Raises TypeError for a name that is no column.
    """
    blank = _blank(model)
    values = {**blank.fixed, **columns}
    if len(values) > len(blank.fixed):
        raise TypeError(f"{model._meta.label} has no {sorted(columns.keys() - blank.fixed.keys())}")
    for name, make in blank.made:
        if name not in columns:
            values[name] = make()
    row = model.__new__(model)
    row._state = ModelState()
    row.__dict__.update(values)
    return row


def insert(rows: Sequence[ScopedModel]) -> None:
    """The rows, all of one model and of the open workspace, are stored.

    As `bulk_create` in what it leaves out: no `save`, no check. Other than it, keys that the
    database gives are not put on the rows (take them before: `take_ids`). Columns with a default
    of the database have that. Raises ForeignWorkspace, IntegrityError.
    """
    if not rows:
        return
    here = current_workspace_id()
    theirs = map(itemgetter("workspace_id"), map(vars, rows))
    if any(one is not here and one != here for one in theirs):
        raise ForeignWorkspace(f"A {rows[0]._meta.label} belongs elsewhere.")
    model = type(rows[0])
    if len(rows) < FEW:
        model.objects.bulk_create(rows)
        return
    layout = _layout(model, has_key=rows[0].pk is not None)
    sql.append(model._meta.db_table, layout.columns, map(layout.values, map(vars, rows)))


def take_ids(model: type[ScopedModel], count: int) -> list[int]:
    """So many numbers nobody else gets, as keys of new rows of `model`. 1 query."""
    asked = "SELECT nextval(pg_get_serial_sequence(%(table)s, 'id')) FROM generate_series(1, %(n)s)"
    facts = {"table": model._meta.db_table, "n": count}
    found = sql.run_for_all(asked, facts, reason="a sequence belongs to no workspace")
    return [number for (number,) in found]


@lru_cache(maxsize=64)
def _blank(model: type[models.Model]) -> _Blank:
    made = {f.attname: f.default for f in model._meta.concrete_fields if _is_made_anew(f)}
    fixed = {
        f.attname: None if f.attname in made else f.get_default()
        for f in model._meta.concrete_fields
    }
    return _Blank(fixed, tuple(made.items()))


def _is_made_anew(field: "models.Field[Any, Any]") -> bool:
    return field.has_default() and callable(field.default)


@lru_cache(maxsize=64)
def _layout(model: type[ScopedModel], *, has_key: bool) -> _Layout:
    columns, names = dict[str, str](), list[str]()
    for field in model._meta.concrete_fields:
        if _is_given(field) or (field.primary_key and has_key):
            columns[field.column] = _MODIFIER.sub("", field.db_type(connection) or "")
            names.append(field.attname)
    return _Layout(columns, itemgetter(*names))


def _is_given(field: "models.Field[Any, Any]") -> bool:
    """Whether the value stands on the row: the workspace is the open one, some are the database's."""
    by_database = isinstance(field, models.AutoField) or field.db_default is not NOT_PROVIDED
    return field.attname != "workspace_id" and not by_database
