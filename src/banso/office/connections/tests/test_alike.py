"""Rows of a file that look like a customer who stands: match, new, or skip."""

import pytest
from django.test import Client

from banso.core.models import Workspace
from banso.core.tests.builders import drain_jobs, fresh
from banso.customers.models import Customer
from banso.customers.tests.builders import a_customer
from banso.office.connections.tests.test_import_pages import own_files, upload

__all__ = ["own_files"]
FILE = (
    "external_id,name,industry\nC-1,ひかり商事（株）,小売\nC-2,㈱青葉,物流\nC-3,みどり工業,医療\n"
)


@pytest.fixture
def hikari(acme: Workspace) -> Customer:
    return a_customer("株式会社ひかり商事", external_id="A-1")


@pytest.fixture
def aoba(acme: Workspace) -> Customer:
    return a_customer("青葉")


def checked(client: Client, text: str = FILE) -> tuple[str, str]:
    """The import's page after a dry run, and the name before a line's choice."""
    place = upload(client, text)["Location"]
    client.post(f"{place}check/")
    drain_jobs()
    run = client.get(place).context["run"]
    return place, f"{run.settings['files'][0]['stored']}:alike:"


def test_a_dry_run_asks_of_each_row_that_looks_like_a_customer(
    alice_client: Client, hikari: Customer, aoba: Customer
) -> None:
    place, choice = checked(alice_client)
    shown = alice_client.get(place).content.decode()
    assert f'name="{choice}2"' in shown and f'value="{hikari.pk}"' in shown
    assert f'name="{choice}3"' in shown and f'name="{choice}4"' not in shown
    assert "表記の違いを除くと、社名が同じです。" in shown and Customer.objects.count() == 2


def test_a_row_is_what_a_person_said_it_is(
    alice_client: Client, hikari: Customer, aoba: Customer
) -> None:
    place, choice = checked(alice_client)
    said = {f"{choice}2": str(hikari.pk), f"{choice}3": "skip"}
    assert alice_client.post(f"{place}decide/", said).status_code == 302
    again = alice_client.post(f"{place}check/", follow=True)
    drain_jobs()
    again = alice_client.get(place)
    assert f'value="{hikari.pk}" selected' in again.content.decode()
    alice_client.post(f"{place}run/")
    drain_jobs()
    report = alice_client.get(place).context["run"].report["tables"][0]
    counts = {name: report[name] for name in ("read", "created", "updated", "skipped")}
    assert counts == {"read": 3, "created": 1, "updated": 1, "skipped": 1}
    assert (fresh(hikari).external_id, fresh(hikari).industry) == ("C-1", "小売")
    assert sorted(Customer.objects.values_list("name", flat=True)) == [
        "ひかり商事（株）", "みどり工業", "青葉",
    ]  # fmt: skip


def test_rows_of_which_nothing_is_said_are_new(alice_client: Client, hikari: Customer) -> None:
    place, _choice = checked(alice_client)
    alice_client.post(f"{place}run/")
    drain_jobs()
    assert Customer.objects.count() == 4


def test_only_what_was_offered_can_be_said(
    alice_client: Client, hikari: Customer, aoba: Customer
) -> None:
    place, choice = checked(alice_client)
    for name, value in (
        (f"{choice}2", str(aoba.pk)),
        (f"{choice}4", str(aoba.pk)),
        (f"{choice}2", "x"),
    ):
        assert alice_client.post(f"{place}decide/", {name: value}).status_code == 422
    assert (
        alice_client.post(
            f"{place}decide/", {"nobody:alike:2": "new", f"{choice}²": "new"}
        ).status_code
        == 302
    )


def test_whoever_is_gone_meanwhile_costs_the_row(alice_client: Client, hikari: Customer) -> None:
    place, choice = checked(alice_client)
    alice_client.post(f"{place}decide/", {f"{choice}2": str(hikari.pk)})
    Customer.objects.all().delete()
    alice_client.post(f"{place}run/")
    drain_jobs()
    [report] = alice_client.get(place).context["run"].report["tables"]
    assert (report["created"], report["skipped"], report["errors"][0]["line"]) == (2, 1, 2)


def test_a_book_without_customers_is_not_asked(alice_client: Client, acme: Workspace) -> None:
    place, choice = checked(alice_client)
    assert choice not in alice_client.get(place).content.decode()
