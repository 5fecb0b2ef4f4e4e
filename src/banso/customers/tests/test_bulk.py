"""Thousands of rows at once: refused ones leave no trace, the others cost few statements."""

from datetime import date
from decimal import Decimal
from typing import Any

from banso.core.errors import Refused
from banso.core.models import Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import TODAY, events, fresh
from banso.customers import expressions, services
from banso.customers.models import Contract, ContractChange, Customer, StageChange
from banso.customers.services import NewChange, NewContact, NewContract, NewCustomer, NewNotice
from banso.customers.tests.builders import a_customer, a_product


def test_bad_rows_are_answered_in_place_and_stop_no_other(acme: Workspace) -> None:
    rows = [
        NewCustomer(name="一", external_id="1"),
        NewCustomer(name="二", external_id="1"),
        NewCustomer(name="x" * 201),
        NewCustomer(name="", external_id="4"),
        NewCustomer(name="五", stage_history=(("trial", TODAY), ("churned", date(2026, 1, 1)))),
        NewCustomer(name="六", attributes={"unknown": 1}),
        NewCustomer(name="七\x00"),
    ]
    outcomes = services.create_customers(rows, by=None)
    assert [isinstance(one, Customer) for one in outcomes] == [
        True,
        *[False] * 3,
        True,
        False,
        False,
    ]
    assert isinstance(outcomes[1], Refused) and outcomes[1].code == "taken"
    assert Customer.objects.count() == 2 and StageChange.objects.count() == 3
    assert Customer.objects.get(name="五").stage == "trial"
    assert len(events("customers.customer_created")) == 2


def test_contracts_come_with_their_whole_ledger(acme: Workspace) -> None:
    customer, product = a_customer(), a_product()
    history = (
        NewChange(kind="expansion", effective_on=date(2025, 6, 1), amount=2400),
        NewChange(kind="renewal", effective_on=date(2026, 1, 1)),
        NewChange(kind="end", effective_on=date(2026, 10, 1)),
    )
    row = NewContract(
        customer_id=customer.pk,
        product_id=product.pk,
        start_on=date(2025, 1, 1),
        end_on=date(2026, 1, 1),
        amount=1200,
        changes=history,
    )
    (contract,) = services.sign_contracts([row], by=None)
    assert isinstance(contract, Contract) and contract.end_on == date(2026, 10, 1)
    for day, mrr in ((date(2025, 5, 31), 100), (date(2026, 9, 30), 200), (date(2026, 10, 1), 0)):
        found = Customer.objects.annotate(at_day=expressions.mrr(day)).get()
        assert found.at_day == Decimal(mrr)


def test_rows_of_another_workspace_are_unknown(acme: Workspace, other_workspace: Workspace) -> None:
    with open_workspace(other_workspace):
        theirs, product = a_customer(), a_product()
    ours = a_customer()
    signed = services.sign_contracts(
        [
            NewContract(customer_id=theirs.pk, product_id=a_product().pk, start_on=TODAY, amount=1),
            NewContract(customer_id=ours.pk, product_id=product.pk, start_on=TODAY, amount=1),
        ],
        by=None,
    )
    told = services.record_notices([NewNotice(customer_id=theirs.pk, noticed_on=TODAY)], by=None)
    met = services.create_contacts([NewContact(customer_id=theirs.pk, name="人")], by=None)
    assert all(isinstance(one, Refused) for one in [*signed, *told, *met])


def test_a_thousand_contracts_cost_a_dozen_statements(
    acme: Workspace, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(16):
        made = services.create_customers(
            [NewCustomer(name=f"顧客{n}", external_id=f"C-{n}") for n in range(1000)], by=None
        )
    ids = [one.pk for one in made if isinstance(one, Customer)]
    product = a_product()
    rows = [
        NewContract(customer_id=one, product_id=product.pk, start_on=TODAY, amount=1200)
        for one in ids
    ]
    with django_assert_max_num_queries(16):
        services.sign_contracts(rows, by=None)
    assert ContractChange.objects.count() == 1000


def test_a_batch_knows_the_currency_its_own_rows_decided(acme: Workspace) -> None:
    customer, product = a_customer(), a_product()
    first, second = (
        NewContract(
            customer_id=customer.pk,
            product_id=product.pk,
            start_on=TODAY,
            amount=1,
            currency=currency,
        )
        for currency in ("USD", "JPY")
    )
    outcomes = services.sign_contracts([first, second], by=None)
    assert isinstance(outcomes[1], Refused) and outcomes[1].code == "currency"
    assert fresh(customer).currency == "USD"
