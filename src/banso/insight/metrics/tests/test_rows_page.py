"""The page of an opened figure: its rows, and their sum."""

from datetime import date

import pytest
from django.http import QueryDict
from django.test import Client

from banso.core.models import Workspace
from banso.core.scope import open_workspace
from banso.customers import services as book
from banso.customers.tests.builders import a_contract, a_customer, a_plan
from banso.insight.metrics.opened_exports import read
from banso.insight.metrics.registry import MEASURES

OCTOBER = {"period": "2026-10"}


ROWS = "/metrics/rows/"


def test_rows_of_mrr_add_up_to_the_figure_and_lead_to_customers(vera_client: Client) -> None:
    one = a_contract(a_customer("甲社"), amount=1_200_000)
    a_contract(a_customer("乙社"), amount=600_000)
    page = vera_client.get(ROWS, {"kpi": "mrr", **OCTOBER})
    assert page.context["numerator"] == page.context["figure"].numerator == 150_000
    assert f"/customers/{one.customer_id}/" in page.content.decode()


@pytest.mark.parametrize("kpi", [one.id for one in MEASURES.values() if not one.always_by])
def test_every_kpi_opens_and_what_adds_up_does(kpi: str, vera_client: Client) -> None:
    a_contract(a_customer("甲社"), amount=1_200_000)
    ended = a_contract(a_customer("乙社"), amount=600_000)
    book.end_contract(ended.pk, effective_on=date(2026, 10, 6), by=None)
    page = vera_client.get(ROWS, {"kpi": kpi, **OCTOBER})
    assert page.status_code == 200
    if not MEASURES[kpi].made_by:
        assert page.context["numerator"] == page.context["figure"].numerator


def test_a_part_shows_its_own_rows_and_the_contract_of_its_line(vera_client: Client) -> None:
    a_contract(a_customer("甲社"), amount=1_200_000)
    ended = a_contract(a_customer("乙社"), amount=600_000)
    book.end_contract(ended.pk, effective_on=date(2026, 10, 6), by=None)
    page = vera_client.get(ROWS, {"kpi": "movements", **OCTOBER, "part": "churn"})
    assert page.context["count"] == 1
    assert page.context["numerator"] == -50_000
    assert f"/contracts/{ended.pk}/" in page.content.decode()


def test_a_trailing_year_is_told_by_its_days(vera_client: Client) -> None:
    a_contract(amount=1_200_000)
    days = {"start": "2025-11-01", "end": "2026-11-01", "kind": "year"}
    page = vera_client.get(ROWS, {"kpi": "mrr", "period": "FY2025", **days})
    assert page.context["figure"].period.last_day == date(2026, 10, 31)


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
        {**OCTOBER, "by": "x", "cut": "y"},
    ],
    ids=str,
)
def test_what_cannot_be_asked_is_refused(asked: dict[str, str], vera_client: Client) -> None:
    assert 400 <= vera_client.get(ROWS, {"kpi": "mrr", **asked}).status_code < 500


def test_rows_leave_as_a_file(acme: Workspace) -> None:
    a_contract(a_customer("甲社"), amount=1_200_000)
    sheet = read(QueryDict("kpi=mrr&period=2026-10"), frozenset({"metrics.read"}))
    assert [list(row)[1] for row in sheet.rows] == ["甲社"]


def test_every_figure_of_a_kpis_page_opens_to_rows_that_add_up_to_it(vera_client: Client) -> None:
    a_contract(a_customer("甲社"), amount=1_200_000)
    ended = a_contract(a_customer("乙社"), amount=600_000)
    book.end_contract(ended.pk, effective_on=date(2026, 10, 6), by=None)
    assert vera_client.get("/metrics/figures/").status_code == 200
    for kpi in ("mrr", "movements", "logo_churn", "nrr", "churn_timing"):
        page = vera_client.get(f"/metrics/figure/?kpi={kpi}")
        for figure, href in page.context["rows"][:3]:
            opened = vera_client.get(href)
            assert opened.context["numerator"] == figure.numerator
