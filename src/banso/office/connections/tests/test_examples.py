"""A dry run says what it would change, not only how much."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from banso.core.imports import planning, running
from banso.core.imports.samples import MOST_CHANGED, MOST_NEW
from banso.core.models import ImportedRow, ImportRun, Person, Workspace
from banso.core.tests.builders import drain_jobs, fresh
from banso.customers.tests.builders import a_contact, a_contract, a_customer
from banso.office.connections.tests.test_import_pages import own_files, upload

__all__ = ["own_files"]
Tried = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def tried(tmp_path: Path) -> Tried:
    """The reports of a dry run of files by name."""

    def run(**files: str) -> list[dict[str, Any]]:
        for name, text in files.items():
            (tmp_path / f"{name}.csv").write_text(text)
        paths = [(f"{name}.csv", tmp_path / f"{name}.csv") for name in files]
        return running.dry_run(planning.plan_import(paths), by=None)

    return run


def test_the_page_of_a_dry_run_says_what_would_change_in_words(
    alice_client: Client, acme: Workspace, alice: Person
) -> None:
    customer = a_customer("株式会社青葉", external_id="C-1", tier="tech", since=date(2025, 4, 1))
    text = (
        f"external_id,name,tier,since,main_owner\nC-1,株式会社青葉,high,2025-05-01,{alice.email}\n"
    )
    place = upload(alice_client, f"{text}C-2,みどり工業,low,,\n")["Location"]
    alice_client.post(f"{place}check/")
    drain_jobs()
    shown = alice_client.get(place).content.decode()
    for words in ("2025/04/01", "2025/05/01", "ハイタッチ", "テックタッチ", alice.name):
        assert f"<td>{words}</td>" in shown, words
    assert "<li>みどり工業</li>" in shown and "顧客：新しく作られるもの" in shown
    assert fresh(customer).tier == "tech" and not ImportedRow.objects.exists()


def test_the_sample_is_small_and_says_how_many_more_there_are(
    tried: Tried, acme: Workspace
) -> None:
    for n in range(MOST_CHANGED + 3):
        a_customer(f"会社{n}", external_id=f"C-{n}", industry="小売")
    lines = [f"C-{n},会社{n},物流" for n in range(MOST_CHANGED + 3 + MOST_NEW + 4)]
    (report,) = tried(customers="\n".join(["external_id,name,industry", *lines]))
    found = report["sample"]
    assert (len(found["changed"]), len(found["new"])) == (MOST_CHANGED, MOST_NEW)
    first = {"line": 2, "name": "会社0", "changes": [["industry", "小売", "物流"]]}
    assert found["changed"][0] == first
    assert (report["updated"], report["created"]) == (MOST_CHANGED + 3, MOST_NEW + 4)


def test_parents_attributes_and_stages_are_shown_once_a_row(tried: Tried, acme: Workspace) -> None:
    a_customer("親", external_id="P-1")
    a_customer("子", external_id="C-1", stage="onboarding")
    text = "external_id,name,parent,stage,店舗数\nC-1,子,P-1,adoption,12\n"
    (report,) = tried(customers=text)
    (row,) = report["sample"]["changed"]
    changes = {key: (before, now) for key, before, now in row["changes"]}
    assert changes["parent"] == ("", "親") and changes["stage"] == ("onboarding", "adoption")


def test_contacts_and_contracts_are_shown_with_whose_they_are(
    tried: Tried, acme: Workspace
) -> None:
    customer = a_customer("株式会社青葉", external_id="C-1")
    a_contact(customer, name="澪", external_id="P-1", title="課長")
    signed = a_contract(customer, external_id="K-1", amount=1_200_000)
    product = signed.product.name
    contacts, contracts = tried(
        contacts="external_id,customer,name,title\nP-1,C-1,澪,部長\n",
        contracts="external_id,customer,product,start_on,amount,term_months\n"
        f"K-1,C-1,{product},{signed.start_on},2400000,{12}\n",
    )
    (contact,) = contacts["sample"]["changed"]
    assert (contact["name"], contact["changes"]) == (
        "澪 (株式会社青葉)",
        [["title", "課長", "部長"]],
    )
    (contract,) = contracts["sample"]["changed"]
    assert contract["name"].startswith("K-1 株式会社青葉")
    assert ["amount", "1200000", "2400000"] in contract["changes"]


def test_an_import_itself_keeps_no_sample(tmp_path: Path, acme: Workspace) -> None:
    (tmp_path / "customers.csv").write_text("external_id,name\nC-1,青葉\n")
    plan = planning.plan_import([("customers.csv", tmp_path / "customers.csv")])
    run = running.start_run(plan, source="customers.csv", by=None)
    (report,) = running.run_import(plan, run=run, by=None)
    assert "sample" not in report and ImportRun.objects.get().state == "done"
