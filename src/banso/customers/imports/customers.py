"""Customers in and out of files."""

import re
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from banso.core.errors import Refused
from banso.core.imports.declarations import ImportTable, Row, Values
from banso.core.imports.loading import Loading
from banso.core.models import ImportedRow, ImportRun
from banso.core.scope import current_workspace
from banso.customers import services
from banso.customers.imports import alike, showing
from banso.customers.imports.customer_columns import COLUMNS
from banso.customers.imports.references import (
    Customers,
    Found,
    People,
    company_key,
    created_ids,
    delete_made,
    found_by_keys,
    own_key,
    restored,
    stored,
    text_of,
    vanished_of,
)
from banso.customers.masters import Masters
from banso.customers.merged import filling, survivor_of
from banso.customers.models import CustomAttribute, Customer, StageChange
from banso.customers.services.names import refold_customer
from banso.customers.source_ids import looked_up
from banso.lib.bad_value import BadValue
from banso.lib.corporate_number import corporate_number
from banso.lib.names import fold_company
from banso.lib.text import narrow

PLAIN = (
    "external_id", "name", "name_reading", "corporate_number", "former_names", "domain", "industry", "country", "employees", "tier",
    "goals", "approach", "purpose", "maturity", "competitor", "switched_from", "fiscal_month",
    "since", "last_contact_on", "currency", "source", "source_id",
)  # fmt: skip
MONTH = re.compile(r"\s*(\d{1,2})\s*(?:月末?(?:期|決算)?)?\s*")  # 3, 3月, 3月期, 3月末決算
NOBODY = Masters()
NAMES_APART = re.compile(r"[;；、\n]+")  # no comma: Acme, Inc.
PEOPLE = {"main_owner": "main_owner_id", "sub_owner": "sub_owner_id"}


Unknown = tuple[Row, Mapping[str, UUID]]  # with its owners


def key(values: Values) -> Hashable:
    """Customers are told apart by an id; without any, by their name as people compare it."""
    return own_key(values) or company_key(values["name"])


def load(rows: Sequence[Row], loading: Loading) -> None:
    """New customers are made, known ones take what the file says; an empty cell changes nothing."""
    _ensure_attributes(rows, loading)
    known, members = _Known(rows), People()
    unknown: list[Unknown] = []
    for row in rows:
        owners = _owners(row, members, loading)
        if owners is None:
            continue
        if (standing := known.get(row.values)) is not None:
            _update(standing, row, owners, loading, led=known.is_led(row.values))
        else:
            unknown.append((row, owners))
    _make(unknown, known, loading)


def _make(rows: Sequence[Unknown], known: "_Known", loading: Loading) -> None:
    """Rows of nobody who stands are new customers, unless a person said otherwise."""
    new = [(row, _new_customer(row, owners, loading)) for row, owners in rows]
    alike.look(new, loading)
    for row, owners in rows:
        if (standing := known.said(row, loading)) is not None:
            led = str(standing.pk) != loading.decisions[row.line]
            _update(standing, row, owners, loading, led=led)
            known.left_out.add(row.line)
    new = [one for one in new if one[0].line not in known.left_out]
    made = services.create_customers(
        [one for _row, one in new], by=loading.by, import_run=loading.run
    )
    for (row, _one), outcome in zip(new, made, strict=True):
        if isinstance(outcome, Refused):
            loading.refuse_row(row.line, outcome)
        else:
            loading.created(row.line, outcome.pk)
            _place_later(row, outcome.pk, loading)


def _place_later(row: Row, child: UUID, loading: Loading, *, led: bool = False) -> None:
    """`finish` puts the row's customer below the parent that the row names; not for a merged one's."""
    if "parent" in row.values and not led:
        loading.later.append((row.line, child, row.values["parent"]))


