"""Holidays make nobody ill: a steady weekday user through New Year, Golden Week and お盆."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from banso.core.models import CompanyDay, Person, Workspace
from banso.customers.models import Customer
from banso.customers.tests.builders import a_contact, a_contract, a_customer
from banso.insight.health import services
from banso.insight.health.models import Alert, Score
from banso.lib.days_off import japanese_company_days, public_holidays
from banso.touchpoints.usage.models import DailyUsage

PEOPLE = tuple(f"user{n}" for n in range(6))
FEATURES = ("login", "report", "export")


def days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def a_weekday_user(owner: Person, name: str, first: date, last: date) -> Customer:
    """Six people, three features, the same on every day the company works."""
    customer = a_customer(name, main_owner_id=owner.pk, since=date(2024, 4, 1), tier="low")
    a_contract(customer, start_on=date(2024, 4, 1), end_on=None, seats=7)
    a_contact(customer, roles=("champion",))
    off = {
        day
        for year in range(first.year, last.year + 1)
        for group in (public_holidays("JP", year), *japanese_company_days(year).values())
        for day in group
    }
    worked = [day for day in days(first, last) if day.weekday() < 5 and day not in off]
    DailyUsage.objects.bulk_create(
        DailyUsage(customer=customer, person_key=who, feature=feature, day=day, events=12)
        for day in worked
        for who in PEOPLE
        for feature in FEATURES
    )
    return customer


@pytest.mark.parametrize(
    ("first", "last", "days_are_known"),
    [
        (date(2025, 12, 20), date(2026, 1, 20), True),
        (date(2025, 12, 20), date(2026, 1, 20), False),
        (date(2026, 4, 25), date(2026, 5, 15), False),
        (date(2026, 8, 8), date(2026, 8, 25), False),
    ],
)
def test_a_steady_weekday_user_raises_no_alert(
    acme: Workspace, bob: Person, first: date, last: date, days_are_known: bool
) -> None:
    for n in range(3):
        a_weekday_user(bob, f"株式会社{n}", first - timedelta(days=120), last)
    if days_are_known:
        for group in japanese_company_days(first.year).values():
            for day in group:
                CompanyDay.objects.create(day=day, name="休業日")
    for today in days(first, last):
        acme.fixed_today = today
        acme.save()
        services.score_customers(today)
    assert not Alert.objects.exists()
    assert set(Score.objects.values_list("band", flat=True)) == {"healthy"}
