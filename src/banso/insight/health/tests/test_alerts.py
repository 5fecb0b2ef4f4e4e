from datetime import date, timedelta
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from banso.core.models import Person, Workspace
from banso.core.tests.builders import TODAY, drain_jobs, events
from banso.customers.models import Customer
from banso.insight.health import services
from banso.insight.health.models import Alert, Band
from banso.insight.health.tests.builders import Told, a_steady_customer, points
from banso.work.models import Task

FALLEN = {"usage.active_people_28": 6, "usage.trend_28": 0.5, "usage.seat_share_28": 0.5}
WORSE = {**FALLEN, "usage.active_people_28": 1, "usage.trend_28": 0.05, "usage.features_28": 0}
USUAL = {
    "usage.active_people_28": 18,
    "usage.trend_28": 1.0,
    "usage.seat_share_28": 0.9,
    "usage.features_28": 6,
}


def day(acme: Workspace, told: Told, customer: Customer, n: int, **said: Any) -> date:
    """The n-th day begins: `said` holds now, and everybody is scored."""
    today = TODAY + timedelta(days=n)
    acme.fixed_today = today
    acme.save()
    told[customer.pk].update(said)
    services.score_customers(today)
    return today


@pytest.fixture
def customer(acme: Workspace, told: Told, bob: Person) -> Customer:
    """Bob's healthy customer, scored today."""
    one = a_steady_customer(told, owner=bob)
    day(acme, told, one, 0)
    return one


def test_a_fall_across_a_threshold_makes_one_alert_and_one_task_for_the_owner(
    acme: Workspace, told: Told, bob: Person, customer: Customer
) -> None:
    for n in (1, 2, 3):
        day(acme, told, customer, n, **FALLEN)
        drain_jobs()
    alert, task = Alert.objects.get(), Task.objects.get()
    assert alert.band == Band.WATCH and alert.from_score > 70 > alert.to_score
    assert task.owner == bob and task.origin == f"alert:{alert.pk}"
    assert len(events("health.alert_raised")) == 1


def test_an_alert_of_this_minute_does_not_wait_behind_an_import(
    acme: Workspace, told: Told, customer: Customer
) -> None:
    day(acme, told, customer, 1, **FALLEN)
    jobs = ProcrastinateJob.objects.filter(task_name="core.handle", status="todo")
    queues = {job.queue_name for job in jobs if job.args["handler"].endswith("give_tasks")}
    assert queues == {"live"}


def test_the_task_is_due_in_two_business_days(
    acme: Workspace, told: Told, customer: Customer
) -> None:
    day(acme, told, customer, 1, **FALLEN)  # Saturday; Monday is a substitute holiday's eve
    drain_jobs()
    assert Task.objects.get().due_on == date(2026, 11, 25)  # Monday 23 is 勤労感謝の日


def test_an_episode_ends_only_five_points_above_the_threshold(
    acme: Workspace, told: Told, customer: Customer
) -> None:
    day(acme, told, customer, 1, **FALLEN)
    near = {
        **USUAL,
        "usage.active_people_28": 11,
        "usage.trend_28": 0.7,
        "usage.seat_share_28": 0.6,
    }
    second = day(acme, told, customer, 2, **near)
    assert 70 <= points(customer, second) < 75
    assert Alert.objects.filter(closed_on=None).exists()
    third = day(acme, told, customer, 3, **USUAL)
    assert Alert.objects.get().closed_on == third
    day(acme, told, customer, 4, **FALLEN)
    assert Alert.objects.count() == 2


def test_a_further_fall_is_the_same_episode(
    acme: Workspace, told: Told, customer: Customer
) -> None:
    day(acme, told, customer, 1, **FALLEN)
    day(acme, told, customer, 2, **WORSE)
    drain_jobs()
    assert Alert.objects.get().band == Band.DANGER
    assert Task.objects.count() == 1 and len(events("health.alert_worsened")) == 1


def test_scoring_the_past_raises_nothing(acme: Workspace, told: Told, customer: Customer) -> None:
    told[customer.pk].update(WORSE)
    services.score_customers(TODAY - timedelta(days=1))
    assert not Alert.objects.exists()


def test_a_first_score_in_danger_alerts_only_where_money_and_an_owner_are(
    acme: Workspace, told: Told, bob: Person
) -> None:
    ours = a_steady_customer(told, owner=bob)
    free = a_steady_customer(told, owner=bob, customers__mrr=0)
    nobodys = a_steady_customer(told)
    for one in (ours, free, nobodys):
        told[one.pk].update(WORSE)
    services.score_customers(TODAY)
    assert [alert.customer_id for alert in Alert.objects.all()] == [ours.pk]


def test_the_sub_owner_gets_the_task_where_there_is_no_main_owner(
    acme: Workspace, told: Told, alice: Person, customer: Customer
) -> None:
    Customer.objects.filter(pk=customer.pk).update(main_owner=None, sub_owner=alice)
    day(acme, told, customer, 1, **FALLEN)
    drain_jobs()
    assert Task.objects.get().owner == alice


def test_nobodys_customer_gets_an_alert_without_a_task(
    acme: Workspace, told: Told, customer: Customer
) -> None:
    Customer.objects.filter(pk=customer.pk).update(main_owner=None)
    day(acme, told, customer, 1, **FALLEN)
    drain_jobs()
    assert Alert.objects.exists() and not Task.objects.exists()


def test_another_scorecard_is_not_a_fall(acme: Workspace, told: Told, customer: Customer) -> None:
    day(acme, told, customer, 1, **{"usage.ever": False})
    assert not Alert.objects.exists()


def test_an_ended_contract_ends_the_alert(acme: Workspace, told: Told, customer: Customer) -> None:
    day(acme, told, customer, 1, **FALLEN)
    last = day(acme, told, customer, 2, **{"customers.contract_state": "ended"})
    assert Alert.objects.get().closed_on == last


def test_a_fall_after_a_withheld_day_still_counts(
    acme: Workspace, told: Told, customer: Customer
) -> None:
    gone = {"usage.trend_28": None, "usage.active_people_prev_28": None, "usage.features_28": None}
    silent = {**gone, "usage.seat_share_28": None, "customers.champion": None}
    day(acme, told, customer, 1, **silent)
    assert not Alert.objects.exists()
    back = {"usage.active_people_prev_28": 18, "usage.features_28": 6, "customers.champion": "here"}
    day(acme, told, customer, 2, **back, **FALLEN)
    assert Alert.objects.get().from_score is not None


def test_scoring_the_same_day_again_raises_nothing_twice(
    acme: Workspace, told: Told, customer: Customer
) -> None:
    day(acme, told, customer, 1, **FALLEN)
    day(acme, told, customer, 1)
    assert Alert.objects.count() == 1


def test_a_judgement_is_heard_and_the_customer_scored_again(
    acme: Workspace, told: Told, customer: Customer
) -> None:
    day(acme, told, customer, 0, **{"usage.ever": False})
    before = points(customer)
    services.judge(customer.pk, mood="bad")
    drain_jobs()
    assert points(customer) < before