class _Known:
    """Customers that stand already: by key, else by name where the row has no key; else by what
    a person said of the line."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.found: Found = found_by_keys(Customer, [row.values for row in rows])
        self.by_name: dict[str, Customer] = {}
        self.left_out: set[int] = set()
        names = [row.values["name"] for row in rows if own_key(row.values) is None]
        if names:
            folded = {fold_company(name) for name in names}
            nameless = Customer.known.filter(external_id="").select_related("merged_into")
            for one in nameless.order_by(F("merged_into").asc(nulls_last=True), "-pk"):
                if (own := fold_company(one.name)) in folded:
                    self.by_name[own] = one

    def said(self, row: Row, loading: Loading) -> Customer | None:
        """Whom a person said the row is. A line that is to be left out is told of, and kept."""
        decision = loading.decisions.get(row.line, "new")
        if decision == "skip":
            loading.leave_out(row.line)
            self.left_out.add(row.line)
        elif decision != "new":
            living = Customer.objects.select_for_update(no_key=True)
            heir = survivor_of(Customer, UUID(decision)) or decision
            standing: Customer | None = living.filter(pk=heir).first()
            if standing is not None:
                return standing
            loading.refuse(row.line, "name", "unknown_customer", value=row.values["name"][:60])
            self.left_out.add(row.line)
        return None

    def get(self, values: Values) -> Customer | None:
        if own_key(values) is None:
            named = self.by_name.get(fold_company(values["name"]))
            heir: Customer | None = named.merged_into or named if named else None
            return heir
        found: Customer | None = self.found.get(values)
        return found

    def is_led(self, values: Values) -> bool:
        """Whether the row names one that was merged into another."""
        if own_key(values) is None:
            named = self.by_name.get(fold_company(values["name"]))
            return bool(named and named.merged_into_id)
        return self.found.is_led(values)


def _owners(row: Row, members: People, loading: Loading) -> dict[str, UUID] | None:
    """Owners' ids; None when one of them is nobody here or one of several, which is told."""
    owners: dict[str, UUID] = {}
    for column, attribute in PEOPLE.items():
        if (said := row.values.get(column)) is None:
            continue
        found = members.find(said)
        if len(found) != 1:
            problem = "ambiguous_person" if found else "unknown_person"
            loading.refuse(row.line, column, problem, value=said[:60])
            return None
        owners[attribute] = found[0]
    return owners


def _plain(values: Values) -> dict[str, Any]:
    """The row's plain columns as a customer keeps them."""
    plain: dict[str, Any] = {name: values[name] for name in PLAIN if name in values}
    if "source_id" in plain:
        plain["source_id"] = looked_up(plain.get("source", ""), plain["source_id"])
    if "corporate_number" in plain:
        with suppress(BadValue):  # the service refuses the row, in words
            plain["corporate_number"] = corporate_number(plain["corporate_number"])
    if found := MONTH.fullmatch(narrow(plain.get("fiscal_month", ""))):
        plain["fiscal_month"] = int(found[1])  # what is no month the service refuses, in words
    if "former_names" in plain:
        names = NAMES_APART.split(plain["former_names"])
        plain["former_names"] = [name.strip() for name in names if name.strip()]
    return plain


def _new_customer(row: Row, owners: Mapping[str, UUID], loading: Loading) -> services.NewCustomer:
    plain = _plain(row.values)
    plain |= owners
    plain.setdefault("currency", loading.currency)
    if "stage" in row.values:
        plain["stage"] = row.values["stage"]
    if "stage_since" in row.values:
        plain["stage_since"] = row.values["stage_since"]
    return services.NewCustomer(**plain, attributes=row.attributes)


def _update(
    customer: Customer, row: Row, owners: Mapping[str, UUID], loading: Loading, *, led: bool
) -> None:
    kept = _masters(customer, loading).kept(customer) if led else None
    changes, before = _differences(customer, row, owners, kept=kept)
    stage = customer.stage if led else row.values.get("stage", customer.stage)
    if not changes and stage == customer.stage:
        loading.unchanged(row.line)
        _place_later(row, customer.pk, loading, led=led)
        return
    if stage != customer.stage:
        before |= {"stage": customer.stage, "stage_since": stored(customer.stage_since)}
        before["stages"] = list(customer.stage_changes.values_list("pk", flat=True))
    with loading.whole(row.line):
        if stage != customer.stage:
            since = row.values.get("stage_since") or current_workspace().today()
            services.change_stage(customer.pk, stage=stage, entered_on=since, by=loading.by)
        if changes:
            masters = _masters(customer, loading)
            services.update_customer(customer.pk, changes=changes, by=loading.by, masters=masters)
        loading.updated(row.line, customer.pk, before)
        _place_later(row, customer.pk, loading, led=led)


def _masters(customer: Customer, loading: Loading) -> Masters:
    """Who may change the customer by this file. 1 query for a file, where anybody comes from a source."""
    known = loading.kept(Masters.known) if customer.source_id else NOBODY
    return replace(known, source=loading.source)


