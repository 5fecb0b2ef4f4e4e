"""Merges beside imports and beside each other; files that name who was merged away."""

from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from banso.core.errors import Refused
from banso.core.imports import planning, running
from banso.core.imports.plans import FilePlan
from banso.core.models import ImportRun, Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import fresh
from banso.customers.merges.merging import merge_customers
from banso.customers.merges.unmerging import unmerge
from banso.customers.models import Contact, Contract, Customer
from banso.customers.tests.builders import a_customer
from banso.touchpoints.usage.models import ImportedUsage

BOOK = {
    "customers.csv": "external_id,name,industry\nC-1,甲社,製造\nC-2,乙社,金融\n",
    "contacts.csv": "customer,name\nC-2,山田 花子\n",
    "contracts.csv": "external_id,customer,product,start_on,amount,payer\n"
    "K-2,C-2,製品,2026-04-01,1200,\nK-3,C-3,製品,2026-04-01,1200,C-2\n",
    "usage.csv": "customer,feature,day,events\nC-2,report,2026-11-18,3\n",
}


@pytest.fixture
def no_jobs_left() -> Iterator[None]:
    """Other tests run what is queued; their tables are emptied for them, this one is not."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def bring_in(
    folder: Path, files: dict[str, str], progress: running.Progress = running.silent
) -> ImportRun:
    for name, text in files.items():
        (folder / name).write_text(text)
    plan = planning.plan_import([(name, folder / name) for name in files])
    run = running.start_run(plan, source="x", by=None)
    running.run_import(plan, run=run, by=None, progress=progress)
    return run


def owners(model: Any) -> set[Any]:
    return set(model.objects.values_list("customer__name", flat=True))


def test_a_file_that_names_the_merged_one_finds_the_survivor(
    acme: Workspace, tmp_path: Path
) -> None:
    one = a_customer("甲社", external_id="C-1", industry="製造")
    other, third = a_customer("乙社", external_id="C-2"), a_customer("丙社", external_id="C-3")
    merge = merge_customers(one.pk, merged_id=other.pk, by=None)
    run = bring_in(tmp_path, BOOK)
    assert [table["errors"] for table in run.report["tables"]] == [[], [], [], []]
    survivor = Customer.objects.get(pk=one.pk)
    assert (survivor.name, survivor.external_id, survivor.industry) == ("甲社", "C-1", "製造")
    theirs = Contract.objects.get(customer=third)
    assert theirs.payer_id == one.pk
    for model in (Contact, Contract, ImportedUsage):
        assert owners(model) - {"丙社"} == {"甲社"}
    again = bring_in(tmp_path, BOOK)
    assert {table["created"] + table["updated"] for table in again.report["tables"]} == {0}
    unmerge(merge.pk, by=None)
    for model in (Contact, Contract, ImportedUsage):
        assert owners(model) - {"丙社"} == {"乙社"}
    assert fresh(theirs).payer_id == other.pk


@pytest.mark.usefixtures("no_jobs_left")
@pytest.mark.django_db(transaction=True)
def test_nothing_is_merged_while_an_import_runs(acme: Workspace, tmp_path: Path) -> None:
    one, other = a_customer("甲社", external_id="C-1"), a_customer("乙社", external_id="C-2")
    codes: list[str] = []

    def try_it() -> None:
        with open_workspace(acme), pytest.raises(Refused) as refused:
            merge_customers(one.pk, merged_id=other.pk, by=None)
        codes.append(refused.value.code)
        connection.close()

    def beside(_file: FilePlan, _rows: int) -> None:
        thread = Thread(target=try_it)
        thread.start()
        thread.join(10)

    bring_in(tmp_path, {"contacts.csv": BOOK["contacts.csv"]}, progress=beside)
    assert set(codes) == {"import_running"} and Customer.objects.count() == 2


@pytest.mark.usefixtures("no_jobs_left")
@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_merge_at_once_one_is_told(acme: Workspace) -> None:
    one, other = a_customer("甲社"), a_customer("乙社")
    together, outcomes = Barrier(2), list[str]()

    def go(survivor: Customer, merged: Customer) -> None:
        with open_workspace(acme):
            together.wait(10)
            try:
                merge_customers(survivor.pk, merged_id=merged.pk, by=None)
                outcomes.append("done")
            except Refused as refused:
                outcomes.append(refused.code)
        connection.close()

    threads = [Thread(target=go, args=pair) for pair in ((one, other), (other, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["done", "merged"]
    assert Customer.objects.count() == 1
