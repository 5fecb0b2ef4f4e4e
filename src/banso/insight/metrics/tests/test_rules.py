"""What a workspace tells the figures besides rates: rules, costs by month, time of its people."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from banso.core.errors import Refused
from banso.core.models import Person, Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import events
from banso.customers.tests.builders import a_contract, a_customer, a_plan
from banso.insight.metrics import answers, queries, services
from banso.insight.metrics.asking import Asked
from banso.insight.metrics.models import KpiRules, SalesCost, TeamTime
from banso.lib.periods import period_of

APRIL, MAY, JUNE = date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)
PAGE = "/settings/figures/"
RULES = {"grace_days": "30", "reversal_days": "90", "gross_margin": "", "sub_owner_weight": "0.3"}


def test_without_rules_the_defaults_count_and_no_row_is_made(acme: Workspace) -> None:
    rules = queries.rules()
    assert (rules.grace_days, rules.reversal_days, rules.gross_margin) == (30, 90, None)
    assert rules.sub_owner_weight == Decimal("0.30") and not KpiRules.objects.exists()


def test_rules_are_set_and_what_changed_is_told(alice: Person) -> None:
    services.set_rules({"grace_days": 45, "gross_margin": Decimal("0.7250")}, by=alice)
    services.set_rules({"grace_days": 45}, by=alice)
    rules = queries.rules()
    assert (rules.grace_days, rules.reversal_days) == (45, 90)
    assert rules.gross_margin == Decimal("0.725")
    (told,) = events("metrics.rules_set")
    assert told.facts["grace_days"] == 45 and told.facts["before"]["grace_days"] == 30


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("grace_days", -1),
        ("reversal_days", 367),
        ("gross_margin", Decimal("1.01")),
        ("gross_margin", Decimal("NaN")),
        ("gross_margin", Decimal("0.12345")),
        ("sub_owner_weight", Decimal("-0.1")),
        ("sub_owner_weight", Decimal("9" * 40)),
    ],
)
def test_a_rule_out_of_bounds_is_refused_and_the_others_with_it(
    acme: Workspace, name: str, value: Any
) -> None:
    with pytest.raises(Refused) as refusal:
        services.set_rules({"grace_days": 10, name: value}, by=None)
    assert refusal.value.field == name and not KpiRules.objects.exists()


def test_a_margin_is_asked_for_in_percent_and_can_be_unknown_again(alice_client: Client) -> None:
    alice_client.post(f"{PAGE}rules/", {**RULES, "gross_margin": "７２．５"})
    assert queries.rules().gross_margin == Decimal("0.725")
    assert 'value="72.5"' in alice_client.get(PAGE).content.decode()
    alice_client.post(f"{PAGE}rules/", RULES)
    assert queries.rules().gross_margin is None


@pytest.mark.parametrize("written", ["80%", "８０％", " 80 ％ ", "80"])
def test_a_margin_is_read_with_its_sign_too(alice_client: Client, written: str) -> None:
    answer = alice_client.post(f"{PAGE}rules/", {**RULES, "gross_margin": written})
    assert answer.status_code == 302 and queries.rules().gross_margin == Decimal("0.8")


def test_what_is_no_margin_is_told_with_an_example_of_one(alice_client: Client) -> None:
    page = alice_client.post(f"{PAGE}rules/", {**RULES, "gross_margin": "八割"}).content.decode()
    assert "80%" in page and "150.25" not in page


@pytest.mark.parametrize(
    ("name", "value"),
    [("gross_margin", "101"), ("gross_margin", "x"), ("grace_days", ""), ("sub_owner_weight", "2")],
)
def test_a_wrong_rule_is_told_on_the_page(alice_client: Client, name: str, value: str) -> None:
    answer = alice_client.post(f"{PAGE}rules/", {**RULES, name: value})
    assert answer.status_code == 422 and f'id="id_{name}_error"' in answer.content.decode()
    assert not KpiRules.objects.exists()


def test_the_api_changes_single_rules(alice_client: Client) -> None:
    def patch(**body: Any) -> Any:
        return alice_client.patch("/api/v1/kpi-rules", body, content_type="application/json")

    assert patch(gross_margin=0.8, grace_days=None).json() == {
        "grace_days": 30,
        "reversal_days": 90,
        "gross_margin": 0.8,
        "sub_owner_weight": 0.3,
    }
    assert patch(gross_margin=None).json()["gross_margin"] is None
    assert patch(grace_days=400).status_code == 422


def test_the_cost_of_a_period_is_known_when_every_month_is(acme: Workspace) -> None:
    quarter, april = period_of(APRIL, "quarter", 4), period_of(APRIL, "month", 4)
    services.set_costs({APRIL: 1_000_000, MAY: 0}, by=None)
    assert queries.sales_costs([quarter, april]) == {quarter: None, april: 1_000_000}
    services.set_costs({JUNE: 500_000}, by=None)
    assert queries.sales_costs([quarter])[quarter] == 1_500_000
    services.set_costs({APRIL: None}, by=None)
    assert queries.sales_costs([quarter])[quarter] is None


def test_what_was_told_before_stays_known_as_of_then(alice: Person, bob: Person) -> None:
    quarter = period_of(APRIL, "quarter", 4)
    before = timezone.now()
    services.set_rules({"grace_days": 45}, by=alice)
    services.set_costs({APRIL: 10, MAY: 20, JUNE: 30}, by=alice)
    services.set_fte(bob.pk, since=APRIL, fte=Decimal("0.5"), by=alice)
    then = timezone.now()
    services.set_rules({"grace_days": 10}, by=alice)
    services.set_costs({MAY: None, JUNE: 40}, by=alice)
    services.set_fte(bob.pk, since=APRIL, fte=Decimal(0), by=alice)
    assert [queries.rules(at).grace_days for at in (before, then, None)] == [30, 45, 10]
    costs = [queries.sales_costs([quarter], at)[quarter] for at in (before, then, None)]
    assert costs == [None, 60, None]
    assert [queries.fte([bob.pk], JUNE, at)[bob.pk] for at in (before, then, None)] == [
        1,
        Decimal("0.5"),
        0,
    ]


def test_a_figure_as_known_then_is_told_by_the_rules_of_then(alice: Person) -> None:
    """Lost on the first of June and back on the 21st: within a grace of 30 days, not of 10."""
    plan, customer = a_plan(), a_customer()
    a_contract(customer=customer, plan=plan, start_on=date(2025, 6, 1), end_on=date(2026, 6, 1))
    a_contract(customer=customer, plan=plan, start_on=date(2026, 6, 21))
    then = timezone.now()
    services.set_rules({"grace_days": 10}, by=alice)
    june = (period_of(JUNE, "month", 4),)
    lost = [
        answers.figures(Asked("churn_timing", june, by="tenure", known_at=at))
        for at in (then, None)
    ]
    assert [sum(one.numerator or 0 for one in found) for found in lost] == [0, 1]


def test_only_months_that_changed_are_told(acme: Workspace, alice: Person) -> None:
    services.set_costs({APRIL: 10, MAY: 20}, by=alice)
    services.set_costs({APRIL: 10, MAY: 30, JUNE: None}, by=alice)
    told = [(one.facts["month"], one.facts["amount"]) for one in events("metrics.cost_set")]
    assert told == [("2026-04-01", 10), ("2026-05-01", 20), ("2026-05-01", 30)]


def test_costs_in_a_former_currency_of_the_workspace_are_not_known(acme: Workspace) -> None:
    services.set_costs({APRIL: 1000}, by=None)
    acme.currency = "USD"
    acme.save()
    assert queries.cost_of_months([APRIL]) == {APRIL: None}
    services.set_costs({APRIL: 1000}, by=None)
    assert queries.cost_of_months([APRIL]) == {APRIL: 1000}


@pytest.mark.parametrize(
    ("month", "amount", "field"),
    [(APRIL, -1, "amount"), (APRIL, 10**14, "amount"), (date(2026, 4, 2), 1, "month")],
)
def test_a_wrong_cost_is_refused(acme: Workspace, month: date, amount: int, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        services.set_costs({MAY: 1, month: amount}, by=None)
    assert refusal.value.field == field and not SalesCost.objects.exists()


def test_the_page_takes_costs_of_a_fiscal_year(alice_client: Client) -> None:
    said = {"year": "2025", "cost-2025-04": "１２０万円", "cost-2026-03": "5"}
    assert alice_client.post(f"{PAGE}costs/", said)["Location"].startswith(f"{PAGE}?year=2025")
    assert queries.cost_of_months([date(2025, 4, 1), date(2026, 3, 1)]) == {
        date(2025, 4, 1): 1_200_000,
        date(2026, 3, 1): 5,
    }
    assert 'value="1,200,000"' in alice_client.get(f"{PAGE}?year=2025").content.decode()
    wrong = alice_client.post(f"{PAGE}costs/", {"year": "2025", "cost-2025-05": "1.5"})
    assert wrong.status_code == 422 and SalesCost.objects.count() == 2
    for year in ("x", "0", "99999", "-1", "٣", "9" * 400):
        assert alice_client.get(PAGE, {"year": year}).status_code == 200


def test_the_api_sets_and_lists_costs(alice_client: Client) -> None:
    def put(**body: Any) -> Any:
        return alice_client.put("/api/v1/sales-costs", body, content_type="application/json")

    assert put(month="2026-04-01", amount=1_200_000).status_code == 200
    assert put(month="2026-05-01", amount=None).json()["amount"] is None
    assert put(month="2026-04-02", amount=1).json()["field"] == "month"
    assert put(month="2026-04-01", amount=1.5).json()["field"] == "amount"
    listed = alice_client.get("/api/v1/sales-costs", {"first": "2026-04-10", "months": "2"}).json()
    assert [one["amount"] for one in listed] == [1_200_000, None]
    assert alice_client.get("/api/v1/sales-costs?first=9999-12-01").status_code == 422


def test_somebodys_time_counts_from_its_month_until_the_next(alice: Person, bob: Person) -> None:
    services.set_fte(bob.pk, since=APRIL, fte=Decimal("0.5"), by=alice)
    services.set_fte(bob.pk, since=JUNE, fte=Decimal("0.75"), by=alice)
    services.set_fte(bob.pk, since=JUNE, fte=Decimal("0.8"), by=alice)
    people = [alice.pk, bob.pk]
    told = [queries.fte(people, day)[bob.pk] for day in (date(2026, 3, 31), APRIL, JUNE)]
    assert told == [1, Decimal("0.5"), Decimal("0.8")]
    assert queries.fte(people, JUNE)[alice.pk] == 1 and len(queries.team_times()) == 2
    assert [one.facts["fte"] for one in events("metrics.fte_set")] == ["0.50", "0.75", "0.80"]


def test_a_stranger_and_more_than_a_post_are_refused(bob: Person, charlie: Person) -> None:
    for who, since, fte, field in [
        (charlie, APRIL, "1", "person_id"),
        (bob, APRIL, "1.01", "fte"),
        (bob, APRIL, "NaN", "fte"),
        (bob, date(2026, 4, 2), "1", "since"),
    ]:
        with pytest.raises(Refused) as refusal:
            services.set_fte(who.pk, since=since, fte=Decimal(fte), by=None)
        assert refusal.value.field == field
    assert not TeamTime.objects.exists()


def test_the_page_takes_somebodys_time(alice_client: Client, bob: Person) -> None:
    said = {"person": str(bob.pk), "since": "2026-04", "fte": "0.5"}
    assert alice_client.post(f"{PAGE}time/", said).status_code == 302
    assert queries.fte([bob.pk], APRIL)[bob.pk] == Decimal("0.5")
    page = alice_client.get(PAGE).content.decode()
    assert bob.name in page and "2026/04" in page
    for wrong in ({"since": "2026-13"}, {"since": "4月"}, {"person": "x"}, {"fte": "2"}):
        assert alice_client.post(f"{PAGE}time/", {**said, **wrong}).status_code == 422


def test_the_api_sets_and_lists_time(alice_client: Client, bob: Person, charlie: Person) -> None:
    def put(who: Person, fte: float) -> Any:
        body = {"person_id": str(who.pk), "since": "2026-04-01", "fte": fte}
        return alice_client.put("/api/v1/team-times", body, content_type="application/json")

    assert put(bob, 0.5).status_code == 200 and put(charlie, 0.5).status_code == 422
    assert alice_client.get("/api/v1/team-times").json() == [
        {"person_id": str(bob.pk), "since": "2026-04-01", "fte": 0.5}
    ]


def test_viewers_read_and_only_managers_write(
    acme: Workspace, vera_client: Client, bob_client: Client, bob: Person
) -> None:
    page = vera_client.get(PAGE).content.decode()
    assert "猶予期間" in page and f'action="{PAGE}rules/"' not in page
    for path in ("rules/", "costs/", "time/"):
        said = {**RULES, "year": "2026", "person": str(bob.pk), "since": "2026-04", "fte": "0"}
        assert bob_client.post(PAGE + path, said).status_code == 403
    assert not (KpiRules.objects.exists() or TeamTime.objects.exists())


def test_what_one_workspace_says_another_does_not_see(
    acme: Workspace, other_workspace: Workspace, bob: Person
) -> None:
    services.set_rules({"grace_days": 1}, by=None)
    services.set_costs({APRIL: 1}, by=None)
    services.set_fte(bob.pk, since=APRIL, fte=Decimal(0), by=None)
    with open_workspace(other_workspace):
        assert queries.rules().grace_days == 30 and queries.team_times() == []
        assert queries.cost_of_months([APRIL]) == {APRIL: None}
        assert queries.fte([bob.pk], MAY) == {bob.pk: 1}
