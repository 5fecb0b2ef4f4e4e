"""At the edges every figure has a stated result, or a refusal in words."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from banso.core.errors import Refused
from banso.core.models import Person, Workspace
from banso.core.scope import open_workspace
from banso.customers import services as book
from banso.customers.models import Contract
from banso.customers.tests.builders import (
    a_charge,
    a_contract,
    a_customer,
    a_plan,
    a_product,
)
from banso.insight.metrics import answers
from banso.insight.metrics.asking import Asked, Figure
from banso.insight.metrics.asking.questions import known_on
from banso.insight.metrics.making.cutting import CUTS
from banso.insight.metrics.models import ExchangeRate
from banso.insight.metrics.queries import NoRate
from banso.insight.metrics.tests.builders import an_exchange_rate
from banso.lib.periods import period_of

pytestmark = pytest.mark.usefixtures("acme")
RATES = ("logo_churn", "retention", "revenue_churn", "grr", "nrr")
RENEWALS = ("renewal_churn", "renewal_rate", "renewal_count")
SUMS = ("mrr", "movements", "upsell", "cross_sell")
OF_LEDGER = (*RATES, *RENEWALS, *SUMS)
SIGNED, JUNE, JULY, NOVEMBER = (date(2025, 12, 1), *(date(2026, month, 1) for month in (6, 7, 11)))


def told(kpi: str, month: date = JUNE, **more: Any) -> Figure:
    """The one figure of a month."""
    [figure] = parts(kpi, month, **more)
    return figure


def parts(kpi: str, month: date = JUNE, **more: Any) -> list[Figure]:
    return answers.figures(Asked(kpi, (period_of(month, "month"),), **more))


def said(*values: Any) -> tuple[Any, ...]:
    return values


def sums(figure: Figure) -> tuple[Any, ...]:
    return figure.numerator, figure.denominator, figure.n


@pytest.mark.parametrize("kpi", [*RATES, *RENEWALS])
def test_in_an_empty_workspace_a_rate_has_no_value(kpi: str) -> None:
    figure = told(kpi)
    assert figure.value is None and sums(figure) == (0, 0, 0)


@pytest.mark.parametrize("kpi", SUMS)
def test_in_an_empty_workspace_a_sum_is_nothing(kpi: str) -> None:
    assert said(told(kpi).value, told(kpi).n) == (0, 0)


@pytest.mark.parametrize("by", CUTS)
def test_in_an_empty_workspace_a_cut_has_no_parts_that_hold_anything(by: str) -> None:
    for kpi in ("churn_timing",) if by == "reason" else ("logo_churn", "mrr", "movements"):
        assert not any(one.numerator or one.denominator for one in parts(kpi, by=by))


def test_one_customer_is_the_whole_book() -> None:
    a_contract()
    assert sums(told("logo_churn")) == (0, 1, 1)
    assert said(told("grr").value, told("nrr").value, told("mrr").value) == (1, 1, 100_000)
    assert told("movements", date(2025, 12, 1)).parts == {"new": Decimal(100_000)}


def test_where_all_have_left_there_is_nothing_to_keep_and_later_no_rate() -> None:
    for name in ("甲", "乙"):
        book.end_contract(a_contract(a_customer(name)).pk, effective_on=JUNE, by=None)
    assert said(told("logo_churn").value, told("retention").value) == (1, 0)
    assert said(told("grr").value, told("nrr").value, told("revenue_churn").value) == (0, 0, 1)
    assert told("movements").parts == {"churn": Decimal(-200_000)}
    assert all(told(kpi, JULY).value is None for kpi in RATES)
    assert told("mrr", JULY).value == 0


def test_who_pays_nothing_is_a_customer_with_no_revenue_to_keep() -> None:
    contract = a_contract(amount=0)
    assert sums(told("logo_churn")) == (0, 1, 1)
    assert sums(told("grr")) == (0, 0, 1) and told("grr").value is None
    assert sums(told("mrr")) == (0, None, 1)
    book.end_contract(contract.pk, effective_on=JUNE, by=None)
    assert told("logo_churn").value == 1 and told("movements").parts == {}


def test_a_refund_changes_no_mrr() -> None:
    """Charges are one-off: one more, or one that was taken back, is no line of the ledger."""
    contract = a_contract()
    before = [told(kpi) for kpi in OF_LEDGER]
    charge = a_charge(contract, amount=50_000, charged_on=JUNE)
    assert [told(kpi) for kpi in OF_LEDGER] == before
    book.void_charge(charge.pk, by=None)
    assert [told(kpi) for kpi in OF_LEDGER] == before


def test_a_negative_charge_is_refused_in_words() -> None:
    with pytest.raises(Refused) as refusal:
        a_charge(amount=-50_000)
    assert str(refusal.value.message)


def test_overlapping_contracts_add_up_and_only_the_last_one_is_a_churn() -> None:
    customer = a_customer()
    first, second = (a_contract(customer, amount=amount) for amount in (1_200_000, 600_000))
    assert sums(told("mrr")) == (150_000, None, 1)
    book.end_contract(first.pk, effective_on=JUNE, by=None)
    assert told("logo_churn").value == 0
    assert told("movements").parts == {"contraction": Decimal(-100_000)}
    book.end_contract(second.pk, effective_on=JULY, by=None)
    assert told("logo_churn", JULY).value == 1
    assert told("movements", JULY).parts == {"churn": Decimal(-50_000)}


@pytest.mark.parametrize("end_on", [date(2025, 12, 1), date(2025, 11, 30)])
def test_a_contract_that_ends_before_it_starts_is_refused_in_words(end_on: date) -> None:
    with pytest.raises(Refused) as refusal:
        a_contract(end_on=end_on)
    assert refusal.value.field == "end_on" and str(refusal.value.message)
    assert told("mrr").n == 0


def test_one_currency_needs_no_rate_and_is_told_in_itself() -> None:
    a_contract(a_customer(currency="USD"), amount=120_000)
    assert said(told("mrr").currency, told("mrr").value) == ("USD", 100)


def test_a_currency_without_a_rate_is_refused_by_name_and_day() -> None:
    a_contract()
    a_contract(a_customer("Acme Inc.", currency="USD"), amount=120_000)
    for kpi, month in (("mrr", JUNE), ("grr", JUNE), ("movements", SIGNED)):
        with pytest.raises(NoRate) as refusal:
            told(kpi, month)
        assert "USD" in str(refusal.value.message)
        assert (refusal.value.currency, refusal.value.day) == ("USD", month)
    an_exchange_rate("150", on=date(2026, 5, 31))
    an_exchange_rate("160", on=date(2026, 6, 2))  # within the month: not yet
    assert said(told("mrr").currency, told("mrr").value) == ("JPY", 115_000)


def test_before_a_currency_was_used_nobody_asks_for_its_rate() -> None:
    a_contract()
    a_contract(a_customer("Acme Inc.", currency="USD"), amount=120_000, start_on=JULY)
    an_exchange_rate("150", on=JULY)
    assert said(told("mrr").value, told("mrr", JULY).value) == (100_000, 115_000)
    assert said(told("grr", JULY).value, told("movements").value) == (1, 0)


def test_a_rate_counts_from_the_moment_at_which_it_was_known() -> None:
    moment = datetime(2026, 10, 1, tzinfo=UTC)
    for customer in (a_customer(), a_customer("Acme Inc.", currency="USD")):
        contract = a_contract(customer)
        contract.changes.update(recorded_at=datetime(2025, 12, 1, tzinfo=UTC))
    rate = an_exchange_rate("150", on=date(2026, 1, 1))
    ExchangeRate.objects.filter(pk=rate.pk).update(recorded_at=datetime(2026, 9, 1, tzinfo=UTC))
    assert told("mrr", known_at=moment) == told("mrr")
    with pytest.raises(NoRate):
        told("mrr", known_at=datetime(2026, 8, 1, tzinfo=UTC))


def test_a_contract_that_was_taken_back_asks_for_no_rate() -> None:
    a_contract()
    wrong = a_contract(a_customer("Acme Inc.", currency="USD"), amount=120_000)
    known_at = timezone.now()
    book.void_change(wrong.changes.get().pk, by=None)
    assert said(told("mrr").currency, told("mrr").value) == ("JPY", 100_000)
    with pytest.raises(NoRate):
        told("mrr", known_at=known_at)


def test_a_period_to_come_has_no_value_and_no_parts() -> None:
    a_contract(plan=a_plan())
    for kpi in OF_LEDGER:
        figure = told(kpi, date(2026, 12, 1))
        assert (figure.value, figure.notes) == (None, ("future",))
    assert parts("mrr", date(2026, 12, 1), by="plan") == []


def test_the_running_month_is_told_up_to_today() -> None:
    a_contract(end_on=date(2026, 11, 25))
    a_contract(a_customer("乙"), start_on=date(2026, 11, 28))
    figure = told("mrr", NOVEMBER)
    assert said(figure.value, figure.notes) == (100_000, ("running",))
    assert told("logo_churn", NOVEMBER).value == 0
    assert told("mrr", date(2026, 10, 1)).notes == ()


def test_amounts_of_a_customer_too_large_to_be_counted_are_refused_in_words() -> None:
    contract = a_contract(amount=10**13, term_months=24)
    assert told("mrr").value == pytest.approx(Decimal(10**13) / 24)
    a_contract(contract.customer, amount=10**13, term_months=24)
    with pytest.raises(Refused) as refusal:
        told("mrr")
    assert refusal.value.code == "too_large"


def test_sums_beyond_64_bits_are_exact(bob: Person) -> None:
    plan = a_plan()
    for number in range(24):
        customer = a_customer(f"大口{number}", main_owner_id=bob.pk)
        a_contract(customer, amount=6 * 10**11, term_months=1, product=plan.product, plan=plan)
    assert told("mrr").value == told("mrr", by="plan").value == 24 * 6 * 10**11
    assert told("arr_per_csm").value == 12 * 24 * 6 * 10**11


def test_as_known_now_is_as_it_stands_and_a_correction_put_right_leaves_no_trace() -> None:
    contract = a_contract(product=a_product(), plan=a_plan())
    book.change_contract(contract.pk, effective_on=JUNE, kind="price", amount=1_500_000, by=None)
    before, stood = [told(kpi) for kpi in OF_LEDGER], timezone.now()
    wrong = book.correct_change(_line(contract).pk, amount=900_000, by=None)
    restated, moment = [told(kpi) for kpi in OF_LEDGER], timezone.now()
    assert restated != before
    book.correct_change(_line(wrong).pk, amount=1_500_000, by=None)
    now = timezone.now()
    assert [told(kpi) for kpi in OF_LEDGER] == before
    assert [told(kpi, known_at=now) for kpi in OF_LEDGER] == before
    assert [told(kpi, known_at=moment) for kpi in OF_LEDGER] == restated
    assert [told(kpi, known_at=stood) for kpi in OF_LEDGER] == before


def _line(contract: Contract) -> Any:
    return contract.changes.get(kind="price", voided_at=None)


def test_a_past_day_ends_with_its_second_midnight_hour(acme: Workspace) -> None:
    """Where clocks go back at midnight, the last hour of the day before comes twice."""
    with open_workspace(Workspace(pk=acme.pk, zone="Asia/Beirut")):
        end = known_on(date(2026, 10, 24))
    assert end == datetime(2026, 10, 24, 22, tzinfo=UTC) - datetime.resolution


def test_who_first_paid_in_january_1970_is_of_that_month() -> None:
    a_contract(start_on=date(1970, 1, 5))
    assert [one.cut for one in parts("cohort")] == ["1970-01"]


def test_of_a_month_that_runs_a_cohort_is_worth_what_it_pays_today() -> None:
    a_contract(start_on=NOVEMBER, end_on=date(2026, 11, 28))
    assert [one.value for one in parts("cohort_mrr", NOVEMBER)] == [1]
