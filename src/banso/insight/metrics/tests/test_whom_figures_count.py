"""Whom a customer counts as: binned, merged, below others, in a circle, of another workspace."""

from datetime import date
from decimal import Decimal

import pytest

from banso.core.models import Workspace
from banso.core.scope import open_workspace
from banso.customers import services as book
from banso.customers.merges.unmerging import unmerge
from banso.customers.models import Customer
from banso.customers.tests.builders import a_contract, a_customer, a_merge, a_plan
from banso.insight.metrics import answers
from banso.insight.metrics.asking import Asked
from banso.insight.metrics.making.figures import figures, read_for
from banso.insight.metrics.tests.builders import an_exchange_rate
from banso.insight.metrics.tests.test_edges import JULY, JUNE, OF_LEDGER, parts, sums, told
from banso.lib.periods import period_of

pytestmark = pytest.mark.usefixtures("acme")


def test_who_is_in_the_bin_does_not_count_until_restored() -> None:
    a_contract()
    other = a_contract(a_customer("乙"))
    book.bin_customer(other.customer_id, by=None)
    assert sums(told("mrr")) == (100_000, None, 1) and told("logo_churn").n == 1
    assert [one.n for one in parts("mrr", by="tier")] == [1]
    book.restore_customer(other.customer_id, by=None)
    assert sums(told("mrr")) == (200_000, None, 2)


def test_merged_customers_are_one_for_past_days_too_and_two_again_after() -> None:
    first, second = a_contract(), a_contract(a_customer("㈱ひかり商事"))
    apart = [told(kpi) for kpi in OF_LEDGER]
    merge = a_merge(Customer.objects.get(pk=first.customer_id), second.customer)
    assert sums(told("mrr")) == (200_000, None, 1)
    assert sums(told("logo_churn", date(2026, 1, 1))) == (0, 1, 1)
    assert told("movements", date(2025, 12, 1)).parts == {"new": Decimal(200_000)}
    unmerge(merge.pk, by=None)
    assert [told(kpi) for kpi in OF_LEDGER] == apart


def test_groups_and_signers_are_counted_in_place_of_companies() -> None:
    head = a_customer("本社")
    branch = a_customer("支社", parent_id=head.pk)
    leaf = a_customer("営業所", parent_id=branch.pk)
    for one in (branch, leaf):
        a_contract(one, signer_id=head.pk)
    a_contract(a_customer("別の会社"))
    assert [told("mrr", unit=unit).n for unit in ("user", "signer", "group")] == [3, 2, 2]
    [group, _other] = answers.opened(Asked("grr", (), unit="group"), period_of(JUNE, "month"))
    assert [group.name, group.numerator] == ["本社", Decimal(200_000)]


def test_a_group_leaves_when_its_last_company_does() -> None:
    head = a_customer("本社")
    contracts = [a_contract(a_customer(name, parent_id=head.pk)) for name in ("甲", "乙")]
    book.end_contract(contracts[0].pk, effective_on=JUNE, by=None)
    assert told("logo_churn", unit="user").numerator == 1
    assert told("logo_churn", unit="group").numerator == 0
    book.end_contract(contracts[1].pk, effective_on=JULY, by=None)
    assert sums(told("logo_churn", JULY, unit="group")) == (1, 1, 1)


@pytest.mark.parametrize("size", [2, 3])
def test_a_circle_of_parents_is_one_group(size: int) -> None:
    """No door lets one be made; rows that came otherwise harm no figure."""
    circle = [a_customer(f"環{n}") for n in range(size)]
    for n, one in enumerate(circle):
        Customer.objects.filter(pk=one.pk).update(parent_id=circle[(n + 1) % size].pk)
        a_contract(one)
    a_contract(a_customer("下の会社", parent_id=circle[0].pk))
    assert sums(told("mrr", unit="group")) == (100_000 * (size + 1), None, 1)


def test_a_group_of_two_currencies_is_one_customer() -> None:
    head = a_customer("本社")
    a_contract(a_customer("支社", parent_id=head.pk))
    a_contract(a_customer("Branch", parent_id=head.pk, currency="USD"), amount=120_000)
    an_exchange_rate("150", on=date(2026, 1, 1))
    assert sums(told("grr", unit="group")) == (115_000, 115_000, 1)


def test_rows_of_another_workspace_are_never_counted(other_workspace: Workspace) -> None:
    a_contract(plan=a_plan())
    whole = {kpi: told(kpi) for kpi in OF_LEDGER}
    by_plan = parts("mrr", by="plan")
    with open_workspace(other_workspace):
        a_contract(a_customer("よその会社"), plan=a_plan(), currency="USD")
    assert {kpi: told(kpi) for kpi in OF_LEDGER} == whole
    assert parts("mrr", by="plan") == by_plan


def test_customers_who_come_and_go_while_figures_are_made_shift_nobody() -> None:
    gone, stays = a_customer("去る", industry="製造"), a_customer("残る", industry="小売")
    a_contract(stays)
    asked = Asked("mrr", (period_of(JUNE, "month"),), by="industry")
    reading = read_for(asked)
    book.bin_customer(gone.pk, by=None)
    a_customer("来る", industry="金融")
    assert {one.cut: one.value for one in figures(asked, reading)} == {"小売": Decimal(100_000)}


def test_a_group_stands_where_most_of_its_revenue_is_in_whatever_currency() -> None:
    head, at_home, abroad = a_customer("本社"), a_plan(name="国内"), a_plan(name="海外")
    a_contract(head, plan=at_home, product=at_home.product, amount=1_440_000)  # ¥120,000 a month
    branch = a_customer("Branch", parent_id=head.pk, currency="USD")
    a_contract(branch, plan=abroad, product=abroad.product, amount=1_200_000)  # USD 1,000 a month
    an_exchange_rate("150", on=date(2025, 1, 1))
    [part] = parts("grr", by="plan", unit="group")
    assert [part.cut_label, part.numerator] == ["海外", 270_000]
