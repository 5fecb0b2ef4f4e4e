"""A book whose every text is such a cell, and its texts again."""

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from banso.core.imports import exporting, planning, reports, running
from banso.core.imports.mappings import FileMapping, Source
from banso.core.models import ImportRun, Person
from banso.customers import services
from banso.customers.models import CancellationNotice, Contact, Contract, Customer, Plan
from banso.touchpoints.usage import store
from banso.touchpoints.usage.models import ImportedUsage

DAY = date(2026, 4, 1)
# Texts of each table that are exported. Names are stored without blanks around them.
TEXTS = {
    Customer: (
        "name", "name_reading", "external_id", "domain", "industry", "goals", "source",
        "source_id", "attributes",
    ),
    Contact: (
        "name", "name_reading", "external_id", "phone", "department", "title", "source",
        "source_id",
    ),
    Contract: ("external_id", "billing", "source", "source_id"),
    CancellationNotice: ("external_id", "reason", "detail"),
    Plan: ("name",),
    ImportedUsage: ("source_id", "person_key", "feature"),
}  # fmt: skip


@transaction.atomic
def write(cells: Sequence[str], *, by: Person) -> None:
    """A customer for each cell, with a contact, a contract, a notice and a row of usage."""
    services.create_attribute(key="note", label="Note", kind="text", by=by)
    product = services.ensure_product("製品", by=by)
    totals: list[store.Total] = []
    for line, cell in enumerate(cells, start=2):
        keys: dict[str, Any] = {"external_id": cell, "source": cell[:40], "source_id": cell}
        name = cell if cell.strip() else f"無名{line}"
        customer = services.create_customer(
            name=name, name_reading=cell, domain=cell, industry=cell, goals=cell,
            attributes={"note": cell}, by=by, **keys,
        )  # fmt: skip
        services.create_contact(
            customer.pk, name=name, name_reading=cell, phone=cell[:40], department=cell,
            title=cell, by=by, **keys,
        )  # fmt: skip
        plan = services.ensure_plan(product, name.strip(), by=by)
        services.sign_contract(
            customer.pk, product=product, plan=plan, start_on=DAY, amount=1200, billing=cell[:20],
            by=by, **keys,
        )  # fmt: skip
        services.record_notice(
            customer.pk, noticed_on=DAY, external_id=cell, reason=cell, detail=cell, by=by
        )
        totals.append(store.Total(cell, line, customer.pk, cell, DAY, events=1, person_key=cell))
    run = ImportRun.objects.create(mapping="", source="trial", by=by)
    store.add_imported(totals, run=run)


def values() -> dict[str, set[str]]:
    """Every text of the open book, by table and column."""
    found: dict[str, set[str]] = {}
    for model, names in TEXTS.items():
        for name in names:
            rows = model.objects.values_list(name, flat=True)
            words = {str(one) for one in rows}
            found[f"{model._meta.label}.{name}"] = words - {""}
    return found


def errors(cells: Sequence[str], folder: Path) -> Path:
    """A folder with the list of errors of an import whose cells and header are such, as CSV."""
    source, told = folder / "=1+1.csv", folder / "told"
    told.mkdir()
    with source.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["name", "=2+5+cmd|'/C calc'!A0"])
        writer.writerows([f"会社{n}", cell] for n, cell in enumerate(cells))
    columns = {
        "name": Source(header="name"),
        "employees": Source(header="=2+5+cmd|'/C calc'!A0"),
    }
    chosen = {source.name: FileMapping(patterns=(), table="customers", columns=columns)}
    plan = planning.plan_import([(source.name, source)], chosen=chosen)
    facts = running.dry_run(plan, by=None)
    with (told / "errors.csv").open("w", encoding="utf-8-sig", newline="") as file:
        exporting.problems_csv([reports.told(one) for one in facts], file)
    return told
