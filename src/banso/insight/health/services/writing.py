"""The rows of a day's scores: only what says something new is written, by COPY."""

import json
from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import TextField
from django.db.models.functions import Cast

from banso.core import live, sql
from banso.core.scope import current_workspace
from banso.customers.fields import Those
from banso.customers.services import follow_values
from banso.customers.sheets import among
from banso.insight.health.models import Score

TOLD_ONE_BY_ONE = 250
FOLLOWED_ONE_BY_ONE = 1000
AS_TEXT = ("measures", "reason")


class Row(NamedTuple):
    """A row of Score under its columns' names; `measures` and `reason` as jsonb is written."""

    customer_id: UUID
    day: date
    scorecard: str
    version: int
    score: Decimal | None
    band: str
    measures_known: int
    measures_all: int
    coverage: Decimal
    ceiling: int | None
    measures: str
    reason: str
    mrr: Decimal | None
    deadline_on: date | None
    deadline_kind: str
    priority: float

    def unsaved(self) -> Score:
        """The same as a Score that is stored nowhere."""
        told = {name: json.loads(getattr(self, name)) for name in AS_TEXT}
        return Score(**{**self._asdict(), **told})


def write_scores(on: date, rows: Sequence[Row], those: Those) -> None:
    """The rows of the day are these, for those customers; who is not among them has none.

    2 queries where nothing is new. Open pages are told.
    """
    there = _there(on, those)
    news = [row for row in rows if there.get(row.customer_id) != row] if there else rows
    gone = there.keys() - {row.customer_id for row in rows} if there else set()
    changed = gone.union(row.customer_id for row in news)
    if stale := changed & there.keys():
        Score.objects.filter(day=on, customer_id__in=stale).delete()
    if news:
        sql.copy_in(Score._meta.db_table, Row._fields, news)
    _tell(on, changed)


def _there(on: date, those: Those) -> dict[UUID, tuple[Any, ...]]:
    """What is stored of the day already; asked in the order of an index, which tells when nothing is.

    Without order the server reads the table from its beginning until it meets the day.
    """
    stored = Score.objects.filter(day=on)
    if not stored.order_by("-priority").values_list("pk")[:1]:
        return {}
    texts = {f"{name}_text": Cast(name, TextField()) for name in AS_TEXT}
    columns = [f"{name}_text" if name in AS_TEXT else name for name in Row._fields]
    rows = stored.filter(among(those)).annotate(**texts).values_list(*columns)
    return {row[0]: row for row in rows}


def _tell(on: date, changed: Collection[UUID]) -> None:
    """Open pages and segments follow today's scores; of very many, only the lists do.

    So many are scored with everybody else, at whose end everybody is tested for segments.
    """
    if not changed or on != current_workspace().today():
        return
    if len(changed) <= FOLLOWED_ONE_BY_ONE:
        follow_values(changed)
    live.tell("today")
    live.tell("customers")
    if len(changed) <= TOLD_ONE_BY_ONE:
        live.tell("customer", *sorted(changed))
