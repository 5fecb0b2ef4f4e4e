"""What people type into the forms of a customer: numbers, domains, and what is missing."""

import pytest
from django.test import Client

from banso.core.models import Workspace
from banso.core.tests.builders import fresh
from banso.customers.models import Customer
from banso.customers.tests.builders import a_customer

NEW = {"name": "株式会社ひかり商事", "tier": "high", "stage": "trial"}


@pytest.mark.parametrize("employees", ["-5", "99999999999999", "２１４７４８３６４８"])
def test_a_number_out_of_range_is_told_the_range(
    acme: Workspace, bob_client: Client, employees: str
) -> None:
    answer = bob_client.post("/customers/new/", {**NEW, "employees": employees})
    assert answer.status_code == 422 and not Customer.objects.exists()
    assert "0～2,147,483,647の整数で入力してください。" in answer.content.decode()


def test_a_domain_is_read_from_a_web_address_and_anything_else_is_refused(
    acme: Workspace, bob_client: Client
) -> None:
    wrong = bob_client.post("/customers/new/", {**NEW, "domain": "これはドメインではない"})
    assert wrong.status_code == 422 and "id_domain_error" in wrong.content.decode()
    bob_client.post("/customers/new/", {**NEW, "domain": "https://www.例え.jp/会社"})
    assert Customer.objects.get().domain == "例え.jp"


def test_what_an_import_left_as_a_domain_stays_while_other_fields_change(
    acme: Workspace, bob_client: Client
) -> None:
    customer = a_customer("株式会社ひかり商事", domain="準備中")
    address = f"/customers/{customer.pk}/edit/"
    form = bob_client.get(address).context["form"]
    shown = {one.html_name: one.value() or "" for one in form}
    seen = {f"initial-{name}": value for name, value in shown.items()}
    bob_client.post(address, {**shown, **seen, "industry": "物流"})
    after = fresh(customer)
    assert (after.industry, after.domain) == ("物流", "準備中")


def test_what_is_missing_is_asked_for_in_our_own_tone(acme: Workspace, bob_client: Client) -> None:
    page = bob_client.post("/customers/new/", {**NEW, "name": ""}).content.decode()
    assert "入力してください。" in page and "このフィールド" not in page
