"""The report of a month for whoever decides: five figures, what moved them, what comes, what is asked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from banso.core.as_of import FIRST_DAY
from banso.core.errors import Refused
from banso.core.scope import current_workspace
from banso.customers.fields import annotate, known_field, prepare
from banso.customers.filters import Condition, condition
from banso.customers.queries import matching
from banso.insight.metrics.models import Ask, Closing
from banso.insight.metrics.queries import closed_months
from banso.insight.metrics.reviews.answers import Line, Moves, lines_of, moves_of, targets_for
from banso.insight.metrics.reviews.known import REPORTED
from banso.insight.metrics.reviews.queries import NamedMover, named
from banso.insight.metrics.reviews.reported import Beside, ReportedLedger
from banso.lib.periods import Period, period_of

MOVERS = 5
AHEAD_DAYS = 90
MRR = "customers.mrr"


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that tells of months to come: how many customers, and their MRR by currency, in minor units.

    `count` is None where nothing is known of that day. `query` asks the list of customers for them.
    """

    words: str
    count: int | None
    sums: Sequence[tuple[str, int]] = ()
    query: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A figure of the report; where the month, or the one before, was closed: the ledger's beside."""

    line: Line
    now: Beside | None
    before: Beside | None


@dataclass(frozen=True, slots=True)
class Report:
    """`closing`: of a month that was closed, whose figures are told as they were reported, and
    `closing_before`: of the month before, where that was.
    """

    month: Period
    closing: Closing | None
    closing_before: Closing | None
    on: date  # the day of the signs
    rows: list[Row]
    moves: Moves
    movers: list[NamedMover]
    signs: list[Sign]
    asks: list[Ask]

    @property
    def lines(self) -> list[Line]:
        return [one.line for one in self.rows]

    @property
    def is_over(self) -> bool:
        return self.month.last_day < current_workspace().today()


def report_of(month: Period, permits: frozenset[str]) -> Report:
    """The report of the month. 6 queries, those of the figures, and one for each sign."""
    on = min(month.last_day, current_workspace().today())
    closing, before = (
        closed_months().filter(month=one.start).first() for one in (month, month.before)
    )
    ledger = ReportedLedger(month, closing)
    moves = _short(moves_of(month, ledger))
    return Report(
        month=month,
        closing=closing,
        closing_before=before,
        on=on,
        rows=_rows(month, ledger),
        moves=moves,
        movers=named(moves.movers),
        signs=signs(on, permits),
        asks=list(Ask.objects.filter(month=month.start, voided_at=None).order_by("pk")),
    )


def _rows(month: Period, ledger: ReportedLedger) -> list[Row]:
    return [
        Row(one, ledger.beside(one.kpi, month), ledger.beside(one.kpi, month.before))
        for one in lines_of(REPORTED, month, targets_for(REPORTED, [month]), ledger)
    ]


def _short(moves: Moves) -> Moves:
    left_out = moves.movers[MOVERS:]
    return replace(moves, movers=moves.movers[:MOVERS], others=moves.others + len(left_out))


def asked_month(text: str) -> Period:
    """The month that `2026-10` says; the last that is over when it is empty.

    Refused in words for what is no month, and for months to come.
    """
    workspace = current_workspace()
    today, starts = workspace.today(), workspace.fiscal_start_month
    if not text:
        return period_of(today, "month", starts).before
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        words = _("Write the month as YYYY-MM.")
        raise Refused(words, code="bad_month", field="month") from None
    if first < FIRST_DAY:
        words = _("Reports begin in %(year)d.") % {"year": FIRST_DAY.year}
        raise Refused(words, code="bad_month", field="month")
    if first > today:
        words = _("Choose a month that has begun.")
        raise Refused(words, code="bad_month", field="month")
    return period_of(first, "month", starts)


def signs(on: date, permits: frozenset[str]) -> list[Sign]:
    """What is to come, as of a day: by Fields of whichever rooms there are."""
    ahead = _("Paid contracts that end within %(days)d days") % {"days": AHEAD_DAYS}
    state = "customers.contract_state"
    ending = ("customers.renewal_on", "within_days", str(AHEAD_DAYS))
    asked: list[tuple[str, list[tuple[str, str, str]]]] = [
        (_("Customers in danger by health score"), [("health.band", "is", "danger")]),
        (_("Notice of cancellation was given"), [(state, "is", "noticed")]),
        (ahead, [ending, (state, "is_not", "trial")]),  # a trial has nothing to renew
    ]
    return [
        _sign(words, [condition(*one) for one in some], on)
        for words, some in asked
        if all((known := known_field(key)) and known.permission in permits for key, *_how in some)
    ]


def _sign(words: str, asked: Sequence[Condition], on: date) -> Sign:
    """Past days are told where they are known: nobody waits for everybody to be scored again."""
    is_today, fields = on == current_workspace().today(), [one.field for one in asked]
    if not is_today and any(one.ready is not None and not one.ready(on) for one in fields):
        return Sign(words, None)
    kept = prepare(fields, on=on)
    those = annotate(matching(conditions=asked, on=on, kept=kept), [MRR], on=on, kept=kept)
    rows = those.order_by().values("currency").annotate(n=Count("pk"), sum=Sum("f_customers_mrr"))
    found = [(row["currency"], row["n"], row["sum"]) for row in rows]
    return Sign(
        words,
        sum(n for _code, n, _sum in found),
        [(code, round(total)) for code, _n, total in found if total],
        f"?{urlencode([('f', one.to_query()) for one in asked])}" if is_today else "",
    )
