from datetime import date, timedelta
from typing import Any

import pytest

from banso.core.models import CompanyDay, Workspace
from banso.core.tests.builders import TODAY
from banso.customers.fields import annotate, known_field
from banso.customers.models import Customer
from banso.customers.tests.builders import a_contract, a_customer
from banso.lib.usage_windows import Window
from banso.touchpoints.usage import store
from banso.touchpoints.usage.queries import windows
from banso.touchpoints.usage.tests.builders import a_day_of_usage, a_run, a_total
from banso.touchpoints.usage.windows import compared

KEYS = [
    "ever", "last_seen_on", "active_people_28", "active_people_prev_28", "events_7", "events_28",
    "events_prev_28", "events_90", "trend_28", "features_28", "features_known",
    "features_broad",
]  # fmt: skip


def values(customer: Customer, *keys: str, on: date = TODAY) -> list[Any]:
    names = [f"usage.{key}" for key in keys]
    row = annotate(Customer.objects.filter(pk=customer.pk), names, on=on).get()
    return [getattr(row, "f_" + name.replace(".", "_")) for name in names]


def weekdays(first: date, last: date) -> list[date]:
    days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    return [day for day in days if day.weekday() < 5]


def steady(customer: Customer, first: date, last: date, *, rests: set[date] = frozenset()) -> None:  # type: ignore[assignment]
    days = [day for day in weekdays(first, last) if day not in rests]
    store.add_imported(
        [a_total(customer, day, events=10, person_key=p) for day in days for p in "abc"],
        run=a_run(),
    )


def test_without_any_usage_everything_is_no_data(acme: Workspace) -> None:
    a_day_of_usage(a_customer("別"), TODAY)
    assert values(a_customer(), *KEYS) == [False] + [None] * (len(KEYS) - 1)


def test_a_customer_who_stopped_has_zeros_and_not_no_data(acme: Workspace) -> None:
    customer = a_customer()
    a_day_of_usage(customer, TODAY - timedelta(days=100))
    assert values(customer, "events_90", "active_people_28", "features_28") == [0, 0, 0]
    assert values(customer, "last_seen_on") == [TODAY - timedelta(days=100)]


def test_windows_end_with_the_day_itself(acme: Workspace) -> None:
    customer = a_customer()
    for ago, events in ((0, 1), (6, 2), (7, 4), (27, 8), (28, 16), (55, 32), (56, 64), (90, 128)):
        a_day_of_usage(customer, TODAY - timedelta(days=ago), events=events)
    keys = ("events_7", "events_28", "events_prev_28", "events_90")
    assert values(customer, *keys) == [3, 15, 48, 127]


def test_usage_after_the_day_is_not_known_on_it(acme: Workspace) -> None:
    customer = a_customer()
    a_day_of_usage(customer, TODAY)
    assert values(customer, *KEYS, on=TODAY - timedelta(days=1)) == [False] + [None] * (
        len(KEYS) - 1
    )


def test_people_are_counted_once_over_days_and_features(acme: Workspace) -> None:
    customer = a_customer()
    a_day_of_usage(customer, TODAY, people=3)
    a_day_of_usage(customer, TODAY - timedelta(days=5), people=2, feature="board")
    a_day_of_usage(customer, TODAY - timedelta(days=30), people=5)
    assert values(customer, "active_people_28", "active_people_prev_28", "features_28") == [3, 5, 2]


def test_a_source_that_tells_no_people_gives_no_count_of_people(acme: Workspace) -> None:
    customer = a_customer()
    store.add_imported([a_total(customer, events=5)], run=a_run())
    assert values(customer, "active_people_28", "events_28") == [None, 5]


def test_features_known_are_those_a_twentieth_of_the_customers_use(acme: Workspace) -> None:
    customers = [a_customer(f"顧客{n}") for n in range(21)]
    rows = [a_total(customer, feature="report") for customer in customers]
    rows += [a_total(customers[0], feature="odd"), a_total(customers[0], feature="board")]
    rows += [a_total(customers[1], feature="board")]
    store.add_imported(rows, run=a_run())
    assert values(customers[0], "features_known", "features_28") == [2, 3]


