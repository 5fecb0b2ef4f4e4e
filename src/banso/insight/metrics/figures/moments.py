"""As of which moment an address asks: a day's end, or when a month or a review was closed."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.http import Http404

from banso.core.as_of import read_day
from banso.insight.metrics.asking.questions import known_on
from banso.insight.metrics.models import Closing, ReviewClosing


def known_at(query: Mapping[str, str]) -> datetime | None:
    """`closing` or `review`: the id of a month's closing, or of a review that is closed; else `as_of`,
    a day. None: as known now.

    Http404 for what was never closed here; Refused for days that cannot be.
    """
    found: Closing | ReviewClosing | None
    if said := query.get("closing"):
        found = Closing.objects.filter(pk=_key(said)).first()
    elif said := query.get("review"):
        found = ReviewClosing.objects.filter(review_id=_key(said), reopened_at=None).first()
    else:
        as_of = query.get("as_of", "")
        return known_on(read_day(as_of)) if as_of else None
    if found is None:
        raise Http404
    closed_at: datetime = found.closed_at
    return closed_at


def _key(said: str) -> UUID:
    try:
        return UUID(said)
    except ValueError:
        raise Http404 from None
