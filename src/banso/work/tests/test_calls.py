from datetime import timedelta

import pytest

from banso.core.errors import Refused
from banso.core.models import Person, Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import TODAY, events, fresh
from banso.customers.models import Customer
from banso.customers.tests.builders import a_customer
from banso.work import queries, services
from banso.work.models import CallKind, CallToAction
from banso.work.tests.builders import a_call


def test_a_raised_call_stands_open_until_it_is_closed(acme: Workspace, bob: Person) -> None:
    customer = a_customer()
    call = a_call(customer, since=TODAY - timedelta(days=9))
    assert [c.pk for c in queries.open_calls(customer.pk)] == [call.pk]
    services.close_call(call.pk, outcome="解決", by=bob)
    assert queries.open_calls(customer.pk) == []
    assert fresh(call).closed_on == TODAY and fresh(call).outcome == "解決"


def test_closing_can_be_undone(acme: Workspace) -> None:
    customer = a_customer()
    call = a_call(customer)
    services.close_call(call.pk, outcome="間違い")
    services.reopen_call(call.pk)
    services.reopen_call(call.pk)
    assert [c.outcome for c in queries.open_calls(customer.pk)] == [""]
    assert len(events("work.call_reopened")) == 1


def test_a_call_is_on_its_customers_timeline(acme: Workspace) -> None:
    customer = a_customer()
    a_call(customer, kind=CallKind.INVOICE_OVERDUE, note="請求書 123")
    [event] = events("work.call_raised")
    assert event.customer_id == customer.pk
    assert event.facts == {"kind": "invoice_overdue", "since": TODAY.isoformat()}


def test_a_call_cannot_stand_open_since_tomorrow(acme: Workspace) -> None:
    with pytest.raises(Refused):
        a_call(a_customer(), since=TODAY + timedelta(days=1))


def test_a_call_cannot_close_before_it_was_raised(acme: Workspace) -> None:
    call = a_call(a_customer(), since=TODAY)
    with pytest.raises(Refused):
        services.close_call(call.pk, closed_on=TODAY - timedelta(days=1))
    assert fresh(call).closed_on is None


def test_unknown_kinds_of_calls_are_refused(acme: Workspace) -> None:
    with pytest.raises(Refused):
        a_call(a_customer(), kind="whatever")
    assert not CallToAction.objects.exists()


def test_another_workspaces_call_and_customer_are_out_of_reach(
    acme: Workspace, other_workspace: Workspace
) -> None:
    with open_workspace(other_workspace):
        theirs = a_call(a_customer())
    with pytest.raises(CallToAction.DoesNotExist):
        services.close_call(theirs.pk)
    with pytest.raises(Customer.DoesNotExist):
        a_call(theirs.customer)
