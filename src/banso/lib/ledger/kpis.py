"""The figures themselves: what each customer adds to numerator and denominator in a period.

A figure is the sum of these rows, so it can always be opened into them. Definitions and edge
cases: docs/decisions/0033; amounts are money where `is_money` of the registry says so, else counts.
"""

from dataclasses import dataclass, replace

import numpy as np

from banso.lib.ledger.book import Book
from banso.lib.ledger.columns import FAR, Bools, Columns, Ints, key
from banso.lib.ledger.dues import Dues, Outcome
from banso.lib.ledger.movements import Kind, Movements
from banso.lib.periods import Period


@dataclass(frozen=True, slots=True, eq=False)
class Rows(Columns):
    """What customers add to a figure. `part`: which part of it; `line`: the ledger's line, or 0."""

    entity: Ints
    currency: Ints
    numerator: Ints
    denominator: Ints
    part: Ints
    day: Ints
    line: Ints


CHURNED, SHRANK, KEPT = 0, 1, 2  # parts of gross revenue churn; who lost nothing is in none
STAYED, GREW = 0, 1  # parts of net revenue retention


def logo_churn(book: Book, period: Period) -> Rows:
    """KPI 1: of the customers at the opening, those who are none at the close."""
    entity = np.flatnonzero(book.stays(period.opens_after))
    gone = ~book.stays(period.last_day)[entity]
    return _rows(entity, gone.astype(np.int64), np.ones(len(entity), dtype=np.int64))


def retention(book: Book, period: Period) -> Rows:
    """KPI 6: 1 − logo churn."""
    churn = logo_churn(book, period)
    return _rows(churn.entity, churn.denominator - churn.numerator, churn.denominator)


@dataclass(frozen=True, slots=True, eq=False)
class _Cohort:
    """Who had a paid contract at the opening: MRR then, at the close, and what of it was kept."""

    account: Ints
    entity: Ints
    start: Ints
    end: Ints
    kept: Ints
    stays: Bools


def _cohort(book: Book, period: Period) -> _Cohort:
    account = np.flatnonzero(book.active(period.opens_after)[book.accounts.entity])
    entity = book.accounts.entity[account]
    start, end = book.mrr(period.opens_after)[account], book.mrr(period.last_day)[account]
    without_rises = np.maximum(end - _rises(book, period)[account], 0)
    return _Cohort(
        account=account,
        entity=entity,
        start=start,
        end=end,
        kept=np.minimum(without_rises, start),
        stays=book.stays(period.last_day)[entity],
    )


def _rises(book: Book, period: Period) -> Ints:
    """Price rises of the period by account."""
    moved = _within(book.price_rises(), period)
    currencies = int(book.accounts.currency.max(initial=0)) + 1
    pairs = book.accounts.entity * currencies + book.accounts.currency
    rises = np.zeros(len(pairs), dtype=np.int64)
    where = np.searchsorted(pairs, moved.entity * currencies + moved.currency)
    np.add.at(rises, where, moved.amount)
    return rises


def revenue_churn(book: Book, period: Period) -> Rows:
    """KPI 3: MRR of the opening that churned or shrank by the close. 1 − GRR."""
    one = _cohort(book, period)
    lost = one.start - one.kept
    part = np.where(one.stays, np.where(lost > 0, SHRANK, KEPT), CHURNED)
    return _money_rows(book, one, lost, part)


def grr(book: Book, period: Period) -> Rows:
    """KPI 4: MRR of the opening that is still there, growth and price rises apart."""
    one = _cohort(book, period)
    return _money_rows(book, one, one.kept)


def nrr(book: Book, period: Period) -> Rows:
    """KPI 5: MRR at the close of those who were there at the opening."""
    one = _cohort(book, period)
    return _money_rows(book, one, one.end)


def mrr(book: Book, period: Period) -> Rows:
    """MRR at the close, a row for each contract that pays then."""
    close, spans = period.last_day.toordinal(), book.spans
    paid = np.flatnonzero((spans.begin <= close) & (spans.end > close))
    zeros = np.zeros(len(paid), dtype=np.int64)
    columns = (spans.entity, spans.currency, spans.mrr, spans.begin, spans.id)
    entity, currency, amount, day, line = (one[paid] for one in columns)
    return Rows(entity, currency, amount, zeros, zeros, day, line)


def movements(book: Book, period: Period) -> Rows:
    """Every movement dated in the period; parts are `Kind`."""
    return _moved(_within(book.movements, period))


def _within(moved: Movements, period: Period) -> Movements:
    """They stand by day."""
    return moved.where(slice(*_slice(moved, period)))


def _slice(moved: Movements, period: Period) -> tuple[int, int]:
    first, last = np.searchsorted(moved.day, [period.start.toordinal(), period.end.toordinal()])
    return int(first), int(last)


def _moved(moved: Movements) -> Rows:
    zeros = np.zeros(len(moved), dtype=np.int64)
    return Rows(
        moved.entity, moved.currency, moved.amount, zeros, moved.kind, moved.day, moved.line
    )


def upsell(book: Book, period: Period, *, reversal: int) -> Rows:
    """KPI 15: more MRR of a product held before, less what is taken back within `reversal` days."""
    return _grown(book, period, (Kind.UPSELL,), reversal)


def cross_sell(book: Book, period: Period, *, reversal: int) -> Rows:
    """KPI 16: the first MRR of a product of a customer who had others."""
    return _grown(book, period, (Kind.CROSS_SELL,), reversal)


