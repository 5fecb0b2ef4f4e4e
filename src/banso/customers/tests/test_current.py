"""What is kept of today equals what the ledger says, whatever happens and whatever day it is."""

from dataclasses import dataclass
from datetime import date, timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from banso.core import sql
from banso.core.models import Workspace
from banso.core.scope import current_workspace, open_workspace
from banso.core.tests.builders import a_workspace
from banso.customers import expressions, services
from banso.customers.current import is_kept
from banso.customers.fields import annotate
from banso.customers.filter_sql import minor_per_major
from banso.customers.models import CancellationNotice, ContractChange, CurrentState, Customer
from banso.customers.queries import customer_list
from banso.customers.services import ensure_current, keep_current, refresh_some
from banso.customers.tests.builders import a_contract, a_customer
from banso.customers.tests.test_ledger_replay import START, days, do, ordinary, rolled_back, steps

FIELDS = {
    "customers.mrr": expressions.mrr,
    "customers.seats": expressions.seats,
    "customers.renewal_on": expressions.renewal_on,
    "customers.notice_on": expressions.notice_on,
    "customers.deadline_on": expressions.deadline_on,
    "customers.days_to_deadline": expressions.days_to_deadline,
    "customers.contract_state": expressions.contract_state,
}
SORTS = ("customers.mrr", "customers.renewal_on", "customers.deadline_on", "customers.name")


@dataclass(frozen=True)
class Notice:
    """Some customer says that they leave, or takes it back."""

    day: date
    leaves_after: int | None
    withdrawn: bool


notices = st.builds(Notice, days, st.none() | st.integers(0, 200), st.booleans())
histories = st.lists(st.tuples(steps | notices, st.integers(0, 2)), max_size=12)


def happen(one: Any, customer: Customer) -> None:
    if not isinstance(one, Notice):
        do(one, customer)
        return
    leaves = None if one.leaves_after is None else one.day + timedelta(days=one.leaves_after)
    made = services.record_notice(customer.pk, noticed_on=one.day, effective_on=leaves, by=None)
    if one.withdrawn:
        services.withdraw_notice(made.pk, by=None)


def of_ledger(on: date) -> list[dict[str, Any]]:
    said = {key.partition(".")[2]: expression(on) for key, expression in FIELDS.items()}
    rows = Customer.objects.annotate(
        **{f"x_{name}": one for name, one in said.items()}, x_minor=minor_per_major()
    )
    return list(rows.order_by("pk").values("pk", *(f"x_{name}" for name in said)))


def of_fields(on: date) -> list[dict[str, Any]]:
    rows = annotate(Customer.objects.order_by("pk"), FIELDS, on=on)
    names = [key.partition(".")[2] for key in FIELDS]
    return [
        {"pk": row.pk} | {f"x_{name}": getattr(row, f"f_customers_{name}") for name in names}
        for row in rows
    ]


def it_is(day: date) -> None:
    current_workspace().fixed_today = day


@ordinary
@given(history=histories, asked=st.lists(days, min_size=1, max_size=5), lazy=st.booleans())
def test_what_is_kept_equals_the_ledger_after_any_history_on_any_day(
    acme: Workspace, history: list[Any], asked: list[date], lazy: bool
) -> None:
    with rolled_back():
        customers = [a_customer(f"会社{n}") for n in range(3)]
        for number, (one, which) in enumerate(history):
            happen(one, customers[which])
            if not lazy:  # rows are made true between the changes, on some day or other
                it_is(asked[number % len(asked)])
                ensure_current(acme.today())
        for day in asked:
            it_is(day)
            assert of_fields(day) == of_ledger(day)  # read while rows are stale
            ensure_current(day)
            assert is_kept(day)
            assert of_fields(day) == of_ledger(day)


@ordinary
@given(history=histories, day=days)
def test_lists_are_in_the_same_order_kept_or_not(
    acme: Workspace, history: list[Any], day: date
) -> None:
    with rolled_back():
        customers = [a_customer(f"会社{n}") for n in range(3)]
        for one, which in history:
            happen(one, customers[which])
        for sort in (*SORTS, *(f"-{key}" for key in SORTS)):
            it_is(day + timedelta(days=1))  # of another day: from the ledger
            walked = [row.customer.pk for row in customer_list(sort=sort, on=day).rows]
            it_is(day)
            assert [row.customer.pk for row in customer_list(sort=sort, on=day).rows] == walked


