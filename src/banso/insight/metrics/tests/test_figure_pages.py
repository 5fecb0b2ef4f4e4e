"""The list of figures, and each figure's page: how it went, of which parts, and what it means."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from openpyxl import load_workbook

from banso.core.lists.declarations import Money
from banso.core.models import Workspace
from banso.customers import services as book
from banso.customers.tests.builders import a_contract, a_customer, a_notice, a_product, an_attribute
from banso.insight.metrics.asking.registry import MEASURES
from banso.insight.metrics.exports.course import read
from banso.insight.metrics.figures.standings import GROUPS
from banso.insight.metrics.tests.builders import a_closing, a_target

PAGE, LIST, CHURN = "/metrics/figure/", "/metrics/figures/", "/metrics/churn/"
PARTS = {"metrics.read"}


def page(client: Client, kpi: str, **asked: str) -> Any:
    """What the page of a KPI shows."""
    answer = client.get(PAGE, {"kpi": kpi, **asked})
    assert answer.status_code == 200
    return answer


def a_book() -> None:
    """One who stays, and one who left on 6 October."""
    a_contract(a_customer("甲社", industry="製造"), amount=1_200_000)
    left = a_contract(a_customer("乙社", industry="小売"), amount=600_000)
    book.end_contract(left.pk, effective_on=date(2026, 10, 6), by=None)


def test_every_figure_is_in_one_group_of_the_list() -> None:
    listed = [kpi for kpis in GROUPS.values() for kpi in kpis]
    assert sorted(listed) == sorted(MEASURES)


def test_the_list_tells_the_last_month_that_is_over(vera_client: Client) -> None:
    a_book()
    answer = vera_client.get(LIST)
    standing = {one.measure.id: one for _name, some in answer.context["groups"] for one in some}
    assert answer.context["month"].code == "2026-10"
    assert standing["logo_churn"].latest.value == Decimal("0.5")
    assert standing["logo_churn"].change == Decimal("0.5")
    assert standing["mrr"].change == -50_000
    assert "+50ポイント" in answer.content.decode()


def test_an_empty_workspace_shows_definitions_and_what_to_do(vera_client: Client) -> None:
    assert "契約がまだ登録されていない" in vera_client.get(LIST).content.decode()
    assert "契約から計算" in page(vera_client, "nrr").content.decode()


def test_the_latest_is_the_last_period_that_is_over(vera_client: Client) -> None:
    a_book()
    a_target("logo_churn", "0.01", kind="month", starts_on=date(2026, 10, 1))
    told = page(vera_client, "logo_churn").context
    assert told["tile"]["figure"].period.code == "2026-10"
    assert told["tile"]["before"].value == 0
    assert told["tile"]["year"].period.code == "2025-10"
    assert told["course"].target == Decimal("0.01")


@pytest.mark.parametrize("kpi", list(MEASURES))
def test_every_value_of_every_figure_opens_to_its_numerator(kpi: str, vera_client: Client) -> None:
    a_book()
    told = page(vera_client, kpi, first="2026-09").context
    values = [(row.figure, row.href) for row in told["rows"]]
    values += [cell for row in told["part_rows"] for cell in row.cells]
    opened = [(figure, href) for figure, href in values if figure and href]
    assert opened or MEASURES[kpi].always_by == "cohort" or kpi in ("ltv", "cac_payback")
    for figure, href in opened[:2]:
        assert vera_client.get(href).context["figure"].numerator == figure.numerator


@pytest.mark.parametrize(
    ("kpi", "moved"),
    [
        ("logo_churn", [("乙社", 1)]),
        ("nrr", [("乙社", -50_000)]),
        ("mrr", [("乙社", -50_000)]),
        ("upsell", []),
    ],
)
def test_who_moved_a_figure_is_named(
    kpi: str, moved: list[tuple[str, int]], vera_client: Client
) -> None:
    a_book()
    told = page(vera_client, kpi).context
    assert [(one.name, one.amount) for one in told["movers"].rows] == moved
    assert vera_client.get(told["movers_href"]).status_code == 200


def test_a_closed_month_says_what_was_reported_and_what_was_corrected(
    vera_client: Client,
) -> None:
    one = a_contract(amount=1_200_000)
    a_closing(date(2026, 10, 1))
    book.end_contract(one.pk, effective_on=date(2026, 10, 6), by=None)
    told = page(vera_client, "mrr").context
    october = told["rows"][1]
    assert october.figure.value == told["tile"]["figure"].value == 100_000
    assert october.correction.words == "締め後の修正：−¥100,000"
    assert vera_client.get(october.href).context["figure"].value == 100_000
    assert vera_client.get(october.correction.href).status_code == 200
    assert "締め後の修正を含む、現在の契約履歴" in page(vera_client, "mrr").content.decode()
    listed = vera_client.get(LIST).context["groups"][2][1][0]
    assert listed.latest.value == 100_000
    assert vera_client.get(listed.href).context["figure"].value == 100_000
    assert listed.correction.words == "締め後の修正：−¥100,000"


def test_parts_stand_below_each_other_and_periods_beside(vera_client: Client) -> None:
    a_book()
    told = page(vera_client, "mrr", by="industry", first="2026-09", last="2026-10").context
    rows = {row.label: [one and one.value for one, _href in row.cells] for row in told["part_rows"]}
    assert rows == {"製造": [100_000, 100_000], "小売": [None, 50_000]}
    assert [one.value for one, _href in told["total"].cells] == [100_000, 150_000]


def test_parts_that_the_chart_does_not_draw_are_said(vera_client: Client) -> None:
    for trade in ("製造", "小売", "卸売", "建設", "医療", "教育", "物流"):
        a_contract(a_customer(f"{trade}社", industry=trade))
    told = page(vera_client, "mrr", by="industry")
    assert len(told.context["series"]) == 5 and len(told.context["part_rows"]) == 7
    assert "ほか2件は下の表" in told.content.decode()
    assert "件は下の表" not in page(vera_client, "mrr").content.decode()


def test_segments_are_said_to_overlap(vera_client: Client) -> None:
    a_book()
    told = page(vera_client, "mrr", by="segment")
    assert told.context["course"].parts_overlap


def test_when_nobody_left_there_are_no_reasons(vera_client: Client) -> None:
    a_contract()
    assert "この期間のデータはありません" in page(vera_client, "churn_timing").content.decode()


def test_reasons_add_up_to_all_who_left(vera_client: Client) -> None:
    a_book()
    told = page(vera_client, "churn_timing", first="2026-09", last="2026-10").context
    assert [one and one.value for one, _href in told["total"].cells] == [1, None]


def test_cohorts_are_a_triangle(vera_client: Client) -> None:
    a_contract(a_customer("甲社"), start_on=date(2026, 8, 1), end_on=date(2027, 8, 1))
    a_contract(a_customer("乙社"), start_on=date(2026, 9, 1), end_on=date(2027, 9, 1))
    cohorts = page(vera_client, "cohort").context["cohorts"]
    shares = {one.label: [cell.share for cell in one.cells] for one in cohorts}
    assert shares == {"2026/08": [1, 1, 1, None], "2026/09": [1, 1, None]}


def test_twelve_months_up_to_each_month(vera_client: Client) -> None:
    a_book()
    asked = {"kind": "trailing", "last": "2026-04", "periods": "2"}
    assert "2025/04–2026/03" in page(vera_client, "nrr", **asked).content.decode()
    told = page(vera_client, "nrr", kind="trailing", periods="3").context
    assert [one for one, _runs in told["labels"]] == [
        "2025/10–2026/09",
        "2025/11–2026/10",
        "2025/12–2026/11",
    ]
    assert told["course"].befores[1].period == told["course"].whole[0].period


def test_quarters_stand_shortly_below_charts_and_in_full_in_tables(vera_client: Client) -> None:
    a_book()
    told = page(vera_client, "logo_churn", kind="quarter", periods="2").context
    assert told["marks"] == ["26年度2Q", "26年度3Q"]
    assert [one for one, _runs in told["labels"]] == ["2026年度 第2四半期", "2026年度 第3四半期"]
    board = vera_client.get("/metrics/", {"kind": "quarter"}).context
    assert board["labels"][-1] == "26年度3Q"


def test_renewals_due_look_ahead(vera_client: Client) -> None:
    a_contract(amount=1_200_000)
    told = page(vera_client, "renewals_due").context["course"]
    assert told.asked.periods[-1].end == date(2027, 6, 1)
    due = {one.period.code: one.value for one in told.whole}
    assert (due["2026-11"], told.figure.period.code) == (100_000, "2026-10")


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "week"},
        {"periods": "0"},
        {"periods": "1000"},
        {"first": "2026-13"},
        {"first": "2026-10", "last": "2026-09"},
        {"first": "1900-01", "kind": "month"},
        {"last": "1900-01"},
        {"last": "9999-12"},
        {"first": "0001-01", "last": "0001-02"},
        {"first": "2026-01", "last": "9999-12"},
        {"by": "x"},
        {"by": "reason"},
        {"unit": "person"},
        {"standing": "later"},
        {"as_of": "2999-01-01"},
        {"as_of": "yesterday"},
    ],
    ids=str,
)
def test_what_cannot_be_asked_is_refused_in_words(
    asked: dict[str, str], vera_client: Client
) -> None:
    answer = vera_client.get(PAGE, {"kpi": "mrr", **asked})
    assert answer.status_code == 422 and answer.context["form"].errors
    assert vera_client.get(CHURN, asked).status_code == 422


def test_a_figure_over_time_leaves_as_a_file(acme: Workspace) -> None:
    a_book()
    asked = "kpi=mrr&by=industry&first=2026-09&last=2026-10"
    rows = [list(row) for row in read(QueryDict(asked), frozenset(PARTS)).rows]
    assert [(row[2], row[5], row[6]) for row in rows] == [
        ("2026-09", "製造", Money(Decimal(100_000), "JPY")),
        ("2026-09", "小売", Money(Decimal(50_000), "JPY")),
        ("2026-09", "", Money(Decimal(150_000), "JPY")),
        ("2026-10", "製造", Money(Decimal(100_000), "JPY")),
        ("2026-10", "", Money(Decimal(100_000), "JPY")),
    ]


def workbook(client: Client, name: str, query: str) -> tuple[str, Any]:
    """What the file is called, and its sheet."""
    asked = {"list": name, "query": query, "kind": "xlsx"}
    answer = client.post("/exports/", asked, follow=True)
    assert answer.status_code == 200
    return answer["Content-Disposition"].split('"')[1], load_workbook(
        BytesIO(answer.content)
    ).active


@pytest.mark.parametrize(
    ("name", "query", "file"),
    [
        ("figure_course", "?kpi=nrr&first=2026-09&last=2026-10", "nrr_2026-10.xlsx"),
        ("figure_course", "?kpi=nrr&by=tier&last=2026-10&periods=1", "nrr_by_tier_2026-10.xlsx"),
        (
            "figure_course",
            "?kpi=nrr&kind=trailing&last=2026-10&periods=1",
            "nrr_2025-11_2026-10.xlsx",
        ),
        ("opened_figure", "?kpi=nrr&period=2026-10", "nrr_rows_2026-10.xlsx"),
    ],
)
def test_a_file_of_a_figure_is_called_like_it_and_names_it_in_every_row(
    name: str, query: str, file: str, alice_client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    a_book()
    called, sheet = workbook(alice_client, name, query)
    assert (called, sheet.title) == (file, "売上維持率（NRR）")
    rows = [[one.value for one in row[:2]] for row in sheet.iter_rows(min_row=2)]
    assert rows and all(row == ["売上維持率（NRR）", "nrr"] for row in rows)


def test_a_workbook_shows_rates_as_percent_money_in_its_digits_and_remarks_in_words(
    alice_client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    a_book()
    shown = {}
    for kpi in ("ltv", "nrr"):
        query = f"?kpi={kpi}&last=2026-10&periods=1"
        _file, sheet = workbook(alice_client, "figure_course", query)
        heads, row = sheet.iter_rows()
        shown[kpi] = {str(head.value): cell for head, cell in zip(heads, row, strict=True)}
    ltv, nrr = shown["ltv"], shown["nrr"]
    assert ltv["値"].number_format == "#,##0" and isinstance(ltv["値"].value, int)
    assert ltv["分母"].number_format == nrr["値"].number_format == "0.00%"
    assert nrr["分子"].number_format == "#,##0"
    assert "下限値です" in ltv["備考"].value and "capped" not in ltv["備考"].value


def test_three_notions_of_churn_stand_beside_each_other(vera_client: Client) -> None:
    a_book()
    an_attribute("churn_flag", "bool")
    stays = a_customer("丙社", attributes={"churn_flag": True})
    a_contract(stays)
    a_contract(stays, product=a_product("別の製品"))
    a_notice(stays, noticed_on=date(2026, 9, 10), effective_on=date(2026, 10, 31))
    shown = page(vera_client, "logo_churn", first="2026-09", last="2026-10").context["notions"]
    october, september = shown.lines
    assert [one[0] for one in (october.left, october.noticed, october.leaving)] == [1, 0, 1]
    assert [one[0] for one in (september.left, september.noticed, september.leaving)] == [0, 1, 0]
    shared = {one.which: one.customers for one in shown.shared}
    assert {which: count for which, (count, _href) in shared.items()} == {
        (True, False, False): 1,
        (False, True, True): 1,
    }
    for wrong in ({"of": "x"}, {"of": "noticed", "period": "2020-01"}, {"which": "2"}):
        assert vera_client.get(CHURN, wrong).status_code == 404
    listed = vera_client.get(shared[False, True, True][1])
    assert [(row.name, row.noticed, row.leaving) for row in listed.context["rows"]] == [
        ("丙社", "2026/09", "2026/10")
    ]


def test_without_notices_and_flags_there_is_one_notion(vera_client: Client) -> None:
    a_book()
    assert page(vera_client, "logo_churn").context["notions"] is None
    assert "この見方で解約した顧客はいません" in vera_client.get(CHURN).content.decode()


def test_a_withdrawn_notice_counts_only_for_who_asks_as_of_before(vera_client: Client) -> None:
    a_book()
    notice = a_notice(noticed_on=date(2026, 10, 10))
    assert page(vera_client, "logo_churn").context["notions"].lines[1].noticed[0] == 1
    book.withdraw_notice(notice.pk, by=None)
    assert page(vera_client, "logo_churn").context["notions"].lines[1].noticed[0] == 0
