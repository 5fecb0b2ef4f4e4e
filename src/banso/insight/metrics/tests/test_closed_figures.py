"""Pages and files of closed months: what was reported, what was corrected, and what was not kept."""

from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from banso.core.models import Workspace
from banso.customers import services as book
from banso.customers.tests.builders import a_contract, a_customer
from banso.insight.metrics.exports.course import read
from banso.insight.metrics.models import ClosedFigure, Closing
from banso.insight.metrics.tests.builders import a_closing
from banso.insight.metrics.tests.test_figure_pages import LIST, page


@pytest.fixture
def corrected(acme: Workspace) -> None:
    """October was closed at ¥150,000; since then 乙社 is worth ¥100,000 in it, not ¥50,000."""
    a_contract(a_customer("甲社", industry="製造"), amount=1_200_000, start_on=date(2025, 6, 1),
               end_on=None)  # fmt: skip
    grown = a_contract(
        a_customer("乙社", industry="小売", tier="high"), amount=600_000, end_on=None
    )
    a_closing(date(2026, 10, 1))
    book.change_contract(
        grown.pk, effective_on=date(2026, 10, 10), kind="expansion", amount=1_200_000, by=None
    )


@pytest.mark.usefixtures("corrected")
def test_parts_of_a_closed_month_are_as_reported_like_their_sum(vera_client: Client) -> None:
    asked = {"by": "tier", "first": "2026-10", "last": "2026-10"}
    told = page(vera_client, "mrr", **asked).context
    ((whole, _href, correction),) = told["total"].told
    assert (whole.value, correction.words) == (150_000, "締め後の修正：+¥50,000")
    rows = {row.label: row.told[0] for row in told["part_rows"]}
    high, opens, correction = rows.pop("ハイタッチ")
    assert (high.value, correction.words) == (50_000, "締め後の修正：+¥50,000")
    assert [(one.value, correction) for one, _href, correction in rows.values()] == [
        (100_000, None)
    ]
    assert vera_client.get(opens).context["figure"].value == 50_000
    assert told["heads"] == [("2026/10", False, False)]
    file = read(
        QueryDict("kpi=mrr&by=tier&first=2026-10&last=2026-10"), frozenset({"metrics.read"})
    )
    told_so = {row[5]: (row[6].amount, row[-2], row[-1].amount) for row in list[Any](file.rows)}
    assert told_so["ハイタッチ"] == (50_000, "報告した値", 100_000)
    assert told_so[""] == (150_000, "報告した値", 200_000)


@pytest.mark.usefixtures("corrected")
def test_a_cut_that_was_not_kept_says_so_and_its_sum_is_as_reported(vera_client: Client) -> None:
    told = page(vera_client, "mrr", by="industry", first="2026-09", last="2026-10")
    assert told.context["heads"] == [("2026/10", False, True), ("2026/09", False, False)]
    assert told.context["total"].cells[0][0].value == 150_000
    assert "締めたときに保存されていないため" in told.content.decode()
    file = read(
        QueryDict("kpi=mrr&by=industry&first=2026-10&last=2026-10"), frozenset({"metrics.read"})
    )
    assert {row[5]: (row[6].amount, row[-2]) for row in list[Any](file.rows)} == {
        "製造": (100_000, "現在の契約履歴"),
        "小売": (100_000, "現在の契約履歴"),
        "": (150_000, "報告した値"),
    }


@pytest.mark.usefixtures("corrected")
def test_a_part_that_came_after_the_closing_stands_beside_it_only(vera_client: Client) -> None:
    a_contract(
        a_customer("丙社", tier="low"), amount=360_000, start_on=date(2026, 10, 1), end_on=None
    )
    told = page(vera_client, "mrr", by="tier", first="2026-10", last="2026-11").context
    low = next(row for row in told["part_rows"] if row.label == "ロータッチ")
    assert [one and one.value for one, _href in low.cells] == [30_000, None]
    assert low.corrections[1] and low.corrections[1].words == "締め後の修正：+¥30,000"


@pytest.mark.usefixtures("corrected")
def test_list_dashboard_and_pages_of_a_closed_month_agree(vera_client: Client) -> None:
    listed = [one for _name, some in vera_client.get(LIST).context["groups"] for one in some]
    values = {one.measure.id: one.latest.value for one in listed if one.latest}
    assert values["expansion"] == values["upsell"] == 0
    for kpi in ("expansion", "ltv", "nrr", "mrr"):
        assert page(vera_client, kpi).context["tile"]["figure"].value == values[kpi]
    tiles = vera_client.get("/metrics/", {"kind": "month", "period": "2026-10"}).context["tiles"]
    year = page(vera_client, "nrr", kind="trailing", last="2026-10").context["tile"]["figure"]
    assert {one.figure.kpi: one.figure for one in tiles}["nrr"] == year
    assert year.value == 1 and all("報告した値" in "".join(map(str, one.notes)) for one in tiles)


@pytest.mark.usefixtures("corrected")
def test_a_dashboard_with_closed_months_says_what_of_it_is_the_ledgers(vera_client: Client) -> None:
    words = "契約履歴による現在の値"
    closed, before = (
        vera_client.get("/metrics/", {"kind": "month", "period": period}).content.decode()
        for period in ("2026-10", "2026-08")
    )
    assert words in closed and words not in before


@pytest.mark.usefixtures("corrected")
def test_a_closing_from_before_says_which_figures_of_a_year_it_lacks(vera_client: Client) -> None:
    ClosedFigure.objects.filter(kpi="grr", kind="year").delete()
    page = vera_client.get(f"/metrics/closings/{Closing.objects.get().pk}/")
    assert [str(one) for one in page.context["not_kept"]] == ["売上維持率（GRR）（直近12か月）"]


@pytest.mark.usefixtures("corrected")
def test_what_a_closing_did_not_keep_is_told_as_the_ledgers(vera_client: Client) -> None:
    ClosedFigure.objects.filter(kpi="ltv").delete()
    listed = [one for _name, some in vera_client.get(LIST).context["groups"] for one in some]
    assert [one.measure.id for one in listed if not one.is_kept] == ["ltv"]
    told = page(vera_client, "ltv")
    assert told.context["tile"]["notes"][0].startswith("締めたときに保存されていない")
    assert [row.is_ledger for row in told.context["rows"][:3]] == [False, True, False]
    tiles = vera_client.get("/metrics/", {"kind": "month", "period": "2026-10"}).context["tiles"]
    assert "締めたときに保存されていないため、現在の契約履歴による値です。" in tiles[-1].notes
    closing = Closing.objects.get()
    assert "LTV" in vera_client.get(f"/metrics/closings/{closing.pk}/").content.decode()


def test_a_correction_of_what_cannot_be_told_says_what_stands_now(
    acme: Workspace, vera_client: Client
) -> None:
    contract = a_contract(amount=1_200_000, start_on=date(2025, 6, 1), end_on=None)
    a_closing(date(2026, 10, 1))
    book.change_contract(
        contract.pk, effective_on=date(2026, 9, 10), kind="expansion", amount=2_400_000, by=None
    )

    def words() -> dict[str, str]:
        groups = vera_client.get(LIST).context["groups"]
        every = [one for _name, standings in groups for one in standings]
        return {one.measure.id: one.correction.words for one in every if one.correction}

    assert words()["ltv"] == "締め後の修正：現在は≥ ¥12,000,000"
    assert words()["grr"] == "締め後の修正：分子・分母のみ変更"
    a_contract(a_customer("Fjord AS"), currency="EUR", start_on=date(2026, 10, 1), end_on=None)
    assert words()["mrr"] == "締め後の修正：現在はデータなし"
