"""Fields: what was true of a customer on a day."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from banso.core.models import Person, Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import TODAY
from banso.customers import services
from banso.customers.fields import all_fields, annotate, fields, known_field
from banso.customers.models import ContractChange, Customer
from banso.customers.tests.builders import a_contact, a_contract, a_customer, a_notice


def value(customer: Customer, key: str, on: date = TODAY) -> Any:
    field = known_field(f"customers.{key}")
    assert field
    row = annotate(Customer.objects.filter(pk=customer.pk), [field.key], on=on).get()
    return getattr(row, field.alias)


def test_every_field_answers_for_a_customer_without_anything(acme: Workspace) -> None:
    customer = a_customer()
    row = annotate(Customer.objects.all(), [one.key for one in fields()], on=TODAY).get()
    assert row.pk == customer.pk
    empty = ("mrr", "seats", "renewal_on", "notice_on", "deadline_on", "last_contact_on")
    assert all(value(customer, key) is None for key in empty)
    assert value(customer, "contract_state") == "none" and value(customer, "champion") == "none"


def test_mrr_counts_what_runs_and_is_paid_on_that_day(acme: Workspace) -> None:
    customer = a_customer()
    a_contract(customer, end_on=date(2026, 12, 1))
    a_contract(customer, start_on=date(2026, 3, 1), end_on=None, amount=10, term_months=1)
    a_contract(customer, is_trial=True, amount=999)
    assert value(customer, "mrr", date(2025, 11, 30)) is None
    assert value(customer, "mrr", date(2025, 12, 1)) == 100_000
    assert value(customer, "mrr") == 100_010
    assert value(customer, "mrr", date(2026, 12, 1)) == 10


def test_an_ended_customer_has_no_mrr_but_zero(acme: Workspace) -> None:
    customer = a_customer()
    contract = a_contract(customer)
    services.end_contract(contract.pk, effective_on=date(2026, 5, 1), by=None)
    assert value(customer, "mrr", date(2026, 4, 30)) == 100_000
    assert value(customer, "mrr") == 0 and value(customer, "contract_state") == "ended"
    assert value(customer, "renewal_on") is None


def test_the_next_renewal_is_the_soonest_end_of_a_paid_term(acme: Workspace) -> None:
    customer = a_customer()
    a_contract(customer, end_on=date(2027, 3, 31))
    a_contract(customer, end_on=date(2026, 11, 25), is_trial=True)
    assert value(customer, "renewal_on") == date(2027, 3, 31)


def test_renewing_moves_the_renewal_but_not_for_earlier_days(acme: Workspace) -> None:
    customer = a_customer()
    contract = a_contract(customer, start_on=date(2024, 4, 1), end_on=date(2025, 4, 1))
    services.renew_contract(contract.pk, by=None)
    services.renew_contract(contract.pk, by=None)
    assert value(customer, "renewal_on") == date(2027, 4, 1)
    assert value(customer, "renewal_on", date(2024, 6, 1)) == date(2025, 4, 1)


def test_a_renewal_signed_ahead_counts_from_the_day_it_was_recorded(acme: Workspace) -> None:
    customer = a_customer()
    ends, notice = date(2026, 12, 1), date(2026, 11, 30)
    contract = a_contract(customer, start_on=date(2025, 12, 1), end_on=ends, notice_on=notice)
    assert value(customer, "deadline_on") == notice
    services.renew_contract(contract.pk, notice_on=date(2027, 10, 31), by=None)
    ContractChange.objects.update(recorded_at=datetime.combine(TODAY, time(12), UTC))
    assert value(customer, "renewal_on") == date(2027, 12, 1)
    assert value(customer, "deadline_on") == date(2027, 10, 31)
    yesterday = TODAY - timedelta(days=1)
    assert value(customer, "renewal_on", yesterday) == ends
    assert value(customer, "notice_on", yesterday) == notice


def test_an_end_signed_ahead_is_the_end_of_the_term(acme: Workspace) -> None:
    customer = a_customer()
    contract = a_contract(customer, end_on=date(2027, 4, 1), notice_on=date(2027, 1, 31))
    services.end_contract(contract.pk, effective_on=date(2026, 12, 31), by=None)
    ContractChange.objects.update(recorded_at=datetime.combine(TODAY, time(12), UTC))
    assert value(customer, "renewal_on") == date(2026, 12, 31)
    assert value(customer, "notice_on") is None


@pytest.mark.parametrize(
    ("start", "on", "expected"),
    [
        (date(2023, 3, 15), date(2024, 3, 14), date(2024, 3, 15)),
        (date(2023, 3, 15), date(2024, 3, 15), date(2025, 3, 15)),
        (date(2024, 2, 29), date(2025, 2, 27), date(2025, 2, 28)),
        (date(2024, 2, 29), date(2025, 2, 28), date(2026, 2, 28)),
        (date(2024, 2, 29), date(2028, 2, 28), date(2028, 2, 29)),
        (date(2026, 11, 20), date(2026, 11, 20), date(2027, 11, 20)),
    ],
)
def test_an_open_ended_contract_renews_on_its_next_anniversary(
    acme: Workspace, start: date, on: date, expected: date
) -> None:
    customer = a_customer()
    a_contract(customer, start_on=start, end_on=None)
    assert value(customer, "renewal_on", on) == expected


def test_the_deadline_is_the_notice_date_until_it_has_passed(acme: Workspace) -> None:
    customer = a_customer()
    a_contract(customer, end_on=date(2027, 1, 1), notice_on=date(2026, 12, 2))
    assert value(customer, "deadline_on") == date(2026, 12, 2)
    assert value(customer, "days_to_deadline") == 12
    assert value(customer, "notice_on", date(2026, 12, 3)) is None
    assert value(customer, "deadline_on", date(2026, 12, 3)) == date(2026, 12, 31)


def test_a_notice_stands_from_its_day_until_the_customer_has_left(acme: Workspace) -> None:
    customer = a_customer()
    contract = a_contract(customer)
    a_notice(customer, noticed_on=date(2026, 9, 1), effective_on=date(2026, 12, 1))
    assert value(customer, "contract_state", date(2026, 8, 31)) == "active"
    assert value(customer, "contract_state") == "noticed"
    services.renew_contract(contract.pk, by=None)
    assert value(customer, "contract_state", date(2026, 12, 1)) == "active"


def test_an_open_notice_falls_when_the_contract_is_renewed(acme: Workspace) -> None:
    customer = a_customer()
    contract, other = a_contract(customer, end_on=date(2026, 10, 1)), a_contract(customer)
    a_notice(customer, noticed_on=date(2026, 9, 1), contract_id=contract.pk)
    services.renew_contract(other.pk, by=None, effective_on=date(2026, 9, 2))
    assert value(customer, "contract_state") == "noticed"
    services.renew_contract(contract.pk, by=None)
    assert value(customer, "contract_state") == "active"


def test_stage_and_its_days_are_those_of_the_day_asked(acme: Workspace) -> None:
    customer = a_customer(since=date(2026, 1, 1))
    services.change_stage(customer.pk, stage="adoption", entered_on=date(2026, 3, 1), by=None)
    assert (value(customer, "stage"), value(customer, "stage_days")) == ("adoption", 264)
    earlier = date(2026, 2, 10)
    assert value(customer, "stage", earlier) == "onboarding"
    assert value(customer, "stage_days", earlier) == 40
    assert value(customer, "stage", date(2025, 12, 31)) is None


def test_an_earlier_stage_fills_in_history_and_leaves_the_present(acme: Workspace) -> None:
    customer = a_customer(since=date(2026, 1, 1))
    services.change_stage(customer.pk, stage="leaving", entered_on=TODAY, by=None)
    services.change_stage(customer.pk, stage="adoption", entered_on=date(2026, 3, 1), by=None)
    assert value(customer, "stage") == "leaving"
    assert value(customer, "stage", date(2026, 4, 1)) == "adoption"


def test_last_contact_is_known_for_earlier_days_too(acme: Workspace, bob: Person) -> None:
    customer = a_customer()
    for day in (date(2026, 5, 1), date(2026, 9, 1)):
        services.record_contact(customer.pk, on=day, by=bob)
    assert value(customer, "last_contact_on") == date(2026, 9, 1)
    assert value(customer, "days_since_contact") == 80
    assert value(customer, "last_contact_on", date(2026, 8, 1)) == date(2026, 5, 1)
    assert value(customer, "last_contact_on", date(2026, 4, 1)) is None


def test_a_champion_who_moved_without_a_successor_is_gone(acme: Workspace) -> None:
    customer = a_customer()
    first = a_contact(customer, roles=("champion",))
    assert value(customer, "champion") == "here"
    gone = date(2026, 4, 1)
    services.mark_contact_moved(first.pk, presence="moved", since=gone, by=None)
    assert value(customer, "champion") == "gone" and value(customer, "champion_gone_on") == gone
    assert value(customer, "champion", gone - timedelta(days=1)) == "here"
    a_contact(customer, "後任 太郎", roles=("champion",))
    assert value(customer, "champion") == "here" and value(customer, "champion_gone_on") is None


def test_seats_are_those_of_the_contracts_in_force(acme: Workspace) -> None:
    customer = a_customer()
    a_contract(customer, seats=20)
    a_contract(customer, seats=5, end_on=date(2026, 6, 1))
    assert value(customer, "seats") == 20 and value(customer, "seats", date(2026, 1, 1)) == 25


def test_attributes_are_fields_of_their_workspace_only(
    acme: Workspace, other_workspace: Workspace
) -> None:
    for key, kind in (("arr", "number"), ("kickoff", "date"), ("vip", "bool"), ("memo", "text")):
        services.create_attribute(key=key, label=key.upper(), kind=kind, by=None)
    values = {"arr": 12.5, "kickoff": "2026-04-01", "vip": True, "memo": "x"}
    customer = a_customer(attributes=values)
    assert value(customer, "attributes.arr") == 12.5
    assert value(customer, "attributes.kickoff") == date(2026, 4, 1)
    assert value(customer, "attributes.vip") is True
    assert value(customer, "attributes.memo") == "x"
    assert len(all_fields()) == len(fields()) + 4
    with open_workspace(other_workspace):
        assert known_field("customers.attributes.arr") is None


def test_a_value_of_another_type_reads_as_no_data(acme: Workspace) -> None:
    customer = a_customer()
    Customer.objects.update(attributes={"arr": "many", "kickoff": "soon"})
    services.create_attribute(key="arr", label="ARR", kind="number", by=None)
    services.create_attribute(key="kickoff", label="Kickoff", kind="date", by=None)
    assert value(customer, "attributes.arr") is None
    assert value(customer, "attributes.kickoff") is None
