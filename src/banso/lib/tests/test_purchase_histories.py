from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.lib.purchase_histories import histories

START = date(2026, 1, 1)
Bought = list[tuple[str, date, float]]


def _day(after: int) -> date:
    return START + timedelta(days=after)


purchases = st.lists(
    st.tuples(st.sampled_from("abcd"), st.integers(0, 300).map(_day), st.integers(0, 9_999)),
    max_size=40,
)


def test_who_bought_again_is_known_by_how_often_how_lately_and_how_dear() -> None:
    bought = [("b", _day(0), 100.0), ("a", _day(7), 50.0), ("b", _day(14), 10.0), ("b", _day(21), 30.0)]  # fmt: skip
    seen = histories(bought, _day(70))
    assert seen.keys == ["b", "a"]
    assert [*seen.again] == [2, 0]
    assert [*seen.last] == [3, 0]
    assert [*seen.known] == [10, 9]
    assert [*seen.spent] == [20, 0]


def test_purchases_of_one_day_are_one_and_later_ones_are_not_known_yet() -> None:
    bought = [("a", _day(0), 1.0), ("a", _day(7), 20.0), ("a", _day(7), 5.0), ("a", _day(8), 90.0)]
    seen = histories(bought, _day(7))
    assert ([*seen.again], [*seen.spent]) == ([1], [25])


@given(purchases, st.integers(0, 300).map(_day))
def test_histories_are_what_counting_by_hand_gives(bought: Bought, until: date) -> None:
    seen = histories(bought, until)
    for key, again, last, known, spent in zip(
        seen.keys, seen.again, seen.last, seen.known, seen.spent, strict=True
    ):
        days = sorted({day for who, day, _amount in bought if who == key and day <= until})
        later = [amount for who, day, amount in bought if who == key and days[0] < day <= until]
        assert again == len(days) - 1
        assert (last * 7, known * 7) == pytest.approx(
            ((days[-1] - days[0]).days, (until - days[0]).days)
        )
        assert spent == pytest.approx(sum(later) / again if again else 0)
    assert set(seen.keys) == {who for who, day, _amount in bought if day <= until}


def test_nobody_has_no_history() -> None:
    assert len(histories([], START)) == 0
