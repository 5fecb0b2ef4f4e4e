import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.lib.scoring import Reading, contributions, on_curve, total

points = st.floats(0, 100)
weights = st.integers(1, 50)
readings = st.lists(st.builds(Reading, weights, st.none() | points), max_size=12)
known = st.lists(st.builds(Reading, weights, points), min_size=1, max_size=12)
CURVE = ((0.0, 0.0), (0.5, 30.0), (1.0, 85.0), (1.2, 100.0))


@given(readings, st.none() | points)
def test_a_score_and_its_coverage_stay_within_bounds(
    rows: list[Reading], ceiling: float | None
) -> None:
    result = total(rows, ceiling=ceiling)
    assert result.score is None or 0 <= result.score <= (100 if ceiling is None else ceiling)
    assert 0 <= result.coverage <= 1 and result.known <= result.all == len(rows)


@given(known, st.data())
def test_a_better_measure_never_lowers_the_score(rows: list[Reading], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(rows) - 1))
    old = rows[index]
    better = Reading(old.weight, data.draw(st.floats(old.score or 0, 100)))
    before, after = total(rows), total([*rows[:index], better, *rows[index + 1 :]])
    assert before.score is not None and after.score is not None
    assert after.score >= before.score - 1e-9


@given(readings, st.randoms(use_true_random=False))
def test_the_order_of_measures_does_not_matter(rows: list[Reading], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first, second = total(rows), total(shuffled)
    assert first.coverage == pytest.approx(second.coverage)
    assert (first.score is None) == (second.score is None)
    assert first.score is None or first.score == pytest.approx(second.score)


@given(known, st.integers(1, 10))
def test_a_missing_measure_is_not_a_zero(rows: list[Reading], weight: int) -> None:
    whole, with_gap = total(rows), total([*rows, Reading(weight, None)])
    assert with_gap.coverage < whole.coverage == 1
    assert with_gap.score is None or with_gap.score == whole.score


@given(known, st.integers(1, 50))
def test_the_score_is_withheld_exactly_under_half_coverage(
    rows: list[Reading], weight: int
) -> None:
    have = sum(row.weight for row in rows)
    assert (total([*rows, Reading(weight, None)]).score is None) == (have < weight)


@given(known)
def test_contributions_add_up_to_the_score(rows: list[Reading]) -> None:
    assert sum(part or 0 for part in contributions(rows)) == pytest.approx(total(rows).score)


def test_nothing_applicable_is_withheld_with_no_coverage() -> None:
    assert total([]).score is None and total([]).coverage == 0


@given(st.floats(-1, 3), st.floats(-1, 3))
def test_a_rising_curve_never_falls(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert on_curve(CURVE, low) <= on_curve(CURVE, high) + 1e-9


@pytest.mark.parametrize(
    ("value", "score"), [(-1, 0), (0.25, 15), (0.5, 30), (1.1, 92.5), (9, 100)]
)
def test_a_curve_is_straight_between_its_points_and_flat_outside(
    value: float, score: float
) -> None:
    assert on_curve(CURVE, value) == pytest.approx(score)


@pytest.mark.parametrize("curve", [(), ((1, 0), (1, 5)), ((2, 0), (1, 5))])
def test_a_curve_that_does_not_rise_is_refused(curve: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(ValueError, match="curve"):
        on_curve(curve, 1)
