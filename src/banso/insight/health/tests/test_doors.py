"""The pages and the API of the health room."""

import json
from uuid import uuid4

import pytest
from django.test import Client

from banso.core.models import Workspace
from banso.core.tests.builders import TODAY
from banso.insight.health import services
from banso.insight.health.models import Judgement
from banso.insight.health.tests.builders import Told, a_steady_customer, a_told_customer


def test_the_explanation_page_says_score_reason_and_every_measure(
    acme: Workspace, told: Told, bob_client: Client
) -> None:
    customer = a_steady_customer(told, usage__active_people_28=6, usage__trend_28=0.4)
    page = bob_client.get(f"/customers/{customer.pk}/health").content.decode()
    assert "18人から6人" in page and "ライセンス利用率" in page and "営業日あたりの利用" in page


def test_a_customer_without_a_score_is_told_why(
    acme: Workspace, told: Told, bob_client: Client
) -> None:
    customer = a_told_customer(told, customers__contract_state="ended")
    for tail in ("", "/panel"):
        page = bob_client.get(f"/customers/{customer.pk}/health{tail}")
        assert page.status_code == 200 and "契約が終了した" in page.content.decode()


def test_the_panel_links_to_the_explanation(
    acme: Workspace, told: Told, bob_client: Client
) -> None:
    customer = a_steady_customer(told)
    page = bob_client.get(f"/customers/{customer.pk}/health/panel").content.decode()
    assert f'href="/customers/{customer.pk}/health"' in page


def test_the_overview_lists_and_narrows_by_band(
    acme: Workspace, told: Told, bob_client: Client
) -> None:
    a_steady_customer(told, name="株式会社良好")
    a_steady_customer(told, name="株式会社申出", customers__contract_state="noticed")
    everybody = bob_client.get("/health").content.decode()
    danger = bob_client.get("/health?band=danger").content.decode()
    assert "株式会社良好" in everybody and "株式会社良好" not in danger and "株式会社申出" in danger


@pytest.mark.parametrize("query", ["band=nonsense", "mine=x"])
def test_odd_queries_do_not_break_the_overview(
    acme: Workspace, told: Told, bob_client: Client, query: str
) -> None:
    assert bob_client.get(f"/health?{query}").status_code == 200


def test_the_overview_is_empty_in_words(acme: Workspace, told: Told, bob_client: Client) -> None:
    assert "すぐに採点され" in bob_client.get("/health").content.decode()


@pytest.mark.parametrize("at", ["2027-01-01", "nonsense", "0000-01-01", "0001-01-01"])
def test_a_day_that_cannot_be_shown_is_refused_in_words(
    acme: Workspace, told: Told, bob_client: Client, at: str
) -> None:
    assert bob_client.get("/health", {"at": at}).status_code == 422


def test_a_judgement_counts_at_once(acme: Workspace, told: Told, bob_client: Client) -> None:
    customer = a_told_customer(told)
    answer = bob_client.post(f"/customers/{customer.pk}/judgements", {"mood": "bad"}, follow=True)
    assert answer.status_code == 200 and Judgement.objects.get().mood == "bad"
    body = bob_client.get(f"/api/v1/customers/{customer.pk}/health").json()
    assert body["reason_code"] == "judged_bad"


@pytest.mark.parametrize(
    "body", [{}, {"mood": "great"}, {"mood": "bad", "expires_on": "2026-11-20"}]
)
def test_a_wrong_judgement_is_refused_and_not_kept(
    acme: Workspace, told: Told, bob_client: Client, body: dict[str, str]
) -> None:
    customer = a_told_customer(told)
    url = f"/customers/{customer.pk}/judgements"
    assert bob_client.post(url, body).status_code == 422
    answer = bob_client.post(f"/api/v1{url}", json.dumps(body), content_type="application/json")
    assert answer.status_code == 422 and not Judgement.objects.exists()


def test_a_viewer_sees_but_does_not_judge(acme: Workspace, told: Told, vera_client: Client) -> None:
    customer = a_told_customer(told)
    assert vera_client.get(f"/customers/{customer.pk}/health").status_code == 200
    answer = vera_client.post(f"/customers/{customer.pk}/judgements", {"mood": "bad"})
    assert answer.status_code == 403 and not Judgement.objects.exists()


def test_a_stranger_finds_nothing(acme: Workspace, told: Told, charlie_client: Client) -> None:
    customer = a_told_customer(told)
    for tail in ("health", "health/panel"):
        assert charlie_client.get(f"/customers/{customer.pk}/{tail}").status_code == 404
    assert charlie_client.get(f"/api/v1/customers/{customer.pk}/health").status_code == 404
    answer = charlie_client.post(f"/customers/{customer.pk}/judgements", {"mood": "bad"})
    assert answer.status_code == 404 and not Judgement.objects.exists()


def test_the_api_tells_score_coverage_measures_and_history(
    acme: Workspace, told: Told, bob_client: Client
) -> None:
    customer = a_steady_customer(told)
    body = bob_client.get(f"/api/v1/customers/{customer.pk}/health").json()
    assert body["band"] == "healthy" and body["coverage"] == 1 and body["score"] > 70
    assert {one["key"] for one in body["measures"] if one["counts"]} >= {"usage.trend_28"}
    points = bob_client.get(f"/api/v1/customers/{customer.pk}/health/history").json()
    assert [point["day"] for point in points] == [TODAY.isoformat()]


def test_the_api_refuses_odd_asks(acme: Workspace, told: Told, bob_client: Client) -> None:
    url = f"/api/v1/customers/{a_told_customer(told).pk}/health"
    assert bob_client.get(f"{url}?at=2027-01-01").status_code == 422
    assert bob_client.get(f"{url}?at=nonsense").status_code == 422
    assert bob_client.get(f"{url}/history?days=0").status_code == 422
    assert bob_client.get(f"/api/v1/customers/{uuid4()}/health").status_code == 404


def test_the_api_lists_open_alerts(acme: Workspace, told: Told, bob_client: Client) -> None:
    customer = a_steady_customer(told)
    services.score_customers(TODAY)
    acme.fixed_today = TODAY.replace(day=21)
    acme.save()
    told[customer.pk]["customers.contract_state"] = "noticed"
    services.score_customers(acme.fixed_today)
    [alert] = bob_client.get("/api/v1/alerts").json()
    assert alert["band"] == "danger" and alert["to_score"] == "30.0" and alert["reason"]
