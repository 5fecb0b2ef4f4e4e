"""The day that a question is about."""

from datetime import date

from banso.core.scope import current_workspace
from banso.customers.services.checks import check_day


def as_of(on: date | None) -> date:
    """The day asked, today when none was. Refused outside 1900-2999. No query."""
    check_day(on, field="on")
    return on or current_workspace().today()
