"""The renewal desk: what is due, what is expected, one step that closes it, and taking it back."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from banso.core.errors import Refused
from banso.core.models import Person, Workspace
from banso.core.tests.builders import TODAY, events, fresh
from banso.customers import expressions, filters, queries, services
from banso.customers.models import CancellationNotice, Contract, Customer, Loss, Renewal
from banso.customers.queries import AskedRenewals
from banso.customers.services import NewChange, NewLoss, ledger
from banso.customers.terms import Terms, terms_of
from banso.customers.tests.builders import a_contract, a_customer, a_notice, a_renewal
from banso.lib.months import term_end
from banso.lib.uuid7 import uuid7

PRICE = NewLoss(main_reason="price")


def due(**asked: Any) -> list[Contract]:
    return [row.contract for row in queries.due_page(AskedRenewals(**asked)).rows]


def lines(contract: Contract) -> list[tuple[str, int]]:
    """Kinds and MRR of the lines that count, in order."""
    found = contract.changes.filter(voided_at=None).order_by("effective_on", "id")
    return [(one.kind, round(one.mrr)) for one in found]


def mrr(customer: Customer, on: date) -> int | None:
    row = Customer.objects.annotate(at_day=expressions.mrr(on)).get(pk=customer.pk)
    return None if row.at_day is None else round(row.at_day)


def test_what_is_due_counts_down_to_the_notice_deadline_and_not_to_the_end(acme: Workspace) -> None:
    far = a_contract(end_on=TODAY + timedelta(days=200), notice_days=190)
    near = a_contract(end_on=TODAY + timedelta(days=40))
    over = a_contract(end_on=TODAY + timedelta(days=30), notice_days=45)
    late = a_contract(end_on=TODAY - timedelta(days=10), auto_renew=False)
    a_contract(end_on=TODAY + timedelta(days=300))
    a_contract(end_on=TODAY - timedelta(days=120), auto_renew=False)  # nobody waits for it
    assert due() == [far, near]
    assert due(which="passed") == [over, late]
    assert due(within=None)[-1].end_on == TODAY + timedelta(days=300)
    assert queries.count_due(TODAY) == {"ahead": 2, "passed": 2}


def test_within_90_days_is_the_ninetieth_day_too(acme: Workspace) -> None:
    last, far = TODAY + timedelta(days=90), TODAY + timedelta(days=300)
    by_notice = a_contract(end_on=far, notice_on=last)
    by_end = a_contract(end_on=last + timedelta(days=1))  # the first day without cover
    a_contract(end_on=far, notice_on=last + timedelta(days=1))
    a_contract(end_on=last + timedelta(days=2))
    assert due() == [by_notice, by_end] and queries.count_due(TODAY)["ahead"] == 2


def test_today_and_the_desk_count_to_the_same_last_day(acme: Workspace) -> None:
    last, far = TODAY + timedelta(days=90), TODAY + timedelta(days=300)
    for notice, days in product((None, far), (-1, 0, 1, 2, 90, 91, 92)):
        day = TODAY + timedelta(days=days)
        told = {"end_on": day} if notice is None else {"end_on": far, "notice_on": day}
        a_contract(a_customer(f"{notice} {days}"), start_on=date(2024, 1, 1), **told)
    desk = {(row.customer.pk, row.deadline_on) for row in queries.due_page(AskedRenewals()).rows}
    today = {(row.customer.pk, row.deadline_on) for row in queries.renewals_due(TODAY)}
    listed = queries.customer_list(
        conditions=[filters.condition("customers.deadline_on", "within_days", 90)]
    )
    assert desk == today and len(desk) == 8
    assert {row.customer.pk for row in listed.rows} == {pk for pk, _day in desk}
    assert max(day for _pk, day in today) == last


def test_trials_ended_open_and_renewed_contracts_are_not_due(acme: Workspace) -> None:
    end = TODAY + timedelta(days=30)
    a_contract(end_on=end, is_trial=True)
    a_contract(end_on=None)
    ended, renewed = a_contract(end_on=end), a_contract(end_on=end)
    services.end_contract(ended.pk, effective_on=end, by=None)
    services.renew_contract(renewed.pk, by=None)
    assert due() == []
    with pytest.raises(Refused) as refusal:
        queries.due_row(ended.pk)
    assert refusal.value.code == "not_due"
    with pytest.raises(Contract.DoesNotExist):
        queries.due_row(uuid7())


def test_what_is_expected_is_kept_filtered_summed_and_told(acme: Workspace, bob: Person) -> None:
    first = a_contract(end_on=TODAY + timedelta(days=30))
    second = a_contract(end_on=TODAY + timedelta(days=60), amount=600_000)
    plan = {"forecast": "contract", "step": "quoted", "expected_on": date(2026, 12, 1)}
    services.plan_renewal(second.pk, changes=plan, by=bob)
    services.plan_renewal(second.pk, changes=plan, by=bob)
    assert due(forecast="contract") == [second] and due(step="") == [first]
    assert due(sort="-mrr") == [first, second] and due(sort="forecast") == [first, second]
    sums = {one.forecast.value: (one.count, one.mrr) for one in queries.due_sums(AskedRenewals())}
    assert sums["contract"] == (1, {"JPY": Decimal(50_000)}) and sums["churn"] == (0, {})
    [told] = events("customers.renewal_planned")
    assert (told.facts["forecast"], told.facts["step"]) == ("contract", "quoted")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"forecast": "maybe"}, "forecast"),
        ({"step": "renewed"}, "step"),
        ({"expected_amount": -1}, "expected_amount"),
        ({"closed_at": None}, "closed_at"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_at_its_field(
    acme: Workspace, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        services.plan_renewal(a_contract().pk, changes=changes, by=None)
    assert refusal.value.field == field and not Renewal.objects.exists()


@pytest.mark.parametrize("sort", ["", "-deadline", "customer", "mrr", "step", "expected"])
def test_pages_follow_each_other_in_any_order(acme: Workspace, sort: str) -> None:
    for n in range(5):
        made = a_contract(
            a_customer(f"株式会社{'あいうえお'[n]}"), end_on=TODAY + timedelta(days=20 + n // 2)
        )
        if n % 2:
            services.plan_renewal(made.pk, changes={"expected_on": TODAY}, by=None)
    asked, cursor, read = AskedRenewals(sort=sort), "", []
    for _page in range(3):
        page = queries.due_page(asked, cursor=cursor, limit=2)
        read += [row.contract.pk for row in page.rows]
        cursor = page.next_cursor
    whole = [row.contract.pk for row in queries.every_due(asked)]
    assert read == whole and len(set(whole)) == 5 and not cursor
    with pytest.raises(Refused):
        queries.due_page(AskedRenewals(sort="nonsense"))


def test_renewed_as_it_is_is_one_line_and_the_plan_is_closed(acme: Workspace, bob: Person) -> None:
    contract = a_contract()
    services.plan_renewal(contract.pk, changes={"forecast": "renew", "step": "agreed"}, by=bob)
    closed = services.renew_from_desk(contract.pk, due_on=contract.end_on, by=bob)
    assert lines(contract) == [("new", 100_000), ("renewal", 100_000)]
    assert (closed.outcome, closed.due_on, closed.step) == ("renewed", contract.end_on, "agreed")
    assert closed.standing_step == "renewed" and closed.closed_by == bob
    assert Renewal.objects.count() == 1 and due() == []


def test_a_reduction_at_renewal_is_a_contraction_with_its_reason(acme: Workspace) -> None:
    contract = a_contract(seats=50)
    loss = NewLoss(
        main_reason="price",
        second_reason="fewer_people",
        detail="人員を減らすため。",
        competitor="他社クラウド",
        noticed_on=date(2026, 11, 1),
    )
    closed = services.renew_from_desk(contract.pk, amount=960_000, seats=40, loss=loss, by=None)
    assert lines(contract) == [("new", 100_000), ("renewal", 100_000), ("contraction", 80_000)]
    assert closed.outcome == "contracted" and closed.adjustment is not None
    told = Loss.objects.get(line=closed.adjustment)
    assert (told.main_reason, told.second_reason) == ("price", "fewer_people")
    assert (told.competitor, told.noticed_on) == ("他社クラウド", date(2026, 11, 1))
    assert mrr(contract.customer, date(2026, 11, 30)) == 100_000
    assert mrr(contract.customer, date(2026, 12, 1)) == 80_000
    assert (fresh(contract).seats, fresh(contract).amount) == (40, 960_000)
    assert fresh(contract).end_on == date(2027, 12, 1)
    [renewed], [changed] = (
        events("customers.contract_renewed"),
        events("customers.contract_changed"),
    )
    assert (renewed.facts["mrr_change"], changed.facts["mrr_change"]) == (0, -20_000)


def test_a_reduction_without_a_reason_is_refused_whole(acme: Workspace) -> None:
    contract = a_contract()
    for loss in (None, NewLoss(main_reason="")):
        with pytest.raises(Refused) as refusal:
            services.renew_from_desk(contract.pk, amount=1, loss=loss, by=None)
        assert refusal.value.field == "main_reason"


def test_a_longer_term_at_a_lower_price_is_a_contraction_and_covers_its_term(
    acme: Workspace,
) -> None:
    contract = a_contract(notice_months=2)
    services.renew_from_desk(contract.pk, amount=2_000_000, term_months=24, loss=PRICE, by=None)
    assert lines(contract)[1:] == [("renewal", 100_000), ("contraction", 83_333)]
    now = fresh(contract)
    assert (now.end_on, now.notice_on, now.term_months) == (
        date(2028, 12, 1), date(2028, 9, 30), 24,
    )  # fmt: skip


def test_a_renewal_for_more_is_an_expansion_and_asks_no_reason(acme: Workspace) -> None:
    contract = a_contract()
    assert a_renewal(contract, amount=1_800_000).outcome == "expanded"
    assert lines(contract)[1:] == [("renewal", 100_000), ("expansion", 150_000)]
    assert not Loss.objects.exists()


def test_a_declined_renewal_ends_the_contract_says_why_and_notes_the_notice(
    acme: Workspace,
) -> None:
    contract = a_contract()
    loss = NewLoss(main_reason="competitor", noticed_on=date(2026, 11, 10))
    closed = services.decline_renewal(contract.pk, loss=loss, by=None)
    assert lines(contract) == [("new", 100_000), ("end", 0)]
    assert closed.outcome == "declined" and closed.standing_step == ""
    assert Loss.objects.get(line=closed.line).main_reason == "competitor"
    notice = CancellationNotice.objects.get()
    assert (notice.noticed_on, notice.effective_on) == (date(2026, 11, 10), date(2026, 12, 1))
    assert closed.notice == notice


def test_a_notice_that_stands_is_not_recorded_again(acme: Workspace) -> None:
    contract = a_contract()
    a_notice(contract.customer, noticed_on=date(2026, 11, 2))
    assert queries.due_row(contract.pk).is_noticed
    closed = services.decline_renewal(contract.pk, loss=PRICE, by=None)
    assert CancellationNotice.objects.count() == 1 and closed.notice is None


def test_what_another_has_closed_meanwhile_is_not_renewed_twice(acme: Workspace) -> None:
    contract = a_contract()
    seen = contract.end_on
    a_renewal(contract, due_on=seen)
    for close in (services.renew_from_desk, services.decline_renewal):
        with pytest.raises(Refused) as refusal:
            close(contract.pk, due_on=seen, loss=PRICE, by=None)
        assert refusal.value.code == "closed"
    assert len(lines(contract)) == 2


def test_taking_a_closing_back_voids_its_lines_and_the_renewal_is_due_as_planned(
    acme: Workspace,
) -> None:
    contract = a_contract()
    services.plan_renewal(contract.pk, changes={"forecast": "contract"}, by=None)
    closed = services.renew_from_desk(contract.pk, amount=960_000, loss=PRICE, by=None)
    services.reopen_renewal(closed.pk, by=None)
    assert lines(contract) == [("new", 100_000)] and due() == [contract]
    assert queries.due_row(contract.pk).renewal == closed
    assert fresh(closed).forecast == "contract" and fresh(closed).closed_at is None
    declined = services.decline_renewal(contract.pk, loss=PRICE, by=None)
    services.reopen_renewal(declined.pk, by=None)
    assert CancellationNotice.objects.get().voided_at and due() == [contract]
    with pytest.raises(Refused):
        services.reopen_renewal(declined.pk, by=None)


def test_a_closing_that_later_lines_stand_on_is_not_taken_back(acme: Workspace) -> None:
    contract = a_contract()
    first = a_renewal(contract)
    a_renewal(contract)
    with pytest.raises(Refused) as refusal:
        services.reopen_renewal(first.pk, by=None)
    assert refusal.value.code == "later_lines"


def test_other_doors_of_the_ledger_close_and_reopen_the_renewal_too(acme: Workspace) -> None:
    contract, ended = a_contract(), a_contract()
    services.plan_renewal(contract.pk, changes={"step": "quoted"}, by=None)
    services.renew_due_contracts(date(2026, 12, 1))
    closed = Renewal.objects.get(contract=contract)
    assert (closed.outcome, closed.step) == ("renewed", "quoted")
    services.end_contract(ended.pk, effective_on=date(2026, 12, 1), by=None)
    renewed = contract.changes.get(kind="renewal")
    services.correct_change(renewed.pk, seats=7, by=None)
    assert fresh(closed).line == contract.changes.get(kind="renewal", voided_at=None)
    services.void_change(fresh(closed).line_id, by=None)
    assert fresh(closed).closed_at is None and fresh(closed).outcome == ""


def test_what_a_renewal_changed_is_voided_before_the_renewal_itself(acme: Workspace) -> None:
    contract = a_contract()
    closed = services.renew_from_desk(contract.pk, amount=960_000, loss=PRICE, by=None)
    for take_back in (services.void_change, services.correct_change):
        with pytest.raises(Refused) as refusal:
            take_back(closed.line_id, by=None)  # type: ignore[arg-type]
        assert refusal.value.code == "later_lines"
    services.correct_change(closed.adjustment_id, amount=900_000, by=None)  # type: ignore[arg-type]
    corrected = fresh(closed).adjustment
    assert corrected is not None and round(corrected.mrr) == 75_000
    assert Loss.objects.get().line == corrected
    services.void_change(corrected.pk, by=None)
    assert (
        fresh(closed).outcome == "renewed" and mrr(contract.customer, date(2027, 1, 1)) == 100_000
    )


def test_closed_renewals_are_listed_the_latest_first(acme: Workspace) -> None:
    kept, left = a_contract(), a_contract()
    first = a_renewal(kept)
    second = services.decline_renewal(left.pk, loss=PRICE, by=None)
    listed, cursor = queries.closed_page(AskedRenewals(which="closed"), limit=1)
    older, _end = queries.closed_page(AskedRenewals(which="closed"), cursor=cursor)
    assert (listed, older) == ([second], [first])
    lost = AskedRenewals(which="closed", outcome="declined")
    assert queries.closed_page(lost)[0] == [second]


def test_the_reason_of_an_end_by_another_door_is_told_later(acme: Workspace) -> None:
    contract = services.end_contract(a_contract().pk, effective_on=date(2026, 6, 1), by=None)
    end = contract.changes.get(kind="end")
    services.tell_loss(end.pk, loss=PRICE, by=None)
    twice = NewLoss(main_reason="merger", second_reason="merger")
    services.tell_loss(end.pk, loss=twice, by=None)
    told = Loss.objects.get(line=end)
    assert (told.main_reason, told.second_reason) == ("merger", "")
    with pytest.raises(Refused):
        services.tell_loss(contract.changes.get(kind="new").pk, loss=PRICE, by=None)


@pytest.mark.parametrize(
    ("loss", "field"),
    [
        (NewLoss(main_reason="weather"), "main_reason"),
        (NewLoss(main_reason="price", second_reason="weather"), "second_reason"),
        (NewLoss(main_reason="price", noticed_on=date(1200, 1, 1)), "noticed_on"),
        (NewLoss(main_reason="price", competitor="\x00"), "competitor"),
    ],
)
def test_a_reason_that_cannot_be_given_is_refused_at_its_field(
    acme: Workspace, loss: NewLoss, field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        services.decline_renewal(a_contract().pk, loss=loss, by=None)
    assert refusal.value.field == field


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    amount=st.integers(0, 10**9),
    term=st.integers(1, 36),
    wanted=st.tuples(st.integers(0, 10**9), st.integers(1, 36)),
    shift=st.integers(-45, 45),
    notice=st.none() | st.integers(0, 6),
)
@example(amount=1_200_000, term=12, wanted=(2_400_000, 24), shift=0, notice=3)
@example(amount=700_000, term=7, wanted=(999_999, 12), shift=-40, notice=None)
def test_two_lines_of_a_renewal_say_what_one_would_and_the_first_changes_no_mrr(
    acme: Workspace,
    amount: int,
    term: int,
    wanted: tuple[int, int],
    shift: int,
    notice: int | None,
) -> None:
    start = date(2024, 2, 29)
    contract = Contract(start_on=start, currency="JPY")
    told = Terms(amount, term, 5, term_end(start, term), None, False, notice_months=notice)
    signed = ledger.line(contract, "new", start, told.counted(start))
    assert signed.covers_until is not None
    begins = max(signed.covers_until + timedelta(days=shift), start + timedelta(days=1))
    change = NewChange(
        kind="renewal", effective_on=begins, amount=wanted[0], term_months=wanted[1], seats=4
    )
    lines = [signed]
    for one in ledger.renewal_steps(contract, lines, change):
        lines.append(ledger.later_line(contract, lines, one))
    alone = ledger.later_line(contract, [signed], change)
    assert terms_of(lines[-1]) == terms_of(alone)
    if len(lines) == 3:
        assert lines[1].mrr == signed.mrr != alone.mrr
        assert lines[2].kind == ("expansion" if alone.mrr > signed.mrr else "contraction")
    else:
        assert alone.mrr == signed.mrr
