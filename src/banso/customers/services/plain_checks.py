"""A quick look at a row before all is checked in words: of 100,000 rows nearly all are right.

Django's own checks take 150 µs a row of thirty columns, these 10. They never refuse: what they do
not know to be right goes on to `checks.check_row`.
"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from operator import attrgetter, le
from typing import Any

from django.db import connection, models

from banso.lib.text import has_forbidden

MAX_TEXT = 20_000
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)

Check = Callable[[Any], bool]


def is_plainly_right(row: models.Model) -> bool:
    """Whether `check_row` would surely pass. False says nothing."""
    texts, others = _checks(type(row))
    return texts(row) and all(is_right(getattr(row, name)) for name, is_right in others)


@lru_cache(maxsize=32)
def _checks(model: type[models.Model]) -> tuple[Check, list[tuple[str, Check]]]:
    asked = [field for field in model._meta.concrete_fields if _is_asked(field)]
    texts = [field for field in asked if field.get_internal_type() in ("CharField", "TextField")]
    others = [(field.attname, _check(field)) for field in asked if field not in texts]
    return _texts(texts), [*others, *((one.attname, _choice(one)) for one in texts if one.choices)]


def _is_asked(field: "models.Field[Any, Any]") -> bool:
    """Links, lists and JSON are others' to check; moments are ours."""
    kinds = {"JSONField", "ArrayField", "UUIDField", "DateTimeField", "BigAutoField"}
    return not field.is_relation and field.get_internal_type() not in kinds


def _check(field: "models.Field[Any, Any]") -> Check:
    kind = field.get_internal_type()
    if kind == "DateField":
        return _or_none(field, lambda day: type(day) is date and FIRST_DAY <= day <= LAST_DAY)
    if kind == "BooleanField":
        return lambda value: type(value) is bool
    if kind.endswith("IntegerField"):
        least, most = connection.ops.integer_field_range(kind)
        return _or_none(field, lambda n: type(n) is int and least <= n <= most)
    return lambda _value: False


def _or_none(field: "models.Field[Any, Any]", check: Check) -> Check:
    return (lambda value: value is None or check(value)) if field.null else check


def _choice(field: "models.Field[Any, Any]") -> Check:
    choices = {str(value) for value, _label in field.flatchoices}
    return frozenset(choices | {""} if field.blank else choices).__contains__


def _texts(fields: Sequence["models.Field[Any, Any]"]) -> Check:
    """As long as their columns take, none empty that must not be, nothing that cannot be stored.

    All of a row at once, for most are printable.
    """
    of = _tuple_of([field.attname for field in fields])
    longest = [min(field.max_length or MAX_TEXT, MAX_TEXT) for field in fields]
    needed = _tuple_of([one.attname for one in fields if one.editable and not one.blank])

    def are_right(row: models.Model) -> bool:
        texts = of(row)
        try:
            together = "".join(texts)
        except TypeError:
            return False
        fit = all(needed(row)) and all(map(le, map(len, texts), longest))
        return fit and (together.isprintable() or not has_forbidden(together))

    return are_right


def _tuple_of(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """The attributes of a row, as a tuple however many they are."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda row: tuple([getattr(row, name) for name in names])
