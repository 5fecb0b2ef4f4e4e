"""The day as of which a page is asked, and the rows that were known at a moment."""

from datetime import date, datetime

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.scope import current_workspace

FIRST_DAY = date(2000, 1, 1)  # windows and averages reach years back and must stay in the calendar


def asked_day(request: HttpRequest) -> date:
    """The local day of `?at=`, today when it is left out. Refused as `read_day`."""
    return read_day(request.GET.get("at", ""))


def read_day(text: str) -> date:
    """The local day that a text says, today when it is empty.

    Refused in words when it is no day, before 2000, or still to come.
    """
    today = current_workspace().today()
    if not text:
        return today
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Refused(_("Write the day as YYYY-MM-DD."), code="bad_day", field="at") from None
    if day > today:
        raise Refused(_("Choose today or a day before."), code="in_future", field="at")
    if day < FIRST_DAY:
        raise Refused(_("Choose a day after 1999."), code="bad_day", field="at")
    return day


def known(known_at: datetime | None = None) -> Q:
    """Of rows with `recorded_at` and `voided_at` those that counted at the moment (aware; None: now)."""
    stands = Q(voided_at=None)
    if known_at is None:
        return stands
    return Q(recorded_at__lte=known_at) & (stands | Q(voided_at__gt=known_at))
