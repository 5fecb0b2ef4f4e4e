"""Pages and REST of closings and restatements."""

import csv
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import pytest
from django.test import Client

from banso.core.models import Person, Workspace
from banso.core.tests.builders import events, fresh
from banso.customers import services as book
from banso.customers.models import Contract
from banso.customers.tests.builders import a_contract, a_customer
from banso.insight.metrics.models import Closing
from banso.insight.metrics.tests.builders import a_closing

PAGE, RESTATED = "/metrics/closings/", "/metrics/restatements/"
API = "/api/v1/metrics/closings"
JSON: Any = {"content_type": "application/json"}


def grown(contract: Contract, by: Person | None = None) -> None:
    """¥15,000 more MRR from 10 September on."""
    amount = contract.amount + 180_000
    book.change_contract(
        contract.pk, effective_on=date(2026, 9, 10), kind="expansion", amount=amount, by=by
    )


def text(client: Client, path: str, **query: str) -> str:
    answer = client.get(path, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_month_is_closed_on_the_page_and_shows_what_came_afterwards(
    alice_client: Client, alice: Person
) -> None:
    contract = a_contract(a_customer("株式会社" + "長" * 40), end_on=None)
    assert "報告を終えた月を締めると" in text(alice_client, PAGE)
    answer = alice_client.post(f"{PAGE}close/", {"month": "2026-09"})
    closing = Closing.objects.get()
    assert answer["Location"] == f"{PAGE}{closing.pk}/"
    assert "すべての数値が報告時のままです" in text(alice_client, f"{PAGE}{closing.pk}/")
    grown(contract, alice)
    listed, page = text(alice_client, PAGE), text(alice_client, f"{PAGE}{closing.pk}/")
    assert "¥100,000" in listed and "+¥15,000" in listed and "5件" in listed
    assert "+15ポイント" in page and f"/contracts/{contract.pk}/#ledger" in page
    for by in ("plan", "tier", "owner", "rubbish"):
        assert "+¥15,000" in text(alice_client, f"{PAGE}{closing.pk}/", by=by)


@pytest.mark.parametrize("month", ["", "2026-13", "x", "2026-11", "2026-09", "9999-12", "0000-01"])
def test_a_month_that_cannot_be_closed_is_told_at_the_field(
    alice_client: Client, month: str
) -> None:
    a_closing(date(2026, 9, 1))
    answer = alice_client.post(f"{PAGE}close/", {"month": month})
    assert answer.status_code == 422 and 'id="id_month_error"' in answer.content.decode()
    assert Closing.objects.count() == 1


def test_a_month_is_reopened_for_a_reason_and_still_shows_what_was_reported(
    alice_client: Client, alice: Person
) -> None:
    contract = a_contract(end_on=None)
    closing = a_closing()
    grown(contract)
    path, why = f"{PAGE}{closing.pk}/reopen/", {"reason": "計上もれの訂正"}
    for said in ("", "  ", "長" * 501):
        answer = alice_client.post(path, {"reason": said})
        assert answer.status_code == 422 and 'id="id_reason_error"' in answer.content.decode()
    assert not fresh(closing).reopened_at
    assert alice_client.post(path, why).status_code == 302
    assert alice_client.post(path, why).status_code == 422
    listed, page = text(alice_client, PAGE), text(alice_client, f"{PAGE}{closing.pk}/")
    assert "¥100,000" in listed and "¥115,000" in listed and alice.name in listed
    assert "理由：計上もれの訂正" in listed and "理由：計上もれの訂正" in page
    assert "締めを解除しました" in page
    (event,) = events("metrics.month_reopened")
    assert (event.by, event.facts) == (alice.pk, {"month": "2026-09-01"})


def test_more_than_a_years_closings_go_on_another_page(alice_client: Client) -> None:
    for _month in range(13):
        a_closing()
    page = text(alice_client, PAGE)
    assert "2025/10" in page and "2025/09" not in page
    after = unquote(page.split("after=")[1].split('"')[0])
    assert "2025/09" in text(alice_client, PAGE, after=after)
    assert alice_client.get(PAGE, {"after": "x"}).status_code == 422


def test_what_no_line_explains_is_said(alice_client: Client) -> None:
    a_contract(a_customer("甲社"))
    gone = a_customer("乙社")
    a_contract(gone)
    closing = a_closing()
    assert "契約履歴の行以外の原因" not in text(alice_client, f"{PAGE}{closing.pk}/")
    book.bin_customer(gone.pk, by=None)
    assert "契約履歴の行以外の原因" in text(alice_client, f"{PAGE}{closing.pk}/")


def test_viewers_look_and_only_managers_close(
    acme: Workspace, vera_client: Client, bob_client: Client
) -> None:
    closing = a_closing()
    assert f'action="{PAGE}close/"' not in text(vera_client, PAGE)
    for path in ("close/", f"{closing.pk}/reopen/"):
        assert bob_client.post(PAGE + path, {"month": "2026-08"}).status_code == 403
    body = {"month": "2026-08-01"}
    assert bob_client.post(API, body, content_type="application/json").status_code == 403
    assert Closing.objects.filter(reopened_at=None).count() == 1


def test_a_closing_of_another_workspace_is_not_there(
    acme: Workspace, charlie_client: Client
) -> None:
    closing = a_closing()
    for path in (f"{PAGE}{closing.pk}/", f"{API}/{closing.pk}/figures", f"{PAGE}{uuid4()}/"):
        assert charlie_client.get(path).status_code == 404
    assert charlie_client.get(RESTATED, {"closing": str(closing.pk)}).status_code == 404
    why = {"reason": "訂正"}
    assert charlie_client.put(f"{API}/{closing.pk}/reopened", why, **JSON).status_code == 404
    assert charlie_client.get(API).json()["rows"] == []


def test_the_api_closes_lists_compares_and_reopens(alice_client: Client, alice: Person) -> None:
    def post(month: str) -> Any:
        return alice_client.post(API, {"month": month}, content_type="application/json")

    contract = a_contract(end_on=None)
    made = post("2026-09-01")
    assert made.status_code == 201 and made.json()["closed_by_id"] == str(alice.pk)
    for month, code in [
        ("2026-09-01", "closed"),
        ("2026-09-02", "invalid"),
        ("2026-11-01", "not_over"),
    ]:
        refused = post(month)
        assert refused.status_code == 422 and refused.json()["code"] == code
        assert refused["Content-Type"] == "application/problem+json"
    grown(contract)
    path = f"{API}/{made.json()['id']}"
    every = alice_client.get(f"{path}/figures").json()
    told = {one["now"]["kpi"]: one for one in every if one["now"]["period"] == "2026-09"}
    assert told["mrr"]["reported"]["value"] == 100_000 and told["mrr"]["difference"] == 15_000
    assert told["nrr"]["now"]["value"] == 1.15 and not told["logo_churn"]["is_changed"]
    assert alice_client.get(f"{path}/figures?by=x").status_code == 422
    assert [one["month"] for one in alice_client.get(API).json()["rows"]] == ["2026-09-01"]
    assert alice_client.put(f"{path}/reopened", {"reason": " "}, **JSON).status_code == 422
    reopened = alice_client.put(f"{path}/reopened", {"reason": "訂正"}, **JSON).json()
    assert (reopened["reopened_by_id"], reopened["reopened_why"]) == (str(alice.pk), "訂正")
    assert alice_client.get(API).json()["rows"] == []
    assert len(alice_client.get(f"{API}?reopened=true").json()["rows"]) == 1
    assert len(events("metrics.month_reopened")) == 1


def test_the_page_of_restatements_opens_to_the_customer_and_the_line(
    alice_client: Client, alice: Person
) -> None:
    contract = a_contract(a_customer("甲社"), end_on=None)
    closing = a_closing()
    grown(contract, alice)
    asked = {"first": "2026-08", "last": "2026-09", "closing": str(closing.pk)}
    page = text(alice_client, RESTATED, **asked)
    assert "+¥15,000" in page and "2026/09を締めた時点" in page and alice.name in page
    assert f'href="/customers/{contract.customer_id}/"' in page
    assert f'href="/contracts/{contract.pk}/#ledger"' in page
    assert "±0" in text(alice_client, RESTATED, **asked, kpi="logo_churn", by="tier")
    assert "変わりはありません" in text(alice_client, RESTATED, **asked, kpi="cross_sell")


def test_without_a_question_the_last_closed_month_is_told_as_reported_and_now(
    alice_client: Client, alice: Person
) -> None:
    contract = a_contract(end_on=None)
    page = alice_client.get(RESTATED, {"lang": "ja"})
    assert page.context.get("rows") is None and "締める前でも" in page.content.decode()
    a_closing(date(2026, 8, 1))
    a_closing(date(2026, 9, 1))
    grown(contract, alice)
    found = alice_client.get(RESTATED).context["rows"]
    assert [one.period.code for one in found][::11] == ["2025-10", "2026-09"]
    assert [one.difference for one in found if one.is_changed] == [15_000]


def test_a_month_that_had_not_begun_then_is_no_restatement(alice_client: Client) -> None:
    a_contract()
    asked = {"kpi": "mrr", "first": "2026-09", "last": "2026-11", "then": "2026-10-31"}
    found = alice_client.get(RESTATED, asked).context["rows"]
    assert [one.period.code for one in found] == ["2026-09", "2026-10"]
    refused = alice_client.get(RESTATED, {**asked, "first": "2026-11"})
    assert refused.status_code == 422 and "まだ始まっていない" in refused.content.decode()
    assert "まだ何も保存していません" not in refused.content.decode()
    ahead = alice_client.get(RESTATED, {**asked, "kpi": "renewals_due"}).context["rows"]
    assert ahead[-1].period.code == "2026-11"


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"first": "2026-09", "last": "2026-08"}, "last"),
        ({"first": "1976-09", "last": "2026-08"}, "last"),
        ({"first": "2026-13"}, "first"),
        ({"kpi": "rubbish"}, "kpi"),
        ({"kpi": "ltv"}, "kpi"),
        ({"by": "rubbish"}, "by"),
        ({"by": "reason"}, "by"),
        ({"unit": "rubbish"}, "unit"),
        ({"period": "week"}, "period"),
        ({"then": "2026-11-21"}, "then"),
        ({"then": ""}, "then"),
        ({"then": "0001-01-01"}, "then"),
        ({"now": "2026-11-21"}, "now"),
        ({"now": "x"}, "now"),
    ],
    ids=str,
)
def test_what_cannot_be_asked_is_told_at_its_field(
    alice_client: Client, asked: dict[str, str], field: str
) -> None:
    answer = alice_client.get(RESTATED, asked)
    assert answer.status_code == 422 and f'id="id_{field}_error"' in answer.content.decode()


