"""Months are closed with what was reported; what is written afterwards stands beside it."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from banso.core.errors import Refused
from banso.core.models import Person, Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import drain_jobs, events, fresh
from banso.customers import services as book
from banso.customers.models import ContractChange
from banso.customers.tests.builders import a_contract, a_customer, a_plan, a_product
from banso.insight.metrics import answers, queries, services
from banso.insight.metrics.asking import Asked, Figure
from banso.insight.metrics.models import ClosedFigure, Closing
from banso.insight.metrics.restatements.compared import compared
from banso.insight.metrics.services import closings
from banso.insight.metrics.tests.builders import a_closing, reported
from banso.lib.periods import Kind, Period, period_of, trailing

SEPTEMBER = date(2026, 9, 1)
AUTUMN = tuple(period_of(date(2026, month, 1), "month") for month in (8, 9, 10))


def kept_of(closing: Closing, by: str = "", kind: Kind = "month") -> dict[tuple[str, str], Figure]:
    every = queries.figures_kept([closing], by)[closing.pk]
    return {(kpi, cut): one for (of, kpi, cut), one in every.items() if of == kind}


def told(asked: Asked) -> dict[Period, Decimal | None]:
    return {one.period: one.value for one in answers.figures(asked)}


def test_a_month_keeps_every_headline_figure_whole_and_by_plan_tier_and_owner(bob: Person) -> None:
    one = a_customer("甲社", tier="high", main_owner_id=bob.pk)
    a_contract(one, amount=1_200_000, plan=a_plan())
    a_contract(a_customer("乙社"), amount=600_000)
    closing = services.close_month(SEPTEMBER, by=bob)
    whole = kept_of(closing)
    assert [kpi for kpi, _cut in whole] == list(queries.HEADLINE)
    for by in ("", "plan", "tier", "owner"):
        for kpi in queries.HEADLINE:
            now = answers.figures(Asked(kpi, (AUTUMN[1],), by=by))
            kept = kept_of(closing, by)
            assert [kept[kpi, each.cut] for each in now] == now
    assert whole["mrr", ""].value == 150_000 and whole["mrr", ""].currency == "JPY"
    assert whole["logo_churn", ""].denominator == 2 and whole["renewal_rate", ""].value is None
    (event,) = events("metrics.month_closed")
    assert (event.by, event.facts) == (bob.pk, {"month": "2026-09-01"})


def test_a_closed_month_keeps_its_number_and_the_ledger_stands_beside_it(alice: Person) -> None:
    contract = a_contract(amount=1_200_000, end_on=None)
    closing = a_closing()
    asked = Asked("mrr", AUTUMN)
    assert {period: one.value for period, one in reported(asked).items()} == {AUTUMN[1]: 100_000}
    book.change_contract(
        contract.pk, effective_on=date(2026, 9, 10), kind="expansion", amount=1_500_000, by=alice
    )
    assert reported(asked)[AUTUMN[1]].value == 100_000
    assert told(asked)[AUTUMN[1]] == 125_000
    pairs = [one for one in compared([closing])[closing.pk] if one.figure.period == AUTUMN[1]]
    assert {one.figure.kpi: one.difference for one in pairs if one.is_changed} == {
        "mrr": 25_000, "movements": 25_000, "nrr": Decimal("0.25"), "upsell": 25_000,
        "expansion": 25_000,
    }  # fmt: skip


def test_a_month_keeps_the_year_that_ends_with_it_too(acme: Workspace) -> None:
    a_contract(amount=1_200_000, start_on=date(2025, 6, 1), end_on=None)
    closing, year = a_closing(), trailing(AUTUMN[1])
    kept = kept_of(closing, kind="year")
    assert [kpi for kpi, _cut in kept] == ["nrr", "grr", "ltv"]
    for (kpi, _cut), figure in kept.items():
        assert [figure] == answers.figures(Asked(kpi, (year,)))
        assert reported(Asked(kpi, (year,))) == {year: figure}


def test_quotients_without_end_are_kept_without_a_difference(acme: Workspace) -> None:
    for amount in (1_000_000, 700_000, 130_000):
        a_contract(a_customer(f"{amount}社"), amount=amount, end_on=None, start_on=date(2025, 6, 1))
    left = a_contract(a_customer("去る社"), amount=470_000, start_on=date(2025, 6, 1), end_on=None)
    book.end_contract(left.pk, effective_on=date(2026, 9, 10), by=None)
    told = compared([a_closing()])
    assert not any(one.is_changed for pairs in told.values() for one in pairs)


def test_a_closing_that_kept_less_tells_expansion_as_the_sum_and_no_difference_of_the_rest(
    acme: Workspace,
) -> None:
    contract = a_contract(amount=1_200_000, end_on=None)
    book.change_contract(
        contract.pk, effective_on=date(2026, 9, 10), kind="expansion", amount=1_500_000, by=None
    )
    closing = a_closing()
    ClosedFigure.objects.filter(kpi__in=["expansion", "ltv"]).delete()
    assert reported(Asked("expansion", AUTUMN))[AUTUMN[1]].value == 25_000
    assert reported(Asked("ltv", AUTUMN)) == {}
    told = compared([closing])[closing.pk]
    assert not {"expansion", "ltv"} & {one.figure.kpi for one in told}
    assert not any(one.is_changed for one in told)


def test_a_part_that_came_or_went_afterwards_is_compared_with_nothing(bob: Person) -> None:
    a_contract(a_customer("甲社"), amount=1_200_000, plan=a_plan("ライト"))
    closing = a_closing()
    a_contract(a_customer("乙社"), amount=600_000, plan=a_plan("プロ"))
    pairs = {
        pair.figure.cut_label: pair.difference
        for pair in compared([closing], "plan")[closing.pk]
        if pair.figure.kpi == "mrr"
    }
    assert pairs == {"ライト": 0, "プロ": 50_000}


@pytest.mark.parametrize(
    "asked",
    [
        Asked("mrr", AUTUMN, unit="group"),
        Asked("mrr", AUTUMN, attributes="today"),
        Asked("mrr", AUTUMN, by="plan"),
        Asked("mrr", (period_of(SEPTEMBER, "quarter", 4),)),
        Asked("mrr", (AUTUMN[0],)),
        Asked("cohort", AUTUMN),
    ],
    ids=["groups", "as today", "a cut without its part", "a quarter", "open month", "not kept"],
)
def test_only_questions_that_a_closing_answers_get_reported_figures(
    acme: Workspace, asked: Asked
) -> None:
    a_contract()
    a_closing()
    assert reported(asked) == {}


def test_of_a_cut_one_part_is_told(acme: Workspace) -> None:
    plan = a_plan()
    a_contract(amount=1_200_000, plan=plan)
    a_closing()
    (one,) = reported(Asked("mrr", AUTUMN, by="plan"), str(plan.pk)).values()
    assert one.cut_label == "スタンダード" and one.value == 100_000


def test_an_empty_month_can_be_closed_too(acme: Workspace) -> None:
    closing = a_closing()
    whole = kept_of(closing)
    assert whole["mrr", ""].value == 0 and whole["nrr", ""].value is None


@pytest.mark.parametrize(
    ("month", "code"),
    [
        (date(2026, 9, 2), "invalid"),
        (date(2026, 11, 1), "not_over"),
        (date(2027, 1, 1), "not_over"),
        (date(1899, 12, 1), "invalid"),
        (date(3000, 1, 1), "invalid"),
    ],
)
def test_a_month_that_cannot_be_closed_is_refused(acme: Workspace, month: date, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        services.close_month(month, by=None)
    assert (refusal.value.field, refusal.value.code) == ("month", code)
    assert not Closing.objects.exists() and not ClosedFigure.objects.exists()


def test_a_month_is_closed_once_and_again_after_it_was_reopened(alice: Person) -> None:
    contract = a_contract(amount=1_200_000)
    first = a_closing()
    with pytest.raises(Refused) as refusal:
        a_closing(SEPTEMBER)
    assert refusal.value.code == "closed" and Closing.objects.count() == 1
    book.change_contract(
        contract.pk, effective_on=date(2026, 9, 10), kind="expansion", amount=1_500_000, by=None
    )
    services.reopen_month(first.pk, reason="訂正のため", by=alice)
    assert reported(Asked("mrr", AUTUMN)) == {}
    with pytest.raises(Refused) as refusal:
        services.reopen_month(first.pk, reason="訂正のため", by=alice)
    assert refusal.value.code == "reopened"
    a_closing(SEPTEMBER)
    assert reported(Asked("mrr", AUTUMN))[AUTUMN[1]].value == 125_000
    assert kept_of(first)["mrr", ""].value == 100_000
    assert [one.by for one in events("metrics.month_reopened")] == [alice.pk]


def test_of_two_who_close_at_once_the_second_is_told(acme: Workspace, bob: Person) -> None:
    a_contract()
    read = list(closings._told(AUTUMN[1]))  # both have read, and the other one is first to write
    services.close_month(SEPTEMBER, by=bob)
    late = Closing(month=SEPTEMBER, closed_at=timezone.now())
    with pytest.raises(Refused) as refusal:
        closings._keep(late, read)
    assert refusal.value.code == "closed" and Closing.objects.get().closed_by == bob


def test_a_missing_rate_is_refused_and_nothing_is_closed(acme: Workspace) -> None:
    a_contract(amount=1_200_000)
    a_contract(a_customer("甲社"), amount=100_000, currency="USD")
    with pytest.raises(Refused) as refusal:
        a_closing()
    assert refusal.value.code == "no_rate" and not Closing.objects.exists()


def test_a_line_dated_in_a_closed_month_goes_through_and_is_told_once(alice: Person) -> None:
    contract = a_contract(amount=1_200_000)
    closing = a_closing()
    book.change_contract(
        contract.pk, effective_on=date(2026, 9, 30), kind="expansion", amount=1_500_000, by=alice
    )
    book.change_contract(
        contract.pk, effective_on=date(2026, 10, 1), kind="expansion", amount=1_600_000, by=alice
    )
    drain_jobs()
    services.tell_touched()
    (event,) = events("metrics.closed_month_touched")
    assert (event.by, event.customer_id) == (alice.pk, contract.customer_id)
    line = ContractChange.objects.get(effective_on=date(2026, 9, 30))
    assert event.facts == {
        "closing": str(closing.pk),
        "month": "2026-09-01",
        "change": line.pk,
        "kind": "expansion",
        "on": "2026-09-30",
        "voided": False,
    }


def test_a_voided_line_and_a_corrected_one_are_told_with_who_did_it(
    alice: Person, bob: Person
) -> None:
    contract = a_contract(amount=1_200_000)
    book.change_contract(
        contract.pk, effective_on=date(2026, 9, 10), kind="expansion", amount=1_500_000, by=alice
    )
    closing = a_closing()
    line = contract.changes.get(kind="expansion")
    book.correct_change(line.pk, amount=1_400_000, by=bob)
    drain_jobs()
    found = queries.touches([closing])
    assert {(one.line.pk == line.pk, one.is_voided, one.by) for one in found} == {
        (True, True, bob),
        (False, False, bob),
    }
    assert [one.by for one in events("metrics.closed_month_touched")] == [bob.pk, bob.pk]


def test_a_contract_that_is_voided_whole_is_told_too(alice: Person) -> None:
    contract = a_contract(start_on=date(2026, 9, 5), amount=1_200_000)
    closing = a_closing()
    book.void_change(contract.changes.get().pk, by=alice)
    drain_jobs()
    assert fresh(contract).deleted_at
    assert [one.is_voided for one in queries.touches([closing])] == [True]
    assert len(events("metrics.closed_month_touched")) == 1


def test_a_history_that_comes_by_many_is_told_line_by_line(acme: Workspace) -> None:
    a_closing()
    row = book.NewContract(
        customer_id=a_customer().pk,
        product_id=a_product().pk,
        start_on=date(2026, 9, 1),
        amount=1_200_000,
        changes=(
            book.NewChange(kind="expansion", effective_on=date(2026, 9, 20), amount=2_000_000),
        ),
    )
    book.bulk.sign_contracts([row], by=None)
    drain_jobs()
    told = [one.facts["kind"] for one in events("metrics.closed_month_touched")]
    assert sorted(told) == ["expansion", "new"]


def test_what_is_dated_outside_or_in_a_reopened_month_is_not_told(alice: Person) -> None:
    services.reopen_month(a_closing().pk, reason="訂正のため", by=alice)
    a_contract(start_on=date(2026, 9, 1))
    drain_jobs()
    assert events("metrics.closed_month_touched") == []


def test_what_one_workspace_closed_another_does_not_see(
    acme: Workspace, other_workspace: Workspace
) -> None:
    a_contract(amount=1_200_000)
    closing = a_closing()
    with open_workspace(other_workspace):
        a_contract(amount=600_000, start_on=date(2026, 9, 1))
        assert reported(Asked("mrr", AUTUMN)) == {} and services.tell_touched() == 0
        with pytest.raises(Closing.DoesNotExist):
            services.reopen_month(closing.pk, reason="訂正のため", by=None)
        assert a_closing().pk != closing.pk
    assert reported(Asked("mrr", AUTUMN))[AUTUMN[1]].value == 100_000


def test_parts_are_called_as_their_reader_calls_them(bob: Person) -> None:
    a_contract(a_customer(tier="high", main_owner_id=bob.pk))
    with translation.override("en"):
        closing = a_closing()
    bob.name = "鈴木 新"
    bob.save()
    for by, label in [("tier", "ハイタッチ"), ("owner", "鈴木 新"), ("plan", "未設定")]:
        with translation.override("ja"):
            ((_kpi, _cut), figure), *_more = kept_of(closing, by).items()
        assert figure.cut_label == label
    assert not ClosedFigure.objects.filter(by="owner").exclude(cut_label="").exists()
