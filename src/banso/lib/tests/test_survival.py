import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.lib.survival import kaplan_meier

stays = st.lists(st.tuples(st.integers(0, 80), st.booleans()), min_size=1, max_size=40)
caps = st.integers(1, 60)
Stays = list[tuple[int, bool]]


def _survival(rows: Stays):  # type: ignore[no-untyped-def]
    return kaplan_meier([stay for stay, _ended in rows], [ended for _stay, ended in rows])


def test_the_curve_agrees_with_a_published_one() -> None:
    # 6-MP of Freireich et al. 1963, in Klein & Moeschberger (2003), tables 4.1 to 4.3.
    ended = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    going_on = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    curve = kaplan_meier([*ended, *going_on], [True] * len(ended) + [False] * len(going_on))
    for time, share, error in [
        (6, 0.857, 0.0764),
        (7, 0.807, 0.0869),
        (10, 0.753, 0.0963),
        (13, 0.690, 0.1068),
        (16, 0.627, 0.1141),
        (22, 0.538, 0.1282),
        (23, 0.448, 0.1346),
    ]:
        assert curve.at(time) == pytest.approx(share, abs=6e-4)
        assert curve.error_at(time) == pytest.approx(error, abs=1e-4)
    assert curve.area(35) == pytest.approx(23.287, abs=1e-3)
    assert curve.area_error(35) == pytest.approx(2.827, abs=1e-3)


@given(stays)
def test_the_curve_never_rises(rows: Stays) -> None:
    curve = _survival(rows)
    shares = [1.0, *curve.share]
    assert all(0 <= later <= before for before, later in pairwise(shares))


@given(stays)
def test_without_anybody_still_there_it_is_the_share_of_longer_stays(rows: Stays) -> None:
    lengths = [stay for stay, _ended in rows]
    curve = kaplan_meier(lengths, [True] * len(lengths))
    for time in range(81):
        longer = sum(stay > time for stay in lengths) / len(lengths)
        assert curve.at(time) == pytest.approx(longer, abs=1e-12)
        usual = math.sqrt(longer * (1 - longer) / len(lengths))  # of a plain share
        assert curve.error_at(time) == pytest.approx(usual, abs=1e-9)
    assert curve.area(100) == pytest.approx(sum(lengths) / len(lengths))


@given(stays, caps)
def test_the_area_is_never_beyond_its_cap_nor_what_was_watched(rows: Stays, cap: int) -> None:
    curve = _survival(rows)
    assert 0 <= curve.area(cap) <= min(cap, curve.followed) + 1e-9
    assert curve.area(cap) <= curve.area(cap + 5) + 1e-9
    assert curve.area_error(cap) >= 0


@given(stays, caps)
def test_the_area_is_the_sum_of_what_stands_under_each_month(rows: Stays, cap: int) -> None:
    curve = _survival(rows)
    slices = sum(curve.at(month) for month in range(int(min(cap, curve.followed))))
    assert curve.area(cap) == pytest.approx(slices, abs=1e-9)


@given(stays, st.randoms(use_true_random=False))
def test_the_order_of_customers_says_nothing(rows: Stays, chance) -> None:  # type: ignore[no-untyped-def]
    mixed = list(rows)
    chance.shuffle(mixed)
    assert _survival(mixed).area(60) == pytest.approx(_survival(rows).area(60))


@given(stays)
def test_who_is_still_there_makes_it_no_shorter_than_if_they_had_left(rows: Stays) -> None:
    left = _survival([(stay, True) for stay, _ended in rows])
    assert _survival(rows).area(100) >= left.area(100) - 1e-9


@given(stays, st.integers(2, 5))
def test_twice_the_same_customers_tell_the_same_more_surely(rows: Stays, times: int) -> None:
    once, often = _survival(rows), _survival(rows * times)
    assert often.area(60) == pytest.approx(once.area(60))
    assert often.area_error(60) == pytest.approx(once.area_error(60) / math.sqrt(times))


def test_nobody_watched_says_nothing() -> None:
    nobody = kaplan_meier([], [])
    assert (nobody.n, nobody.area(60), nobody.area_error(60), nobody.outlasts(60)) == (
        0,
        0,
        0,
        True,
    )


def test_where_all_have_left_the_mean_is_whole_and_else_at_least_so_long() -> None:
    assert not kaplan_meier([3, 5], [True, True]).outlasts(60)
    assert kaplan_meier([3, 5], [True, False]).outlasts(60)
    assert kaplan_meier([3, 90], [True, True]).outlasts(60)


@pytest.mark.parametrize("stay", [-1.0, math.nan, math.inf])
def test_a_stay_that_is_none_is_refused(stay: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        kaplan_meier([stay], [True])
