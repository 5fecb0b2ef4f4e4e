"""Where a figure opens to the rows it is made of."""

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from banso.lib.periods import Period

if TYPE_CHECKING:
    from banso.insight.metrics.queries.dashboard import Chosen


def rows_url(
    kpi: str, period: Period, by: str = "", cut: str = "", part: str = "", *, chosen: "Chosen"
) -> str:
    """The page of a figure's rows; "" while there is none. `part`: of what the numerator is made."""
    try:
        page = reverse("metrics:rows", args=[kpi])
    except NoReverseMatch:
        return ""
    asked = {
        "period": period.code,
        "kind": period.kind,
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "by": by,
        "cut": cut,
        "part": part,
        "unit": chosen.unit,
        "as_of": f"{chosen.known_at:%Y-%m-%d}" if chosen.known_at else "",
        "attributes": chosen.attributes,
    }
    return f"{page}?{urlencode(asked)}"
