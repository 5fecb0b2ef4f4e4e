"""Data nobody here made: what its own description states must come out of an import."""

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Sum

from banso.core.imports import exporting, mappings, planning, running, undoing
from banso.core.models import ImportRun, Workspace
from banso.core.scope import open_workspace
from banso.customers.models import CancellationNotice, Contract, ContractChange, Customer
from banso.customers.tests.sheets import differences
from banso.insight.health.facts import READ
from banso.lib.money import to_major
from banso.touchpoints.usage.models import DailyUsage, ImportedUsage

ABOVE = [up / "shared" / "data" / "ravenstack" for up in Path(__file__).resolve().parents[2:]]
DATA = next((place for place in ABOVE if place.is_dir()), ABOVE[0])
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is not here")
OWN_LOG = {"core_event", "core_importrun", "core_importedrow"}


def bring_in(folder: str) -> tuple[ImportRun, dict[str, dict[str, Any]]]:
    plan = planning.plan_import(
        planning.files_in(DATA / folder), mapping=mappings.load_mapping("ravenstack")
    )
    run = running.start_run(plan, source=folder, by=None)
    facts = running.run_import(plan, run=run, by=None)
    return run, {one["table"]: one for one in facts}


def counts(facts: dict[str, Any]) -> tuple[int, ...]:
    names = ("read", "created", "updated", "unchanged", "duplicates", "skipped")
    return tuple(facts[name] for name in names)


def tables() -> Iterator[str]:
    yield "usage_event"
    for model in apps.get_models():
        if model.__module__.startswith("banso.") and model._meta.db_table not in OWN_LOG:
            yield model._meta.db_table


def checksums() -> dict[str, str]:
    """A digest of every row of every table but the import log, events and jobs."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f"SELECT t::text FROM {table} t ORDER BY 1")  # noqa: S608
            rows = "\n".join(row for (row,) in cursor.fetchall())
            found[table] = hashlib.sha256(rows.encode()).hexdigest()
    return found


@pytest.mark.slow
def test_import_reproduces_what_the_data_states(acme: Workspace) -> None:
    _run, facts = bring_in("dd-mm-yyyy")
    expect_what_the_data_states(facts)
    for day in (date(2023, 9, 15), date(2024, 12, 30)):
        assert not differences(READ, day)  # read together, Fields say what they say one by one


@pytest.mark.slow
def test_import_again_changes_nothing_export_comes_back_and_undo_restores_every_table(
    acme: Workspace, tmp_path: Path
) -> None:
    empty = checksums()
    first, facts = bring_in("iso")
    expect_what_the_data_states(facts)
    expect_reused_ids_told(facts["usage"]["duplicate_rows"])
    full = checksums()
    second, facts = bring_in("dd-mm-yyyy")
    assert [counts(facts[name])[1:4] for name in ("customers", "contracts", "notices", "usage")] == [
        (0, 0, 500), (0, 0, 5000), (0, 0, 600), (0, 0, 24979)
    ]  # fmt: skip
    assert checksums() == full
    exporting.export_all(tmp_path)
    plan = planning.plan_import(planning.files_in(tmp_path))
    third = running.start_run(plan, source="x", by=None)
    told = running.run_import(plan, run=third, by=None)
    assert all(one["read"] == one["unchanged"] for one in told)
    assert checksums() == full
    for run in (third, second, first):
        undoing.undo_import(run.pk, by=None)
    assert checksums() == empty


def expect_what_the_data_states(facts: dict[str, dict[str, Any]]) -> None:
    """The figures of the data's own description."""
    assert counts(facts["customers"]) == (500, 500, 0, 0, 0, 0)
    assert counts(facts["contracts"]) == (5000, 5000, 0, 0, 0, 0)
    assert counts(facts["notices"]) == (600, 600, 0, 0, 0, 0)
    assert counts(facts["usage"]) == (25000, 24979, 0, 0, 21, 0)
    assert counts(facts["support_tickets"]) == (2000, 0, 0, 0, 0, 2000)
    assert facts["support_tickets"]["note"] == "no_room"
    assert not any(one["errors"] for one in facts.values())
    last = date(2025, 1, 1)
    ended = Contract.objects.filter(end_on__lte=last)
    assert (Customer.objects.count(), Contract.objects.count(), ended.count()) == (500, 5000, 486)
    assert Contract.objects.filter(is_trial=True, amount=0).count() == 778
    assert set(Contract.objects.values_list("currency", flat=True)) == {"USD"}
    assert sum(to_major(mrr, "USD") for mrr in open_mrr()) == 10_159_608
    assert CancellationNotice.objects.exclude(reason="").count() == 600
    assert ImportedUsage.objects.count() == 24979
    assert DailyUsage.objects.aggregate(n=Sum("events"))["n"] == sum_of_events()


def expect_reused_ids_told(told: list[dict[str, Any]]) -> None:
    """Each with both lines, and the first row is the one that counts."""
    assert len(told) == 21
    lines = (DATA / "iso" / "ravenstack_feature_usage.csv").read_text().splitlines()
    for one in told:
        first, later = (lines[n - 1] for n in (one["params"]["first_line"], one["line"]))
        assert first.split(",")[0] == later.split(",")[0] == one["params"]["id"]
        kept = ImportedUsage.objects.get(source_id=one["params"]["id"])
        assert kept.events == int(first.split(",")[4])


def open_mrr() -> list[int]:
    """MRR of each contract that has not ended, in cents: the ledger's last live line."""
    lines = ContractChange.objects.filter(voided_at=None, contract__end_on=None)
    return [int(mrr) for mrr in lines.values_list("mrr", flat=True)]


def sum_of_events() -> int:
    found: int = ImportedUsage.objects.aggregate(n=Sum("events"))["n"]
    return found


def test_copy_with_a_mark_and_a_misspelt_name_brings_its_three_tables(acme: Workspace) -> None:
    _run, facts = bring_in("dd-mm-yyyy-with-bom")
    assert counts(facts["customers"]) == (500, 500, 0, 0, 0, 0)
    assert counts(facts["notices"]) == (600, 600, 0, 0, 0, 0)
    assert counts(facts["support_tickets"]) == (2000, 0, 0, 0, 0, 2000)
    assert {one["encoding"] for one in facts.values()} == {"utf-8-sig"}


def test_dry_run_tells_everything_and_writes_nothing(acme: Workspace) -> None:
    before = checksums() | {"runs": str(ImportRun.objects.count())}
    plan = planning.plan_import(
        planning.files_in(DATA / "dd-mm-yyyy-with-bom"), mapping=mappings.load_mapping("ravenstack")
    )
    facts = running.dry_run(plan, by=None)
    assert sum(one["created"] for one in facts) == 1100
    assert checksums() | {"runs": str(ImportRun.objects.count())} == before


def test_ids_of_another_workspace_do_not_match(acme: Workspace, other_workspace: Workspace) -> None:
    bring_in("dd-mm-yyyy-with-bom")
    with open_workspace(other_workspace):
        _run, facts = bring_in("dd-mm-yyyy-with-bom")
        assert counts(facts["customers"]) == (500, 500, 0, 0, 0, 0)
        assert Customer.objects.count() == 500
