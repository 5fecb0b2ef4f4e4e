"""What the services of this room ask of days and numbers before a row is written."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.models import Person, Workspace
from banso.core.scope import current_workspace_id

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)


def refused(words: str, field: str, code: str = "invalid") -> Refused:
    return Refused(words, code=code, field=field)


def locked_workspace() -> Workspace:
    """The open workspace; until the transaction ends nobody else writes what it tells the figures."""
    return Workspace.objects.select_for_update(no_key=True).get(pk=current_workspace_id())


def id_of(by: Person | None) -> UUID | None:
    return by.pk if by else None


def check_day(value: date, field: str) -> None:
    """Refused for days outside 1900-2999."""
    if not FIRST_DAY <= value <= LAST_DAY:
        raise refused(_("The date is out of range."), field)


def check_month(value: date, field: str) -> None:
    """Refused unless it is the first day of a month of these centuries."""
    check_day(value, field)
    if value.day != 1:
        raise refused(_("Give the first day of a month."), field)


def exact(value: Decimal, field: str, *, places: int, digits: int) -> Decimal:
    """The number with so many decimals; Refused rather than rounded, or where it has no room."""
    if not value.is_finite():
        raise refused(_("Give a number."), field)
    if value.adjusted() >= digits - places:
        raise refused(_("The number is out of range."), field)
    fitted = value.quantize(Decimal(1).scaleb(-places))
    if fitted != value:
        raise refused(_("At most %(places)s decimals are kept.") % {"places": places}, field)
    return fitted


def share(value: Decimal, field: str, *, places: int) -> Decimal:
    """A number from 0 to 1; Refused otherwise."""
    if not value.is_finite() or not 0 <= value <= 1:
        raise refused(_("Give a share from 0 to 1."), field)
    return exact(value, field, places=places, digits=places + 1)


def changed(row: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Of the values those that differ from the row's."""
    return {name: value for name, value in values.items() if getattr(row, name) != value}
