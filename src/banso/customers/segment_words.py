"""Why somebody came into a segment or left it, in the reader's language."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.customers import filters
from banso.customers.filter_words import describe
from banso.customers.models import SegmentMove

Cause = SegmentMove.Cause


def reason(move: SegmentMove, *, people: Mapping[UUID, str] | None = None) -> str:
    """One sentence. `people`: names by id."""
    if move.cause == Cause.EDITED:
        return _("The segment's conditions were changed.")
    if move.cause == Cause.BOOK:
        came, went = _("The customer was added to the book."), _("The customer left the book.")
        return came if move.entered else went
    words = " · ".join(_worded(move.changed, people))
    if not words:
        return ""
    fits, fits_not = _("Fits now: %(filters)s"), _("Fits no more: %(filters)s")
    return (fits if move.entered else fits_not) % {"filters": words}


def _worded(changed: Iterable[Any], people: Mapping[UUID, str] | None) -> list[str]:
    return [_condition(raw, people) for raw in changed]


def _condition(raw: Any, people: Mapping[UUID, str] | None) -> str:
    try:
        return describe(filters.parse([raw])[0], people=people)
    except Refused:
        return _("A column that is gone")