def test_every_way_of_writing_the_ledger_makes_the_row_stale(acme: Workspace) -> None:
    customer = a_customer()
    a_contract(customer, start_on=START)
    ways = [
        "UPDATE customers_contractchange SET mrr = 1 WHERE workspace_id = %(workspace)s",
        "UPDATE customers_contract SET start_on = start_on - 1 WHERE workspace_id = %(workspace)s",
        "UPDATE customers_customer SET currency = 'USD' WHERE workspace_id = %(workspace)s",
        "DELETE FROM customers_contractchange WHERE workspace_id = %(workspace)s",
    ]
    for way in ways:
        keep_current()
        assert is_kept(acme.today())
        sql.run(way)
        assert not is_kept(acme.today())
    keep_current()
    notice = services.record_notice(customer.pk, noticed_on=START, by=None)
    assert not is_kept(acme.today())
    keep_current()
    CancellationNotice.objects.filter(pk=notice.pk).delete()
    assert not is_kept(acme.today())


def test_what_a_change_makes_stale_is_looked_up_and_never_searched_for(acme: Workspace) -> None:
    """A planner that took a table filled in the same transaction for an empty one compared all with all."""
    contract = a_contract(a_customer("青葉"))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE customers_currentstate")  # one row: nobody would use an index
    before = _rows_read_in_passing()
    ContractChange.objects.filter(contract=contract).update(voided_at=None)
    assert _rows_read_in_passing() == before


def _rows_read_in_passing() -> int:
    """How many states this transaction has read while it went through the whole table."""
    read = sql.rows(
        "SELECT seq_tup_read FROM pg_stat_xact_user_tables"
        " WHERE relname = 'customers_currentstate' AND %(workspace)s IS NOT NULL"
    )
    return int(read[0][0])


def test_a_line_that_moves_to_another_customer_makes_both_rows_stale(acme: Workspace) -> None:
    one, other = a_customer(), a_customer("他社")
    a_contract(one)
    keep_current()
    ContractChange.objects.update(customer=other)
    assert set(CurrentState.objects.filter(until=None).values_list("pk", flat=True)) == {
        one.pk,
        other.pk,
    }


def test_a_customer_who_is_purged_takes_the_row_along(acme: Workspace) -> None:
    customer = a_customer()
    a_contract(customer)
    keep_current()
    customer.delete()
    assert not CurrentState.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_change_while_a_row_is_made_true_makes_it_stale_again(acme: Workspace) -> None:
    a_contract(a_customer())

    def change() -> None:
        with open_workspace(acme):
            ContractChange.objects.update(mrr=1)
        connection.close()

    changing = Thread(target=change)
    with transaction.atomic():
        assert refresh_some(acme.today()) == 1
        changing.start()
        changing.join(0.5)
        assert changing.is_alive()  # it waits for the row
    changing.join()
    assert not is_kept(acme.today())
    keep_current()
    assert CurrentState.objects.get().mrr == 1
    ProcrastinateJob.objects.all()._raw_delete("default")  # they belong to no model of ours


def test_rows_of_another_workspace_stay_as_they_are(acme: Workspace) -> None:
    other = a_workspace("他")
    with open_workspace(other):
        a_contract(a_customer())
        keep_current()
    a_contract(a_customer())
    assert not is_kept(acme.today())
    with open_workspace(other):
        assert is_kept(other.today())


def test_a_page_waits_for_few_rows_and_leaves_many_to_the_clock(
    acme: Workspace, monkeypatch: Any
) -> None:
    monkeypatch.setattr(services.current, "AT_ONCE", 2)
    for n in range(3):
        a_contract(a_customer(f"会社{n}"))
    ensure_current(acme.today())
    assert CurrentState.objects.filter(until=None).count() == 3
    assert refresh_some(acme.today()) == 2 and keep_current() == 1
    assert is_kept(acme.today())
