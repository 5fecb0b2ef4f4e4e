"""Company days as people write them: one a line, `2026-12-29 年末年始`."""

from datetime import date

from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.models import CompanyDay
from banso.core.scope import current_workspace
from banso.lib.days_off import japanese_company_days

NAMES = {"year_end": "年末年始", "golden_week": "ゴールデンウィーク", "obon": "お盆"}


def as_lines() -> str:
    """The workspace's company days, one a line, oldest first. 1 query."""
    return "\n".join(f"{row.day:%Y-%m-%d} {row.name}" for row in CompanyDay.objects.order_by("day"))


def from_lines(text: str) -> dict[date, str]:
    """Days and their names. Refused, saying the line, when one does not begin with a date."""
    days: dict[date, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        head, _sep, name = line.strip().partition(" ")
        if not head:
            continue
        try:
            days[date.fromisoformat(head.replace("/", "-"))] = name.strip()[:60]
        except ValueError as error:
            words = _("Line %(line)d does not begin with a date such as 2026-12-29.")
            raise Refused(words % {"line": number}, code="company_day", field="days") from error
    return days


def suggested() -> str:
    """Japan's usual company days of this year and the next, one a line."""
    year = current_workspace().today().year
    days = {
        day: NAMES[kind]
        for each in (year, year + 1)
        for kind, group in japanese_company_days(each).items()
        for day in group
    }
    return "\n".join(f"{day:%Y-%m-%d} {name}" for day, name in sorted(days.items()))
