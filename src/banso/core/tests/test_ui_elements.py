"""The elements render what they promise: escaped, worded, and sound for screen readers."""

from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from banso.core.ui.marks import initials
from banso.lib.charts import Series

EVIL = '<script>"x"</script>'


def draw(source: str, language: str = "ja", query: str = "", **values: Any) -> str:
    request = RequestFactory().get("/")
    request.GET = QueryDict(query)
    with translation.override(language):
        return Template("{% load ui %}" + source).render(Context({"request": request, **values}))


@pytest.mark.parametrize(
    "source",
    [
        "{% badge evil 'good' %}",
        "{% tile evil evil evil period=evil definition=evil href=evil change=1 against=evil %}",
        "{% button evil name=evil %}",
        "{% link_button evil evil %}",
        "{% panel evil note=evil href=evil more=evil %}{{ evil }}{% endpanel %}",
        "{% empty_state evil %}{{ evil }}{% endempty_state %}",
        "{% notice title=evil %}{{ evil }}{% endnotice %}",
        "{% dialog 'd' evil %}{{ evil }}{% enddialog %}",
        "{% menu evil %}{% menu_item evil evil %}{% menu_item evil %}{% endmenu %}",
        "{% tabs evil %}{% tab evil evil %}{% endtabs %}",
        "{% timeline %}{% timeline_item evil by=evil %}{{ evil }}{% endtimeline_item %}{% endtimeline %}",
        "{% table evil %}{% sort_header evil evil %}{% endtable %}",
        "{% filter_chip evil evil evil %}{% applied_filter evil evil %}{% pager next=evil %}",
        "{% avatar evil %}{% kbd evil %}{% progress evil 1 %}",
        "{% sparkline values evil %}{% bar_chart evil labels values evil note=evil %}",
        "{% line_chart evil labels series evil %}{% share_bar evil parts %}",
        "{{ evil|phrases }}{{ evil|or_no_data }}{% icon 'x' 16 evil %}",
    ],
)
def test_values_are_escaped_everywhere(source: str) -> None:
    html = draw(
        source,
        evil=EVIL,
        labels=[EVIL, "b"],
        values=[1, 2],
        series=[Series(EVIL, (1, 2))],
        parts=[(EVIL, 1, "good")],
    )
    assert "<script" not in html and "&lt;script" in html


@pytest.mark.parametrize("name", ["style", "onclick"])
def test_attributes_that_the_content_policy_blocks_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="content policy"):
        draw("{% button 'x' " + name + "='y' %}")


def test_attributes_given_by_keyword_reach_the_button() -> None:
    html = draw('{% button "x" hx_post="/a" data_behavior="dialog" disabled=True value="" %}')
    assert 'hx-post="/a"' in html and 'data-behavior="dialog"' in html and " disabled" in html
    assert "value=" not in html


def test_a_missing_score_is_withheld_and_never_zero() -> None:
    html = draw("{% score None 1 5 %}")
    assert "判定保留" in html and "5指標中1指標" in html and "score__value" not in html


def test_a_score_is_shown_in_its_band_and_never_rounded_up_into_the_next() -> None:
    html = draw("{% score 69.9 band='watch' %}")
    assert "注意" in html and ">69<" in html and "70" not in html


def test_a_score_without_a_band_is_refused() -> None:
    with pytest.raises(KeyError):
        draw("{% score 90 %}")


def test_a_missing_figure_reads_no_data() -> None:
    html = draw("{% tile '売上' None '円' n=0 %}")
    assert "データなし" in html and "円" not in html and "n=0" in html


def test_a_figure_opens_to_its_rows() -> None:
    assert '<a href="/customers?band=bad">危険</a>' in draw(
        "{% tile '危険' 21 '社' href='/customers?band=bad' %}"
    )


@pytest.mark.parametrize(
    ("source", "word", "tone"),
    [
        ("{% delta -12 '人' %}", "悪化", "bad"),
        ("{% delta -12 '人' good='down' %}", "改善", "good"),
        ("{% delta 0 '人' %}", "変化なし", "same"),
        ("{% delta 5 '人' good='none' %}", "+5人", "neutral"),
        ("{% delta None '人' %}", "データなし", "neutral"),
    ],
)
def test_a_change_says_in_words_whether_it_is_good(source: str, word: str, tone: str) -> None:
    html = draw(source)
    assert word in html and f"delta--{tone}" in html


def test_units_keep_their_distance_in_english_only() -> None:
    assert "12\u00a0people" in draw("{% delta 12 'people' %}", "en")
    assert "12人" in draw("{% delta 12 '人' %}")


def test_an_unknown_tone_is_a_mistake_of_the_page() -> None:
    with pytest.raises(ValueError, match="unknown tone"):
        draw("{% badge 'x' 'purple' %}")


def test_bad_news_is_an_alert_and_the_rest_is_a_status() -> None:
    assert 'role="alert"' in draw("{% notice 'bad' %}x{% endnotice %}")
    assert 'role="status"' in draw("{% notice 'good' %}x{% endnotice %}")


def test_undo_posts_with_the_token() -> None:
    html = draw("{% notice 'good' undo_url='/undo' %}x{% endnotice %}", csrf_token="tok")
    assert 'method="post" action="/undo"' in html and 'value="tok"' in html and "元に戻す" in html


def test_sorting_by_the_same_column_turns_it_round() -> None:
    html = draw("{% sort_header 'mrr' 'MRR' %}", query="sort=mrr&band=bad&after=abc")
    assert 'aria-sort="ascending"' in html and "sort=-mrr" in html and "band=bad" in html
    assert "after" not in html


def test_figures_sort_from_the_greatest_first() -> None:
    html = draw("{% sort_header 'mrr' 'MRR' numeric=True %}")
    assert "?sort=-mrr" in html and "aria-sort" not in html


def test_the_default_sort_is_shown_when_the_query_names_none() -> None:
    assert 'aria-sort="ascending"' in draw("{% sort_header 'risk' 'x' default='risk' %}")


def test_a_chip_in_force_takes_its_filter_away() -> None:
    html = draw("{% filter_chip '危険' 'band' 'bad' %}", query="band=bad&sort=mrr")
    assert 'aria-current="true"' in html and 'href="?sort=mrr"' in html


def test_turning_the_page_keeps_the_filters() -> None:
    html = draw("{% pager next='c2' previous='c0' %}", query="band=bad&after=c1")
    assert "band=bad&amp;after=c2" in html and "band=bad&amp;before=c0" in html


def test_charts_are_named_and_have_a_table_twin() -> None:
    html = draw(
        "{% bar_chart '新規' labels values '社' %}", labels=["1月", "2月"], values=[3, None]
    )
    assert 'role="img" aria-label="新規"' in html and "<desc>" in html
    assert "表で見る" in html and "データなし" in html and "style=" not in html


def test_a_table_is_named_and_can_be_reached_by_keyboard() -> None:
    html = draw("{% table '顧客' %}<tbody></tbody>{% endtable %}")
    assert 'role="region" aria-label="顧客" tabindex="0"' in html and "<caption" in html


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("佐藤 美咲", "佐藤"),
        ("髙橋", "髙橋"),
        ("Alice Brown", "AB"),
        ("ａｌｉｃｅ", "A"),
        (" ", "?"),
    ],
)
def test_initials_follow_the_writing_of_the_name(name: str, expected: str) -> None:
    assert initials(name) == expected


def test_a_time_carries_its_full_date() -> None:
    html = draw("{% when day today %}", day=date(2026, 12, 4), today=date(2026, 11, 22))
    assert html == '<time datetime="2026-12-04" title="2026/12/04 (金)">あと12日</time>'
