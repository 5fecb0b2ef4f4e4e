"""Figures of metrics say what they are: in words, with signs, never zero for nothing."""

from decimal import Decimal
from typing import Any

import pytest

from banso.core.tests.test_ui_elements import EVIL, draw
from banso.lib.charts import Cell, Cohort, Series, Stack, Step

STEPS = [
    Step("期首", Decimal(37_020_000), "/rows?opening", is_total=True),
    Step("新規", Decimal(1_240_000), "/rows?new"),
    Step("解約", Decimal(-60_000), "/rows?churn"),
    Step("期末", Decimal(38_200_000), "/rows?close", is_total=True),
]


@pytest.mark.parametrize(
    "source",
    [
        "{% waterfall evil steps evil note=evil %}",
        "{% calendar evil parts months evil whole=evil counted=evil note=evil %}",
        "{% heat_map evil cohorts note=evil across=evil size=evil whole=cohorts.0 %}",
        "{% curves evil labels series note=evil %}",
        "{% kpi_tile evil 1 'number' evil href=evil period=evil n=1 counted=evil before=2 "
        "against=evil notes=labels definition=evil target=3 %}",
    ],
)
def test_values_are_escaped_everywhere(source: str) -> None:
    html = draw(
        source,
        evil=EVIL,
        labels=[EVIL, "b"],
        series=[Series(EVIL, (1, 0.5), hrefs=(EVIL, EVIL))],
        steps=[Step(EVIL, 1, EVIL)],
        parts=[(EVIL, "good")],
        months=[Stack(EVIL, (1,), EVIL, (EVIL,), 1)],
        cohorts=[Cohort(EVIL, 1, [Cell(1, EVIL)], EVIL)],
    )
    assert "<script" not in html and "&lt;script" in html and "style=" not in html


@pytest.mark.parametrize(
    ("source", "ja", "en"),
    [
        ("{{ 0.012|points }}", "+1.2ポイント", "+1.2 points"),
        ("{{ 0.01|points }}", "+1ポイント", "+1 point"),
        ("{{ minus|points }}", "−0.3ポイント", "−0.3 points"),
        ("{{ 0.0001|points }}", "±0ポイント", "±0 points"),
        ("{{ 0.0312|percent_change }}", "+3.1%", "+3.1%"),
        ("{{ 38200000|amount }}", "38.2百万円", "JPY 38.2 million"),
        ("{{ 38200000|amount_in_full }}", "¥38,200,000", "¥38,200,000"),
        ("{{ 1240000|amount_change }}", "+1,240千円", "+JPY 1,240 thousand"),
        ("{{ cost|amount_change }}", "−38.2百万円", "−JPY 38.2 million"),
        ("{{ 0|amount_change }}", "±0円", "±JPY 0"),
        ("{{ 620000|amount:'USD' }}", "620千米ドル", "USD 620 thousand"),
        ("{{ None|amount }}{{ None|points }}", "データなしデータなし", "No dataNo data"),
    ],
)
def test_changes_and_money_are_worded(source: str, ja: str, en: str) -> None:
    values: dict[str, Any] = {"minus": Decimal("-0.0034"), "cost": -38_200_000}
    assert (draw(source, "ja", **values), draw(source, "en", **values)) == (ja, en)


def test_a_waterfall_says_signs_and_opens_each_step() -> None:
    html = draw("{% waterfall 'MRR' steps currency='JPY' %}", steps=STEPS)
    assert "+1.2" in html and "−0.1" in html and ">37.0<" in html and "百万円" in html
    assert '<a href="/rows?opening">37.0</a>' in html and '<a href="/rows?new">+1.2</a>' in html
    assert "表で見る" in html and "+¥1,240,000" in html and "¥38,260,000" in html


def test_a_fall_is_good_where_less_is_better() -> None:
    steps = [Step("期首", 40, is_total=True), Step("完了", -10)]
    assert "chart__bar--good" in draw("{% waterfall 'x' steps good='down' %}", steps=steps)
    assert "chart__bar--bad" in draw("{% waterfall 'x' steps %}", steps=steps)
    assert "データなし" in draw("{% waterfall 'x' none %}", none=[])


def test_each_amount_of_a_calendar_opens_and_a_zero_has_nothing_to_open() -> None:
    months = [
        Stack("2026/11", (6_300_000, 0, None), "/due", ("/renewed", "/open", "/lost"), 22),
        Stack("2026/12", (0, 0, 0), "/due?m=12", ("/a", "/b", "/c"), 0),
    ]
    parts = [("更新", "good"), ("未定", "neutral"), ("解約", "bad")]
    html = draw(
        "{% calendar '満了' parts months currency='JPY' whole='対象' counted='契約数' %}",
        parts=parts,
        months=months,
    )
    assert '<a href="/due">6,300</a>' in html and '<a href="/renewed">6,300</a>' in html
    assert "/open" not in html and "/lost" not in html and "m=12" not in html
    assert "データなし" in html and "千円" in html and ">22<" in html


