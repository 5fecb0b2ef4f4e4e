"""Contracts: signed, changed, renewed, ended and corrected, as lines of a ledger."""

from datetime import date
from decimal import Decimal

import pytest

from banso.core.errors import Refused
from banso.core.models import Person, Workspace
from banso.core.tests.builders import events, fresh
from banso.customers import services
from banso.customers.models import Contract, ContractChange
from banso.customers.tests.builders import a_contract, a_customer, a_notice


def kinds(contract: Contract) -> list[str]:
    live = ContractChange.objects.filter(contract=contract, voided_at=None)
    return list(live.order_by("effective_on", "id").values_list("kind", flat=True))


def test_signing_writes_the_first_line_of_the_ledger(acme: Workspace, bob: Person) -> None:
    contract = a_contract(a_customer(), by=bob, seats=30)
    (line,) = contract.changes.all()
    assert (line.kind, line.mrr, line.quantity) == ("new", Decimal("100000.000000"), 30)
    assert (line.effective_on, line.covers_until) == (contract.start_on, contract.end_on)
    (event,) = events("customers.contract_signed")
    assert event.by == bob.pk and event.customer_id == contract.customer_id


def test_a_customers_first_contract_decides_its_currency(acme: Workspace) -> None:
    customer = a_customer()
    a_contract(customer, currency="USD")
    assert fresh(customer).currency == "USD"
    with pytest.raises(Refused) as refusal:
        a_contract(customer, currency="JPY")
    assert refusal.value.code == "currency" and Contract.objects.count() == 1


def test_an_expansion_holds_from_its_day_and_moves_the_contract_row(acme: Workspace) -> None:
    contract = a_contract(a_customer(), seats=10)
    services.change_contract(
        contract.pk,
        effective_on=date(2026, 4, 1),
        kind="expansion",
        amount=1_800_000,
        seats=15,
        by=None,
    )
    assert (fresh(contract).amount, fresh(contract).seats) == (1_800_000, 15)
    assert events("customers.contract_changed")[0].facts["mrr_change"] == 50_000


def test_an_expansion_that_lowers_the_amount_is_refused(acme: Workspace) -> None:
    contract = a_contract(a_customer())
    with pytest.raises(Refused):
        services.change_contract(
            contract.pk, effective_on=date(2026, 4, 1), kind="expansion", amount=1, by=None
        )
    assert kinds(contract) == ["new"]


def test_renewal_moves_the_end_and_the_notice_date_by_the_term(acme: Workspace) -> None:
    contract = a_contract(a_customer(), notice_on=date(2026, 8, 31))
    renewed = services.renew_contract(contract.pk, by=None)
    assert (renewed.end_on, renewed.notice_on) == (date(2027, 12, 1), date(2027, 8, 31))
    assert kinds(contract) == ["new", "renewal"]


def test_ending_closes_coverage_and_keeps_what_was_signed(acme: Workspace) -> None:
    contract = a_contract(a_customer())
    ended = services.end_contract(contract.pk, effective_on=date(2026, 6, 1), by=None)
    assert (ended.end_on, ended.amount) == (date(2026, 6, 1), 1_200_000)
    with pytest.raises(Refused) as refusal:
        services.renew_contract(contract.pk, by=None)
    assert refusal.value.code == "ended"


def test_voiding_an_end_lets_the_contract_run_on(acme: Workspace) -> None:
    contract = a_contract(a_customer())
    services.end_contract(contract.pk, effective_on=date(2026, 6, 1), by=None)
    end = ContractChange.objects.get(kind="end")
    assert services.void_change(end.pk, by=None).end_on == date(2026, 12, 1)
    with pytest.raises(Refused):
        services.void_change(end.pk, by=None)


def test_voiding_the_only_line_takes_the_contract_away(acme: Workspace) -> None:
    contract = a_contract(a_customer())
    services.void_change(contract.changes.get().pk, by=None)
    assert not Contract.objects.exists() and ContractChange.objects.count() == 1


def test_the_first_line_cannot_be_voided_before_later_ones(acme: Workspace) -> None:
    contract = a_contract(a_customer())
    services.renew_contract(contract.pk, by=None)
    with pytest.raises(Refused):
        services.void_change(ContractChange.objects.get(kind="new").pk, by=None)


def test_correcting_voids_the_line_and_writes_it_anew_in_the_same_instant(acme: Workspace) -> None:
    contract = a_contract(a_customer())
    old = contract.changes.get()
    corrected = services.correct_change(old.pk, amount=2_400_000, by=None)
    new = ContractChange.objects.get(voided_at=None)
    assert corrected.amount == 2_400_000 and new.mrr == 200_000
    assert fresh(old).amount == 1_200_000 and fresh(old).voided_at == new.recorded_at


