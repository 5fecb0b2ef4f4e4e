"""Where a figure opens to the rows it is made of."""

from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from banso.core.scope import current_workspace
from banso.insight.metrics.asking import Figure
from banso.lib.periods import Period

if TYPE_CHECKING:
    from banso.insight.metrics.boards.dashboard import Board, Chosen


def rows_url(
    kpi: str,
    period: Period,
    by: str = "",
    cut: str = "",
    part: str = "",
    *,
    chosen: "Chosen",
    closing: UUID | None = None,
) -> str:
    """The page of a figure's rows. `part`: of what the numerator is made; several with commas.
    `closing`: as the ledger was known when that month was closed.
    """
    query = rows_query(period, by, cut, part, chosen=chosen)
    if closing:
        query |= {"as_of": "", "closing": str(closing)}
    return f"{reverse('metrics:rows')}?{urlencode({'kpi': kpi, **query})}"


def shown_url(board: "Board", figure: Figure, by: str = "", part: str = "") -> str:
    """The rows of a figure of the board: as they were reported, where it is shown as reported. ""
    where a rate is missing for them.
    """
    if figure.lacks_rate:
        return ""
    reported = board.reported_of(figure.kpi, figure.period)
    return rows_url(
        figure.kpi,
        figure.period,
        by,
        figure.cut,
        part,
        chosen=board.chosen,
        closing=reported.closing if reported else None,
    )


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
