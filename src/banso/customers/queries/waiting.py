"""Which renewals wait: contracts whose term ends and of which nobody has said what follows."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal
from uuid import UUID

from django.db.models import (
    DateField,
    DecimalField,
    Exists,
    F,
    FilteredRelation,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast, Coalesce

from banso.core.scope import current_workspace
from banso.customers.models import Contract, Forecast, Step, decided_by
from banso.customers.queries.lists import matching
from banso.customers.services.renewals import ended_lines, standing_notices
from banso.lib.months import DAY

Which = Literal["ahead", "passed", "closed"]
LATE = timedelta(days=90)  # how long after its end a term still waits for its renewal
FAR = date(2999, 12, 31)
MONEY: Any = DecimalField(max_digits=20, decimal_places=6)


@dataclass(frozen=True, slots=True)
class AskedRenewals:
    """Which renewals: every value that is given must fit.

    `within`: days ahead to the deadline; of closed ones days since. None: however far.
    `step` None: any; "": not begun. `sort` is one of SORTS, with - before it to fall.
    """

    which: Which = "ahead"
    q: str = ""
    owner_id: UUID | None = None
    tier: str = ""
    forecast: str = ""
    step: str | None = None
    outcome: str = ""
    within: int | None = 90
    sort: str = ""


def waiting() -> "QuerySet[Any]":
    """Contracts whose term will end or has ended with nobody having said what follows.

    `decided`: the day it counts down to; `said`, `at_step`, `answer_on` as planned; `monthly`: MRR.
    """
    running: QuerySet[Any] = Contract.objects.filter(
        ~Exists(ended_lines()),
        customer__deleted_at=None,
        is_trial=False,
        end_on__isnull=False,
    )
    waiting: QuerySet[Any] = running.annotate(
        planned=FilteredRelation("renewals", condition=Q(renewals__closed_at=None)),
        decided=decided_by(),
        said=Coalesce("planned__forecast", Value(Forecast.UNDECIDED.value)),
        at_step=Coalesce("planned__step", Value(Step.NONE.value)),
        answer_on=Coalesce("planned__expected_on", Value(FAR), output_field=DateField()),
        monthly=Cast("amount", MONEY) / F("term_months"),
        noticed=Exists(standing_notices()),
    )
    return waiting


def due(asked: AskedRenewals, on: date) -> "QuerySet[Any]":
    rows = fitting(waiting().filter(end_on__gt=on - LATE), asked, "")
    rows = rows.filter(is_ahead(on) if asked.which == "ahead" else ~is_ahead(on))
    if asked.within is not None and asked.which == "ahead":
        rows = rows.filter(decided_until(on + timedelta(days=asked.within)))
    if asked.forecast:
        rows = rows.filter(said=asked.forecast)
    if asked.step is not None:
        rows = rows.filter(at_step=asked.step)
    return rows


def is_ahead(on: date) -> Q:
    """Whether there is still time: the notice deadline, else the last day of the term, is not over."""
    return Q(decided__gte=on) & (Q(notice_on__isnull=False) | Q(end_on__gt=on))


def decided_until(last: date) -> Q:
    """Whether the notice deadline, else the last day of the term, is `last` or before."""
    after = last + DAY  # an end is the first day without cover
    return Q(decided__lte=after) & (Q(notice_on=None) | Q(notice_on__lte=last))


def fitting(rows: "QuerySet[Any]", asked: AskedRenewals, to: str) -> "QuerySet[Any]":
    """`to`: the way from a row to its contract."""
    if asked.owner_id:
        owner = Q((f"{to}customer__main_owner", asked.owner_id))
        rows = rows.filter(owner | Q((f"{to}customer__sub_owner", asked.owner_id)))
    if asked.tier:
        rows = rows.filter((f"{to}customer__tier", asked.tier))
    if asked.q.strip():
        found = matching(q=asked.q, on=current_workspace().today()).values("pk")
        number = Q((f"{to}number__istartswith", asked.q.strip()))
        rows = rows.filter(Q((f"{to}customer__in", found)) | number)
    return rows
