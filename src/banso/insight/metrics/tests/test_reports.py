"""The report of a month: five figures, what moved them, what is coming, what is to be decided."""

from datetime import date

import pytest
from django.test import Client

from banso.core.access import permits_of
from banso.core.errors import Refused
from banso.core.models import Workspace
from banso.core.tests.builders import fresh
from banso.customers.tests.builders import a_contract, a_customer, a_notice
from banso.insight.metrics import services as metrics
from banso.insight.metrics.models import Ask
from banso.insight.metrics.reviews import services
from banso.insight.metrics.reviews.report import asked_month, report_of
from banso.insight.metrics.tests.builders import a_closing, a_target, an_ask

OCTOBER = date(2026, 10, 1)


def test_the_last_month_that_is_over_is_told(acme: Workspace) -> None:
    assert asked_month("").start == OCTOBER and asked_month("2026-11").start == date(2026, 11, 1)


@pytest.mark.parametrize("month", ["2026-12", "2026-13", "nonsense", "1999-12"])
def test_a_month_that_cannot_be_told_is_refused(
    acme: Workspace, bob_client: Client, month: str
) -> None:
    with pytest.raises(Refused):
        asked_month(month)
    assert bob_client.get("/metrics/report", {"month": month}).status_code == 422


def test_five_figures_stand_beside_the_targets_of_the_month(
    acme: Workspace, bob_client: Client
) -> None:
    a_contract(a_customer("株式会社十月"), start_on=OCTOBER, end_on=date(2027, 10, 1))
    a_target("mrr", "80000", kind="month", starts_on=OCTOBER)
    found = report_of(asked_month(""), permits_of("viewer"))
    assert [one.kpi for one in found.lines] == ["mrr", "nrr", "grr", "logo_churn", "renewal_rate"]
    assert found.lines[0].value == 100_000 and found.lines[0].is_met
    page = bob_client.get("/metrics/report").content.decode()
    assert "10万円" in page and "株式会社十月" in page and "+25%" in page


def test_the_report_of_a_closed_month_tells_what_was_reported(
    acme: Workspace, bob_client: Client
) -> None:
    a_contract(a_customer("株式会社十月"), start_on=OCTOBER, end_on=date(2027, 10, 1))
    closing = a_closing(OCTOBER)
    a_contract(a_customer("株式会社あとから"), start_on=OCTOBER, end_on=date(2027, 10, 1))
    found = report_of(asked_month(""), permits_of("viewer"))
    assert found.lines[0].value == found.moves.closing == 100_000
    assert [one.name for one in found.movers] == ["株式会社十月"]
    page = bob_client.get("/metrics/report").content.decode()
    assert "月次締めで報告した値です" in page and page.count(f"closing={closing.pk}") > 5
    metrics.reopen_month(closing.pk, reason="訂正のため", by=None)
    assert report_of(asked_month(""), permits_of("viewer")).lines[0].value == 200_000


def test_the_month_before_is_what_was_reported_with_the_word_of_a_correction(
    acme: Workspace, bob_client: Client
) -> None:
    a_contract(a_customer("株式会社九月"), start_on=date(2026, 9, 1), end_on=date(2027, 10, 1))
    september = a_closing(date(2026, 9, 1))
    a_contract(a_customer("株式会社あとから"), start_on=date(2026, 9, 1), end_on=date(2027, 10, 1))
    for closed in (False, True):  # October itself, too
        line = report_of(asked_month(""), permits_of("viewer")).lines[0]
        assert line.value == 200_000 and line.before == 100_000
        page = bob_client.get("/metrics/report").content.decode()
        assert "前月の締め後の修正：+¥100,000" in page and f"closing={september.pk}" in page
        if not closed:
            a_closing(OCTOBER)


def test_a_closed_month_says_what_the_ledger_says_beside_what_was_reported(
    acme: Workspace, bob_client: Client
) -> None:
    a_contract(a_customer("株式会社十月"), start_on=OCTOBER, end_on=date(2027, 10, 1))
    a_closing(OCTOBER)
    page = bob_client.get("/metrics/report").content.decode()
    assert "締め後の修正：" not in page
    a_contract(a_customer("株式会社あとから"), start_on=OCTOBER, end_on=date(2027, 10, 1))
    page = bob_client.get("/metrics/report").content.decode()
    assert "締め後の修正：+¥100,000" in page and "前月の締め後" not in page


def test_what_is_coming_is_counted_by_fields(acme: Workspace) -> None:
    customer = a_customer()
    a_contract(customer)
    a_notice(customer)
    found = report_of(asked_month("2026-11"), permits_of("viewer"))
    danger, noticed, ending = found.signs
    assert (noticed.count, noticed.sums) == (1, [("JPY", 100_000)])
    assert ending.count == 1 and danger.count == 1 and "within_days" in ending.query


def test_a_trial_that_ends_is_no_paid_contract_that_ends(acme: Workspace) -> None:
    a_contract(a_customer("有償"), end_on=date(2026, 12, 20))
    a_contract(a_customer("試用"), amount=0, is_trial=True, end_on=date(2026, 12, 20))
    ending = report_of(asked_month("2026-11"), permits_of("viewer")).signs[2]
    assert ending.count == 1 and ending.query.count("f=") == 2


def test_signs_that_may_not_be_seen_are_left_out(acme: Workspace) -> None:
    permits = permits_of("viewer") - {"health.read"}
    assert len(report_of(asked_month("2026-11"), permits).signs) == 2


def test_past_health_is_told_only_where_it_is_known(acme: Workspace) -> None:
    a_contract()
    danger = report_of(asked_month("2026-09"), permits_of("viewer")).signs[0]
    assert danger.count is None and danger.query == ""


def test_decisions_are_asked_for_and_taken_away(acme: Workspace, alice_client: Client) -> None:
    said = {"month": "2026-10", "text": "増員してよいか"}
    assert alice_client.post("/metrics/report/asks", said).status_code == 302
    ask = Ask.objects.get()
    assert "増員してよいか" in alice_client.get("/metrics/report?month=2026-10").content.decode()
    assert alice_client.post(f"/metrics/asks/{ask.pk}/void").status_code == 302
    assert (
        "増員してよいか" not in alice_client.get("/metrics/report?month=2026-10").content.decode()
    )


@pytest.mark.parametrize("text", ["", "あ" * 301])
def test_an_ask_without_words_or_with_too_many_is_refused(
    acme: Workspace, alice_client: Client, text: str
) -> None:
    answer = alice_client.post("/metrics/report/asks", {"month": "2026-10", "text": text})
    assert answer.status_code == 422 and not Ask.objects.exists()


def test_one_page_holds_five(acme: Workspace) -> None:
    asks = [an_ask(text=f"その{number}") for number in range(5)]
    with pytest.raises(Refused):
        an_ask()
    services.void_ask(asks[0].pk)
    assert an_ask().month == OCTOBER


def test_only_managers_ask(acme: Workspace, bob_client: Client, charlie_client: Client) -> None:
    ask = an_ask()
    said = {"month": "2026-10", "text": "x"}
    assert bob_client.post("/metrics/report/asks", said).status_code == 403
    assert bob_client.post(f"/metrics/asks/{ask.pk}/void").status_code == 403
    assert charlie_client.post(f"/metrics/asks/{ask.pk}/void").status_code == 404
    assert fresh(ask).voided_at is None and Ask.objects.count() == 1
