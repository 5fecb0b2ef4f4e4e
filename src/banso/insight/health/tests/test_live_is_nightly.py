"""Scores kept up all day, customer by customer, are what scoring everybody at once says."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import Person, Role, Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import TODAY, a_member, a_workspace
from banso.customers import services as customers
from banso.customers.models import Contact, Customer
from banso.customers.tests.builders import a_contact, a_contract, a_customer
from banso.customers.tests.sheets import differences
from banso.insight.health import services
from banso.insight.health.facts import READ
from banso.insight.health.models import Alert, Score, ScoreRun
from banso.touchpoints.usage import store
from banso.touchpoints.usage.models import DailyUsage, DayFigures
from banso.touchpoints.usage.tests.builders import a_run, a_total, an_event
from banso.work import services as work
from banso.work.models import CallToAction

WATCHED, STEADY = 4, 8
Step = Callable[[Customer, int], object]


def a_company(owner: Person, n: int) -> Customer:
    """A customer with a contract and a champion; three in four have used us on weekdays."""
    customer = a_customer(f"株式会社{n}", main_owner_id=owner.pk)
    a_contract(customer, seats=4, end_on=TODAY + timedelta(days=20 + 40 * n))
    a_contact(customer, roles=("champion",))
    days = [TODAY - timedelta(days=n) for n in range(1, 60)]
    DailyUsage.objects.bulk_create(
        DailyUsage(customer=customer, person_key=who, feature=feature, day=day, events=9)
        for day in days
        for who in ("p1", "p2")
        for feature in ("report", "export")
        if day.weekday() < 5 and n % 4 != 3
    )
    return customer


def use(customer: Customer, n: int) -> None:
    """Events by one of six people with one of nine features, today or up to 39 days late."""
    day, who = TODAY - timedelta(days=n % 40), f"p{n % 6}"
    with transaction.atomic():
        event = {"feature": f"f{n % 9}", "person_key": who}
        store.load_events(an_event(customer, day, **event) for _times in range(1 + n % 5))
        customers.touch_customers([customer.pk])


def import_and_undo(customer: Customer, n: int) -> None:
    """A correction of the past that is taken back in every second case."""
    with transaction.atomic():
        run = a_run()
        store.add_imported([a_total(customer, TODAY - timedelta(days=n % 50), events=99)], run=run)
        if n % 2:
            store.remove_imported(run)
        customers.touch_customers([customer.pk])


def complain(customer: Customer, n: int) -> None:
    work.raise_call(customer.pk, kind="complaint", since=TODAY - timedelta(days=n))


def settle(customer: Customer, n: int) -> None:
    for call in CallToAction.objects.filter(customer=customer, closed_on=None):
        work.close_call(call.pk)


def judge(customer: Customer, n: int) -> None:
    services.judge(customer.pk, mood=("good", "neutral", "bad")[n % 3])


def give_notice(customer: Customer, n: int) -> None:
    with suppress(Refused):  # given already
        customers.record_notice(customer.pk, noticed_on=TODAY, by=None)


def lose_champion(customer: Customer, n: int) -> None:
    contact = Contact.objects.get(customer=customer)
    customers.mark_contact_moved(contact.pk, presence="left", since=TODAY, by=None)


def talk(customer: Customer, n: int) -> None:
    customers.record_contact(customer.pk, on=TODAY - timedelta(days=n), by=None)


def look(customer: Customer, n: int) -> None:
    """What the jobs do whenever they come to it."""
    if not services.rescore_touched():
        services.ensure_scores(TODAY)


STEPS: list[Step] = [use, use, use, import_and_undo, complain, settle, judge, talk, lose_champion]
STEPS += [give_notice, look, look]
steps = st.lists(
    st.tuples(st.sampled_from(STEPS), st.integers(0, WATCHED - 1), st.integers(0, 59)),
    min_size=3,
    max_size=14,
)


def told() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    scores = Score.objects.order_by("customer_id", "day").values()
    return list(scores), list(Alert.objects.order_by("pk").values())


@given(day=steps)
@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # shrinking a day takes minutes
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_day_followed_live_ends_as_the_nightly_run_says(
    committed: Workspace, day: list[tuple[Step, int, int]]
) -> None:
    with open_workspace(a_workspace()):
        owner = a_member(f"{id(day)}@acme.example", role=Role.CSM)
        companies = [a_company(owner, n) for n in range(WATCHED + STEADY)]
        services.ensure_scores(TODAY)
        for step, who, n in day:
            step(companies[who], n)
        look(companies[0], 0)
        live = told()
        services.score_customers(TODAY)
        assert told() == live
        assert not differences(READ, TODAY)
        assert not differences(READ, TODAY - timedelta(days=33))


def test_what_all_are_compared_with_stays_for_the_day_and_is_taken_anew_with_an_import(
    committed: Workspace, bob: Person
) -> None:
    company = a_company(bob, 0)
    services.ensure_scores(TODAY)
    assert DayFigures.objects.get().broad == 2
    for feature in range(6):
        use(company, 40 * feature)
    look(company, 0)
    services.score_customers(TODAY)
    assert DayFigures.objects.get().broad == 2
    assert Score.objects.get().measures[2]["value"] > 2
    services.begin_run(TODAY)
    assert DayFigures.objects.get().broad > 2


def test_a_day_that_has_only_begun_scores_whom_it_hears_of_before_the_others(
    committed: Workspace, bob: Person
) -> None:
    companies = [a_company(bob, n) for n in range(3)]
    services.ensure_scores(TODAY)
    committed.fixed_today = TODAY + timedelta(days=1)
    committed.save()
    complain(companies[0], 30)
    assert not services.rescore_touched()  # the others are still to come
    scored = Score.objects.filter(day=committed.today())
    assert [score.customer_id for score in scored] == [companies[0].pk]
    assert services.ensure_scores(committed.today()) == 0
    assert scored.all().count() == 3 and services.rescore_touched()


def test_whose_usage_arrives_after_an_import_is_scored_before_everybody(
    committed: Workspace, bob: Person
) -> None:
    companies = [a_company(bob, n) for n in range(3)]
    services.ensure_scores(TODAY)
    before = {score.customer_id: score.measures for score in Score.objects.all()}
    publish("core.import_finished", a_run())
    use(companies[1], 0)
    assert not services.rescore_touched()  # everybody is still to be scored
    after = {score.customer_id: score.measures for score in Score.objects.all()}
    assert {one for one in after if after[one] != before[one]} == {companies[1].pk}
    assert services.ensure_scores(TODAY) == 3 and services.rescore_touched()


def test_a_run_goes_on_where_it_stopped(
    acme: Workspace, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    companies = [a_company(bob, n) for n in range(3)]
    monkeypatch.setattr(services.runs, "AT_ONCE", 1)
    services.begin_run(TODAY)
    services.runs._score_next(TODAY)
    assert [score.customer_id for score in Score.objects.all()] == [companies[0].pk]
    assert ScoreRun.objects.get().finished_at is None
    assert services.finish_run(TODAY) == 3
