"""`filter(column__any=values)`: as `__in`, for thousands of values at a tenth of the cost.

They go to the server as one array instead of one parameter each.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    _Lookup = models.Lookup[Any]
else:
    _Lookup = models.Lookup  # at run time it takes no brackets

# Casting to varchar(n) would cut what is longer: it could then be found by its beginning.
_TYPES = {"CharField": "text", "TextField": "text", "EmailField": "text", "UUIDField": "uuid"}
_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"'})


class EqualsAny(_Lookup):
    """The column is one of the values; no row for no values."""

    lookup_name = "any"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        kind = _type_of(self.lhs.output_field)
        return f"{column} = ANY(%s::{kind}[])", [*params, array_of(map(str, self.rhs))]


def _type_of(field: Any) -> str:
    while field.is_relation:
        field = field.target_field
    return _TYPES[field.get_internal_type()]


def array_of(texts: Iterable[str]) -> str:
    """The texts as PostgreSQL writes an array."""
    return "{" + ",".join([f'"{text.translate(_ESCAPED)}"' for text in texts]) + "}"


def register() -> None:
    models.Field.register_lookup(EqualsAny)
    models.ForeignObject.register_lookup(EqualsAny)  # links look no further than themselves
