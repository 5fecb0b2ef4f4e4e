"""Forms about contracts, their ledger, one-off lines and notices of cancellation."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from banso.core.models import Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import fresh
from banso.customers import services
from banso.customers.models import (
    CancellationNotice,
    Charge,
    Contract,
    ContractChange,
    Customer,
)
from banso.customers.tests.builders import (
    a_charge,
    a_contract,
    a_customer,
    a_plan,
    a_product,
)


def signing(**given: Any) -> dict[str, Any]:
    product = a_product()
    return {
        "product": product.pk,
        "start_on": "2026-12-01",
        "last_on": "2027-11-30",
        "amount": "1,200,000円",
        "term_months": "12",
        **given,
    }


@pytest.mark.parametrize("amount", ["1200000", "１，２００，０００", "1,200,000円", "¥1,200,000"])
def test_a_contract_is_signed_to_the_end_of_its_last_day(
    acme: Workspace, bob_client: Client, amount: str
) -> None:
    customer = a_customer()
    bob_client.post(f"/customers/{customer.pk}/contracts/new/", signing(amount=amount))
    contract = Contract.objects.get()
    assert (contract.end_on, contract.amount) == (date(2027, 12, 1), 1_200_000)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"amount": "$10"}, "amount"),
        ({"amount": "10.5"}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"last_on": "2026-11-30"}, "last_on"),
        ({"last_on": "9999-12-31"}, "last_on"),
        ({"term_months": "0"}, "term_months"),
        ({"notice_on": "2028-01-01"}, "notice_on"),
    ],
)
def test_terms_that_cannot_be_are_said_at_their_field(
    acme: Workspace, bob_client: Client, wrong: dict[str, str], field: str
) -> None:
    customer = a_customer()
    answer = bob_client.post(f"/customers/{customer.pk}/contracts/new/", signing(**wrong))
    assert answer.status_code == 422 and not Contract.objects.exists()
    assert f'id="id_{field}_error"' in answer.content.decode()


def test_a_plan_of_another_product_and_rows_of_another_workspace_are_refused(
    acme: Workspace, other_workspace: Workspace, bob_client: Client
) -> None:
    plan, address = a_plan(), f"/customers/{a_customer().pk}/contracts/new/"
    given = signing(product=a_product("別の製品").pk, plan=plan.pk)
    assert bob_client.post(address, given).status_code == 422
    with open_workspace(other_workspace):
        foreign = a_product("よその製品")
    assert bob_client.post(address, signing(product=foreign.pk)).status_code == 422
    assert not Contract.objects.exists()


def test_without_a_product_the_form_says_what_to_do_first(
    acme: Workspace, bob_client: Client, alice_client: Client
) -> None:
    address = f"/customers/{a_customer().pk}/contracts/new/"
    assert "マネージャー" in bob_client.get(address).content.decode()
    assert 'href="/products/"' in alice_client.get(address).content.decode()


def test_renewing_offers_one_more_of_the_same(acme: Workspace, bob_client: Client) -> None:
    contract = a_contract(notice_on=date(2026, 9, 30))
    address = f"/contracts/{contract.pk}/renew/"
    form = bob_client.get(address).context["form"]
    offered = {bound.html_name: bound.value() or "" for bound in form}
    assert offered["last_on"] == date(2027, 11, 30) and offered["amount"] == "1,200,000"
    bob_client.post(address, {**offered, "amount": "1,320,000", "seats": ""})
    after = fresh(contract)
    assert (after.end_on, after.amount) == (date(2027, 12, 1), 1_320_000)


def test_an_expansion_that_lowers_is_refused_at_the_amount(
    acme: Workspace, bob_client: Client
) -> None:
    contract = a_contract()
    given = {"kind": "expansion", "effective_on": "2026-06-01", "amount": "1", "term_months": "12"}
    answer = bob_client.post(f"/contracts/{contract.pk}/change/", given)
    assert answer.status_code == 422 and "id_amount_error" in answer.content.decode()
    bob_client.post(f"/contracts/{contract.pk}/change/", {**given, "amount": "2,400,000"})
    assert fresh(contract).amount == 2_400_000


def test_a_contract_ends_after_the_last_day_that_was_given(
    acme: Workspace, bob_client: Client
) -> None:
    contract = a_contract()
    bob_client.post(f"/contracts/{contract.pk}/end/", {"last_on": "2026-08-31"})
    assert fresh(contract).end_on == date(2026, 9, 1)


def test_details_that_are_not_in_the_ledger_are_edited(acme: Workspace, bob_client: Client) -> None:
    contract = a_contract()
    given = {"number": "K-1", "billing": "quarterly", "payment": "card"}
    bob_client.post(f"/contracts/{contract.pk}/edit/", given)
    after = fresh(contract)
    assert (after.number, after.billing, after.payment) == ("K-1", "quarterly", "card")


def test_a_sources_own_word_for_the_billing_can_be_kept(
    acme: Workspace, bob_client: Client
) -> None:
    contract = a_contract(billing="隔月")
    bob_client.post(f"/contracts/{contract.pk}/edit/", {"number": "K-1", "billing": "隔月"})
    assert (fresh(contract).number, fresh(contract).billing) == ("K-1", "隔月")


def test_voiding_a_line_says_what_will_happen_and_strikes_it_out(
    acme: Workspace, bob_client: Client
) -> None:
    contract = a_contract()
    services.change_contract(
        contract.pk, effective_on=date(2026, 6, 1), kind="expansion", amount=2_400_000, by=None
    )
    line = ContractChange.objects.latest("pk")
    address = f"/contracts/changes/{line.pk}/void/"
    asked = bob_client.get(address).content.decode()
    assert "増額" in asked and "¥200,000" in asked and fresh(line).voided_at is None
    told = bob_client.post(address, follow=True).content.decode()
    assert fresh(contract).amount == 1_200_000 and "取り消し済み" in told
    assert bob_client.get(address).status_code == 404


def test_voiding_the_only_line_leads_back_to_the_customer(
    acme: Workspace, bob_client: Client
) -> None:
    line = a_contract().changes.get()
    answer = bob_client.post(f"/contracts/changes/{line.pk}/void/")
    assert answer["Location"] == f"/customers/{line.customer_id}/"


def test_a_line_is_corrected_and_the_wrong_one_kept(acme: Workspace, bob_client: Client) -> None:
    line = a_contract().changes.get()
    given = {"effective_on": "2025-12-01", "amount": "600,000", "term_months": "12"}
    bob_client.post(f"/contracts/changes/{line.pk}/correct/", given)
    assert fresh(line).voided_at and fresh(line.contract).amount == 600_000


def test_the_last_line_of_an_ended_contract_is_corrected_by_its_last_day(
    acme: Workspace, bob_client: Client
) -> None:
    contract = a_contract()
    services.end_contract(contract.pk, effective_on=date(2026, 9, 1), by=None)
    line = ContractChange.objects.latest("pk")
    bob_client.post(f"/contracts/changes/{line.pk}/correct/", {"last_on": "2026-09-30"})
    assert fresh(contract).end_on == date(2026, 10, 1)


def spoken(client: Client, customer_id: Any) -> str:
    return client.get(f"/customers/{customer_id}/").content.decode()


def test_a_notice_is_recorded_and_withdrawn(acme: Workspace, bob_client: Client) -> None:
    contract = a_contract()
    address = f"/customers/{contract.customer_id}/notices/new/"
    bad = bob_client.post(address, {"noticed_on": "2026-11-10", "last_on": "2026-11-01"})
    assert bad.status_code == 422 and "id_last_on_error" in bad.content.decode()
    given = {"noticed_on": "2026-11-10", "contract": contract.pk, "last_on": "2027-03-31"}
    bob_client.post(address, given)
    notice = CancellationNotice.objects.get()
    assert (notice.contract, notice.effective_on) == (contract, date(2027, 4, 1))
    assert "契約終了日 2027/03/31" in spoken(bob_client, notice.customer_id)
    assert bob_client.get(f"/notices/{notice.pk}/withdraw/").status_code == 200
    assert fresh(notice).voided_at is None
    bob_client.post(f"/notices/{notice.pk}/withdraw/")
    assert fresh(notice).voided_at


def test_a_contract_of_another_customer_is_no_choice_of_a_notice(
    acme: Workspace, bob_client: Client
) -> None:
    others = a_contract()
    given = {"noticed_on": "2026-11-10", "contract": others.pk}
    answer = bob_client.post(f"/customers/{a_customer('みどり').pk}/notices/new/", given)
    assert answer.status_code == 422 and not CancellationNotice.objects.exists()


@pytest.mark.parametrize(
    ("end_is", "end_on"), [("", date(2027, 12, 1)), ("out", date(2027, 11, 30))]
)
def test_the_form_asks_whether_the_end_date_is_covered(
    acme: Workspace, bob_client: Client, end_is: str, end_on: date
) -> None:
    given = signing(last_on="2027-11-30", end_is=end_is)
    bob_client.post(f"/customers/{a_customer().pk}/contracts/new/", given)
    contract = Contract.objects.get()
    assert contract.end_on == end_on
    shown = bob_client.get(f"/contracts/{contract.pk}/").content.decode()
    assert ("2027/11/30" in shown, "2027/11/29" in shown) == (end_is == "", end_is == "out")


def test_a_contract_is_signed_with_its_number_deadline_minimum_and_payment(
    acme: Workspace, bob_client: Client
) -> None:
    customer = a_customer()
    given = signing(
        number="K-2026-12",
        notice_count="3",
        notice_unit="months",
        minimum_months="12",
        billing="annual",
        payment="invoice",
    )
    bob_client.post(f"/customers/{customer.pk}/contracts/new/", given)
    contract = Contract.objects.get()
    assert (contract.number, contract.payment) == ("K-2026-12", "invoice")
    assert (contract.notice_on, contract.minimum_months) == (date(2027, 8, 31), 12)
    shown = bob_client.get(f"/contracts/{contract.pk}/").content.decode()
    for words in (
        "K-2026-12",
        "満了の3か月前",
        "2027/08/31",
        "最低契約期間",
        "請求書払い（銀行振込）",
    ):
        assert words in shown, words


def test_a_wrong_notice_period_is_said_at_its_field(acme: Workspace, bob_client: Client) -> None:
    address = f"/customers/{a_customer().pk}/contracts/new/"
    answer = bob_client.post(address, signing(notice_count="61", notice_unit="months"))
    assert answer.status_code == 422 and "id_notice_count_error" in answer.content.decode()


def test_a_deadline_told_by_its_day_is_offered_as_a_day_and_a_counted_one_is_not(
    acme: Workspace, bob_client: Client
) -> None:
    counted = a_contract(notice_months=2)
    told = a_contract(a_customer("みどり"), notice_on=date(2026, 9, 15))
    for contract, offered in ((counted, None), (told, date(2026, 9, 15))):
        form = bob_client.get(f"/contracts/{contract.pk}/change/").context["form"]
        assert form["notice_on"].value() == offered
    given = {"kind": "price", "effective_on": "2026-02-01", "amount": "1,200,000"}
    given |= {"term_months": "12", "last_on": "2026-12-31", "notice_count": "2"}
    bob_client.post(f"/contracts/{counted.pk}/change/", given)
    assert fresh(counted).notice_on == date(2026, 10, 31)


def test_contracts_of_one_paper_lead_to_each_other(acme: Workspace, bob_client: Client) -> None:
    customer = a_customer()
    one = a_contract(customer, number="K-1")
    two = a_contract(customer, number="K-1", product=a_product("分析オプション"))
    a_contract(a_customer("別の顧客"), number="K-1")
    page = bob_client.get(f"/contracts/{one.pk}/")
    assert list(page.context["same_number"]) == [two]
    assert f"/contracts/{two.pk}/" in page.content.decode()


def test_an_initial_fee_is_added_shown_and_struck_out(acme: Workspace, bob_client: Client) -> None:
    contract = a_contract()
    address = f"/contracts/{contract.pk}/charges/new/"
    bad = bob_client.post(address, {"kind": "setup", "amount": "10.5"})
    assert bad.status_code == 422 and "id_amount_error" in bad.content.decode()
    given = {"kind": "setup", "amount": "３００，０００円", "charged_on": "2026-04-01"}
    shown = bob_client.post(address, given, follow=True).content.decode()
    charge = Charge.objects.get()
    assert "¥300,000" in shown and "初期費用" in shown and charge.amount == 300_000
    struck = bob_client.get(f"/contracts/charges/{charge.pk}/void/").content.decode()
    assert "¥300,000" in struck and fresh(charge).voided_at is None
    bob_client.post(f"/contracts/charges/{charge.pk}/void/")
    assert fresh(charge).voided_at
    assert bob_client.get(f"/contracts/charges/{charge.pk}/void/").status_code == 404
    timeline = bob_client.get(f"/customers/{contract.customer_id}/timeline/").content.decode()
    assert "一時費用を追加しました（初期費用、¥300,000）" in timeline


def test_a_one_off_line_of_a_binned_customer_is_not_found(
    acme: Workspace, bob_client: Client
) -> None:
    charge = a_charge()
    services.bin_customer(charge.contract.customer_id, by=None)
    assert bob_client.get(f"/contracts/charges/{charge.pk}/void/").status_code == 404
    answer = bob_client.put(f"/api/v1/charges/{charge.pk}/voided")
    assert answer.status_code == 404 and fresh(charge).voided_at is None


def test_the_timeline_says_the_last_day_of_an_ended_contract(
    acme: Workspace, bob_client: Client
) -> None:
    contract = a_contract()
    services.end_contract(contract.pk, effective_on=date(2026, 9, 1), by=None)
    timeline = bob_client.get(f"/customers/{contract.customer_id}/timeline/").content.decode()
    assert "契約終了日：2026/08/31" in timeline


def test_a_contract_names_who_signed_pays_and_sold(acme: Workspace, bob_client: Client) -> None:
    contract, reseller = a_contract(), a_customer("株式会社みなと事務機", external_id="P-1")
    address = f"/contracts/{contract.pk}/parties/"
    wrong = bob_client.post(address, {"signer": "だれも知らない会社"})
    assert wrong.status_code == 422 and "id_signer_error" in wrong.content.decode()
    given = {"reseller": "みなと事務機", "payer": "P-1", "first_support": "reseller"}
    shown = bob_client.post(address, given, follow=True).content.decode()
    after = fresh(contract)
    assert (after.reseller, after.payer, after.signer) == (reseller, reseller, None)
    for words in ("株式会社みなと事務機", "利用企業", "請求先", "販売店", "一次サポート"):
        assert words in shown, words
    theirs = bob_client.get(f"/customers/{reseller.pk}/")
    (row,) = theirs.context["as_party"]
    assert row.contract_id == contract.pk and list(map(str, row.roles)) == ["請求先", "販売店"]


def test_a_party_whose_name_another_company_took_stays_until_it_is_changed(
    acme: Workspace, bob_client: Client
) -> None:
    contract, payer = a_contract(), a_customer("株式会社みどり")
    services.update_contract(contract.pk, changes={"payer_id": payer.pk}, by=None)
    a_customer("株式会社みどり")
    address = f"/contracts/{contract.pk}/parties/"
    shown = {"initial-payer": "株式会社みどり"}  # as the page carries it
    bob_client.post(address, {**shown, "payer": "株式会社みどり", "first_support": "ours"})
    assert (fresh(contract).payer, fresh(contract).first_support) == (payer, "ours")
    bob_client.post(address, {**shown, "payer": "", "first_support": "ours"})
    assert fresh(contract).payer is None


def test_a_party_in_the_bin_is_named_without_a_link_and_goes_with_its_purge(
    acme: Workspace, bob_client: Client
) -> None:
    contract, reseller = a_contract(), a_customer("株式会社みなと事務機")
    services.update_contract(contract.pk, changes={"reseller_id": reseller.pk}, by=None)
    services.bin_customer(reseller.pk, by=None)
    shown = bob_client.get(f"/contracts/{contract.pk}/").content.decode()
    assert "株式会社みなと事務機" in shown and f"/customers/{reseller.pk}/" not in shown
    Customer.with_deleted.filter(pk=reseller.pk).delete()
    assert fresh(contract).reseller is None