def test_a_missing_rate_is_told_on_the_page(alice_client: Client) -> None:
    a_contract()
    a_contract(a_customer("甲社"), currency="USD")
    answer = alice_client.get(RESTATED, {"then": "2026-10-31"})
    assert answer.status_code == 422 and "USD" in answer.content.decode()


def test_the_file_has_every_customer_with_its_lines(
    alice_client: Client, alice: Person, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = settings.DATA = tmp_path
    contract = a_contract(a_customer("=甲社"), end_on=None)
    closing = a_closing()
    grown(contract, alice)
    query = f"?kpi=nrr&first=2026-09&last=2026-09&closing={closing.pk}"
    asked = {"list": "restatements", "query": query, "kind": "csv"}
    answer = alice_client.post("/exports/", asked, follow=True)
    assert "nrr_restated_2026-09.csv" in answer["Content-Disposition"]
    heads, *rows = csv.reader(answer.content.decode("utf-8-sig").splitlines())
    line = contract.changes.get(kind="expansion")
    today = closing.closed_at.astimezone(closing.workspace.tz).date()
    assert len(heads) == len(rows[0]) and rows == [
        ["売上維持率（NRR）", "nrr", "2026-09", "", str(contract.customer_id), "'=甲社", "100000", "115000", "15000", "100000",
         "100000", "0", "JPY", f"#{line.pk} 2026-09-10 増額 記録 {today} {alice.name}"]
    ]  # fmt: skip
    refused = alice_client.post("/exports/", {**asked, "query": "?first=x"})
    assert refused.status_code == 422
