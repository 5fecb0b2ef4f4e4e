"""Figures by REST: the registry, figures, and the rows that they are the sum of."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from banso.core.declarations import kpis
from banso.core.models import Workspace
from banso.core.scope import open_workspace
from banso.customers import services as book
from banso.customers.tests.builders import a_contract, a_customer, a_plan
from banso.insight.metrics import answers
from banso.insight.metrics.asking import Asked
from banso.insight.metrics.asking.questions import period_called
from banso.insight.metrics.asking.registry import MEASURES
from banso.lib.periods import period_of, periods_between

FIGURES, ROWS = "/api/v1/metrics/figures", "/api/v1/metrics/figures/rows"
YEAR = {"from": "2025-12", "to": "2026-11"}


def test_every_kpi_of_the_registry_is_declared_and_listed_in_the_readers_language(
    vera_client: Client,
) -> None:
    assert {one.id for one in kpis()} >= set(MEASURES)
    listed = {one["id"]: one for one in vera_client.get("/api/v1/metrics/kpis").json()}
    assert set(listed) >= set(MEASURES)
    nrr = listed["nrr"]
    assert nrr["label"] == "売上維持率（NRR）" and nrr["unit"] == "share" and len(nrr["edges"]) == 3
    assert nrr["denominator"] and listed["mrr"]["denominator"] is None
    english = vera_client.get("/api/v1/metrics/kpis", headers={"accept-language": "en"}).json()
    assert {one["id"]: one for one in english}["nrr"]["label"] == "Net revenue retention (NRR)"


@pytest.mark.parametrize("by", ["", "plan", "tier"])
@pytest.mark.parametrize("kpi", ["mrr", "grr", "logo_churn", "movements"])
def test_figures_are_the_objects_that_the_command_prints(
    vera_client: Client, kpi: str, by: str
) -> None:
    a_contract(a_customer("甲社", tier="high"), plan=a_plan())
    ended = a_contract(a_customer("乙社"), amount=600_000)
    book.end_contract(ended.pk, effective_on=date(2026, 6, 1), by=None)
    found = vera_client.get(FIGURES, {"kpi": kpi, "by": by, **YEAR})
    assert found.status_code == 200
    months = periods_between(date(2025, 12, 1), date(2026, 11, 30), "month", 4)
    told = [answers.as_object(one) for one in answers.figures(Asked(kpi, tuple(months), by=by))]
    assert found.json() == told and told


def test_left_out_months_are_the_year_up_to_now_and_quarters_are_fiscal(
    vera_client: Client,
) -> None:
    a_contract()
    months = vera_client.get(FIGURES, {"kpi": "mrr"}).json()
    assert (months[0]["period"], months[-1]["period"], len(months)) == ("2025-12", "2026-11", 12)
    quarters = vera_client.get(FIGURES, {"kpi": "mrr", "period": "quarter", **YEAR}).json()
    assert [one["period"] for one in quarters] == [
        "FY2025-Q3", "FY2025-Q4", "FY2026-Q1", "FY2026-Q2", "FY2026-Q3",
    ]  # fmt: skip
    assert quarters[-1]["notes"] == ["running"] and quarters[0]["value"] == 100_000


@pytest.mark.parametrize(
    ("asked", "code", "field"),
    [
        ({"kpi": "rubbish"}, "unknown_kpi", None),
        ({"by": "rubbish"}, "unknown_cut", None),
        ({"from": "2026-11", "to": "2026-10"}, "backwards", "to"),
        ({"from": "1976-12", "to": "2026-11"}, "too_many_periods", "to"),
        ({"from": "2026-1"}, "bad_month", "from"),
        ({"to": "2026-00"}, "bad_month", "to"),
        ({"to": "9999-12"}, "bad_month", "to"),
        ({"as_of": "2026-11-21"}, "in_future", "as_of"),
        ({"as_of": "0001-01-01"}, "invalid", "as_of"),
    ],
    ids=str,
)
def test_what_cannot_be_asked_is_refused_in_words(
    vera_client: Client, asked: dict[str, str], code: str, field: str | None
) -> None:
    answer = vera_client.get(FIGURES, {"kpi": "mrr", **asked})
    assert answer.status_code == 422 and answer["Content-Type"] == "application/problem+json"
    assert (answer.json()["code"], answer.json().get("field")) == (code, field)
    assert not answer.json()["detail"].isascii()


@pytest.mark.parametrize(
    "asked", [{"unit": "x"}, {"attributes": "x"}, {"period": "week"}, {"as_of": "x"}], ids=str
)
def test_a_word_that_is_none_of_those_offered_is_refused(
    vera_client: Client, asked: dict[str, str]
) -> None:
    answer = vera_client.get(FIGURES, {"kpi": "mrr", **asked})
    assert answer.status_code == 422 and next(iter(asked)) in str(answer.json()["errors"])
    assert vera_client.get(FIGURES).status_code == 422


def test_as_of_a_day_the_ledger_is_told_as_known_at_its_end_and_no_day_after_it(
    vera_client: Client,
) -> None:
    early, late = a_contract(a_customer("甲社")), a_contract(a_customer("乙社"))
    for contract, recorded in [(early, "2026-10-31T14:59:00Z"), (late, "2026-10-31T15:01:00Z")]:
        contract.changes.update(recorded_at=recorded)  # midnight in Tokyo is at 15:00
    asked = {"kpi": "mrr", "from": "2026-10", "to": "2026-11", "as_of": "2026-10-31"}
    october, november = vera_client.get(FIGURES, asked).json()
    assert october["value"] == 100_000 and october["notes"] == []
    assert november["value"] is None and november["notes"] == ["future"]


def test_a_trailing_year_is_told_for_each_month_and_opens_by_its_code(vera_client: Client) -> None:
    gone = a_contract(a_customer("去る客"), start_on=date(2025, 4, 1))
    a_contract(a_customer("残る客"), start_on=date(2025, 4, 1))
    book.end_contract(gone.pk, effective_on=date(2026, 6, 30), by=None)
    asked = {"kpi": "logo_churn", "period": "trailing", "from": "2026-03", "to": "2026-10"}
    found = vera_client.get(FIGURES, asked).json()
    assert [one["period"] for one in found][:2] == ["FY2025", "2025-05/2026-04"]
    assert (len(found), found[-1]["value"], found[-1]["period"]) == (8, 0.5, "2025-11/2026-10")
    told = rows(vera_client, kpi="logo_churn", period="2025-11/2026-10")["rows"]
    assert {(one["name"], one["numerator"]) for one in told} == {("去る客", 1), ("残る客", 0)}


def test_fifty_years_of_fiscal_years_are_few_periods(vera_client: Client) -> None:
    asked = {"kpi": "mrr", "from": "1976-12", "to": "2026-11", "period": "year"}
    assert len(vera_client.get(FIGURES, asked).json()) == 51


def rows(client: Client, **asked: Any) -> dict[str, Any]:
    answer = client.get(ROWS, {"kpi": "mrr", "period": "2026-10", **asked})
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_rows_add_up_to_the_figure_page_by_page_as_known_at_the_first(
    vera_client: Client,
) -> None:
    for n in range(5):
        a_contract(a_customer(f"顧客{n}"), amount=1_200_000 + 12 * n)
    page = rows(vera_client, limit=2)
    seen = page["rows"]
    a_contract(a_customer("あとから来た客"), amount=9_900_000)
    while page["next_cursor"]:
        page = rows(vera_client, limit=2, cursor=page["next_cursor"])
        seen += page["rows"]
    assert [one["name"] for one in seen] == [f"顧客{n}" for n in (4, 3, 2, 1, 0)]
    assert sum(one["numerator"] for one in seen) == 500_010 and all(one["lines"] for one in seen)
    assert rows(vera_client)["rows"][0]["name"] == "あとから来た客"


def test_a_part_of_a_cut_opens_to_its_own_rows(vera_client: Client) -> None:
    plan = a_plan()
    a_contract(a_customer("甲社"), plan=plan)
    a_contract(a_customer("乙社"))
    for cut, name in [(str(plan.pk), "甲社"), ("none", "乙社")]:
        assert [one["name"] for one in rows(vera_client, by="plan", cut=cut)["rows"]] == [name]
    assert rows(vera_client, by="plan", cut="rubbish")["rows"] == []


def test_a_cursor_leads_on_in_its_own_rows_only(vera_client: Client) -> None:
    for n in range(3):
        a_contract(a_customer(f"顧客{n}"))
    cursor = rows(vera_client, limit=1)["next_cursor"]
    for asked in ({"kpi": "nrr"}, {"period": "2026-09"}, {"unit": "group"}, {"cursor": "x"}):
        answer = vera_client.get(
            ROWS, {"kpi": "mrr", "period": "2026-10", "cursor": cursor, **asked}
        )
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_cursor")


@pytest.mark.parametrize(
    "code",
    [
        "",
        "2026",
        "2026-13",
        "2026-Q1",
        "FY2026-Q5",
        "FY2026-H3",
        "2026-4",
        "FY9999",
        "九月",
        "2025-12/2026-10",
        "2025-13/2026-12",
        "2026-01/2025-12",
        "2025-02/2026-13",
    ],
)
def test_a_period_that_is_none_is_refused(vera_client: Client, code: str) -> None:
    answer = vera_client.get(ROWS, {"kpi": "mrr", "period": code})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_period")


@pytest.mark.parametrize("fiscal", [1, 4, 10])
def test_every_period_is_found_by_its_code(acme: Workspace, fiscal: int) -> None:
    acme.fiscal_start_month = fiscal
    days = [date(2026, month, 15) for month in range(1, 13)]
    for kind in ("month", "quarter", "half", "year"):
        for day in days:
            period = period_of(day, kind, fiscal)
            assert period_called(period.code) == period


def test_another_workspace_has_its_own_figures(
    vera_client: Client, other_workspace: Workspace
) -> None:
    with open_workspace(other_workspace):
        a_contract()
    assert rows(vera_client)["rows"] == []
    assert vera_client.get(FIGURES, {"kpi": "mrr", **YEAR}).json()[0]["value"] == 0
