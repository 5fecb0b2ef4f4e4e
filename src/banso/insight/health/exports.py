"""Where MRR is at risk as a file, which comes back as an update of the customers it names."""

from decimal import Decimal

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.core.as_of import read_day
from banso.core.lists.declarations import List, Sheet
from banso.core.lists.sheets import Headed, sheet_of
from banso.customers.exports import known_by, owner_in
from banso.insight.health import queries
from banso.insight.health.models import Band
from banso.insight.health.queries import WatchRow
from banso.insight.health.wording import reason_text
from banso.lib.money import to_major


def read(query: QueryDict, permits: frozenset[str]) -> Sheet:
    """The overview of `?at=`, of the band `?band=`, of the customers of `?owner=`. Refused as there."""
    on, band = read_day(query.get("at", "")), query.get("band", "")
    known = known_by(lambda row: row.customer_id, lambda row: row.name)
    columns: list[Headed] = [
        (_("Health"), lambda row: str(Band(row.band).label)),
        (_("Health score"), lambda row: row.score),
        (_("Why"), lambda row: reason_text(row.reason)),
        (_("MRR"), _mrr),
        (_("Currency"), lambda row: row.currency),
        (_("Deadline"), lambda row: row.deadline_on),
        (_("What ends then"), _kind),
    ]
    asked = band if band in Band.values else ""
    return sheet_of(queries.every_watched(on, owner_in(query), band=asked), [*known, *columns])


def _mrr(row: WatchRow) -> Decimal | None:
    return None if row.mrr is None else to_major(round(row.mrr), row.currency)


def _kind(row: WatchRow) -> str:
    if row.deadline_on is None:
        return ""
    return _("Notice deadline") if row.deadline_kind == "notice" else _("Renewal")


HEALTH_LIST = List("health", gettext_lazy("Health"), "health.read", "customers", read)
