"""Where a figure opens to the rows it is made of."""

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from banso.core.scope import current_workspace
from banso.lib.periods import Period

if TYPE_CHECKING:
    from banso.insight.metrics.boards.dashboard import Chosen


def rows_url(
    kpi: str, period: Period, by: str = "", cut: str = "", part: str = "", *, chosen: "Chosen"
) -> str:
    """The page of a figure's rows; "" while there is none. `part`: of what the numerator is made."""
    try:
        page = reverse("metrics:rows")
    except NoReverseMatch:
        return ""
    query = {"kpi": kpi, **rows_query(period, by, cut, part, chosen=chosen)}
    return f"{page}?{urlencode(query)}"


def rows_query(
    period: Period, by: str = "", cut: str = "", part: str = "", *, chosen: "Chosen"
) -> dict[str, str]:
    """What that page is asked for. `end` is the day after the last one."""
    known_at = chosen.known_at
    as_of = known_at.astimezone(current_workspace().tz).date().isoformat() if known_at else ""
    return {
        "period": period.code,
        "kind": period.kind,
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "by": by,
        "cut": cut,
        "part": part,
        "unit": chosen.unit,
        "as_of": as_of,
        "standing": chosen.attributes,
    }
