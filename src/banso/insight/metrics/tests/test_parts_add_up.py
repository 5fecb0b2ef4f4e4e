"""Cut and added up again, every figure is the whole; in every part movements say what MRR did."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from fractions import Fraction
from random import Random
from typing import NamedTuple

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from banso.insight.metrics.asking.registry import MEASURES
from banso.insight.metrics.making.columns import Contracts
from banso.insight.metrics.making.cutting import ByContract, ByCustomer, Layer
from banso.insight.metrics.making.reading import Reading
from banso.insight.metrics.making.rows import cut_rows
from banso.insight.metrics.models import KpiRules
from banso.lib.ledger.columns import Ints
from banso.lib.ledger.cutting import History, history_of
from banso.lib.ledger.kpis import Rows
from banso.lib.ledger.tests import by_hand
from banso.lib.ledger.tests.ledgers import DAY_ONE, HORIZON, Line, a_history, columns
from banso.lib.ledger.tests.test_ledger import GRACE, TODAY, a_book, many, periods
from banso.lib.periods import Period

OF_LEDGER = (
    "logo_churn", "retention", "revenue_churn", "grr", "nrr", "renewal_churn", "renewal_rate",
    "renewal_count", "upsell", "cross_sell", "mrr", "movements",
)  # fmt: skip
PARTS = (0, 1, 2)
RULES = KpiRules(workspace_id=None, grace_days=GRACE, reversal_days=10)
Place = Callable[[int, int], int]  # customer, day → part


class Cut(NamedTuple):
    """A ledger of three customers, and where they, or its contracts, stand."""

    lines: list[Line]
    reading: Reading
    layer: Layer


def reading_of(lines: list[Line]) -> Reading:
    own = columns(lines)
    nobody = np.array([], dtype=np.int64)
    return Reading(
        book=a_book(lines),
        unit="user",
        known_at=None,
        today=TODAY,
        customers=np.array([bytes([n]) for n in range(3)]),
        contracts=Contracts(*[nobody] * 6),
        currencies=["JPY", "USD"],
        counted_as=nobody,
        lines=(own.id, own.contract),
    )


def ints(values: list[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def by_customers(seed: int) -> Cut:
    """Customers pass from part to part, also several times, twice on a day, and back."""
    lines, random = a_history(seed), Random(~seed)
    moves = sorted(
        (random.randrange(3), DAY_ONE + random.randrange(HORIZON), random.randrange(3))
        for _move in range(random.randrange(8))
    )
    changes = History(*(ints([move[i] for move in moves]) for i in range(3)))
    first = ints([random.randrange(3) for _customer in range(3)])
    layer = ByCustomer(history_of(3, first, changes), {part: (str(part), "") for part in PARTS})
    return Cut(lines, reading_of(lines), layer)


def by_contracts(seed: int) -> Cut:
    lines, random = a_history(seed), Random(~seed)
    parts = ints([random.randrange(-1, 3) for _contract in range(6)])
    layer = ByContract(parts, {part: (str(part), "") for part in (-1, *PARTS)})
    return Cut(lines, reading_of(lines), layer)


seeds = st.integers(0, 2**48)


@many
@given(seeds.map(by_customers), periods())
def test_parts_of_customers_are_what_days_say_and_add_up(cut: Cut, period: Period) -> None:
    assert isinstance(cut.layer, ByCustomer)
    history = cut.layer.history
    columns = (history.entity, history.since, history.code)
    stands = list(zip(*(one.tolist() for one in columns), strict=True))

    def place(entity: int, day: int) -> int:
        return int([code for who, since, code in stands if who == entity and since <= day][-1])

    check_whole(cut, period)
    days = by_hand.Days(cut.lines, GRACE)
    check_rates(cut, period, days, place)
    amounts: dict[tuple[int, int], int] = defaultdict(int)
    for day in (period.opens_after.toordinal(), period.last_day.toordinal()):
        for entity in days.entities():
            amounts[place(entity, day), day] += days.total(entity, day - DAY_ONE)
    check_movements(cut, period, amounts)


@many
@given(seeds.map(by_contracts), periods())
def test_parts_of_contracts_are_what_days_say_and_add_up(cut: Cut, period: Period) -> None:
    assert isinstance(cut.layer, ByContract)
    part_of = cut.layer.of_contract.tolist()
    check_whole(cut, period)

    def place(entity: int, day: int) -> int:
        sums: dict[int, int] = defaultdict(int)
        for _number, one in by_hand.in_force(cut.lines, day - DAY_ONE):
            if one.entity == entity:
                sums[part_of[one.contract]] += one.mrr
        return max(sums, key=lambda part: (sums[part], -part), default=-1)

    check_rates(cut, period, by_hand.Days(cut.lines, GRACE), place)
    amounts: dict[tuple[int, int], int] = defaultdict(int)
    for day in (period.opens_after.toordinal(), period.last_day.toordinal()):
        for _number, one in by_hand.in_force(cut.lines, day - DAY_ONE):
            amounts[part_of[one.contract], day] += one.mrr
    check_movements(cut, period, amounts)


def rows_by_part(cut: Cut, kpi: str, period: Period) -> Iterator[tuple[int, Rows]]:
    rows, codes = cut_rows(MEASURES[kpi], cut.reading, period, cut.layer, RULES, None)
    assert set(codes.tolist()) <= set(cut.layer.parts)
    for part in cut.layer.parts:
        yield part, rows.where(codes == part)


def check_whole(cut: Cut, period: Period) -> None:
    for kpi in OF_LEDGER:
        whole, _codes = cut_rows(MEASURES[kpi], cut.reading, period, None, RULES, None)
        parts = [rows for _part, rows in rows_by_part(cut, kpi, period)]
        for currency in (0, 1):
            for column in ("numerator", "denominator"):
                summed = sum(sum_of(rows, column, currency) for rows in parts)
                assert summed == sum_of(whole, column, currency), (kpi, column)


def sum_of(rows: Rows, column: str, currency: int) -> int:
    return int(getattr(rows, column)[rows.currency == currency].sum())


def check_rates(cut: Cut, period: Period, days: by_hand.Days, place: Place) -> None:
    """Whoever stood in a part at the opening counts there, wherever it went since."""
    before, last = (one.toordinal() for one in (period.opens_after, period.last_day))
    expected: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
    for entity in days.entities():
        part = place(entity, before)
        if days.stays[entity][before - DAY_ONE]:
            expected["logo_churn", part][0] += not days.stays[entity][last - DAY_ONE]
            expected["logo_churn", part][1] += 1
        if days.active[entity][before - DAY_ONE]:
            expected["nrr", part][0] += days.total(entity, last - DAY_ONE)
            expected["nrr", part][1] += days.total(entity, before - DAY_ONE)
    for kpi in ("logo_churn", "nrr"):
        for part, rows in rows_by_part(cut, kpi, period):
            told = [int(rows.numerator.sum()), int(rows.denominator.sum())]
            assert told == expected[kpi, part], (kpi, part)


def check_movements(cut: Cut, period: Period, amounts: dict[tuple[int, int], int]) -> None:
    """`amounts`: MRR by part and day. In each part they say what its own MRR did."""
    before, last = (one.toordinal() for one in (period.opens_after, period.last_day))
    for part, rows in rows_by_part(cut, "mrr", period):
        assert rows.numerator.sum() == amounts[part, last]
    for part, rows in rows_by_part(cut, "movements", period):
        assert rows.numerator.sum() == amounts[part, last] - amounts[part, before]
    for _part, net in rows_by_part(cut, "nrr", period):
        gross = dict(rows_by_part(cut, "grr", period))[_part]
        start = int(net.denominator.sum())
        assert (gross.numerator <= net.numerator).all()
        assert not start or Fraction(int(gross.numerator.sum()), start) <= 1
