"""A quarter looked back on: promised, happened, why, and what next; frozen when it is closed."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client

from banso.core.errors import Refused
from banso.core.models import Person, Workspace
from banso.core.tests.builders import events, fresh
from banso.customers import services as customers
from banso.customers.models import Customer
from banso.customers.tests.builders import a_contract, a_customer
from banso.insight.metrics.models import Decision, Review, ReviewNote
from banso.insight.metrics.reviews import queries, services
from banso.insight.metrics.reviews.queries import Shown
from banso.insight.metrics.tests.builders import a_decision, a_review, a_target
from banso.work.models import Task

JULY = date(2026, 7, 1)


@pytest.fixture
def book(acme: Workspace) -> dict[str, Customer]:
    """¥100,000 and ¥200,000 a month before the quarter; within it one came, one grew, one went."""
    steady, gone, come = (
        a_customer("株式会社安定"),
        a_customer("株式会社離脱"),
        a_customer("新規商事"),
    )
    a_contract(steady, start_on=date(2026, 4, 1), end_on=date(2027, 4, 1), amount=1_200_000)
    lost = a_contract(gone, start_on=date(2025, 8, 1), end_on=date(2026, 8, 1), amount=2_400_000)
    customers.end_contract(lost.pk, effective_on=date(2026, 8, 1), by=None)
    a_contract(come, start_on=date(2026, 9, 1), end_on=date(2027, 9, 1), amount=600_000)
    return {"steady": steady, "gone": gone, "come": come}


def line(found: Shown, kpi: str) -> queries.Row:
    return next(row for row in found.rows if row.line.kpi == kpi)


def test_figures_stand_beside_what_was_promised(book: dict[str, Customer]) -> None:
    a_target("mrr", "120000")
    a_target("nrr", "0.5")
    found = queries.shown(a_review().pk)
    mrr, nrr = line(found, "mrr").line, line(found, "nrr").line
    assert mrr.value == 150_000 and mrr.target == 120_000 and mrr.is_met
    assert mrr.against_target == 25 and mrr.before == 300_000 and mrr.change == -50
    assert nrr.value is not None and round(nrr.value, 4) == Decimal("0.3333")
    assert nrr.is_met is False and line(found, "grr").line.is_met is None


def test_a_rate_that_should_fall_is_met_from_below(book: dict[str, Customer]) -> None:
    a_target("logo_churn", "0.6")
    churn = line(queries.shown(a_review().pk), "logo_churn").line
    assert churn.value == Decimal("0.5") and churn.is_met is True
    assert churn.against_target == Decimal("-10")


def test_other_kpis_follow_where_they_have_a_target(book: dict[str, Customer]) -> None:
    review = a_review()
    assert "retention" not in [row.line.kpi for row in queries.shown(review.pk).rows]
    a_target("retention", "0.9")
    assert queries.shown(review.pk).rows[-1].line.kpi == "retention"


def test_what_moved_adds_up_from_opening_to_close(book: dict[str, Customer]) -> None:
    moves = queries.shown(a_review().pk).answers.moves
    assert moves.opening == 300_000 and moves.closing == 150_000
    assert moves.kinds == {"new": 50_000, "churn": -200_000}
    assert {one.entity: one.amount for one in moves.movers} == {
        str(book["gone"].pk): Decimal(-200_000),
        str(book["come"].pk): Decimal(50_000),
    }
    assert moves.movers[0].entity == str(book["gone"].pk)


def test_the_page_answers_its_question(book: dict[str, Customer], alice_client: Client) -> None:
    a_target("mrr", "120000")
    review = a_review()
    page = alice_client.get(f"/metrics/reviews/{review.pk}").content.decode()
    assert "¥150,000" in page and "+25%" in page and "−¥200,000" in page
    assert f'href="/customers/{book["gone"].pk}/' in page and "株式会社離脱" in page


def test_an_empty_workspace_has_a_page_too(acme: Workspace, alice_client: Client) -> None:
    review = a_review()
    page = alice_client.get(f"/metrics/reviews/{review.pk}")
    assert page.status_code == 200 and "データなし" in page.content.decode()
    assert alice_client.get("/metrics/reviews").status_code == 200


def test_a_quarter_has_one_review(acme: Workspace) -> None:
    assert a_review() == a_review(date(2026, 9, 30)) and len(events("metrics.review_begun")) == 1


def test_a_quarter_to_come_cannot_be_reviewed(acme: Workspace) -> None:
    with pytest.raises(Refused):
        a_review(date(2027, 1, 1))


def test_closing_freezes_what_is_said(book: dict[str, Customer], alice: Person) -> None:
    a_target("mrr", "120000")
    review = a_review()
    services.set_targets(queries.shown(review.pk).following, {"mrr": Decimal(200_000)})
    said = queries.shown(review.pk).answers
    services.close_review(review.pk, by=alice)
    a_contract(book["steady"], start_on=date(2026, 8, 1), end_on=date(2027, 8, 1), amount=1_200_000)
    a_target("mrr", "900000")
    services.set_targets(queries.shown(review.pk).following, {"mrr": Decimal(1)})
    found = queries.shown(review.pk)
    assert found.answers == said and found.closing is not None
    mrr = line(found, "mrr")
    assert mrr.line.value == 150_000 and mrr.now is not None and mrr.now.value == 250_000
    assert line(found, "upsell").line.target is None and found.has_moved


def test_a_closed_review_that_still_holds_shows_nothing_beside(book: dict[str, Customer]) -> None:
    review = a_review()
    services.close_review(review.pk)
    found = queries.shown(review.pk)
    assert not found.has_moved and all(row.now is None for row in found.rows)


CHANGES: list[Callable[[Review, Decision], object]] = [
    lambda review, _one: services.write_notes(review.pk, notes={"": "あとから"}),
    lambda review, _one: services.decide(review.pk, text="あとから"),
    lambda _review, one: services.change_decision(one.pk, changes={"text": "あとから"}),
    lambda _review, one: services.void_decision(one.pk),
    lambda review, _one: services.close_review(review.pk),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_closed_review_is_not_written_to(
    acme: Workspace, change: Callable[[Review, Decision], object]
) -> None:
    review = a_review()
    decision = a_decision(review)
    services.close_review(review.pk)
    with pytest.raises(Refused):
        change(review, decision)
    assert fresh(decision).text == "後任と早く会う" and fresh(decision).voided_at is None
    assert not ReviewNote.objects.exists() and Decision.objects.count() == 1


def test_a_quarter_that_runs_cannot_be_closed(acme: Workspace) -> None:
    review = a_review(date(2026, 10, 1))
    with pytest.raises(Refused):
        services.close_review(review.pk)
    assert queries.shown(review.pk).closing is None


def test_reopening_keeps_what_was_said_and_is_an_event(
    book: dict[str, Customer], alice: Person
) -> None:
    review = a_review()
    services.close_review(review.pk, by=alice)
    services.reopen_review(review.pk, by=alice)
    services.reopen_review(review.pk, by=alice)
    found = queries.shown(review.pk)
    assert found.closing is None and len(found.closed_before) == 1
    assert [one.by for one in events("metrics.review_reopened")] == [alice.pk]
    services.close_review(review.pk)
    assert queries.shown(review.pk).closing is not None


def test_only_managers_open_it_again(
    acme: Workspace, bob_client: Client, alice_client: Client
) -> None:
    review = a_review()
    services.close_review(review.pk)
    url = f"/metrics/reviews/{review.pk}"
    assert bob_client.get(url).status_code == 200
    assert bob_client.post(f"{url}/reopen").status_code == 403
    assert queries.shown(review.pk).closing is not None
    assert alice_client.post(f"{url}/reopen").status_code == 302
    assert queries.shown(review.pk).closing is None


def test_reasons_are_kept_by_kpi(acme: Workspace, alice_client: Client) -> None:
    review = a_review()
    url = f"/metrics/reviews/{review.pk}"
    said = {"why-summary": "増額が2件", "initial-why-summary": "", "why-nrr": "計画どおり"}
    assert alice_client.post(f"{url}/notes", said).status_code == 302
    found = queries.shown(review.pk)
    assert (found.summary, line(found, "nrr").note) == ("増額が2件", "計画どおり")
    assert events("metrics.review_noted")[0].facts == {"kpis": ["", "nrr"]}


def test_saving_over_a_colleague_is_told_once(acme: Workspace, alice_client: Client) -> None:
    review = a_review()
    url = f"/metrics/reviews/{review.pk}/notes"
    services.write_notes(review.pk, notes={"": "同僚の言葉", "nrr": "同僚"})
    said = {
        "why-summary": "私の言葉",
        "initial-why-summary": "",
        "why-nrr": "",
        "initial-why-nrr": "",
    }
    answer = alice_client.post(url, said)
    assert answer.status_code == 422 and "同僚の言葉" in answer.content.decode()
    assert queries.shown(review.pk).summary == "同僚の言葉"
    again = {**said, "initial-why-summary": "同僚の言葉"}
    assert alice_client.post(url, again).status_code == 302
    found = queries.shown(review.pk)
    assert (found.summary, line(found, "nrr").note) == ("私の言葉", "同僚")


def test_the_next_quarters_targets_are_set_on_the_page(
    book: dict[str, Customer], alice_client: Client
) -> None:
    review = a_review()
    url = f"/metrics/reviews/{review.pk}/targets"
    said = {"next-nrr": "106", "next-mrr": "20万円", "next-grr": "いっぱい"}
    assert alice_client.post(url, said).status_code == 422
    assert alice_client.post(url, {**said, "next-grr": ""}).status_code == 302
    found = queries.shown(review.pk).answers.promised
    assert {one.kpi: one.value for one in found} == {"nrr": Decimal("1.06"), "mrr": 200_000}
    emptied = {"next-nrr": "", "initial-next-nrr": "106", "next-mrr": "200,000"}
    emptied["initial-next-mrr"] = "200000"
    assert alice_client.post(url, emptied).status_code == 302
    assert [one.kpi for one in queries.shown(review.pk).answers.promised] == ["mrr"]


def test_a_decision_becomes_a_task_of_whoever_does_it(
    acme: Workspace, alice_client: Client, bob: Person
) -> None:
    review = a_review()
    said = {"text": "後任と早く会う", "owner": str(bob.pk), "due_on": "2026-12-15", "task": "1"}
    answer = alice_client.post(f"/metrics/reviews/{review.pk}/decisions", said)
    assert answer.status_code == 302
    task, decision = Task.objects.get(), Decision.objects.get()
    assert (task.title, task.owner, task.due_on) == ("後任と早く会う", bob, date(2026, 12, 15))
    services.open_decision_task(decision.pk)
    services.change_decision(decision.pk, changes={"text": "すぐ会う"})
    assert [one.title for one in Task.objects.all()] == ["すぐ会う"]


@pytest.mark.parametrize(
    "said", [{"text": ""}, {"text": "あ" * 201}, {"text": "あ", "due_on": "x"}]
)
def test_a_wrong_decision_is_refused_in_words(
    acme: Workspace, alice_client: Client, said: dict[str, str]
) -> None:
    review = a_review()
    answer = alice_client.post(f"/metrics/reviews/{review.pk}/decisions", said)
    assert answer.status_code == 422 and not Decision.objects.exists()


def test_a_decision_is_corrected_and_taken_back(acme: Workspace, alice_client: Client) -> None:
    decision = a_decision()
    url = f"/metrics/decisions/{decision.pk}"
    assert "後任と早く会う" in alice_client.get(url).content.decode()
    said = {"text": "すぐ会う", "initial-text": "後任と早く会う"}
    assert alice_client.post(url, said).status_code == 302
    assert fresh(decision).text == "すぐ会う"
    assert alice_client.post(f"{url}/void").status_code == 302
    assert alice_client.get(url).status_code == 404


def test_somebody_from_elsewhere_cannot_be_given_a_decision(
    acme: Workspace, charlie: Person
) -> None:
    with pytest.raises(Refused):
        services.decide(a_review().pk, text="頼む", owner_id=charlie.pk)


@pytest.mark.parametrize("place", ["notes", "targets", "decisions", "close", "reopen"])
def test_whoever_only_reads_changes_nothing(
    acme: Workspace, bob_client: Client, charlie_client: Client, place: str
) -> None:
    review = a_review()
    url = f"/metrics/reviews/{review.pk}/{place}"
    assert bob_client.post(url, {"why-summary": "x", "text": "x"}).status_code == 403
    assert charlie_client.post(url, {"why-summary": "x", "text": "x"}).status_code == 404
    assert not ReviewNote.objects.exists() and not Decision.objects.exists()


def test_the_api_begins_gets_closes_and_opens_again(
    book: dict[str, Customer], alice_client: Client
) -> None:
    url = "/api/v1/metrics/reviews"
    body = {"day": "2026-08-15"}
    made = alice_client.post(url, body, content_type="application/json")
    assert (made.status_code, made.json()["period"]) == (201, "FY2026-Q2")
    one = f"{url}/{made.json()['id']}"
    assert alice_client.put(f"{one}/closed").json()["state"] == "closed"
    assert alice_client.put(f"{one}/closed").status_code == 422
    assert [each["state"] for each in alice_client.get(url).json()] == ["closed"]
    lines = {each["kpi"]: each for each in alice_client.get(one).json()["lines"]}
    assert lines["mrr"]["value"] == 150_000 and lines["mrr"]["currency"] == "JPY"
    assert alice_client.delete(f"{one}/closed").json()["state"] == "draft"
    assert alice_client.get(f"{url}/{uuid4()}").status_code == 404
