import itertools
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.lib.charts import Series, bar_plot, line_plot, nice_ticks, shares, shortened, spark

finite = st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 3))
gappy = st.lists(st.one_of(st.none(), finite), min_size=1, max_size=40)


@given(finite, finite)
def test_ticks_enclose_the_values_and_rise_by_equal_steps(one: float, other: float) -> None:
    low, high = min(one, other), max(one, other)
    ticks = nice_ticks(low, high)
    steps = [after - before for before, after in itertools.pairwise(ticks)]
    slack = max(abs(low), abs(high), 1) * 1e-6
    assert ticks[0] <= low + slack and ticks[-1] >= high - slack
    assert 2 <= len(ticks) <= 7
    assert all(math.isclose(step, steps[0], rel_tol=1e-3, abs_tol=1e-6) for step in steps)


def test_ticks_are_numbers_people_say() -> None:
    assert nice_ticks(0, 296) == [0, 100, 200, 300]
    assert nice_ticks(0, 34) == [0, 10, 20, 30, 40]
    assert nice_ticks(-45, 320) == [-100, 0, 100, 200, 300, 400]
    assert nice_ticks(0, 1) == [0, 0.25, 0.5, 0.75, 1]


@given(gappy)
def test_bars_stand_on_zero_and_stay_in_the_plot(values: list[float | None]) -> None:
    plot = bar_plot(values, ["x"] * len(values), height=100)
    for bar, value in zip(plot.bars, values, strict=True):
        foot = bar.y + bar.height if (value or 0) >= 0 else bar.y
        assert foot == pytest.approx(plot.zero_y, abs=0.02)
        assert bar.y >= -0.01 and bar.y + bar.height <= 100.02
        assert bar.x >= 0 and bar.x + bar.width <= 100.01
        assert bar.value is None or value is not None


def test_bar_heights_are_in_proportion() -> None:
    one, three = bar_plot([10, 30], ["a", "b"], height=120).bars
    assert three.height == pytest.approx(3 * one.height)


def test_a_missing_value_is_a_gap_and_never_zero() -> None:
    plot = line_plot([Series("a", (10, None, 30))], ["1", "2", "3"], height=100)
    assert plot.lines[0].path.count("M") == 2
    gap = bar_plot([10, None], ["a", "b"]).bars[1]
    assert gap.value is None and gap.height == 0


@given(gappy)
def test_lines_stay_in_the_plot(values: list[float | None]) -> None:
    plot = line_plot([Series("a", tuple(values))], ["x"] * len(values), height=100)
    for line in plot.lines:
        numbers = [float(part) for part in re.findall(r"[-\d.e]+", line.path)]
        assert all(-0.01 <= y <= 100.01 for y in numbers[1::2])
        assert all(-0.01 <= x <= 100.01 for x in numbers[0::2])


@given(st.lists(finite, min_size=1, max_size=8))
def test_names_of_lines_never_cover_each_other_and_stay_beside_the_plot(ends: list[float]) -> None:
    lines = line_plot([Series("a", (0, end)) for end in ends], ["a", "b"], height=160).lines
    names = sorted(line.name_y for line in lines)
    assert all(after - before >= 15.9 for before, after in itertools.pairwise(names))
    assert names[0] >= 0 and names[-1] <= 160
    pairs = sorted((line.end_y, line.name_y) for line in lines)
    assert [name for _end, name in pairs] == names  # no line crosses another on its way to its name


def test_a_name_with_room_stands_where_its_line_ends() -> None:
    series = [Series(str(value), (value, value)) for value in (0, 50, 51, 100)]
    low, one, other, high = line_plot(series, ["a", "b"], height=160).lines
    assert (low.name_y, high.name_y) == (low.end_y, high.end_y)
    assert one.name_y > one.end_y and other.name_y < other.end_y


def test_long_names_are_shortened_by_the_width_of_their_signs() -> None:
    assert shortened("山﨑 亮", 7) == "山﨑 亮"
    assert shortened("更新ベースの解約率", 9) == "更新ベー…"
    assert shortened("Renewal-based churn", 8) == "Renewal…"


def test_without_any_number_there_is_nothing_to_draw() -> None:
    assert line_plot([Series("a", (None, None))], ["1", "2"]).lines == ()
    assert bar_plot([], []).ticks == ()
    assert spark([]) is None and spark([3]) is None and spark([None, 3]) is None


def test_a_level_sparkline_runs_through_the_middle() -> None:
    drawn = spark([7, 7, 7], height=20)
    assert drawn is not None and drawn.path == "M0 10L50 10L100 10"


def test_days_stand_as_far_apart_as_they_are_in_time() -> None:
    plot = line_plot([Series("a", (1, 2, 3))], ["1", "2", "3"], places=[0, 10, 100], height=100)
    across = [float(x) for x in re.findall(r"[ML]([\d.]+)", plot.lines[0].path)]
    assert across == [0, 10, 100]
    assert [label.text for label in plot.labels] == ["2", "3"]  # "1" would run into "2"
    drawn = spark([1, 2, 3], places=[0, 10, 100])
    assert drawn and "L10 " in drawn.path


@given(st.lists(st.integers(0, 400), min_size=1, max_size=40, unique=True).map(sorted))
def test_labels_of_uneven_days_keep_their_distance(days: list[int]) -> None:
    labels = [str(day) for day in days]
    words = line_plot([Series("a", days)], labels, places=days).labels
    assert words[-1].text == labels[-1]
    assert all(b.x - a.x >= 100 / 6 - 0.01 for a, b in itertools.pairwise(words))


def test_infinite_and_undefined_numbers_are_refused() -> None:
    for bad in (math.inf, math.nan):
        with pytest.raises(ValueError, match="finite"):
            bar_plot([bad], ["a"])


def test_long_labels_are_thinned_and_the_last_is_kept() -> None:
    months = [f"2026/{month:02}" for month in range(1, 13)]
    kept = [label.text for label in bar_plot(range(12), months).labels]
    assert kept == ["2026/03", "2026/06", "2026/09", "2026/12"]
    short = [label.text for label in bar_plot(range(4), ["Q1", "Q2", "Q3", "Q4"]).labels]
    assert short == ["Q1", "Q2", "Q3", "Q4"]


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=8))
def test_shares_lie_side_by_side_and_fill_the_whole(values: list[int]) -> None:
    parts = shares(values)
    assert sum(part.width for part in parts) == pytest.approx(100 if sum(values) else 0, abs=0.02)
    for before, after in itertools.pairwise(parts):
        assert after.x == pytest.approx(before.x + before.width, abs=0.01)


def test_a_negative_share_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        shares([1, -1])