def _differences(
    customer: Customer,
    row: Row,
    owners: Mapping[str, UUID],
    *,
    kept: Collection[str] | None = None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the row changes besides the stage, and what stood there before.

    `kept`: the row names one that was merged into the customer, of whom another system keeps these.
    """
    given: dict[str, Any] = {**_plain(row.values), **owners, "attributes": row.attributes}
    if kept is not None:
        given = filling(customer, given, kept=kept)
    told = given.pop("attributes", {})
    changes = {name: value for name, value in given.items() if getattr(customer, name) != value}
    before = {name: stored(getattr(customer, name)) for name in changes}
    if "name" in changes:  # the service keeps the old one there
        before["former_names"] = list(customer.former_names)
    known = customer.attributes
    fresh = {name: value for name, value in told.items() if known.get(name) != value}
    if fresh:
        changes["attributes"], before["attributes"] = fresh, dict(known)
    return changes, before


def _ensure_attributes(rows: Sequence[Row], loading: Loading) -> None:
    """Every attribute the file brings is known here, of the kind its values were read as."""
    wanted = {name for row in rows for name in row.attributes}
    for name in sorted(wanted - set(attribute_kinds())):
        made = services.create_attribute(
            key=name,
            label=name.replace("_", " ").capitalize()[:80],
            kind=loading.attribute_kinds[name],
            by=loading.by,
        )
        loading.created(0, made.pk, table="attribute")


def finish(loading: Loading) -> None:
    """Parents are set last, because a file may name them before their own row."""
    companies = Customers((parent for _line, _child, parent in loading.later), loading.source)
    wanted: list[tuple[int, UUID, UUID]] = []
    for line, child, name in loading.later:
        if (parent := companies.find(name)) is None:
            loading.refuse(line, "parent", "unknown_parent", value=name[:60])
        else:
            wanted.append((line, child, parent))
    masters = replace(loading.kept(Masters.known) if wanted else NOBODY, source=loading.source)
    pairs = [(child, parent) for _line, child, parent in wanted]
    placed = services.place_customers(pairs, by=loading.by, masters=masters)
    for (line, child, _parent), outcome in zip(wanted, placed, strict=True):
        if isinstance(outcome, Refused):
            loading.refuse_row(line, outcome)
        elif outcome.moved:
            loading.remember(line, child, {"parent": stored(outcome.before)})


def undo(run: ImportRun, rows: Sequence[ImportedRow]) -> None:
    """Customers that the run made are gone with all that hangs on them; others are as before."""
    for row in rows:
        if row.before is not None and row.table == CUSTOMERS.name:
            _restore(row.object_id, dict(row.before))
    delete_made(Customer, rows, CUSTOMERS.name)
    for pk in created_ids(rows, f"{CUSTOMERS.name}:attribute"):
        attribute = CustomAttribute.objects.filter(pk=pk).first()
        if (
            attribute
            and not Customer.with_deleted.filter(attributes__has_key=attribute.key).exists()
        ):
            attribute.delete()


def _restore(pk: str, before: dict[str, Any]) -> None:
    customer: Customer = Customer.with_deleted.get(pk=pk)
    stages = before.pop("stages", None)
    if stages is not None:
        StageChange.objects.filter(customer=customer).exclude(pk__in=stages).delete()
    names = restored(customer, before)
    refold_customer(customer)
    customer.save(update_fields=[*names, "name_folded", "name_sort"])


def attribute_kinds() -> dict[str, str]:
    """Kinds as cells are read; a choice is a text."""
    kinds = CustomAttribute.objects.values_list("key", "kind")
    return {name: "text" if kind == "choice" else kind for name, kind in kinds}


def attribute_labels() -> dict[str, str]:
    return dict(CustomAttribute.objects.values_list("key", "label"))


def exported() -> Iterator[dict[str, str]]:
    """Every live customer as an import would read it."""
    living = Customer.objects.select_related("main_owner", "sub_owner", "parent").order_by("pk")
    for one in living.iterator(chunk_size=2000):
        row = {name: text_of(getattr(one, name)) for name in (*PLAIN, "stage", "stage_since")}
        row["id"] = str(one.pk)
        row["former_names"] = "; ".join(one.former_names)
        row["main_owner"] = one.main_owner.email if one.main_owner else ""
        row["sub_owner"] = one.sub_owner.email if one.sub_owner else ""
        parent = one.parent if one.parent and one.parent.deleted_at is None else None
        row["parent"] = (parent.external_id or str(parent.pk)) if parent else ""
        row |= {f"attributes.{name}": text_of(value) for name, value in one.attributes.items()}
        yield row


CUSTOMERS = ImportTable(
    name="customers",
    label=_("Customers"),
    order=10,
    columns=COLUMNS,
    key=key,
    load=load,
    finish=finish,
    undo=undo,
    rows=exported,
    seen=showing.customers,
    why=alike.why,
    vanished=vanished_of(Customer.objects.all),
    aliases=("accounts", "companies", "顧客一覧", "顧客リスト", "取引先"),
    attribute_kinds=attribute_kinds,
    attribute_labels=attribute_labels,
)
