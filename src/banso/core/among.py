"""Rows by many ids: one array is read faster than a thousand parameters."""

from collections.abc import Collection
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, F, Func, Q, UUIDField, Value


class _Among(Func):
    """`column = ANY (ids)`."""

    conditional = True
    template = "(%(expressions)s))"
    arg_joiner = " = ANY ("


def among(column: str, ids: Collection[UUID]) -> Q:
    """Whether `column` is one of `ids`, for `filter`. As `column__in`, where ids are many."""
    listed = Value(list(ids), ArrayField(UUIDField()))
    return Q(_Among(F(column), listed, output_field=BooleanField()))
