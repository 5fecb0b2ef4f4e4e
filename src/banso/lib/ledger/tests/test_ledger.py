"""What the columns say is what days say one by one."""

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from banso.lib.ledger import kpis
from banso.lib.ledger.book import Book, book_of
from banso.lib.ledger.movements import Kind
from banso.lib.ledger.tests import by_hand
from banso.lib.ledger.tests.ledgers import DAY_ONE, HORIZON, Line, columns, histories
from banso.lib.periods import Period

GRACE = 4
TODAY = date.fromordinal(DAY_ONE + HORIZON)
many = settings(max_examples=300)


def a_book(lines: list[Line]) -> Book:
    return book_of(columns(lines), entities=3, grace=GRACE, today=TODAY)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start = DAY_ONE + draw(st.integers(1, HORIZON - 20))
    days = draw(st.sampled_from([1, 4, 7, 20]))
    first = date.fromordinal(start)
    return Period(first, first + timedelta(days=days))


def told(book: Book) -> dict[tuple[int, int, int, str], int]:
    found: dict[tuple[int, int, int, str], int] = defaultdict(int)
    moved = book.movements
    sold = 2 * moved.product + moved.currency
    rows = zip(moved.entity, sold, moved.day, moved.kind, moved.amount, strict=True)
    for entity, product, day, kind, amount in rows:
        if DAY_ONE < day <= DAY_ONE + HORIZON:
            found[int(entity), int(product), int(day) - DAY_ONE, Kind(kind).name.lower()] += int(
                amount
            )
    return {at: amount for at, amount in found.items() if amount}


@many
@given(histories())
def test_movements_are_what_days_say(lines: list[Line]) -> None:
    assert told(a_book(lines)) == by_hand.movements(lines, GRACE)


@many
@given(histories(), periods())
def test_movements_add_up_to_the_change_of_mrr(lines: list[Line], period: Period) -> None:
    book = a_book(lines)
    moved = kpis.movements(book, period)
    change = book.mrr(period.last_day).sum() - book.mrr(period.opens_after).sum()
    assert moved.numerator.sum() == change
    for entity in range(3):
        own = book.accounts.entity == entity
        change = (book.mrr(period.last_day) - book.mrr(period.opens_after))[own].sum()
        assert moved.numerator[moved.entity == entity].sum() == change


@many
@given(histories(), periods())
def test_rates_are_what_days_say(lines: list[Line], period: Period) -> None:
    book, days = a_book(lines), by_hand.Days(lines, GRACE)
    before, last = (one.toordinal() - DAY_ONE for one in (period.opens_after, period.last_day))
    there = [e for e in days.entities() if days.stays[e][before]]
    left = [e for e in there if not days.stays[e][last]]
    assert ratio(kpis.logo_churn(book, period)) == over(len(left), len(there))
    assert ratio(kpis.retention(book, period)) == over(len(there) - len(left), len(there))
    paid = [e for e in days.entities() if days.active[e][before]]
    start = sum(days.total(e, before) for e in paid)
    rises = rises_of(lines, period)
    kept = sum(
        min(max(days.total(e, last, c) - rises[e, c], 0), days.total(e, before, c))
        for e in paid
        for c in (0, 1)
    )
    assert ratio(kpis.nrr(book, period)) == over(sum(days.total(e, last) for e in paid), start)
    assert ratio(kpis.grr(book, period)) == over(kept, start)
    assert ratio(kpis.revenue_churn(book, period)) == over(start - kept, start)
    assert kpis.mrr(book, period).numerator.sum() == sum(
        days.total(e, last) for e in days.entities()
    )


def rises_of(lines: list[Line], period: Period) -> dict[tuple[int, int], int]:
    rises: dict[tuple[int, int], int] = defaultdict(int)
    for (entity, sold, day, kind), amount in by_hand.movements(lines, GRACE).items():
        if kind == "price" and period.start <= date.fromordinal(DAY_ONE + day) < period.end:
            rises[entity, sold % 2] += amount
    return rises


def ratio(rows: kpis.Rows) -> Fraction | None:
    return over(int(rows.numerator.sum()), int(rows.denominator.sum()))


def over(numerator: int, denominator: int) -> Fraction | None:
    return Fraction(numerator, denominator) if denominator else None


@many
@given(histories(), periods())
def test_gross_retention_never_passes_one_and_net_is_it_plus_expansion(
    lines: list[Line], period: Period
) -> None:
    book = a_book(lines)
    gross, net = kpis.grr(book, period), kpis.nrr(book, period)
    assert (gross.numerator <= gross.denominator).all()
    grown = net.numerator - gross.numerator
    assert (grown >= 0).all()
    if (whole := ratio(gross)) is not None:
        share = over(int(grown.sum()), int(gross.denominator.sum()))
        assert whole <= 1
        assert ratio(net) == whole + (share or 0)
