"""The open workspace's business days."""

from datetime import date
from zoneinfo import ZoneInfo

from banso.core.models import CompanyDay
from banso.core.scope import current_workspace
from banso.lib.bad_value import BadValue
from banso.lib.business_time import BusinessCalendar, Interval
from banso.lib.days_off import OFFICE_WEEK, public_holidays


def workspace_calendar() -> BusinessCalendar:
    """The business week, the country's public holidays and the company's own days. 1 query."""
    workspace = current_workspace()
    week = {
        int(day): tuple(Interval.parse("-".join(span)) for span in spans)
        for day, spans in workspace.business_week.items()
        if spans
    }
    company_days = frozenset(CompanyDay.objects.values_list("day", flat=True))
    country = workspace.country

    def holidays(year: int) -> frozenset[date]:
        try:
            return frozenset(public_holidays(country, year))
        except BadValue:
            return frozenset()

    return BusinessCalendar(
        ZoneInfo(workspace.zone),
        week or OFFICE_WEEK,
        holidays,
        company_days,
    )