def expansion(book: Book, period: Period, *, reversal: int) -> Rows:
    """KPI 15 and 16 together; parts are `Kind`."""
    return _grown(book, period, (Kind.UPSELL, Kind.CROSS_SELL), reversal)


def _grown(book: Book, period: Period, kinds: tuple[Kind, ...], reversal: int) -> Rows:
    first, last = _slice(book.movements, period)
    moved = _within(book.movements, period)
    kept = moved.amount - book.taken_back(reversal)[first:last]
    rows = replace(_moved(moved), numerator=kept)
    return rows.where(np.isin(moved.kind, kinds) & (kept > 0))


def renewals_due(book: Book, period: Period) -> Rows:
    """MRR of every term that ends in the period, also of those to come; parts are `Outcome`."""
    due = _ending(book, period)
    return _due_rows(due, due.mrr, np.zeros(len(due), dtype=np.int64))


def renewal_rate(book: Book, period: Period) -> Rows:
    """KPI 14 by amount: MRR whose term was renewed, of the MRR whose term ended in the period."""
    due = _due(book, period)
    return _due_rows(due, np.where(due.outcome == Outcome.LOST, 0, due.mrr), due.mrr)


def renewal_count(book: Book, period: Period) -> Rows:
    """KPI 14 by count: contracts renewed, of those whose term ended in the period."""
    due = _due(book, period)
    ones = np.ones(len(due), dtype=np.int64)
    return _due_rows(due, np.where(due.outcome == Outcome.LOST, 0, 1), ones)


def renewal_churn(book: Book, period: Period) -> Rows:
    """KPI 2: MRR not renewed, of the MRR whose term ended in the period."""
    due = _due(book, period)
    return _due_rows(due, np.where(due.outcome == Outcome.LOST, due.mrr, 0), due.mrr)


def _due(book: Book, period: Period) -> Dues:
    due = _ending(book, period)
    return due.where(due.outcome != Outcome.OPEN)


def _ending(book: Book, period: Period) -> Dues:
    """They stand by day."""
    days = [period.start.toordinal(), period.end.toordinal()]
    first, last = np.searchsorted(book.dues.day, days)
    return book.dues.where(slice(first, last))


def _due_rows(due: Dues, numerator: Ints, denominator: Ints) -> Rows:
    return Rows(due.entity, due.currency, numerator, denominator, due.outcome, due.day, due.line)


def _rows(entity: Ints, numerator: Ints, denominator: Ints) -> Rows:
    zeros = np.zeros(len(entity), dtype=np.int64)
    return Rows(entity, zeros, numerator, denominator, zeros, zeros, zeros)


def _money_rows(book: Book, one: _Cohort, numerator: Ints, part: Ints | None = None) -> Rows:
    zeros = np.zeros(len(one.entity), dtype=np.int64)
    return Rows(
        one.entity,
        book.accounts.currency[one.account],
        numerator,
        one.start,
        zeros if part is None else part,
        zeros,
        zeros,
    )


def churns(book: Book, period: Period) -> Rows:
    """KPI 35: every customer that left in the period, on the first day without a contract."""
    spells = book.spells
    day = spells.end
    gone = spells.where((day >= period.start.toordinal()) & (day < period.end.toordinal()))
    ones = np.ones(len(gone), dtype=np.int64)
    rows = _rows(gone.group, ones, ones)
    return replace(rows, day=gone.end, line=_ending_line(book, gone.group, gone.end))


def _ending_line(book: Book, entity: Ints, day: Ints) -> Ints:
    """The line by which each customer's last contract ended on the day; the latest of several."""
    spans, ends = book.spans, book.spans.end
    near = np.flatnonzero((ends >= day.min(initial=FAR)) & (ends <= day.max(initial=0)))
    at, ended_by = key(spans.entity[near], ends[near]), spans.ended_by[near]
    order = np.lexsort((ended_by, at))
    last = np.searchsorted(at[order], key(entity, day), "right") - 1
    return ended_by[order][last]


def cohort(book: Book, period: Period) -> Rows:
    """KPI 9: of all who ever paid, by the month of their first day, who is a customer at the close."""
    births = book.births()
    entity = np.flatnonzero((births > 0) & (births <= period.last_day.toordinal()))
    stays = book.stays(period.last_day)[entity].astype(np.int64)
    return replace(_rows(entity, stays, np.ones(len(entity), dtype=np.int64)), day=births[entity])


def cohort_mrr(book: Book, period: Period) -> Rows:
    """KPI 9 by revenue: MRR at the close, of the MRR at the close of the month of the first day."""
    births = book.births()[book.accounts.entity]
    account = np.flatnonzero((births > 0) & (births <= period.last_day.toordinal()))
    now = book.mrr(period.last_day)[account]
    at_first = book.first_mrr()[account]
    zeros = np.zeros(len(account), dtype=np.int64)
    entity, currency = book.accounts.entity[account], book.accounts.currency[account]
    return Rows(entity, currency, now, at_first, zeros, births[account], zeros)


def customers(book: Book, period: Period) -> Rows:
    """Who has a paid contract at the close."""
    entity = np.flatnonzero(book.active(period.last_day))
    return _rows(
        entity, np.ones(len(entity), dtype=np.int64), np.zeros(len(entity), dtype=np.int64)
    )


def arr(book: Book, period: Period) -> Rows:
    """Twelve times the MRR at the close, a row for each account that has any."""
    account = np.flatnonzero(book.active(period.last_day)[book.accounts.entity])
    rows = _rows(
        book.accounts.entity[account], 12 * book.mrr(period.last_day)[account], account * 0
    )
    return replace(rows, currency=book.accounts.currency[account])
