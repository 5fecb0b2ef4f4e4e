"""Months are closed with the figures that were reported, opened again, and touched all the same."""

from collections.abc import Collection, Iterator
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.events import publish, publish_many
from banso.core.models import Event, Person
from banso.core.scope import current_workspace
from banso.insight.metrics import queries
from banso.insight.metrics.asking import Asked, Figure
from banso.insight.metrics.models import ClosedFigure, Closing
from banso.insight.metrics.queries import CUT_BY, KEPT, Touch
from banso.insight.metrics.services.checks import check_month, id_of, locked_workspace, refused
from banso.lib.periods import Period, period_of, trailing

MOST_LETTERS = 500  # of a reason
TOUCHED = "metrics.closed_month_touched"


def close_month(month: date, *, by: Person | None) -> Closing:
    """The month keeps its figures as the ledger tells them now, whole and in three cuts, and some of
    the year that ends with it.

    Refused, naming "month": a day that is no first, a month that is not over (code "not_over") or
    is closed ("closed"), also by somebody else in the meantime. Publishes metrics.month_closed.
    Not atomic as a whole: the figures are read in one moment of their own, before anything is
    locked, so call it outside a transaction.
    """
    check_month(month, "month")
    period = period_of(month, "month")
    if period.end > current_workspace().today():
        raise refused(_("This month is not over yet."), "month", "not_over")
    _check_open(month)
    now = timezone.now()
    return _keep(Closing(month=month, closed_at=now, closed_by=by), list(_told(period)))


def _check_open(month: date) -> None:
    if Closing.objects.filter(month=month, reopened_at=None).exists():
        raise refused(_("This month has been closed already."), "month", "closed")


def _told(period: Period) -> Iterator[tuple[str, Figure]]:
    """The figures with what each is cut by. The ledger is read once."""
    from banso.insight.metrics.making import figures  # noqa: PLC0415  (numpy, which pages do without)

    reading = figures.read_for(Asked("mrr", ()))
    year = [Asked(kpi, (trailing(period),)) for kpi in KEPT["year"]]
    cuts = [Asked(kpi, (period,), by=by) for by in ("", *CUT_BY) for kpi in KEPT["month"]]
    for asked in (*cuts, *year):
        for one in figures.figures(asked, reading):
            yield asked.by, one


@transaction.atomic
def _keep(closing: Closing, told: list[tuple[str, Figure]]) -> Closing:
    locked_workspace()
    _check_open(closing.month)
    closing.save(force_insert=True)
    ClosedFigure.objects.bulk_create([_row(closing, by, one) for by, one in told])
    month = closing.month.isoformat()
    publish("metrics.month_closed", closing, by=closing.closed_by_id, month=month)
    return closing


def _row(closing: Closing, by: str, one: Figure) -> ClosedFigure:
    return ClosedFigure(
        closing=closing,
        kpi=one.kpi,
        kind=one.period.kind,
        by=by,
        cut=one.cut,
        cut_label=one.cut_label[:300] if by == "plan" else "",
        numerator=one.numerator,
        denominator=one.denominator,
        value=one.value,
        n=one.n,
        currency=one.currency,
        parts={name: str(amount) for name, amount in one.parts.items()},
        notes=list(one.notes),
    )


@transaction.atomic
def reopen_month(closing_id: UUID, *, reason: str, by: Person | None) -> Closing:
    """The month's figures are the ledger's again; what was reported is kept with its closing.

    Raises Closing.DoesNotExist, Refused (code "reopened") where it does not stand any more, or
    naming "reason", where none is given or it is longer than 500 letters.
    Publishes metrics.month_reopened.
    """
    locked_workspace()
    closing: Closing = Closing.objects.get(pk=closing_id)
    if closing.reopened_at:
        raise Refused(_("This month has been reopened already."), code="reopened")
    closing.reopened_at, closing.reopened_by = timezone.now(), by
    closing.reopened_why = _reason(reason)
    closing.save(update_fields=["reopened_at", "reopened_by", "reopened_why"])
    month = closing.month.isoformat()
    publish("metrics.month_reopened", closing, by=id_of(by), month=month)
    return closing


def _reason(text: str) -> str:
    told = text.strip()
    if not told:
        raise refused(_("Say why the month is reopened."), "reason", "required")
    if len(told) > MOST_LETTERS:
        words = _("At most %(most)d letters are kept.") % {"most": MOST_LETTERS}
        raise refused(words, "reason", "too_long")
    return told


@transaction.atomic
def tell_touched(contracts: Collection[UUID] | None = None) -> int:
    """Whatever was recorded or voided (of these contracts) in closed months is told, once; how many.

    Publishes metrics.closed_month_touched about the contract, for each line and what was done.
    """
    if not (standing := list(queries.closed_months())):
        return 0
    locked_workspace()
    found = queries.touches(standing, contracts)
    known = _known(standing) if found else set()
    new = [one for one in found if _key(one) not in known]
    new.sort(key=lambda one: str(one.by.pk if one.by else ""))
    for by, group in groupby(new, key=lambda one: one.by):
        subjects = [(one.line.contract, _facts(one)) for one in group]
        publish_many(TOUCHED, subjects, by=id_of(by), at=timezone.now())
    return len(new)


def _known(closings: list[Closing]) -> set[tuple[Any, ...]]:
    told = Event.objects.filter(name=TOUCHED, facts__closing__in=[str(one.pk) for one in closings])
    return set(told.values_list("facts__closing", "facts__change", "facts__voided"))


def _key(one: Touch) -> tuple[Any, ...]:
    return str(one.closing.pk), one.line.pk, one.is_voided


def _facts(one: Touch) -> dict[str, Any]:
    return {
        "closing": str(one.closing.pk),
        "month": one.closing.month.isoformat(),
        "change": one.line.pk,
        "kind": one.line.kind,
        "on": one.line.effective_on.isoformat(),
        "voided": one.is_voided,
    }
