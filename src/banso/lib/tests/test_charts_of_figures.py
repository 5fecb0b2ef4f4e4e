"""Waterfalls, stacks, cohorts and curves."""

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.lib.charts import (
    Series,
    Step,
    heat_depth,
    heat_edges,
    line_plot,
    stacks,
    waterfall,
)

money = st.decimals(-(10**9), 10**9, places=6, allow_nan=False)
shares_of_one = st.one_of(st.none(), st.floats(0, 3, allow_nan=False))


@given(money, st.lists(money, max_size=12))
def test_a_waterfall_arrives_at_opening_plus_its_steps(
    opening: Decimal, changes: list[Decimal]
) -> None:
    steps = [Step("a", opening, is_total=True), *(Step("b", change) for change in changes)]
    close = opening + sum(changes)
    plot = waterfall([*steps, Step("c", close, is_total=True)])
    assert plot.falls[-2].level == close == plot.falls[-1].level
    assert plot.falls[-1].end_x == plot.falls[-2].end_x


@given(st.lists(st.one_of(st.none(), money), min_size=1, max_size=12))
def test_every_step_begins_where_the_one_before_it_ended_and_stays_in_the_plot(
    changes: list[Decimal | None],
) -> None:
    plot = waterfall([Step("x", change) for change in changes])
    assert plot.falls[0].start_x == plot.zero_x
    for before, after in itertools.pairwise(plot.falls):
        assert after.start_x == before.end_x
    assert all(fall.x >= 0 and fall.x + fall.width <= 100.01 for fall in plot.falls)


def test_totals_stand_on_zero_also_below_it() -> None:
    up, down = (waterfall([Step("a", 40, is_total=True), Step("b", one)]) for one in (-10, -60))
    assert (up.zero_x, up.falls[0].x, up.falls[0].width, up.falls[1].width) == (0, 0, 100, 25)
    assert down.zero_x == pytest.approx(100 / 3, abs=0.01) == down.falls[0].x


def test_small_changes_of_a_large_sum_are_seen_when_bars_begin_at_the_opening() -> None:
    steps = [
        Step("opening", 29_400, is_total=True),
        Step("more", 150),
        Step("less", -50),
        Step("close", 29_500, is_total=True),
    ]
    plot = waterfall(steps, since_opening=True)
    assert [round(fall.width) for fall in plot.falls] == [0, 100, 33, 67]
    assert [fall.level for fall in plot.falls] == [29_400, 29_550, 29_500, 29_500]
    assert plot.zero_x == 0 == plot.falls[0].x
    down = waterfall([steps[0], steps[2]], since_opening=True)
    assert (down.zero_x, down.falls[1].x, down.falls[1].width) == (100, 0, 100)
    assert waterfall([], since_opening=True).falls == ()


def test_an_unknown_step_changes_nothing_and_draws_nothing() -> None:
    plot = waterfall([Step("a", 4, is_total=True), Step("b", None), Step("c", 1)])
    assert plot.falls[1].width == 0 and plot.falls[2].level == 5
    assert waterfall([]).falls == () and waterfall([Step("a", 0, is_total=True)]).zero_x == 0


@given(st.lists(st.lists(st.integers(0, 10**6), min_size=3, max_size=3), min_size=1, max_size=12))
def test_stacks_are_in_proportion_and_the_longest_is_as_wide_as_the_plot(
    rows: list[list[int]],
) -> None:
    drawn, most = stacks(rows), max(map(sum, rows))
    for row, segments in zip(rows, drawn, strict=True):
        width = sum(segment.width for segment in segments)
        assert width == pytest.approx(100 * sum(row) / most if most else 0, abs=0.01)
        for before, after in itertools.pairwise(segments):
            assert after.x == pytest.approx(before.x + before.width, abs=0.002)


def test_a_negative_part_is_refused_and_no_rows_are_no_bars() -> None:
    with pytest.raises(ValueError, match="negative"):
        stacks([[3, -1]])
    assert stacks([]) == []


@given(st.lists(shares_of_one, max_size=60))
def test_a_higher_share_is_never_paler_and_six_steps_are_enough(shares: list[float | None]) -> None:
    edges = heat_edges(shares)
    depths = [heat_depth(one, edges) for one in sorted(one for one in shares if one is not None)]
    assert len(edges) <= 5 and depths == sorted(depths)
    assert all(0 <= depth <= 5 for depth in depths)


def test_an_edge_belongs_to_the_shade_it_begins() -> None:
    edges = (0.5, 0.6, 0.7, 0.8, 0.9)
    found = [heat_depth(Decimal(share), edges) for share in ("0.4999", "0.5", "0.9", "1.2")]
    assert found == [0, 1, 5, 5]
    with pytest.raises(ValueError, match="five"):
        heat_depth(1, (*edges, 0.95))


def test_one_cohort_that_left_altogether_does_not_make_the_others_look_alike() -> None:
    kept = [0.8 + index / 100 for index in range(20)]
    assert min(heat_edges([0.0, *kept])) >= 0.8
    assert heat_edges([1, 1, None]) == () and heat_edges([]) == ()


def test_intervals_of_a_life_are_counted_evenly_from_its_beginning() -> None:
    months = [str(month) for month in range(13)]
    plot = line_plot([Series("a", [1] * 13)], months, stepped=True)
    assert [label.text for label in plot.labels] == ["0", "2", "4", "6", "8", "10", "12"]
