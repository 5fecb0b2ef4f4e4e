"""A figure as known then beside as known now: explained to the last yen, line by line."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from banso.core.models import Person, Workspace
from banso.core.scope import open_workspace
from banso.customers import services as book
from banso.customers.models import Contract, ContractChange
from banso.customers.tests.builders import a_contract, a_customer, a_plan, a_product
from banso.insight.metrics.asking.registry import MEASURES
from banso.insight.metrics.models import ExchangeRate
from banso.insight.metrics.queries import HEADLINE
from banso.insight.metrics.restatements import then_and_now
from banso.insight.metrics.tests.builders import an_exchange_rate
from banso.lib.periods import Period, period_of, periods_between

OCTOBER = period_of(date(2026, 10, 1), "month")
MONTHS = periods_between(date(2026, 1, 1), date(2026, 6, 30), "month")
THEN, BETWEEN, LATER = (datetime(2026, 11, day, 3, tzinfo=UTC) for day in (10, 12, 15))

SUMS = [kpi for kpi in HEADLINE if MEASURES[kpi].adds_up]


@pytest.fixture
def written_then(acme: Workspace) -> Any:
    """All that stands in the ledger was recorded before THEN, later lines after it."""

    def settle(at: datetime = THEN - timedelta(days=1)) -> None:
        new = ContractChange.objects.filter(recorded_at__gt=at, pk__gt=settle.seen)  # type: ignore[attr-defined]
        new.update(recorded_at=at)
        gone = ContractChange.objects.exclude(voided_at=None).filter(voided_at__gt=LATER)
        gone.update(voided_at=at)
        Contract.with_deleted.exclude(deleted_at=None).update(deleted_at=at)
        last = ContractChange.objects.order_by("-pk").first()
        settle.seen = last.pk if last else 0  # type: ignore[attr-defined]

    settle.seen = 0  # type: ignore[attr-defined]
    return settle


def change(contract: Contract, on: date, kind: str, amount: int, by: Person | None = None) -> None:
    book.change_contract(contract.pk, effective_on=on, kind=kind, amount=amount, by=by)


def restated(*asked: Any, **more: Any) -> Any:
    return then_and_now.restated(*asked, **more)


def of_october(kpi: str, **asked: Any) -> Any:
    (one,) = restated(kpi, [OCTOBER], THEN, **asked)
    return one


def test_a_line_dated_back_is_named_with_what_it_moved(written_then: Any, bob: Person) -> None:
    contract = a_contract(a_customer("甲社"), amount=1_200_000)
    a_contract(a_customer("乙社"), amount=600_000)
    written_then()
    change(contract, date(2026, 10, 5), "expansion", 1_800_000, bob)
    written_then(BETWEEN)
    one = of_october("mrr")
    assert one.then and one.now
    assert (one.then.value, one.now.value, one.difference) == (150_000, 200_000, 50_000)
    (who,) = one.customers
    assert (who.name, who.then[0], who.now[0], one.count) == ("甲社", 100_000, 150_000, 1)
    (line,) = who.lines
    assert (line.kind, line.effective_on, line.by) == ("expansion", date(2026, 10, 5), bob.name)
    assert (line.moved, line.currency, line.is_voided, line.at) == (50_000, "JPY", False, BETWEEN)
    assert (line.contract_id, line.product) == (contract.pk, "伴走クラウド")


def test_a_correction_is_a_voided_line_and_a_recorded_one(written_then: Any, bob: Person) -> None:
    contract = a_contract(amount=1_200_000)
    change(contract, date(2026, 10, 5), "expansion", 1_800_000)
    written_then()
    book.correct_change(contract.changes.get(kind="expansion").pk, amount=1_500_000, by=bob)
    written_then(BETWEEN)
    (who,) = of_october("mrr").customers
    assert [(line.is_voided, line.moved, line.by) for line in who.lines] == [
        (True, -50_000, bob.name),
        (False, 25_000, bob.name),
    ]
    assert sum(line.moved for line in who.lines) == who.numerator == -25_000


def test_a_contract_voided_whole_was_known_then(written_then: Any, bob: Person) -> None:
    contract = a_contract(amount=1_200_000)
    written_then()
    book.void_change(contract.changes.get().pk, by=bob)
    written_then(BETWEEN)
    one = of_october("mrr")
    assert one.then and one.then.value == 100_000 and one.difference == -100_000
    assert [line.moved for line in one.customers[0].lines] == [-100_000]
    (still,) = restated("mrr", [OCTOBER], THEN, BETWEEN - timedelta(hours=1))
    assert not still.is_changed and still.customers == ()


def test_what_was_recorded_and_taken_back_in_between_is_nothing(written_then: Any) -> None:
    contract = a_contract(amount=1_200_000)
    written_then()
    change(contract, date(2026, 10, 5), "expansion", 1_800_000)
    book.void_change(contract.changes.get(kind="expansion").pk, by=None)
    written_then(BETWEEN)
    assert of_october("mrr").customers == ()


def test_the_second_moment_can_be_a_past_one(written_then: Any) -> None:
    contract = a_contract(amount=1_200_000)
    written_then()
    change(contract, date(2026, 10, 5), "expansion", 1_800_000)
    written_then(BETWEEN)
    change(contract, date(2026, 10, 6), "expansion", 2_400_000)
    written_then(LATER)
    differences = [
        restated("mrr", [OCTOBER], THEN, now)[0].difference for now in (THEN, BETWEEN, LATER, None)
    ]
    assert differences == [0, 50_000, 100_000, 100_000]
    (back,) = restated("mrr", [OCTOBER], LATER, THEN)
    assert [line.is_voided for line in back.customers[0].lines] == [True, True]


def test_a_renewal_told_late_explains_the_rate_of_the_month_it_was_due(written_then: Any) -> None:
    contract = a_contract(amount=1_200_000, start_on=date(2025, 10, 1), end_on=date(2026, 10, 1))
    september = period_of(date(2026, 9, 1), "month")
    written_then()
    book.renew_contract(contract.pk, by=None)
    written_then(BETWEEN)
    (one,) = restated("renewal_rate", [september], THEN)
    assert one.then and one.now and (one.then.value, one.now.value) == (0, 1)
    assert one.difference == 1
    (who,) = one.customers
    assert (who.numerator, who.denominator) == (100_000, 0)
    assert [(line.kind, line.effective_on) for line in who.lines] == [
        ("renewal", date(2026, 10, 1))
    ]


def a_lively_book(owner: Person, settle: Any) -> None:
    """Growth, loss, price, return, renewal and churn, half of them dated back after THEN."""
    plans = [a_plan("ライト"), a_plan("プロ")]
    made = []
    for n in range(8):
        customer = a_customer(
            f"顧客{n}", tier=("high", "low")[n % 2], main_owner_id=owner.pk if n % 3 else None
        )
        product = a_product("追加機能") if n == 7 else a_product()
        plan = None if n == 7 else plans[n % 2]
        end = date(2026, 6, 1) if n % 4 == 1 else None
        made.append(
            a_contract(customer, amount=1_200_000 + n * 7, plan=plan, product=product, end_on=end)
        )
    change(made[0], date(2026, 2, 10), "expansion", 2_000_000)
    change(made[2], date(2026, 3, 1), "contraction", 1_000_001)
    book.renew_contract(made[1].pk, by=None)
    settle()
    change(made[3], date(2026, 4, 3), "price", 1_500_000)
    book.end_contract(made[4].pk, effective_on=date(2026, 5, 1), by=None)
    book.renew_contract(made[5].pk, amount=900_000, by=None)
    book.correct_change(made[0].changes.get(kind="expansion").pk, amount=2_400_000, by=None)
    a_contract(made[6].customer, product=a_product("追加機能"), start_on=date(2026, 1, 15))
    book.void_change(made[7].changes.get().pk, by=None)
    settle(BETWEEN)


@pytest.mark.parametrize("by", ["", "plan", "owner", "tenure"])
def test_differences_of_customers_add_up_to_every_figures(
    written_then: Any, bob: Person, by: str
) -> None:
    a_lively_book(bob, written_then)
    moved = 0
    for kpi in SUMS:
        for one in restated(kpi, MONTHS, THEN, by=by):
            for name in ("numerator", "denominator"):
                pair = [
                    (getattr(each, name) if each else None) or 0 for each in (one.then, one.now)
                ]
                assert sum(getattr(who, name) for who in one.customers) == pair[1] - pair[0]
            assert one.is_changed <= bool(one.customers)
            assert all(who.lines for who in one.customers), (kpi, one)
            moved += one.is_changed
    assert moved > 20


def test_lines_add_up_to_what_each_customers_mrr_became(written_then: Any, bob: Person) -> None:
    a_lively_book(bob, written_then)
    moved = [who for one in restated("mrr", MONTHS, THEN) for who in one.customers]
    assert len(moved) > 10
    for who in moved:
        assert sum(line.moved for line in who.lines) == who.numerator


def test_as_known_last_is_as_known_now(written_then: Any, bob: Person) -> None:
    a_lively_book(bob, written_then)
    for kpi in SUMS:
        told = restated(kpi, MONTHS, LATER)
        assert [one.then for one in told] == [one.now for one in told]
        assert not any(one.customers for one in told)


def test_rates_that_were_corrected_explain_themselves_without_lines(written_then: Any) -> None:
    a_contract(amount=1_200_000)
    a_contract(a_customer("甲社"), amount=12_000_00, currency="USD")
    written_then()
    an_exchange_rate("150", on=date(2026, 10, 1))
    ExchangeRate.objects.update(recorded_at=THEN - timedelta(days=2), voided_at=BETWEEN)
    an_exchange_rate("140", on=date(2026, 10, 1))
    ExchangeRate.objects.filter(voided_at=None).update(recorded_at=BETWEEN)
    one = of_october("mrr")
    assert one.difference == -10_000
    (who,) = one.customers
    assert (who.name, who.numerator, who.lines) == ("甲社", -10_000, ())


def test_groups_are_told_by_their_head(written_then: Any) -> None:
    head = a_customer("本社")
    place = a_contract(a_customer("支店", parent_id=head.pk), amount=1_200_000)
    written_then()
    change(place, date(2026, 10, 5), "expansion", 1_800_000)
    written_then(BETWEEN)
    (who,) = of_october("mrr", unit="group").customers
    assert (who.name, who.numerator) == ("本社", 50_000)
    assert [line.customer for line in who.lines] == ["支店"]


def test_only_so_many_customers_are_told_and_all_are_counted(written_then: Any) -> None:
    written_then()
    for n in range(4):
        a_contract(a_customer(f"顧客{n}"), amount=1_200_000 + n * 12)
    written_then(BETWEEN)
    one = of_october("mrr", most=2)
    assert [who.numerator for who in one.customers] == [100_003, 100_002] and one.count == 4


def test_a_month_that_had_not_begun_then_is_told_from_nothing(written_then: Any) -> None:
    a_contract(amount=1_200_000)
    early = datetime(2026, 9, 1, tzinfo=UTC)
    written_then(early - timedelta(days=1))
    (one,) = restated("mrr", [OCTOBER], early)
    assert one.then and one.then.value is None and one.difference == 100_000
    assert [who.lines for who in one.customers] == [()]


def test_terms_that_end_later_this_month_explain_the_renewals_due(written_then: Any) -> None:
    kept = a_contract(a_customer("甲社"), end_on=date(2026, 11, 28))
    a_contract(a_customer("乙社"), end_on=date(2026, 12, 20))
    written_then()
    change(kept, date(2026, 11, 20), "expansion", 1_800_000)
    a_contract(a_customer("丙社"), amount=600_000, end_on=date(2026, 12, 25))
    months = periods_between(date(2026, 11, 1), date(2026, 12, 1), "month")
    for one in restated("renewals_due", months, THEN):
        assert sum(who.numerator for who in one.customers) == one.difference == 50_000


def test_amounts_that_were_told_in_another_currency_then_are_told_in_one(written_then: Any) -> None:
    a_contract(a_customer("Acme Inc.", currency="USD"), amount=120_000)
    rate = an_exchange_rate("150", on=date(2025, 1, 1))
    ExchangeRate.objects.filter(pk=rate.pk).update(recorded_at=THEN - timedelta(days=2))
    written_then()
    a_contract(a_customer("甲社"), amount=1_200_000)
    one = of_october("mrr")
    assert one.then and one.now
    assert (one.then.currency, one.then.value, one.now.value) == ("JPY", 15_000, 115_000)
    assert [who.name for who in one.customers] == ["甲社"]


def test_another_workspaces_lines_move_nothing(
    written_then: Any, other_workspace: Workspace
) -> None:
    written_then()
    with open_workspace(other_workspace):
        a_contract(amount=1_200_000)
    (one,) = restated("mrr", [OCTOBER], THEN)
    assert one.now and one.now.value == Decimal(0) and one.customers == ()


def test_periods_stand_in_order(written_then: Any) -> None:
    a_contract(amount=1_200_000)
    written_then()
    quarters: list[Period] = periods_between(date(2026, 4, 1), date(2026, 9, 30), "quarter", 4)
    assert [one.period for one in restated("nrr", quarters, THEN)] == quarters
