"""The ledger, replayed: any day's MRR, as known at any moment, from the lines alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from banso.core.errors import Refused
from banso.core.models import Workspace
from banso.customers import expressions, services
from banso.customers.models import Contract, ContractChange, Customer
from banso.customers.tests.builders import a_contract, a_customer
from banso.lib.money import monthly, term_amount

START = date(2024, 1, 1)
days = st.integers(0, 1500).map(lambda n: START + timedelta(days=n))
amounts = st.integers(0, 5_000_000)
ordinary = settings(
    max_examples=20,
    phases=[Phase.explicit, Phase.generate],  # shrinking over a database takes minutes,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@dataclass(frozen=True)
class Step:
    """One thing done to the ledger: which, on what day, with what amount, to which contract."""

    verb: str
    day: date
    amount: int
    which: int


steps = st.builds(
    Step,
    st.sampled_from(["sign", "open", "trial", "change", "renew", "end", "void", "correct"]),
    days,
    amounts,
    st.integers(0, 5),
)


@contextmanager
def rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def do(step: Step, customer: Customer) -> None:
    """Do it where it makes sense; what the services refuse is not done."""
    try:
        with transaction.atomic():
            _do(step, customer)
    except (Refused, Contract.DoesNotExist):
        pass


def _do(step: Step, customer: Customer) -> None:
    if step.verb in {"sign", "open", "trial"}:
        end = None if step.verb == "open" else step.day + timedelta(days=365)
        a_contract(
            customer,
            start_on=step.day,
            end_on=end,
            amount=step.amount,
            is_trial=step.verb == "trial",
        )
        return
    lines = list(ContractChange.objects.order_by("id"))
    if not lines:
        return
    line = lines[step.which % len(lines)]
    verbs: dict[str, Any] = {
        "change": lambda: services.change_contract(
            line.contract_id, effective_on=step.day, kind="price", amount=step.amount, by=None
        ),
        "renew": lambda: services.renew_contract(line.contract_id, amount=step.amount, by=None),
        "end": lambda: services.end_contract(line.contract_id, effective_on=step.day, by=None),
        "void": lambda: services.void_change(line.pk, by=None),
        "correct": lambda: services.correct_change(line.pk, amount=step.amount, by=None),
    }
    verbs[step.verb]()


def replay(lines: list[ContractChange], on: date, known_at: datetime) -> Decimal | None:
    """MRR by the ledger's own definition, read naively."""
    known = [
        line
        for line in lines
        if line.recorded_at <= known_at and (line.voided_at is None or line.voided_at > known_at)
    ]
    in_force: dict[Any, ContractChange] = {}
    for line in sorted(known, key=lambda one: (one.effective_on, one.pk)):
        if line.effective_on <= on:
            in_force[line.contract_id] = line
    if not in_force:
        return None
    covered = [
        line.mrr
        for line in in_force.values()
        if not line.is_trial and (line.covers_until is None or line.covers_until > on)
    ]
    return sum(covered, Decimal(0))


def mrr_of(customer: Customer, on: date) -> Decimal | None:
    row = Customer.objects.annotate(at_day=expressions.mrr(on)).get(pk=customer.pk)
    answer: Decimal | None = row.at_day
    return answer


@ordinary
@given(history=st.lists(steps, max_size=12), asked=st.lists(days, min_size=1, max_size=4))
@example(
    history=[Step("sign", START, 1200, 0), Step("end", START + timedelta(days=90), 0, 0)],
    asked=[START + timedelta(days=89), START + timedelta(days=90)],
)
def test_mrr_of_any_day_equals_a_replay_of_the_lines(
    acme: Workspace, history: list[Step], asked: list[date]
) -> None:
    with rolled_back():
        customer = a_customer()
        for step in history:
            do(step, customer)
        lines = list(ContractChange.objects.all())
        for day in asked:
            assert mrr_of(customer, day) == replay(lines, day, timezone.now())


@ordinary
@given(history=st.lists(steps, max_size=10), asked=days)
def test_what_was_known_at_a_moment_stays_reproducible_after_corrections(
    acme: Workspace, history: list[Step], asked: date
) -> None:
    with rolled_back():
        customer = a_customer()
        noted: list[tuple[datetime, Decimal | None]] = []
        for step in history:
            do(step, customer)
            noted.append((timezone.now(), mrr_of(customer, asked)))
        lines = list(ContractChange.objects.all())
        assert [replay(lines, asked, moment) for moment, _known in noted] == [
            known for _moment, known in noted
        ]


@given(amount=st.integers(0, 10**13), term=st.integers(1, 600))
def test_the_months_of_a_term_add_up_to_its_amount(amount: int, term: int) -> None:
    assert term_amount(monthly(amount, term), term) == amount


@ordinary
@given(amount=st.integers(0, 10**13))
def test_twelve_months_of_an_annual_contract_equal_its_amount_to_the_yen(
    acme: Workspace, amount: int
) -> None:
    with rolled_back():
        customer = a_customer()
        a_contract(customer, start_on=START, end_on=date(2025, 1, 1), amount=amount)
        months = [mrr_of(customer, date(2024, month, 28)) for month in range(1, 13)]
        assert round(sum((one for one in months if one is not None), Decimal(0))) == amount


@pytest.mark.parametrize("kind", ["new", "renewal", "end", "nonsense", ""])
def test_a_change_is_an_expansion_a_contraction_or_a_price(acme: Workspace, kind: str) -> None:
    contract = a_contract(a_customer())
    with pytest.raises(Refused):
        services.change_contract(contract.pk, effective_on=date(2026, 2, 1), kind=kind, by=None)
