import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.lib.stats import clamp, median, trend_ratio, wilson_interval


def test_the_median_of_nothing_is_no_data() -> None:
    assert median([]) is None
    assert median([3, 1, 2]) == 2
    assert median([4, 1, 2, 3]) == 2.5


@given(st.floats(-10, 10), st.floats(-10, 0), st.floats(0, 10))
def test_a_clamped_value_stays_inside(value: float, low: float, high: float) -> None:
    clamped = clamp(value, low, high)
    assert low <= clamped <= high
    assert clamped == value or value < low or value > high


def test_clamping_into_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="low"):
        clamp(1, 3, 2)


def test_the_same_daily_pace_is_no_trend() -> None:
    assert trend_ratio(90, 100, recent_days=18, previous_days=20) == 1.0
    assert trend_ratio(6, 18, recent_days=20, previous_days=20) == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("previous", "recent_days", "previous_days"), [(0, 5, 5), (5, 0, 5), (5, 5, 0)]
)
def test_a_trend_without_a_base_is_no_data(
    previous: float, recent_days: float, previous_days: float
) -> None:
    assert trend_ratio(5, previous, recent_days=recent_days, previous_days=previous_days) is None


def test_the_interval_agrees_with_published_values() -> None:
    # Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    for successes, n, low, high in [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ]:
        assert wilson_interval(successes, n) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_the_interval_holds_the_rate_and_mirrors(a: int, b: int) -> None:
    low, high = wilson_interval(a, a + b)
    assert 0 <= low <= high <= 1
    assert a + b == 0 or low <= a / (a + b) <= high
    assert wilson_interval(b, a + b) == pytest.approx((1 - high, 1 - low), abs=1e-9)


def test_nothing_seen_means_nothing_known() -> None:
    assert wilson_interval(0, 0) == (0.0, 1.0)
    with pytest.raises(ValueError, match="successes"):
        wilson_interval(3, 2)
