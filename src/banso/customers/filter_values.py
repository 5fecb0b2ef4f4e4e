"""Values of conditions: read from JSON or an address with suspicion, written back the same."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.customers.fields import Field
from banso.lib.text import has_forbidden

MAX_TEXT = 200
MAX_LISTED = 100
MAX_DAYS = 36_600
LARGEST = Decimal(10**15)
WITHOUT_VALUE = frozenset({"empty", "not_empty"})
_BOOLS = {"true": True, "false": False, "1": True, "0": False}


def read_value(field: Field, op: str, raw: Any) -> Any:
    """The value as the operator needs it; Refused in words when it is not one."""
    if op in WITHOUT_VALUE:
        return None
    if op in {"within_days", "past_days"}:
        return _days(field, raw)
    if op == "in":
        return _listed(field, raw, at_most=MAX_LISTED)
    if op == "between":
        pair = _listed(field, raw, at_most=2)
        if len(pair) != 2:
            raise _wrong(field)
        return (min(pair), max(pair))
    return _one(field, raw)


def write_value(value: Any) -> Any:
    """The value as JSON can hold it."""
    if isinstance(value, tuple):
        return [write_value(one) for one in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _listed(field: Field, raw: Any, *, at_most: int) -> tuple[Any, ...]:
    if not isinstance(raw, list | tuple) or not 0 < len(raw) <= at_most:
        raise _wrong(field)
    return tuple(_one(field, one) for one in raw)


def _one(field: Field, raw: Any) -> Any:
    match field.kind:
        case "text":
            return _text(field, raw)
        case "choice":
            return _choice(field, raw)
        case "bool":
            return _bool(field, raw)
        case "date":
            return _date(field, raw)
        case "person":
            return _person(field, raw)
        case _:
            return _number(field, raw)


def _text(field: Field, raw: Any) -> str:
    if not isinstance(raw, str) or not 0 < len(raw) <= MAX_TEXT or has_forbidden(raw):
        raise _wrong(field)
    return raw


def _choice(field: Field, raw: Any) -> str:
    known = {code for code, _words in field.choices()} if field.choices else set()
    if not isinstance(raw, str) or raw not in known:
        raise _wrong(field)
    return raw


def _bool(field: Field, raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw in _BOOLS:
        return _BOOLS[raw]
    raise _wrong(field)


def _date(field: Field, raw: Any) -> date:
    try:
        found = date.fromisoformat(raw) if isinstance(raw, str) else None
    except ValueError:
        found = None
    if found is None:
        raise Refused(_("Write the date as YYYY-MM-DD."), code="bad_value", field="filter")
    return found


def _person(field: Field, raw: Any) -> UUID:
    try:
        return UUID(raw) if isinstance(raw, str) else raw if isinstance(raw, UUID) else _no(field)
    except ValueError as error:
        raise _wrong(field) from error


def _no(field: Field) -> UUID:
    raise _wrong(field)


def _number(field: Field, raw: Any) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
        raise _wrong(field)
    if (isinstance(raw, int) and abs(raw) > LARGEST) or (isinstance(raw, str) and len(raw) > 40):
        raise _wrong(field)
    try:
        number = Decimal(str(raw).strip())
    except InvalidOperation as error:
        raise _wrong(field) from error
    if not number.is_finite() or abs(number) > LARGEST:
        raise _wrong(field)
    return number.quantize(Decimal("1e-6")).normalize() + 0


def _days(field: Field, raw: Any) -> int:
    number = _number(field, raw)
    if number != int(number) or not 0 <= number <= MAX_DAYS:
        raise Refused(
            _("Give a number of days from 0 to %(most)d.") % {"most": MAX_DAYS},
            code="bad_value",
            field="filter",
        )
    return int(number)


def _wrong(field: Field) -> Refused:
    return Refused(
        _("“%(field)s” cannot be compared with this value.") % {"field": field.label},
        code="bad_value",
        field="filter",
    )