def test_features_broad_are_what_the_broadest_tenth_use(acme: Workspace) -> None:
    customers = [a_customer(f"顧客{n}") for n in range(10)]
    rows = [a_total(customer, feature="report") for customer in customers]
    rows += [a_total(customers[n], feature="board") for n in (0, 1)]
    rows += [a_total(customers[0], feature="odd")]
    store.add_imported(rows, run=a_run())
    assert values(customers[5], "features_broad", "features_28") == [2, 1]


@pytest.mark.parametrize(("users", "broad"), [(1, 1), (120, 3)])
def test_of_many_customers_a_sample_says_what_the_broadest_tenth_use(
    acme: Workspace, monkeypatch: pytest.MonkeyPatch, users: int, broad: int
) -> None:
    monkeypatch.setattr(store, "SAMPLE", 100)
    customers = [a_customer(f"顧客{n}") for n in range(240)]
    rows = [a_total(customer, feature="report") for customer in customers]
    for feature in ("board", "odd"):
        rows += [a_total(customer, feature=feature) for customer in customers[:users]]
    store.add_imported(rows, run=a_run())
    assert store.features_broad(Window(TODAY, 28)) == broad


def test_the_share_of_seats_is_active_people_over_contracted_seats(acme: Workspace) -> None:
    if known_field("customers.seats") is None:
        pytest.skip("customers.seats is not declared yet")
    customer = a_customer()
    a_contract(customer, seats=4)
    a_day_of_usage(customer, TODAY, people=3)
    assert values(customer, "seat_share_28") == [0.75]


@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize("on", [date(2026, 1, 9), date(2026, 5, 8), date(2026, 8, 18)])
def test_a_steady_customer_is_steady_after_the_holidays(
    acme: Workspace, on: date, declared: bool
) -> None:
    rest = {date(2025, 12, 29) + timedelta(days=n) for n in range(6)}
    rest |= {date(2026, 5, n) for n in range(3, 7)} | {date(2026, 8, n) for n in range(13, 17)}
    if declared:
        CompanyDay.objects.bulk_create(CompanyDay(day=day, name="休業日") for day in rest)
    customer = a_customer()
    steady(customer, on - timedelta(days=70), on, rests=rest)
    assert values(customer, "trend_28", on=on) == [pytest.approx(1.0)]


def test_a_fall_from_18_people_to_6_is_a_third(acme: Workspace) -> None:
    customer = a_customer()
    middle = TODAY - timedelta(days=28)
    for day in weekdays(TODAY - timedelta(days=60), TODAY):
        a_day_of_usage(customer, day, people=6 if day > middle else 18)
    assert values(customer, "active_people_28", "active_people_prev_28") == [6, 18]
    assert values(customer, "trend_28") == [pytest.approx(1 / 3)]


def test_today_is_not_over_and_does_not_pull_the_trend_down(acme: Workspace) -> None:
    assert TODAY not in compared(TODAY).recent
    assert TODAY - timedelta(days=1) in compared(TODAY).recent


def test_a_customer_who_came_in_the_middle_of_the_window_before_has_no_trend(
    acme: Workspace,
) -> None:
    customer = a_customer()
    steady(customer, TODAY - timedelta(days=40), TODAY)
    assert values(customer, "trend_28") == [None]


def test_a_day_without_customers_is_a_rest_that_no_calendar_knows(acme: Workspace) -> None:
    strike = TODAY - timedelta(days=8)
    for n in range(10):
        steady(a_customer(f"顧客{n}"), TODAY - timedelta(days=60), TODAY, rests={strike})
    assert strike not in compared(TODAY).recent
    assert strike - timedelta(days=1) in compared(TODAY).recent


def test_nine_customers_are_too_few_to_declare_a_rest(acme: Workspace) -> None:
    strike = TODAY - timedelta(days=8)
    for n in range(9):
        steady(a_customer(f"顧客{n}"), TODAY - timedelta(days=60), TODAY, rests={strike})
    assert strike in compared(TODAY).recent


def test_a_country_nobody_knows_has_weekends_only(acme: Workspace) -> None:
    acme.country = "ZZ"
    assert date(2026, 11, 3) in compared(TODAY).recent


def test_windows_of_many_customers_come_in_one_query(acme: Workspace) -> None:
    one, two = a_customer("甲"), a_customer("乙")
    a_day_of_usage(one, TODAY, people=2)
    found = windows([one.pk, two.pk], TODAY)
    assert (found[one.pk].people_28, found[two.pk].people_28) == (2, None)
    assert (found[one.pk].events_7, found[one.pk].features_28) == (2, 1)
