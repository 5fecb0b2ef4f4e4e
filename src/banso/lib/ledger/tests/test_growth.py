"""Upsell and cross-sell, less what was taken back soon after: loss by loss, by hand."""

from collections import defaultdict
from datetime import date

from hypothesis import example, given
from hypothesis import strategies as st

from banso.lib.ledger import kpis
from banso.lib.ledger.tests import by_hand
from banso.lib.ledger.tests.ledgers import DAY_ONE, HORIZON, Line, histories
from banso.lib.ledger.tests.test_ledger import GRACE, a_book, many, periods
from banso.lib.periods import Period

At = tuple[int, int, int]  # customer, product and currency, day


def kept(lines: list[Line], reversal: int) -> dict[str, dict[At, int]]:
    """What is left of every growth, by kind: each loss takes back the latest growth first."""
    moved = by_hand.movements(lines, GRACE)
    grown: dict[str, dict[At, int]] = defaultdict(dict)
    open_ones: dict[tuple[int, int], list[tuple[str, int]]] = defaultdict(list)
    for entity, sold, day, kind in sorted(moved, key=lambda at: at[2]):
        amount, own = moved[entity, sold, day, kind], open_ones[entity, sold]
        if kind in ("upsell", "cross_sell"):
            grown[kind][entity, sold, day] = amount
            own.append((kind, day))
        elif kind in ("contraction", "churn"):
            for of, since in reversed(own):
                at = (entity, sold, since)
                took = min(-amount, grown[of][at]) if day - since <= reversal else 0
                grown[of][at] -= took
                amount += took
    return grown


AROUND = Period(date.fromordinal(DAY_ONE + 20), date.fromordinal(DAY_ONE + 40))
FIRST = Line(0, 0, 0, 0, None, 1)


def grown_and_back(days: int, back_to: int) -> list[Line]:
    up = Line(0, 0, 0, 30, None, 5, "expansion")
    return [FIRST, up, Line(0, 0, 0, 30 + days, None, back_to, "contraction")]


@many
@given(histories(), periods(), st.sampled_from([0, 3, 10]))
@example(grown_and_back(3, 2), AROUND, 3)
@example(grown_and_back(4, 2), AROUND, 3)
@example([FIRST, Line(0, 1, 1, 30, None, 4)], AROUND, 3)
@example(grown_and_back(HORIZON - 30, 2), AROUND, HORIZON)  # a loss of today
def test_growth_is_what_was_not_taken_back(
    lines: list[Line], period: Period, reversal: int
) -> None:
    book, expected = a_book(lines), kept(lines, reversal)
    for kind, measure in (("upsell", kpis.upsell), ("cross_sell", kpis.cross_sell)):
        told = measure(book, period, reversal=reversal)
        first, end = period.start.toordinal() - DAY_ONE, period.end.toordinal() - DAY_ONE
        inside = {at: left for at, left in expected[kind].items() if first <= at[2] < end and left}
        assert sum(inside.values()) == told.numerator.sum()
        rows = zip(told.entity.tolist(), told.currency.tolist(), told.day.tolist(), strict=True)
        assert sorted((e, c, d - DAY_ONE) for e, c, d in rows) == sorted(
            (entity, sold % 2, day) for entity, sold, day in inside
        )
