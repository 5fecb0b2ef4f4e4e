"""Conditions in words, personal data, and the clock."""

import pytest
from django.utils import translation

from banso.core.models import Workspace
from banso.core.tests.builders import fresh
from banso.customers import filters, personal_data, services, tasks
from banso.customers.filter_words import OPERATOR_LABELS, describe
from banso.customers.models import Contact
from banso.customers.tests.builders import a_contact, a_contract, an_attribute


@pytest.mark.parametrize(
    ("text", "ja", "en"),
    [
        ("customers.tier:is:high", "タッチ区分：ハイタッチ", "Touch tier: High touch"),
        ("customers.mrr:gte:100000", "MRR：100,000以上", "MRR: 100,000 or more"),
        (
            "customers.days_since_contact:gte:60",
            "最終接触からの日数：60日以上",
            "Days since contact: 60\u00a0days or more",
        ),
        ("customers.mrr:lt:1.5", "MRR：1.5未満", "MRR: under 1.5"),
        (
            "customers.renewal_on:within_days:90",
            "契約更新日：90日以内",
            "Renewal date: within 90 days",
        ),
        ("customers.renewal_on:within_days:1", "契約更新日：1日以内", "Renewal date: within 1 day"),
        ("customers.mrr:empty", "MRR：データなし", "MRR: no data"),
        ("customers.name:contains:あ", "顧客名に「あ」を含む", "Customer name contains “あ”"),
        ("customers.since:gte:2026-04-01", "利用開始日：2026/04/01以降", None),
    ],
)
def test_a_condition_reads_as_a_phrase(acme: Workspace, text: str, ja: str, en: str | None) -> None:
    (condition,) = filters.parse_query([text])
    with translation.override("ja"):
        assert describe(condition) == ja
    with translation.override("en"):
        assert en is None or describe(condition) == en


def test_every_operator_has_a_label_and_a_phrase() -> None:
    assert {op for listed in filters.OPERATORS.values() for op in listed} == set(OPERATOR_LABELS)


def test_erasing_leaves_nothing_that_names_the_person(acme: Workspace) -> None:
    contact = a_contact(email="Hanako@Hikari.example", phone="03-0000-0000", title="部長")
    assert personal_data.export("hanako@hikari.example")[0]["name"] == "山田 花子"
    assert personal_data.erase("hanako@hikari.example") == 1
    left = fresh(contact)
    texts = (left.name, left.name_folded, left.email, left.phone, left.title)
    assert texts == ("—", "", "", "", "") and not Contact.objects.exists()
    assert personal_data.export("hanako@hikari.example") == [] == personal_data.export("")


def test_the_clock_renews_in_every_workspace(acme: Workspace) -> None:
    contract = a_contract()
    acme.fixed_today = contract.end_on
    acme.save()
    tasks.renew_due_contracts(0)
    assert fresh(contract).changes.filter(kind="renewal").count() == 1


def test_a_deleted_attribute_takes_its_values_with_it(acme: Workspace) -> None:
    attribute = an_attribute("memo")
    contact = a_contact()
    services.update_customer(contact.customer_id, changes={"attributes": {"memo": "x"}}, by=None)
    services.delete_attribute(attribute.pk, by=None)
    assert fresh(contact).customer.attributes == {}
