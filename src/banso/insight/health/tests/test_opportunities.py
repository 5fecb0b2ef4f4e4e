"""Good news makes one task per episode, while it is fresh."""

from datetime import timedelta
from typing import Any

from django.utils import translation

from banso.core.models import Person, Workspace
from banso.core.tests.builders import TODAY, drain_jobs, events
from banso.customers.models import Customer
from banso.insight.health import services
from banso.insight.health.models import Opportunity
from banso.insight.health.tests.builders import Told, a_steady_customer, a_told_customer
from banso.work.models import Task
from banso.work.wording import task_title


def live(told: Told, customer: Customer, **facts: Any) -> list[str]:
    """What tasks there are once these facts have been told and scored today."""
    told[customer.pk].update({key.replace("__", "."): value for key, value in facts.items()})
    services.score_customers(TODAY, [customer.pk])
    drain_jobs()
    codes = Task.objects.filter(code="health.opportunity").order_by("created_at")
    return [task.params["kind"] for task in codes]


def since_yesterday(told: Told, owner: Person, **facts: Any) -> Customer:
    """A customer of `owner`, scored yesterday and today with these facts."""
    customer = a_steady_customer(told, owner=owner, **facts)
    services.score_customers(TODAY - timedelta(days=1))
    services.score_customers(TODAY)
    drain_jobs()
    return customer


def test_a_seat_limit_reached_at_noon_makes_a_task_at_noon(
    acme: Workspace, bob: Person, told: Told
) -> None:
    customer = since_yesterday(told, bob, usage__seat_share_28=0.8)
    assert live(told, customer, usage__seat_share_28=1.0) == ["seats_full"]
    task = Task.objects.get()
    assert task.owner == bob and task.customer == customer
    with translation.override("ja"):
        assert task_title(task).startswith("席の追加を提案：")
    assert [event.facts["kind"] for event in events("health.opportunity_opened")] == ["seats_full"]


def test_more_of_the_same_makes_no_second_task(acme: Workspace, bob: Person, told: Told) -> None:
    customer = since_yesterday(told, bob, usage__seat_share_28=0.8)
    for share in (1.0, 1.2, 0.95, 1.0):
        assert live(told, customer, usage__seat_share_28=share) == ["seats_full"]


def test_it_is_over_well_below_the_edge_and_may_come_again(
    acme: Workspace, bob: Person, told: Told
) -> None:
    customer = since_yesterday(told, bob, usage__seat_share_28=0.7)
    live(told, customer, usage__seat_share_28=1.0)
    live(told, customer, usage__seat_share_28=0.7)
    assert Opportunity.objects.get().closed_on == TODAY
    assert live(told, customer, usage__seat_share_28=1.1) == ["seats_full"] * 2


def test_seats_that_fill_up_are_told_before_they_are_full(
    acme: Workspace, bob: Person, told: Told
) -> None:
    customer = since_yesterday(told, bob, usage__seat_share_28=0.8)
    assert live(told, customer, usage__seat_share_28=0.92) == ["seats_filling"]
    assert live(told, customer, usage__seat_share_28=1.0) == ["seats_filling", "seats_full"]
    assert Opportunity.objects.get(closed_on=None).kind == "seats_full"


def test_seats_that_were_full_before_we_looked_are_no_news(
    acme: Workspace, bob: Person, told: Told
) -> None:
    customer = since_yesterday(told, bob, usage__seat_share_28=1.0)
    assert live(told, customer, usage__seat_share_28=1.1) == []


def test_the_first_success_of_a_trial_makes_one_task(
    acme: Workspace, bob: Person, told: Told
) -> None:
    facts = {"customers__contract_state": "trial", "usage__features_28": 1}
    customer = since_yesterday(told, bob, **facts)
    assert live(told, customer, usage__features_28=2) == []
    assert live(told, customer, usage__features_28=3) == ["trial_succeeds"]
    assert live(told, customer, usage__features_28=5) == ["trial_succeeds"]
    live(told, customer, customers__contract_state="active")
    assert Opportunity.objects.get().closed_on == TODAY


def test_a_paying_customer_is_not_told_to_be_on_trial(
    acme: Workspace, bob: Person, told: Told
) -> None:
    customer = since_yesterday(told, bob, usage__features_28=1)
    assert live(told, customer, usage__features_28=5) == []


def test_nobodys_customer_has_the_opportunity_but_nobody_the_task(
    acme: Workspace, told: Told
) -> None:
    customer = a_told_customer(told, usage__seat_share_28=0.5)
    services.score_customers(TODAY - timedelta(days=1))
    assert live(told, customer, usage__seat_share_28=1.0) == []
    assert Opportunity.objects.get().kind == "seats_full"


def test_the_night_opens_nothing_that_noon_has_opened(
    acme: Workspace, bob: Person, told: Told
) -> None:
    customer = since_yesterday(told, bob, usage__seat_share_28=0.8)
    live(told, customer, usage__seat_share_28=1.0)
    services.score_customers(TODAY)
    drain_jobs()
    assert Opportunity.objects.count() == Task.objects.count() == 1
