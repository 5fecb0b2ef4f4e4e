from datetime import date, timedelta
from typing import Any

from banso.core.models import Workspace
from banso.core.tests.builders import TODAY
from banso.customers.fields import annotate, known_field
from banso.customers.models import Customer
from banso.customers.tests.builders import a_customer
from banso.work import services
from banso.work.models import CallKind, Task
from banso.work.tests.builders import a_call, a_task

KEYS = ("work.open_tasks", "work.open_calls", "work.worst_call", "work.worst_call_since")


def values(customer: Customer, on: date = TODAY) -> tuple[Any, ...]:
    aliases = [field.alias for key in KEYS if (field := known_field(key))]
    rows = annotate(Customer.objects.filter(pk=customer.pk), KEYS, on=on)
    found: tuple[Any, ...] = rows.values_list(*aliases).get()
    return found


def test_a_customer_without_work_has_none_open(acme: Workspace) -> None:
    assert values(a_customer()) == (0, 0, None, None)


def test_the_oldest_open_trouble_is_the_worst_call(acme: Workspace) -> None:
    customer, since = a_customer(), TODAY - timedelta(days=9)
    a_call(customer, kind=CallKind.OPPORTUNITY, since=since - timedelta(days=30))
    a_call(customer, kind=CallKind.COMPLAINT, since=since)
    a_call(customer, kind=CallKind.INVOICE_OVERDUE, since=TODAY)
    assert values(customer) == (0, 3, "complaint", since)


def test_a_closed_call_counts_on_days_before_it_was_closed(acme: Workspace) -> None:
    customer, since = a_customer(), TODAY - timedelta(days=9)
    services.close_call(a_call(customer, since=since).pk)
    assert values(customer) == (0, 0, None, None)
    assert values(customer, TODAY - timedelta(days=1)) == (0, 1, "complaint", since)
    assert values(customer, since - timedelta(days=1)) == (0, 0, None, None)


def test_tasks_are_counted_on_the_local_day(acme: Workspace) -> None:
    customer = a_customer()
    task = a_task(customer_id=customer.pk)
    at = {"created_at": "2026-11-18T14:59Z", "done_at": "2026-11-19T15:00Z"}  # 20 Nov 00:00 JST
    Task.objects.filter(pk=task.pk).update(**at)
    days = {day: values(customer, date(2026, 11, day))[0] for day in (17, 18, 19, 20)}
    assert days == {17: 0, 18: 1, 19: 1, 20: 0}
