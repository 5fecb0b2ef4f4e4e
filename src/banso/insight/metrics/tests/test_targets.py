"""What a KPI is to be in a period: one live target each, never changed."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from banso.core.errors import Refused
from banso.core.imports import undoing
from banso.core.models import Person, Workspace
from banso.core.tests.builders import events, fresh
from banso.customers.tests.builders import a_contract
from banso.customers.tests.files import brought_in
from banso.insight.metrics.models import Target
from banso.insight.metrics.reviews import services
from banso.insight.metrics.reviews.answers import key_of, targets_for
from banso.insight.metrics.tests.builders import a_target
from banso.lib.periods import period_of

Q2 = period_of(date(2026, 7, 1), "quarter", 4)


def test_a_target_stands_for_its_kpi_and_period(acme: Workspace, alice: Person) -> None:
    target = a_target("nrr", "1.05")
    found = targets_for(["nrr", "grr"], [Q2, Q2.before])
    assert found == {key_of("nrr", Q2): target} and target.currency == ""
    [event] = events("metrics.target_set")
    assert event.facts["kpi"] == "nrr" and Decimal(event.facts["value"]) == Decimal("1.05")


def test_another_value_takes_its_place_and_the_former_is_kept(acme: Workspace) -> None:
    first, second = a_target(value="1.05"), a_target(value="1.1")
    assert fresh(first).voided_at is not None and fresh(first).value == Decimal("1.05")
    assert targets_for(None, [Q2]) == {key_of("nrr", Q2): second}


def test_the_same_value_again_changes_nothing(acme: Workspace) -> None:
    assert a_target() == a_target() and len(events("metrics.target_set")) == 1


def test_a_target_that_was_taken_away_counts_no_more(acme: Workspace) -> None:
    target = a_target()
    services.void_target(target.pk)
    services.void_target(target.pk)
    assert targets_for(None, [Q2]) == {} and len(events("metrics.target_voided")) == 1


@pytest.mark.parametrize(
    ("kind", "day"), [("month", (2026, 10, 1)), ("half", (2026, 4, 1)), ("year", (2026, 4, 1))]
)
def test_other_periods_have_targets_of_their_own(
    acme: Workspace, kind: str, day: tuple[int, int, int]
) -> None:
    a_target()
    other = a_target(value="1.2", kind=kind, starts_on=date(*day))
    period = other.period(4)
    assert targets_for(["nrr"], [Q2, period])[key_of("nrr", period)] == other
    assert Target.objects.filter(voided_at=None).count() == 2


def test_money_is_promised_in_the_ledgers_currency(acme: Workspace) -> None:
    a_contract(currency="USD")
    assert a_target("mrr", "120000").currency == "USD"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kpi": "nonsense"}, "kpi"),
        ({"kpi": "movements"}, "kpi"),
        ({"value": "-1"}, "value"),
        ({"value": "NaN"}, "value"),
        ({"value": "11"}, "value"),
        ({"kpi": "mrr", "value": "1e15"}, "value"),
        ({"kind": "week"}, "kind"),
        ({"starts_on": date(2026, 8, 1)}, "starts_on"),
        ({"starts_on": date(1900, 1, 1)}, "starts_on"),
    ],
)
def test_what_cannot_be_promised_is_refused_in_words(
    acme: Workspace, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        a_target(**given)
    assert refusal.value.field == field and not Target.objects.exists()


def test_the_page_reads_what_people_write(acme: Workspace, alice_client: Client) -> None:
    said = {"kpi": "nrr", "kind": "quarter", "starts_on": "2026-08-15", "value": "１０５．５％"}
    assert alice_client.post("/metrics/targets/set", said).status_code == 302
    target = Target.objects.get()
    assert (target.value, target.starts_on) == (Decimal("1.055"), date(2026, 7, 1))
    page = alice_client.get("/metrics/targets").content.decode()
    assert "105.50%" in page and "2026年度 第2四半期" in page


@pytest.mark.parametrize("value", ["", "たくさん", "-3", "20000"])
def test_the_page_says_what_is_wrong(acme: Workspace, alice_client: Client, value: str) -> None:
    said = {"kpi": "nrr", "kind": "quarter", "starts_on": "2026-07-01", "value": value}
    answer = alice_client.post("/metrics/targets/set", said)
    assert answer.status_code == 422 and not Target.objects.exists()


def test_only_managers_set_targets(acme: Workspace, bob_client: Client) -> None:
    target = a_target()
    said = {"kpi": "grr", "kind": "quarter", "starts_on": "2026-07-01", "value": "90"}
    assert bob_client.get("/metrics/targets").status_code == 200
    assert bob_client.post("/metrics/targets/set", said).status_code == 403
    assert bob_client.post(f"/metrics/targets/{target.pk}/void").status_code == 403
    assert Target.objects.get() == target and target.voided_at is None


def test_a_stranger_finds_no_target(acme: Workspace, charlie_client: Client) -> None:
    target = a_target()
    assert charlie_client.post(f"/metrics/targets/{target.pk}/void").status_code == 404
    assert charlie_client.get("/api/v1/metrics/targets").json() == []
    assert fresh(target).voided_at is None


def test_the_api_sets_lists_and_takes_away(acme: Workspace, alice_client: Client) -> None:
    url = "/api/v1/metrics/targets"
    body = {"kpi": "nrr", "kind": "quarter", "starts_on": "2026-07-01", "value": "1.05"}
    for _twice in range(2):
        answer = alice_client.put(url, body, content_type="application/json")
        assert (answer.status_code, answer.json()["value"]) == (200, 1.05)
    [listed] = alice_client.get(f"{url}?kpi=nrr").json()
    assert alice_client.get(f"{url}?kpi=grr").json() == []
    assert alice_client.delete(f"{url}/{listed['id']}").status_code == 204
    assert alice_client.get(url).json() == []


def test_the_list_leaves_as_a_file(acme: Workspace, alice_client: Client) -> None:
    a_target("mrr", "1200000")
    said = {"list": "targets", "query": "", "kind": "csv"}
    text = alice_client.post("/exports/", said, follow=True).content.decode("utf-8-sig")
    assert "1200000" in text and "2026-07-01" in text and "JPY" in text


FILE = "KPI,種類,開始日,目標値,通貨\nnrr,四半期,2026/7/1,1.05,\nMRR,month,2026-10-01,1200000,JPY\n"
Bring = Callable[[str], tuple[Any, dict[str, Any]]]


@pytest.fixture
def bring(acme: Workspace, alice: Person, tmp_path: Path) -> Bring:
    return lambda text: brought_in(tmp_path, text, "目標.csv", by=alice)


def promised() -> dict[str, Decimal]:
    return {one.kpi: one.value for one in Target.objects.filter(voided_at=None)}


def test_a_file_of_targets_comes_in_and_again_unchanged(bring: Bring) -> None:
    _run, facts = bring(FILE)
    assert (facts["table"], facts["created"], facts["errors"]) == ("targets", 2, [])
    assert promised() == {"nrr": Decimal("1.05"), "mrr": 1_200_000}
    assert bring(FILE)[1]["unchanged"] == 2


def test_another_target_in_a_file_takes_the_place_and_its_undo_brings_the_first_back(
    bring: Bring,
) -> None:
    bring(FILE)
    run, facts = bring(FILE.replace("1.05", "1.1"))
    assert (facts["updated"], facts["unchanged"]) == (1, 1) and promised()["nrr"] == Decimal("1.1")
    undoing.undo_import(run.pk, by=None)
    assert promised()["nrr"] == Decimal("1.05")


def test_what_was_set_since_stands_when_the_file_is_taken_back(bring: Bring) -> None:
    bring(FILE)
    run, _facts = bring(FILE.replace("1.05", "1.1"))
    a_target("nrr", "1.2")
    undoing.undo_import(run.pk, by=None)
    assert promised()["nrr"] == Decimal("1.2")


def test_wrong_lines_of_targets_are_told_and_the_others_come_in(bring: Bring) -> None:
    wrong = "nrr,month,2026-10-02,1,\nmovements,month,2026-10-01,1,\nmrr,month,2026-11-01,9,USD\n"
    _run, facts = bring(FILE + wrong + "grr,month,2026-11-01,99,\n")
    assert (facts["created"], facts["errors_in_all"]) == (2, 4)
