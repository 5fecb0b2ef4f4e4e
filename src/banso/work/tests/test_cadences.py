from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from banso.core.errors import Refused
from banso.core.models import Person, Workspace
from banso.core.tests.builders import TODAY, events
from banso.customers.fields import Span, annotate, known_field
from banso.customers.filters import parse
from banso.customers.models import Customer
from banso.customers.queries import customer_list, owned_by
from banso.customers.sheets import values_of
from banso.customers.tests.builders import a_customer
from banso.work import queries, services
from banso.work.tests.builders import an_activity

KEYS = (
    "work.last_activity_on",
    "work.last_meeting_on",
    "work.last_mood",
    "work.meeting_due_on",
    "work.meeting_overdue",
)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


def values(customer: Customer, on: date = TODAY) -> tuple[Any, ...]:
    aliases = [field.alias for key in KEYS if (field := known_field(key))]
    rows = annotate(Customer.objects.filter(pk=customer.pk), KEYS, on=on)
    found: tuple[Any, ...] = rows.values_list(*aliases).get()
    [(_pk, told)] = values_of(KEYS, Span([customer.pk]), on=on)
    assert tuple(told[key] for key in KEYS) == found, "the sheet says otherwise"
    return found


def test_a_customer_is_due_thirty_days_after_the_last_meeting_of_high_touch(
    acme: Workspace,
) -> None:
    customer, met = a_customer(tier="high"), TODAY - timedelta(days=31)
    an_activity(customer, kind="visit", happened_at=noon(met), mood="bad")
    an_activity(customer, kind="mail", happened_at=noon(TODAY))
    assert values(customer) == (TODAY, met, "bad", TODAY - timedelta(days=1), True)
    assert values(customer, TODAY - timedelta(days=1))[3:] == (TODAY - timedelta(days=1), False)
    assert values(customer, met - timedelta(days=1))[:3] == (None, None, None)


def test_days_of_activities_are_local(acme: Workspace) -> None:
    customer = a_customer(tier="low")
    an_activity(customer, happened_at=datetime(2026, 11, 18, 15, tzinfo=UTC))  # 19 Nov in Japan
    assert values(customer)[1] == date(2026, 11, 19)
    assert values(customer, date(2026, 11, 18))[1] is None


@pytest.mark.parametrize(
    ("facts", "due"),
    [
        ({"last_contact_on": date(2026, 11, 1), "since": date(2026, 4, 1)}, date(2026, 12, 1)),
        ({"since": date(2026, 4, 1)}, date(2026, 5, 1)),
        ({"since": date(2026, 4, 1), "stage": "churned"}, None),
        ({"since": date(2026, 4, 1), "tier": "low"}, date(2026, 6, 30)),
        ({"since": date(2026, 4, 1), "tier": "tech"}, None),
    ],
)
def test_where_no_meeting_is_noted_the_last_contact_counts_then_when_they_came(
    acme: Workspace, facts: dict[str, Any], due: date | None
) -> None:
    assert values(a_customer(**{"tier": "high", **facts}))[3] == due


def test_a_deleted_meeting_is_none(acme: Workspace) -> None:
    customer = a_customer(tier="high", since=date(2026, 11, 1))
    services.delete_activity(an_activity(customer).pk)
    assert values(customer) == (None, None, None, date(2026, 12, 1), False)


def test_the_rhythm_can_be_set_and_taken_away(acme: Workspace, bob: Person) -> None:
    assert queries.cadences() == {"high": 30, "low": 90, "tech": 0}
    customer = a_customer(tier="high", since=date(2026, 11, 1))
    services.set_cadences({"high": 7}, by=bob)
    assert values(customer)[3:] == (date(2026, 11, 8), True)
    services.set_cadences({"high": 0, "tech": 365}, by=bob)
    assert values(customer)[3:] == (None, False)
    assert queries.cadences() == {"high": 0, "low": 90, "tech": 365}
    assert events("work.cadences_changed")[0].facts == {"high": 7}


@pytest.mark.parametrize("days", [{"high": -1}, {"high": 731}, {"vip": 3}])
def test_a_rhythm_that_cannot_be_is_refused(acme: Workspace, days: dict[str, int]) -> None:
    with pytest.raises(Refused):
        services.set_cadences(days)
    assert queries.cadences()["high"] == 30


def test_overdue_customers_are_listed_longest_first_and_by_owner(
    acme: Workspace, alice: Person, bob: Person
) -> None:
    late: dict[str, Any] = {"tier": "high", "main_owner_id": bob.pk}
    second = a_customer(since=date(2026, 9, 1), **late)
    first = a_customer(since=date(2026, 8, 1), **late)
    a_customer(since=TODAY, **late)
    a_customer(since=date(2026, 7, 1), tier="tech", main_owner_id=bob.pk)
    found = queries.meetings_overdue(TODAY, owner=owned_by(bob.pk), limit=5)
    assert [(one.customer, one.last_on) for one in found] == [(first, None), (second, None)]
    assert queries.meetings_overdue(TODAY, owner=owned_by(alice.pk), limit=5) == []
    assert len(queries.meetings_overdue(TODAY, owner=None, limit=1)) == 1


def test_lists_and_segments_can_ask_who_is_overdue(acme: Workspace) -> None:
    late = a_customer(tier="high", since=date(2026, 8, 1))
    a_customer(tier="high", since=TODAY)
    asked = parse([{"field": "work.meeting_overdue", "op": "is", "value": True}])
    found = customer_list(conditions=asked, sort="work.meeting_due_on")
    assert [row.customer for row in found.rows] == [late]
