"""Terms of contracts: what is signed adds up to the yen, however it is renewed, and ends on 満了日."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from banso.core.errors import Refused
from banso.core.models import Workspace
from banso.core.tests.builders import fresh
from banso.customers import services
from banso.customers.fields import annotate
from banso.customers.models import Contract, Customer
from banso.customers.queries import renewals_due
from banso.customers.tests.builders import a_charge, a_contract, a_customer
from banso.lib.months import day_after, last_day, move_months, term_end

DAY = timedelta(days=1)
TERMS = (1, 7, 12, 13, 36)
starts = st.dates(date(2023, 1, 1), date(2028, 12, 31))
amounts = st.integers(0, 10**10)
terms = st.sampled_from(TERMS) | st.integers(1, 36)
some = settings(
    max_examples=15,
    phases=[Phase.explicit, Phase.generate],  # shrinking over a database takes minutes,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@contextmanager
def rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def mrr(customer: Customer, on: date) -> Decimal | None:
    row: Any = annotate(Customer.objects.filter(pk=customer.pk), ["customers.mrr"], on=on).get()
    answer: Decimal | None = row.f_customers_mrr
    return answer


def billed(customer: Customer, start: date, end: date) -> int:
    """What [start, end) comes to, MRR taken once a month: on its first day."""
    first = start if start.day == 1 else move_months(start.replace(day=1), 1)
    total = Decimal(0)
    while first < end:
        total += mrr(customer, first) or 0
        first = move_months(first, 1, keep_month_end=False)
    return round(total)


@some
@given(start=starts, months=terms, amount=amounts)
@example(start=date(2026, 4, 1), months=1, amount=1)
@example(start=date(2026, 4, 1), months=7, amount=1_000_000)
@example(start=date(2024, 2, 29), months=12, amount=1_000_001)
@example(start=date(2026, 1, 31), months=13, amount=100)
@example(start=date(2026, 4, 1), months=36, amount=10_000_000)
def test_the_months_of_a_contract_equal_its_amount_to_the_yen(
    acme: Workspace, start: date, months: int, amount: int
) -> None:
    with rolled_back():
        customer, end = a_customer(), term_end(start, months)
        signed = a_contract(customer, start_on=start, end_on=end, amount=amount, term_months=months)
        assert billed(customer, start, end) == amount
        assert mrr(customer, end - DAY) == mrr(customer, start) and mrr(customer, end) == 0
        assert (signed.amount, signed.term_months) == (amount, months)


renewals = st.tuples(terms, amounts, st.integers(-400, 60))


@some
@given(start=starts, first=terms, amount=amounts, later=st.lists(renewals, min_size=1, max_size=3))
@example(start=date(2026, 4, 1), first=12, amount=12_000_007, later=[(12, 12_000_013, 0)])
@example(start=date(2026, 4, 1), first=12, amount=1_200_000, later=[(36, 3_600_001, -45)])
@example(start=date(2024, 2, 29), first=13, amount=999_999, later=[(7, 1, 20), (1, 5, -3)])
def test_early_and_late_renewals_add_up_and_never_count_twice(
    acme: Workspace,
    start: date,
    first: int,
    amount: int,
    later: list[tuple[int, int, int]],
) -> None:
    """A term that a renewal cuts short counts until then; every whole term equals its amount."""
    with rolled_back():
        customer, end = a_customer(), term_end(start, first)
        contract = a_contract(
            customer, start_on=start, end_on=end, amount=amount, term_months=first
        )
        spans = [(start, end, amount)]
        for months, new_amount, shift in later:
            begun, until, told = spans[-1]
            begins = max(until + shift * DAY, begun + DAY)
            renewed = services.renew_contract(
                contract.pk, effective_on=begins, term_months=months, amount=new_amount, by=None
            )
            assert renewed.end_on is not None
            spans[-1] = (begun, min(until, begins), told if until <= begins else -1)
            spans.append((begins, renewed.end_on, new_amount))
        for begun, until, told in spans:
            if told >= 0:
                assert billed(customer, begun, until) == told
        for (_a, until, _b), (begins, _c, _d) in pairwise(spans):
            gap = mrr(customer, until) if until < begins else None
            assert gap in (None, 0)


@pytest.mark.parametrize("months", TERMS)
def test_an_early_renewal_runs_its_whole_term_from_its_own_first_day(
    acme: Workspace, months: int
) -> None:
    contract = a_contract(start_on=date(2026, 4, 1), end_on=date(2027, 4, 1))
    renewed = services.renew_contract(
        contract.pk, effective_on=date(2027, 2, 1), term_months=months, by=None
    )
    assert renewed.end_on == term_end(date(2027, 2, 1), months)


def test_a_late_renewal_may_leave_days_without_cover_and_is_no_new_contract(
    acme: Workspace,
) -> None:
    customer = a_customer()
    contract = a_contract(
        customer, start_on=date(2025, 4, 1), end_on=date(2026, 4, 1), notice_months=1
    )
    renewed = services.renew_contract(contract.pk, effective_on=date(2026, 5, 1), by=None)
    assert (renewed.end_on, renewed.notice_on) == (date(2027, 5, 1), date(2027, 3, 31))
    at = [mrr(customer, day) for day in (date(2026, 3, 31), date(2026, 4, 1), date(2026, 5, 1))]
    assert at == [100_000, 0, 100_000]


def test_a_renewal_before_later_lines_is_refused_rather_than_cut_short(acme: Workspace) -> None:
    contract = a_contract()
    services.change_contract(
        contract.pk, effective_on=date(2026, 10, 1), kind="price", amount=1_300_000, by=None
    )
    with pytest.raises(Refused) as refusal:
        services.renew_contract(contract.pk, effective_on=date(2026, 9, 1), by=None)
    assert refusal.value.code == "later_lines" and contract.changes.count() == 2


@pytest.mark.parametrize("follows", ["renewal", "new contract", "twin"])
def test_a_term_to_3_31_followed_by_4_1_is_no_gap_and_no_overlap(
    acme: Workspace, follows: str
) -> None:
    customer = a_customer()
    first = a_contract(customer, start_on=date(2026, 4, 1), end_on=day_after(date(2027, 3, 31)))
    if follows == "renewal":
        services.renew_contract(first.pk, effective_on=date(2027, 4, 1), by=None)
    else:
        product = first.product if follows == "twin" else None
        a_contract(customer, product=product, start_on=date(2027, 4, 1), end_on=date(2028, 4, 1))
    days = [date(2027, 3, 30) + n * DAY for n in range(4)]
    assert [mrr(customer, day) for day in days] == [100_000] * 4


@pytest.mark.parametrize(
    ("start", "last_days"),
    [
        ("2023-03-01", ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]),
        ("2024-02-29", ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29", "2029-02-28"]),
        ("2024-03-01", ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29", "2029-02-28"]),
        ("2026-04-01", ["2027-03-31", "2028-03-31", "2029-03-31", "2030-03-31", "2031-03-31"]),
    ],
)
def test_yearly_terms_keep_their_last_day_over_leap_days(
    acme: Workspace, start: str, last_days: list[str]
) -> None:
    begins = date.fromisoformat(start)
    contract = a_contract(start_on=begins, end_on=term_end(begins, 12), notice_months=1)
    later = [services.renew_contract(contract.pk, by=None) for _year in range(4)]
    found = [contract, *later]
    assert [str(last_day(one.end_on)) for one in found] == last_days
    assert {(one.notice_on.month, one.notice_on.day) for one in found if one.notice_on} <= {
        (1, 31), (2, 28), (2, 29)
    }  # fmt: skip


def test_the_deadline_is_counted_and_is_what_lists_and_today_count_down_to(
    acme: Workspace,
) -> None:
    customer = a_customer()
    signed = a_contract(
        customer, start_on=date(2026, 4, 1), end_on=date(2027, 4, 1), notice_months=3
    )
    assert signed.notice_on == date(2026, 12, 31)
    (due,) = renewals_due(date(2026, 11, 20))
    assert (due.deadline_on, due.renewal_on) == (date(2026, 12, 31), date(2027, 4, 1))
    keys = ["customers.notice_on", "customers.days_to_deadline"]
    row: Any = annotate(Customer.objects.all(), keys, on=date(2026, 12, 21)).get()
    assert (row.f_customers_notice_on, row.f_customers_days_to_deadline) == (signed.notice_on, 10)


@pytest.mark.parametrize(
    ("given", "deadline"),
    [
        ({"notice_months": 1}, "2027-02-28"),
        ({"notice_days": 30}, "2027-03-01"),
        ({"notice_days": 0}, "2027-03-31"),
        ({"notice_months": 1, "notice_on": date(2027, 1, 15)}, "2027-01-15"),
        ({"notice_months": 1, "end_on": None}, "None"),
        ({"notice_months": 1, "end_on": None, "minimum_months": 6}, "2026-08-31"),
        ({"notice_months": 1, "end_on": date(2026, 5, 1), "minimum_months": 12}, "2027-02-28"),
    ],
)
def test_the_deadline_follows_from_the_end_or_the_minimum_term_or_is_told(
    acme: Workspace, given: dict[str, Any], deadline: str
) -> None:
    usual = {"start_on": date(2026, 4, 1), "end_on": date(2027, 4, 1)}
    assert str(a_contract(**{**usual, **given}).notice_on) == deadline


def test_the_deadline_moves_with_what_it_is_counted_from_and_stays_with_the_rest(
    acme: Workspace,
) -> None:
    contract = a_contract(start_on=date(2026, 4, 1), end_on=date(2027, 4, 1), notice_months=2)
    dearer = services.change_contract(
        contract.pk, effective_on=date(2026, 5, 1), kind="price", amount=1_300_000, by=None
    )
    assert dearer.notice_on == date(2027, 1, 31)
    longer = services.change_contract(
        contract.pk, effective_on=date(2026, 6, 1), kind="price", end_on=date(2027, 7, 1), by=None
    )
    assert longer.notice_on == date(2027, 4, 30)
    by_days = services.renew_contract(contract.pk, notice_days=45, by=None)
    assert (by_days.notice_months, by_days.notice_days) == (None, 45)
    assert by_days.end_on == date(2028, 7, 1) and by_days.notice_on == date(2028, 5, 16)


def test_a_first_line_corrected_to_another_start_counts_its_minimum_term_anew(
    acme: Workspace,
) -> None:
    contract = a_contract(
        start_on=date(2026, 4, 1), end_on=None, minimum_months=12, notice_months=1
    )
    line = contract.changes.get()
    corrected = services.correct_change(line.pk, effective_on=date(2026, 5, 1), by=None)
    assert (contract.notice_on, corrected.notice_on) == (date(2027, 2, 28), date(2027, 3, 31))


@pytest.mark.parametrize(
    "wrong",
    [
        {"notice_months": 1, "notice_days": 30},
        {"notice_months": 61},
        {"notice_days": -1},
        {"minimum_months": 0},
        {"minimum_months": 601},
        {"notice_days": 1, "end_on": date(1, 1, 2), "start_on": date(1, 1, 1)},
        {"notice_days": 1, "end_on": None, "minimum_months": 600, "start_on": date(9999, 1, 1)},
        {"number": "x" * 121},
        {"payment": "x" * 21},
    ],
)
def test_terms_nobody_can_mean_are_refused(acme: Workspace, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        a_contract(**wrong)
    assert not Contract.objects.exists()


def test_an_initial_fee_is_never_mrr(acme: Workspace) -> None:
    customer = a_customer()
    contract = a_contract(customer)
    charge = a_charge(contract, amount=300_000, charged_on=contract.start_on)
    assert mrr(customer, contract.start_on) == 100_000 and contract.changes.count() == 1
    assert fresh(contract).amount == 1_200_000
    services.void_charge(charge.pk, by=None)
    with pytest.raises(Refused):
        services.void_charge(charge.pk, by=None)
    assert fresh(charge).amount == 300_000 and fresh(charge).voided_at


@pytest.mark.parametrize(
    "wrong", [{"amount": -1}, {"amount": 10**14}, {"kind": "tip"}, {"charged_on": date(1, 1, 1)}]
)
def test_a_wrong_one_off_line_is_refused(acme: Workspace, wrong: dict[str, Any]) -> None:
    contract = a_contract()
    with pytest.raises(Refused):
        a_charge(contract, **wrong)
    assert not contract.charges.exists()