def test_a_line_is_not_corrected_behind_a_later_one_of_its_day(acme: Workspace) -> None:
    """It would stand last then, and count in that one's place."""
    contract, day = a_contract(a_customer()), date(2026, 6, 1)
    for amount in (1_500_000, 2_400_000):
        services.change_contract(
            contract.pk, effective_on=day, kind="price", amount=amount, by=None
        )
    first = contract.changes.get(amount=1_500_000)
    with pytest.raises(Refused) as refusal:
        services.correct_change(first.pk, amount=1_600_000, by=None)
    assert refusal.value.code == "later_lines" and fresh(contract).amount == 2_400_000
    assert services.void_change(first.pk, by=None).amount == 2_400_000


@pytest.mark.parametrize("day", [date(2026, 7, 1), date(2026, 8, 1)])
def test_a_line_is_not_moved_to_where_the_contract_has_ended(acme: Workspace, day: date) -> None:
    contract = a_contract(a_customer())
    services.change_contract(
        contract.pk, effective_on=date(2026, 6, 1), kind="price", amount=1, by=None
    )
    services.end_contract(contract.pk, effective_on=date(2026, 7, 1), by=None)
    with pytest.raises(Refused) as refusal:
        services.correct_change(contract.changes.get(kind="price").pk, effective_on=day, by=None)
    assert refusal.value.code == "ended" and fresh(contract).end_on == date(2026, 7, 1)


def test_an_end_before_later_lines_is_refused_rather_than_outlived(acme: Workspace) -> None:
    contract = a_contract(a_customer())
    services.renew_contract(contract.pk, by=None)
    with pytest.raises(Refused) as refusal:
        services.end_contract(contract.pk, effective_on=date(2026, 6, 1), by=None)
    assert refusal.value.code == "later_lines" and kinds(contract) == ["new", "renewal"]
    services.void_change(contract.changes.get(kind="renewal").pk, by=None)
    ended = services.end_contract(contract.pk, effective_on=date(2026, 6, 1), by=None)
    assert ended.end_on == date(2026, 6, 1)


def test_due_contracts_renew_by_themselves_and_only_once(acme: Workspace) -> None:
    contract = a_contract(a_customer())
    assert services.renew_due_contracts(date(2026, 11, 30)) == 0
    assert services.renew_due_contracts(date(2026, 12, 1)) == 1
    assert services.renew_due_contracts(date(2026, 12, 1)) == 0
    assert fresh(contract).end_on == date(2027, 12, 1)


def test_missed_terms_are_caught_up(acme: Workspace) -> None:
    a_contract(a_customer(), end_on=date(2026, 3, 1), term_months=3, amount=300)
    assert services.renew_due_contracts(date(2026, 11, 20)) == 3
    assert Contract.objects.get().end_on == date(2026, 12, 1)


def test_a_noticed_trial_ended_or_unwilling_contract_does_not_renew(acme: Workspace) -> None:
    noticed, other = a_customer(), a_customer("別の顧客")
    a_contract(noticed)
    a_notice(noticed, noticed_on=date(2026, 8, 1))
    a_contract(other, is_trial=True)
    a_contract(other, auto_renew=False)
    ended = a_contract(other)
    services.end_contract(ended.pk, effective_on=date(2026, 12, 1), by=None)
    assert services.renew_due_contracts(date(2026, 12, 1)) == 0


def test_a_withdrawn_notice_lets_the_contract_renew(acme: Workspace) -> None:
    customer = a_customer()
    contract = a_contract(customer)
    notice = a_notice(customer, contract_id=contract.pk)
    services.withdraw_notice(notice.pk, by=None)
    assert services.renew_due_contracts(date(2026, 12, 1)) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": -1},
        {"amount": 10**14},
        {"term_months": 0},
        {"end_on": date(2025, 12, 1)},
        {"seats": -1},
        {"notice_on": date(2027, 1, 1)},
        {"currency": "XXY"},
        {"external_id": "x" * 121},
        {"billing": "a\x00b"},
        {"start_on": date(1, 1, 1)},
    ],
)
def test_wrong_values_are_refused_and_nothing_is_written(
    acme: Workspace, wrong: dict[str, object]
) -> None:
    with pytest.raises(Refused):
        a_contract(a_customer(), **wrong)
    assert not Contract.objects.exists() and not ContractChange.objects.exists()
