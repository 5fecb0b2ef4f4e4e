"""Contracts as Japanese books hold them: 満了日, 解約申出期限, 最低契約期間, 初期費用."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from banso.core.imports import undoing
from banso.core.imports.declarations import import_table
from banso.core.models import ImportRun, Person, Workspace
from banso.customers.models import CancellationNotice, Charge, Contract
from banso.customers.tests.builders import a_charge, a_contract, a_customer
from banso.customers.tests.files import brought_in

Bring = Callable[..., tuple[ImportRun, dict[str, Any]]]


@pytest.fixture
def bring(acme: Workspace, tmp_path: Path, bob: Person) -> Bring:
    """Import one file; its run and what was reported of it."""

    def bring_in(name: str, text: str) -> tuple[ImportRun, dict[str, Any]]:
        return brought_in(tmp_path, text, name, by=bob)

    return bring_in


BOOK = (
    "契約番号,顧客,製品,契約開始日,契約終了日,契約金額,契約期間,解約予告(月),最低契約期間,"
    "請求サイクル,支払方法,初期費用\n"
    'K-1,C-1,本体,2026/4/1,2027/3/31,1200000,12,3,12,年払い,銀行振込,"300,000円"\n'
    "K-1,C-1,分析,2026/4/1,2027/3/31,120000,12,3,,隔月,,\n"
)


def test_a_japanese_book_of_contracts_comes_in_whole(bring: Bring) -> None:
    customer = a_customer(external_id="C-1")
    _run, facts = bring("契約一覧.csv", BOOK)
    assert facts["created"] == 2
    first, second = Contract.objects.filter(customer=customer).order_by("-amount")
    assert (first.number, second.number) == ("K-1", "K-1")
    assert (first.end_on, first.notice_on) == (date(2027, 4, 1), date(2026, 12, 31))
    assert (first.minimum_months, second.minimum_months) == (12, None)
    assert (first.billing, first.payment, second.billing) == ("annual", "invoice", "隔月")
    assert (Charge.objects.get().contract, Charge.objects.get().amount) == (first, 300_000)


def test_the_same_book_again_changes_nothing_and_another_fee_is_told(bring: Bring) -> None:
    a_customer(external_id="C-1")
    bring("契約一覧.csv", BOOK)
    _run, again = bring("契約一覧.csv", BOOK)
    assert again["unchanged"] == 2 and Charge.objects.count() == 1
    _run, other = bring("契約一覧.csv", BOOK.replace("300,000円", "400,000円"))
    assert other["errors_in_all"] == 1 and Charge.objects.get().amount == 300_000


def test_an_import_with_its_fees_is_undone(bring: Bring) -> None:
    standing = a_contract(a_customer(external_id="C-1"), external_id="X-1")
    text = (
        "external_id,customer,start_on,initial_fee,amount,number\n"
        "X-1,C-1,2025-12-01,50000,1200000,K-9\nX-2,C-1,2026-01-01,60000,1200000,K-9\n"
    )
    run, _facts = bring("contracts.csv", text)
    assert Charge.objects.count() == 2 and Contract.objects.filter(number="K-9").count() == 2
    undoing.undo_import(run.pk, by=None)
    assert not Charge.objects.exists() and Contract.objects.get().number == standing.number == ""


@pytest.mark.parametrize(
    ("row", "term_months"),
    [
        ("2026-04-01,2026-09-30,600000", 6),
        ("2026-04-01,2027-03-31,600000", 12),
        ("2026-04-15,2027-03-31,600000", 12),
        ("2024-04-01,2027-03-31,600000", 12),
        ("2026-04-01,,600000", 12),
    ],
)
def test_an_amount_of_a_short_term_is_not_taken_for_a_years(
    bring: Bring, row: str, term_months: int
) -> None:
    a_customer(external_id="C-1")
    bring("contracts.csv", f"customer,start_on,last_day,amount\nC-1,{row}\n")
    assert Contract.objects.get().term_months == term_months


def test_a_file_tells_another_deadline_and_it_is_counted_anew(bring: Bring) -> None:
    contract = a_contract(a_customer(external_id="C-1"), external_id="K-1", notice_months=1)
    text = "external_id,customer,start_on,notice_days\nK-1,C-1,2025-12-01,90\n"
    _run, facts = bring("contracts.csv", text)
    after = Contract.objects.get(pk=contract.pk)
    assert facts["updated"] == 1
    assert (after.notice_months, after.notice_on) == (None, date(2026, 9, 1))


def test_the_day_of_leaving_in_a_file_of_notices_is_the_last_day(bring: Bring) -> None:
    a_customer(external_id="C-1")
    bring("解約申出.csv", "顧客,申出日,解約日\nC-1,2026-11-01,2027-03-31\n")
    assert CancellationNotice.objects.get().effective_on == date(2027, 4, 1)


def test_one_off_lines_go_out_and_come_in_again_unchanged(bring: Bring) -> None:
    contract = a_contract(a_customer(external_id="C-1"), external_id="K-1")
    old = a_charge(contract, name="導入支援", charged_on=date(2026, 4, 1))
    table = import_table("charges")
    assert table
    (row,) = table.rows()
    header, cells = ",".join(row), ",".join(row.values())
    _run, again = bring("charges.csv", f"{header}\n{cells}\n")
    assert again["unchanged"] == 1
    run, dearer = bring("charges.csv", f"{header}\n{cells.replace('300000', '350000')}\n")
    assert dearer["updated"] == 1
    assert Charge.objects.get(voided_at=None).amount == 350_000
    undoing.undo_import(run.pk, by=None)
    assert Charge.objects.get() == old and Charge.objects.get().voided_at is None
    _run, wrong = bring("charges.csv", "contract,amount\nK-0,1\nK-1,1.5\n")
    assert wrong["errors_in_all"] == 2


def test_contracts_go_out_as_they_came_in(bring: Bring) -> None:
    a_contract(
        a_customer(external_id="C-1"),
        external_id="K-1",
        number="契-1",
        notice_days=30,
        minimum_months=6,
        payment="card",
    )
    table = import_table("contracts")
    assert table
    (row,) = table.rows()
    assert (row["number"], row["notice_days"], row["notice_on"]) == ("契-1", "30", "")
    text = f"{','.join(row)}\n{','.join(row.values())}\n"
    _run, again = bring("contracts.csv", text)
    assert again["unchanged"] == 1


def test_a_file_names_the_parties_and_an_unknown_one_is_told(bring: Bring) -> None:
    a_customer(external_id="C-1")
    reseller = a_customer("株式会社みなと事務機", external_id="P-1")
    text = "external_id,顧客,契約開始日,契約金額,請求先,販売店,一次サポート\n"
    first = "K-1,C-1,2026-04-01,1200000,株式会社みなと事務機,P-1,販売店\n"
    _run, facts = bring("contracts.csv", text + first + "K-2,C-1,2026-04-01,1,P-9,,\n")
    assert (facts["created"], facts["errors_in_all"]) == (1, 1)
    contract = Contract.objects.get()
    assert (contract.payer, contract.reseller) == (reseller, reseller)
    assert contract.first_support == "reseller" and contract.signer is None
    run, changed = bring(
        "contracts.csv", "external_id,顧客,契約開始日,契約先\nK-1,C-1,2026-04-01,P-1\n"
    )
    assert changed["updated"] == 1 and Contract.objects.get().signer == reseller
    undoing.undo_import(run.pk, by=None)
    assert Contract.objects.get().signer is None
    table = import_table("contracts")
    assert table
    (row,) = table.rows()
    assert (row["payer"], row["reseller"], row["signer"]) == ("P-1", "P-1", "")