def test_an_interval_that_is_not_over_is_empty_and_not_zero() -> None:
    cohorts = [
        Cohort("2026/09", 31, [Cell(1), Cell(Decimal("0.9"), "/kept"), Cell(0, "/gone")]),
        Cohort("2026/10", 12, [Cell(1), Cell(0.95)]),
    ]
    html = draw("{% heat_map '維持率' cohorts size='社' %}", cohorts=cohorts)
    assert '<a href="/kept">90%</a>' in html and '<a href="/gone">0%</a>' in html
    assert html.count("データなし") == 1 and html.count("heat__cell--base") == 2


def test_shades_say_where_they_begin() -> None:
    cohorts = [Cohort("a", 1, [Cell(1), Cell(0.5), Cell(0.9)])]
    html = draw("{% heat_map 'x' cohorts edges=edges %}", cohorts=cohorts, edges=(0.5, 0.9))
    assert "50%未満" in html and "50%以上90%未満" in html and "90%以上" in html


def test_curves_are_shares_and_their_table_leads_to_the_rows() -> None:
    series = [Series("2026年", (1, Decimal("0.955"), None), True, ("/0", "/1", "/2"))]
    html = draw("{% curves '維持率' labels series %}", labels=["0", "1", "2"], series=series)
    assert "2026年 95.5%" in html and '<a href="/1">95.5%</a>' in html
    assert "/2" not in html and "データなし" in html


@pytest.mark.parametrize("values", [(), (None, None)])
def test_without_any_value_there_is_no_line_and_no_zero(values: tuple[None, ...]) -> None:
    series = [Series("2026年", values)] if values else []
    for tag in ("curves", "line_chart"):
        html = draw(f"{{% {tag} 'x' labels series %}}", labels=["0", "1"], series=series)
        assert "データなし" in html and "<svg" not in html


def test_axes_of_money_have_one_unit_and_the_table_says_it_in_full() -> None:
    html = draw(
        "{% bar_chart '売上' labels values currency='JPY' %}",
        labels=["4月", "5月"],
        values=[Decimal(98_400_000), Decimal(400_000)],
    )
    assert ">98.4<" in html and ">0.4<" in html and "百万円" in html and "¥98,400,000" in html


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("value 'rate' before=1.034", ("104.6", "+1.2ポイント", "改善", "前の期間：103.4%")),
        ("value 'rate' before=1.034 against='2026/10' good='down'", ("悪化", "2026/10：103.4%")),
        ("38200000 'money' before=37020000", ("38.2", "百万円", "+3.2%", "37百万円")),
        ("5000 'money' before=0", ("+5,000円",)),
        ("262 unit='社' before=259", ("+3社", "259社")),
        ("262 unit='社' before=250 change_in='percent'", ("+4.8%",)),
        ("value 'rate' target=1.05", ("目標 105%", "未達", "−0.4ポイント", "verdict--missed")),
        ("value 'rate' target=1.04", ("達成", "verdict--met")),
        ("0.013 'rate' good='down' target=0.01", ("未達", "+0.3ポイント")),
        ("value 'rate' target=1.05 provisional=True", ("暫定", "現時点で未達", "verdict--running")),
        ("60 unit='か月' capped=True n=21 counted='契約先'", ("≥ 60", "契約先 n=21")),
        ("value 'rate' trend=trend", ("100% → 104.6%",)),
    ],
)
def test_a_kpi_says_how_it_moved_and_whether_its_target_is_met(
    source: str, words: tuple[str, ...]
) -> None:
    html = draw(f"{{% kpi_tile 'NRR' {source} %}}", value=Decimal("1.046"), trend=(1, None, 1.046))
    assert [word for word in words if word not in html] == []


def test_a_change_that_reads_as_nothing_is_called_no_change() -> None:
    html = draw("{% kpi_tile 'x' 0.50004 'rate' before=0.5 %}")
    assert "±0ポイント" in html and "変化なし" in html


def test_a_kpi_without_a_value_reads_no_data_and_judges_nothing() -> None:
    html = draw(
        "{% kpi_tile '更新率' None 'rate' n=0 before=0.9 target=0.9 capped=True trend=t %}", t=[1]
    )
    assert "データなし" in html and "目標 90%" in html and "n=0" in html
    assert all(word not in html for word in ("未達", "達成", "≥", "delta", "spark", ">0<"))


def test_an_unknown_kind_is_a_mistake_of_the_page() -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        draw("{% kpi_tile 'x' 1 'yen' %}")
