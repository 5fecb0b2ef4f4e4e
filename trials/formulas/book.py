"""A book whose every text is such a cell, and its texts again."""

import csv
from collections.abc import Sequence
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from banso.core.errors import Refused
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


PLANS = 10


@transaction.atomic
def write(cells: Sequence[str], *, by: Person) -> None:
    """A customer for each cell, with a contact, a contract, a notice and a row of usage."""
    services.create_attribute(key="note", label="Note", kind="text", by=by)
    product = services.ensure_product("製品", by=by)
    plans = [services.ensure_plan(product, name.strip(), by=by) for name in cells[-PLANS:]]
    ids = [one.pk for one in _made(services.create_customers(map(_customer, cells), by=by))]
    pairs = list(zip(ids, cells, strict=True))
    people = _made(services.create_contacts((_contact(*pair) for pair in pairs), by=by))
    _made(services.record_notices((_notice(*pair) for pair in pairs), by=by))
    contracts = [
        services.NewContract(
            customer_id=one, product_id=product.pk, plan_id=plans[n % PLANS].pk, start_on=DAY,
            amount=1200, billing=cell[:20], **_keys(cell),
        )
        for n, (one, cell) in enumerate(pairs)
    ]  # fmt: skip
    _made(services.sign_contracts(contracts, by=by))
    totals = [
        store.Total(cell, line, one, cell, DAY, 1, contact_id=person.pk, person_key=cell)
        for line, (one, cell), person in zip(count(2), pairs, people, strict=False)
    ]
    store.add_imported(totals, run=ImportRun.objects.create(mapping="", source="trial", by=by))


def _made(outcomes: Sequence[Any]) -> list[Any]:
    if refused := [one for one in outcomes if isinstance(one, Refused)]:
        raise refused[0]
    return list(outcomes)


def _keys(cell: str) -> dict[str, Any]:
    return {"external_id": cell, "source": cell[:40], "source_id": cell}


def _name(cell: str) -> str:
    return cell if cell.strip() else "無名"


def _customer(cell: str) -> services.NewCustomer:
    return services.NewCustomer(
        name=_name(cell), name_reading=cell, domain=cell, industry=cell, goals=cell,
        attributes={"note": cell}, **_keys(cell),
    )  # fmt: skip


def _contact(customer: UUID, cell: str) -> services.NewContact:
    return services.NewContact(
        customer_id=customer, name=_name(cell), name_reading=cell, phone=cell[:40],
        department=cell, title=cell, **_keys(cell),
    )  # fmt: skip


def _notice(customer: UUID, cell: str) -> services.NewNotice:
    return services.NewNotice(
        customer_id=customer, noticed_on=DAY, external_id=cell, reason=cell, detail=cell
    )


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
