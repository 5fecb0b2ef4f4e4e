"""The page of an opened figure: its rows, their sum, and how the figure follows from them."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.test import Client

from banso.core.errors import Refused
from banso.core.models import Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import a_member
from banso.customers import services as book
from banso.customers.models import Contract
from banso.customers.tests.builders import a_contract, a_customer, a_plan
from banso.insight.metrics import services
from banso.insight.metrics.asking.registry import MEASURES
from banso.insight.metrics.exports.opened import read
from banso.insight.metrics.tests.builders import an_exchange_rate

OCTOBER = {"period": "2026-10"}
ROWS = "/metrics/rows/"
TOLD = re.compile(r'<data value="([^"]+)" data-(row|total|figure)="(\w+)">')
NEW = {"start_on": date(2026, 10, 1), "end_on": date(2027, 10, 1)}


def told(client: Client, kpi: str, **asked: str) -> dict[tuple[str, str], list[Decimal]]:
    """The exact numbers on the page: of its rows, of all rows, and of the figure."""
    page = client.get(ROWS, {"kpi": kpi, **OCTOBER, **asked})
    assert page.status_code == 200
    found: dict[tuple[str, str], list[Decimal]] = {}
    for value, of, name in TOLD.findall(page.content.decode()):
        found.setdefault((of, name), []).append(Decimal(value))
    return found


def two_contracts() -> Contract:
    """One goes on; the other, which is told, ended on 6 October."""
    a_contract(a_customer("甲社"), amount=1_200_000)
    ended = a_contract(a_customer("乙社"), amount=600_000)
    return book.end_contract(ended.pk, effective_on=date(2026, 10, 6), by=None)


def test_rows_of_mrr_add_up_to_the_figure_and_lead_to_customers(vera_client: Client) -> None:
    one = a_contract(a_customer("甲社"), amount=1_200_000)
    a_contract(a_customer("乙社"), amount=600_000)
    found = told(vera_client, "mrr")
    assert found["row", "numerator"] == [100_000, 50_000]
    assert found["total", "numerator"] == found["figure", "numerator"] == [150_000]
    assert found["figure", "value"] == [150_000]
    page = vera_client.get(ROWS, {"kpi": "mrr", **OCTOBER}).content.decode()
    assert f"/customers/{one.customer_id}/" in page and f"/contracts/{one.pk}/" in page


@pytest.mark.parametrize("kpi", ["mrr", "nrr", "revenue_churn", "movements"])
def test_rows_stand_by_what_they_are_worth_in_whichever_currency(
    kpi: str, vera_client: Client
) -> None:
    an_exchange_rate("150", on=date(2026, 9, 1))
    for name, amount, currency in (("円", 1_200_000, "JPY"), ("ドル", 960_000, "USD")):
        of = a_contract(a_customer(name), amount=amount, currency=currency)
        if kpi in ("revenue_churn", "movements"):
            book.end_contract(of.pk, effective_on=date(2026, 10, 6), by=None)
    rows = vera_client.get(ROWS, {"kpi": kpi, **OCTOBER}).context["found"].rows
    assert [(row.name, abs(row.numerator)) for row in rows] == [("ドル", 120_000), ("円", 100_000)]


@pytest.mark.parametrize("kpi", [one.id for one in MEASURES.values() if one.adds_up])
def test_rows_of_every_kpi_add_up_to_its_figure(kpi: str, vera_client: Client) -> None:
    two_contracts()
    found = told(vera_client, kpi, **({"cut": "2025-12"} if MEASURES[kpi].always_by else {}))
    for name in ("numerator", "denominator"):
        rows = [sum(found.get(("row", name), []))] if found.get(("row", name)) else []
        assert rows == found.get(("total", name), [])
        assert rows == found.get(("figure", name), []) or not rows


def test_what_is_a_share_of_all_says_of_how_many_and_adds_up_none(vera_client: Client) -> None:
    two_contracts()
    found = told(vera_client, "churn_timing", by="tenure", cut="7-12")
    assert found["row", "numerator"] == found["figure", "numerator"] == [1]
    assert found["figure", "denominator"] == [1] and ("total", "denominator") not in found


def test_without_a_part_those_there_are_can_be_chosen(vera_client: Client) -> None:
    two_contracts()
    page = vera_client.get(ROWS, {"kpi": "cohort", **OCTOBER})
    [(figure, href)] = page.context["choices"]
    assert (figure.cut, figure.value) == ("2025-12", Decimal("0.5"))
    assert vera_client.get(ROWS + href).context["count"] == 2


def test_lifetime_value_says_how_it_follows_from_the_rows(vera_client: Client) -> None:
    two_contracts()
    steps = vera_client.get(ROWS, {"kpi": "ltv", **OCTOBER}).context["steps"]
    assert steps == [
        "ARPA：期首のMRR ¥150,000 ÷ 顧客数 2 ＝ ¥75,000",
        "粗利率が未設定のため、ARPAをそのまま使います。",
        "月次の売上解約率：¥50,000 ÷ ¥150,000 ＝ 33.3333%",
        "LTV：¥75,000 ÷ 33.3333% ＝ ¥225,000",
    ]


def test_without_churn_lifetime_value_says_that_it_is_at_least_so_much(vera_client: Client) -> None:
    a_contract(amount=1_200_000)
    page = vera_client.get(ROWS, {"kpi": "ltv", **OCTOBER})
    assert "¥100,000 × 60か月 ＝ ¥6,000,000以上" in page.context["steps"][-1]
    assert "≥ ¥6,000,000" in page.content.decode()


def test_payback_says_how_it_follows_from_costs_and_rows(vera_client: Client) -> None:
    a_contract(a_customer("甲社"), amount=1_200_000)
    a_contract(a_customer("乙社"), **NEW)
    services.set_costs({date(2026, 10, 1): 450_000}, by=None)
    page = vera_client.get(ROWS, {"kpi": "cac_payback", **OCTOBER})
    steps = page.context["steps"]
    assert steps[0] == "1社あたりの獲得コスト：¥450,000 ÷ 新規顧客数 1 ＝ ¥450,000"
    assert steps[-1] == "¥450,000 ÷ ¥100,000 ＝ 4.5か月"
    assert [one.name for one in page.context["found"].won] == ["乙社"]
    html = page.content.decode()
    assert html.index("期間内に獲得した顧客") < html.index("乙社") < html.index("甲社")
    assert "失ったMRR" not in html


def test_who_lost_nothing_is_in_no_part_of_gross_churn(vera_client: Client) -> None:
    a_contract(a_customer("甲社"), amount=1_200_000)
    left = a_contract(a_customer("乙社"), amount=600_000)
    book.end_contract(left.pk, effective_on=date(2026, 10, 6), by=None)
    page = vera_client.get(ROWS, {"kpi": "revenue_churn", **OCTOBER})
    assert [one.kind for one in page.context["found"].rows] == ["churn", ""]
    assert "減額" not in page.content.decode().split("<tbody>")[1].split("</table>")[0]


def test_loads_are_divided_by_posts_that_add_up(vera_client: Client) -> None:
    owner, other = (a_member(f"{one}@example.com", name=one) for one in ("own", "sub"))
    a_contract(a_customer("甲社", main_owner_id=owner.pk, sub_owner_id=other.pk))
    a_contract(a_customer("乙社", main_owner_id=owner.pk, tier="high"))
    found = told(vera_client, "accounts_per_csm", by="tier", cut="high")
    assert found["row", "numerator"] == found["figure", "numerator"] == [1]
    assert found["row", "denominator"] == found["total", "denominator"] == [Decimal("0.5")]
    assert found["figure", "denominator"] == [Decimal("0.5")]
    whole = told(vera_client, "accounts_per_csm")
    assert whole["row", "denominator"] == [1, 1] and whole["figure", "value"] == [1]


def test_a_part_shows_its_own_rows_and_the_contract_of_its_line(vera_client: Client) -> None:
    ended = two_contracts()
    found = told(vera_client, "movements", part="churn")
    assert found["total", "numerator"] == found["figure", "numerator"] == [-50_000]
    page = vera_client.get(ROWS, {"kpi": "movements", **OCTOBER, "part": "churn"})
    assert f"/contracts/{ended.pk}/" in page.content.decode()


@pytest.mark.parametrize(("kpi", "part"), [("movements", "x"), ("mrr", "churn"), ("ltv", "churn")])
def test_an_unknown_part_is_not_found(kpi: str, part: str, vera_client: Client) -> None:
    a_contract()
    assert vera_client.get(ROWS, {"kpi": kpi, **OCTOBER, "part": part}).status_code == 404


def test_a_trailing_year_is_told_by_its_days(vera_client: Client) -> None:
    a_contract(amount=1_200_000)
    days = {"start": "2025-11-01", "end": "2026-11-01", "kind": "year"}
    page = vera_client.get(ROWS, {"kpi": "mrr", "period": "FY2025", **days})
    assert page.context["figure"].period.last_day == date(2026, 10, 31)
    assert "2025/11–2026/10" in page.content.decode()


def test_another_workspaces_part_is_not_found(
    vera_client: Client, other_workspace: Workspace
) -> None:
    a_contract(amount=1_200_000)
    with open_workspace(other_workspace):
        theirs = a_plan()
    asked = {**OCTOBER, "by": "plan", "cut": str(theirs.pk)}
    assert vera_client.get(ROWS, {"kpi": "mrr", **asked}).status_code == 404
    assert vera_client.get(ROWS, {"kpi": "rubbish", **OCTOBER}).status_code == 404


@pytest.mark.parametrize(
    "asked",
    [
        {"period": "x"},
        {"start": "2026-10-01"},
        {"start": "2026-10-01", "end": "2026-09-01"},
        {"start": "0001-01-01", "end": "0001-02-01"},
        {**OCTOBER, "unit": "x"},
        {**OCTOBER, "standing": "x"},
        {**OCTOBER, "as_of": "x"},
        {**OCTOBER, "by": "x"},
        {**OCTOBER, "by": "reason"},
    ],
    ids=str,
)
def test_what_cannot_be_asked_is_refused(asked: dict[str, str], vera_client: Client) -> None:
    assert 400 <= vera_client.get(ROWS, {"kpi": "mrr", **asked}).status_code < 500


def test_rows_leave_as_a_file(acme: Workspace) -> None:
    a_contract(a_customer("甲社"), amount=1_200_000)
    sheet = read(QueryDict("kpi=mrr&period=2026-10"), frozenset({"metrics.read"}))
    assert [list(row)[4] for row in sheet.rows] == ["甲社"]
    with pytest.raises(Refused):
        read(QueryDict("kpi=rubbish"), frozenset({"metrics.read"}))
