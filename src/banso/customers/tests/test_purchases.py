"""Purchases without a contract, by all doors: services, files, REST and pages."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from banso.core.errors import Refused
from banso.core.imports import undoing
from banso.core.imports.declarations import import_table
from banso.core.models import Event, ImportRun, Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import TODAY, fresh
from banso.customers import queries, services
from banso.customers.merges.unmerging import unmerge
from banso.customers.models import Purchase
from banso.customers.tests.builders import a_customer, a_merge, a_purchase
from banso.customers.tests.files import brought_in
from banso.customers.tests.test_api import API, send

Bring = Callable[[str, str], tuple[ImportRun, dict[str, Any]]]
JUNE = date(2026, 6, 1)


@pytest.fixture
def bring(acme: Workspace, tmp_path: Path) -> Bring:
    return lambda name, text: brought_in(tmp_path, text, name)


def test_a_purchase_is_told_and_can_be_voided_once(acme: Workspace) -> None:
    customer = a_customer(currency="USD")
    purchase = a_purchase(customer, amount=1_250)
    assert (purchase.currency, purchase.external_id) == ("USD", "")
    services.void_purchase(purchase.pk, by=None)
    with pytest.raises(Refused):
        services.void_purchase(purchase.pk, by=None)
    told = Event.objects.filter(name__startswith="customers.purchase").order_by("pk")
    assert [one.name.partition("_")[2] for one in told] == ["added", "voided"]
    assert {one.customer_id for one in told} == {customer.pk}
    assert queries.bought_by(customer.pk) == []


@pytest.mark.parametrize(
    "wrong",
    [{"amount": -1}, {"amount": 10**14}, {"currency": "XXY"}, {"bought_on": date(1, 1, 1)}],
)
def test_a_wrong_purchase_is_refused(acme: Workspace, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        a_purchase(**wrong)
    assert not Purchase.objects.exists()


def test_a_purchase_of_a_day_to_come_is_refused_by_every_door(bring: Bring) -> None:
    customer = a_customer(external_id="C-1")
    with pytest.raises(Refused) as refusal:
        a_purchase(customer, bought_on=TODAY + timedelta(days=1))
    assert (refusal.value.code, refusal.value.field) == ("future", "bought_on")
    _run, told = bring(
        "purchases.csv", "customer,bought_on,amount\nC-1,2027-05-01,100\nC-1,2026-11-01,100"
    )
    assert (told["created"], [one["line"] for one in told["errors"]]) == (1, [2])
    assert Purchase.objects.count() == 1


def test_an_external_id_is_one_purchase_until_that_is_voided(acme: Workspace) -> None:
    first = a_purchase(external_id="O-1")
    with pytest.raises(Refused) as refusal:
        a_purchase(external_id="O-1")
    assert refusal.value.code == "taken"
    services.void_purchase(first.pk, by=None)
    assert a_purchase(external_id="O-1").pk != first.pk


def test_purchases_go_out_and_come_in_again_unchanged(bring: Bring) -> None:
    dollars = a_customer(external_id="C-2", currency="USD")
    a_purchase(a_customer(external_id="C-1"), external_id="O-1")
    a_purchase(dollars, amount=1_999)
    table = import_table("purchases")
    assert table
    rows = list(table.rows())
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    _run, again = bring("purchases.csv", "\n".join(lines))
    assert (again["read"], again["unchanged"]) == (2, 2)
    assert [row["amount"] for row in rows] == ["12000", "19.99"]


def test_a_known_purchase_that_says_something_else_is_replaced_and_comes_back(bring: Bring) -> None:
    old = a_purchase(a_customer(external_id="C-1"), external_id="O-1")
    run, facts = bring(
        "購入履歴.csv", "注文番号,顧客コード,購入日,購入金額\nO-1,C-1,2026/06/02,13000\n"
    )
    assert facts["updated"] == 1
    standing = Purchase.objects.get(voided_at=None)
    assert (standing.bought_on, standing.amount) == (date(2026, 6, 2), 13_000)
    undoing.undo_import(run.pk, by=None)
    assert Purchase.objects.get() == old and fresh(old).voided_at is None


def test_without_an_id_equal_rows_are_purchases_of_their_own_and_the_file_again_adds_none(
    bring: Bring,
) -> None:
    customer = a_customer(external_id="C-1")
    text = "customer,bought_on,amount\nC-1,2026-06-01,1000\nC-1,2026-06-01,1000\nC-1,2026-06-02,5\n"
    run, facts = bring("purchases.csv", text)
    assert facts["created"] == 3
    told = Event.objects.get(name="customers.purchases_added")
    assert told.customer_id == customer.pk
    assert told.facts == {"on": "2026-06-02", "amount": 2_005, "currency": "JPY", "count": 3}
    _run, again = bring("purchases.csv", f"{text}C-1,2026-06-01,1000\n")
    assert (again["unchanged"], again["created"]) == (3, 1)
    assert queries.bought_by(customer.pk) == [queries.Bought("JPY", 4, 3_005, date(2026, 6, 2))]
    undoing.undo_import(run.pk, by=None)
    assert Purchase.objects.count() == 1


def test_rows_that_cannot_be_are_refused_by_line_and_the_others_stand(bring: Bring) -> None:
    a_customer(external_id="C-1")
    rows = ["C-9,2026-06-01,1,", "C-1,2026-06-01,1.5,", "C-1,2026-06-01,1,XXY", "C-1,2026-06-01,7,"]
    _run, facts = bring("purchases.csv", "\n".join(["customer,bought_on,amount,currency", *rows]))
    assert (facts["created"], facts["errors_in_all"]) == (1, 3)
    columns = [one["column"] for one in facts["errors"]]
    assert columns == ["customer", "amount", "currency"]


def test_purchases_go_with_a_merge_and_back(acme: Workspace) -> None:
    one, other = a_customer(), a_customer("㈱ひかり商事")
    purchase = a_purchase(other)
    merge = a_merge(one, other)
    assert fresh(purchase).customer_id == one.pk
    unmerge(merge.pk, by=None)
    assert fresh(purchase).customer_id == other.pk


def test_models_read_what_counts_as_it_was_known(acme: Workspace) -> None:
    customer = a_customer()
    kept, voided = a_purchase(customer), a_purchase(customer, amount=7)
    a_purchase(customer, amount=99, currency="USD")
    services.bin_customer(a_purchase().customer_id, by=None)
    before = timezone.now()
    services.void_purchase(voided.pk, by=None)
    now = [(customer.pk, JUNE, kept.amount)]
    assert list(queries.purchases_in("JPY", until=JUNE)) == now
    assert len(list(queries.purchases_in("JPY", until=JUNE, known_at=before))) == 2
    assert list(queries.purchases_in("JPY", until=JUNE - timedelta(days=1))) == []
    assert queries.purchase_currencies() == {"JPY": 1, "USD": 1}
    assert queries.purchase_currencies(known_at=datetime(2020, 1, 1, tzinfo=UTC)) == {}


def test_purchases_are_added_listed_and_voided_by_the_api(
    acme: Workspace, bob_client: Client
) -> None:
    customer = a_customer(currency="USD")
    path = f"/customers/{customer.pk}/purchases"
    body = {"bought_on": "2026-06-01", "amount": 300.50, "external_id": "O-1"}
    made = send(bob_client, "post", path, body).json()
    assert (made["amount"], made["currency"], made["external_id"]) == (300.5, "USD", "O-1")
    assert send(bob_client, "post", path, body).status_code == 422
    assert send(bob_client, "post", path, {**body, "amount": 0.001}).status_code == 422
    voided = bob_client.put(f"{API}/purchases/{made['id']}/voided").json()
    (listed,) = bob_client.get(API + path).json()["rows"]
    assert listed["voided_at"] == voided["voided_at"] is not None


def test_pages_of_purchases_follow_each_other(acme: Workspace, bob_client: Client) -> None:
    customer = a_customer()
    days = [JUNE, JUNE, date(2026, 7, 1), date(2026, 5, 1)]
    made = [a_purchase(customer, bought_on=day) for day in days]
    path = f"{API}/customers/{customer.pk}/purchases?limit=2"
    first = bob_client.get(path).json()
    second = bob_client.get(f"{path}&cursor={first['next_cursor']}").json()
    ids = [row["id"] for row in (*first["rows"], *second["rows"])]
    assert ids == [str(made[at].pk) for at in (2, 1, 0, 3)]
    assert second["next_cursor"] == ""


def test_the_page_of_a_customer_shows_purchases_only_where_there_are_any(
    acme: Workspace, bob_client: Client
) -> None:
    customer = a_customer()
    part = f"/customers/{customer.pk}/purchases/"
    assert part not in bob_client.get(f"/customers/{customer.pk}/").content.decode()
    row = services.NewPurchase(customer_id=customer.pk, bought_on=JUNE, amount=6_000)
    services.add_purchases([row, row], by=None)
    page = bob_client.get(f"/customers/{customer.pk}/").content.decode()
    assert part in page and "購入を追加しました（2件、合計¥12,000、最終購入日 2026/06/01）" in page
    for headers in ({}, {"hx-request": "true"}):
        assert "¥12,000" in bob_client.get(part, headers=headers).content.decode()


def test_a_purchase_is_voided_on_its_page_by_who_may(
    acme: Workspace, bob_client: Client, vera_client: Client
) -> None:
    purchase = a_purchase()
    door = f"/purchases/{purchase.pk}/void/"
    assert vera_client.post(door).status_code == 403 and fresh(purchase).voided_at is None
    assert "¥12,000" in bob_client.get(door).content.decode()
    assert bob_client.post(door).status_code == 302 and fresh(purchase).voided_at
    assert bob_client.get(door).status_code == 404


def test_a_strangers_purchase_is_nowhere(
    acme: Workspace, other_workspace: Workspace, bob_client: Client
) -> None:
    with open_workspace(other_workspace):
        theirs = a_purchase()
    assert bob_client.put(f"{API}/purchases/{theirs.pk}/voided").status_code == 404
    assert bob_client.post(f"/purchases/{theirs.pk}/void/").status_code == 404
    assert bob_client.get(f"{API}/customers/{theirs.customer_id}/purchases").status_code == 404
    with open_workspace(other_workspace):
        assert fresh(theirs).voided_at is None
