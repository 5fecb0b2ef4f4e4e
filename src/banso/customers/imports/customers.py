"""Customers in and out of files."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from banso.core.errors import Refused
from banso.core.imports.declarations import Column, ImportTable, Row, Values
from banso.core.imports.loading import Loading
from banso.core.models import ImportedRow, ImportRun
from banso.core.scope import current_workspace
from banso.customers import services
from banso.customers.imports import showing
from banso.customers.imports.references import (
    EXTERNAL_ID,
    ID,
    SOURCE,
    SOURCE_ID,
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
)
from banso.customers.models import CustomAttribute, Customer, Stage, StageChange, Tier
from banso.customers.services.names import refold_customer
from banso.lib.names import fold_company

COLUMNS = (
    EXTERNAL_ID,
    Column(
        "name",
        _("Company name"),
        required=True,
        aliases=(
            "company", "company_name", "account_name", "customer_name", "customer",
            "会社", "企業名", "顧客名", "取引先名", "社名", "法人名",
        ),
        example="株式会社サンプル",
    ),
    Column(
        "name_reading",
        _("Reading (kana)"),
        aliases=("kana", "furigana", "フリガナ", "カナ", "会社名カナ", "よみがな", "読み"),
        example="サンプル",
    ),
    Column("domain", _("Web domain"), aliases=("website", "url", "ドメイン"), max_length=253),
    Column("parent", _("Parent company (external ID)"), aliases=("親会社",), max_length=200),
    Column("industry", _("Industry"), aliases=("業界", "業態"), max_length=80, example="IT"),
    Column("country", _("Country"), aliases=("国", "国コード"), max_length=40, example="JP"),
    Column("employees", _("Employees"), "whole", aliases=("employee_count", "社員数", "人数")),
    Column(
        "tier",
        _("Touch tier"),
        "choice",
        aliases=("touch", "segment", "タッチ", "セグメント"),
        choices=lambda: Tier.choices,
        example="high",
    ),
    Column(
        "stage",
        _("Lifecycle stage"),
        "choice",
        aliases=("lifecycle", "ステージ", "フェーズ"),
        choices=lambda: Stage.choices,
        example="adoption",
    ),
    Column("stage_since", _("In this stage since"), "date"),
    Column("main_owner", _("Main owner (e-mail or name)"), aliases=("owner", "csm", "主担当", "主担当者", "担当CSM")),
    Column(
        "sub_owner",
        _("Sub owner (e-mail or name)"),
        # The last is how our own templates called it once.
        aliases=("副担当", "副担当者", "Second owner (e-mail or name)"),
    ),
    Column("goals", _("Goals"), aliases=("目標", "ゴール"), max_length=20_000),
    Column(
        "since",
        _("Customer since"),
        "date",
        aliases=("signup_date", "start_date", "created_at", "取引開始日", "利用開始日", "登録日"),
        example="2026-04-01",
    ),
    Column("last_contact_on", _("Last contact on"), "date", aliases=("最終接触日",)),
    Column("currency", _("Currency"), max_length=3, example="JPY"),
    SOURCE,
    SOURCE_ID,
    ID,
)  # fmt: skip
PLAIN = (
    "external_id", "name", "name_reading", "domain", "industry", "country", "employees", "tier",
    "goals", "since", "last_contact_on", "currency", "source", "source_id",
)  # fmt: skip
PEOPLE = {"main_owner": "main_owner_id", "sub_owner": "sub_owner_id"}


def key(values: Values) -> Hashable:
    """Customers are told apart by an id; without any, by their name as people compare it."""
    return own_key(values) or company_key(values["name"])


def load(rows: Sequence[Row], loading: Loading) -> None:
    """New customers are made, known ones take what the file says; an empty cell changes nothing."""
    _ensure_attributes(rows, loading)
    known, members = _Known(rows), People()
    new: list[tuple[Row, services.NewCustomer]] = []
    for row in rows:
        owners = _owners(row, members, loading)
        if owners is None:
            continue
        if "parent" in row.values:
            loading.later.append((row.line, row.values))
        if (standing := known.get(row.values)) is not None:
            _update(standing, row, owners, loading)
        else:
            new.append((row, _new_customer(row, owners, loading)))
    made = services.create_customers(
        [one for _row, one in new], by=loading.by, import_run=loading.run
    )
    for (row, _one), outcome in zip(new, made, strict=True):
        if isinstance(outcome, Refused):
            loading.refuse_row(row.line, outcome)
        else:
            loading.created(row.line, outcome.pk)


class _Known:
    """Customers that stand already: by key, else by name where the row has no key."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.found: Found = found_by_keys(Customer, [row.values for row in rows])
        self.by_name: dict[str, Customer] = {}
        names = [row.values["name"] for row in rows if own_key(row.values) is None]
        if names:
            folded = {fold_company(name) for name in names}
            for one in Customer.objects.filter(external_id="").order_by("-pk"):
                if (own := fold_company(one.name)) in folded:
                    self.by_name[own] = one

    def get(self, values: Values) -> Customer | None:
        if own_key(values) is None:
            return self.by_name.get(fold_company(values["name"]))
        found: Customer | None = self.found.get(values)
        return found


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


def _new_customer(row: Row, owners: Mapping[str, UUID], loading: Loading) -> services.NewCustomer:
    plain: dict[str, Any] = {name: row.values[name] for name in PLAIN if name in row.values}
    plain |= owners
    plain.setdefault("currency", loading.currency)
    if "stage" in row.values:
        plain["stage"] = row.values["stage"]
    if "stage_since" in row.values:
        plain["stage_since"] = row.values["stage_since"]
    return services.NewCustomer(**plain, attributes=row.attributes)


def _update(customer: Customer, row: Row, owners: Mapping[str, UUID], loading: Loading) -> None:
    changes, before = _differences(customer, row, owners)
    stage = row.values.get("stage", customer.stage)
    if not changes and stage == customer.stage:
        loading.unchanged(row.line)
        return
    if stage != customer.stage:
        before |= {"stage": customer.stage, "stage_since": stored(customer.stage_since)}
        before["stages"] = list(customer.stage_changes.values_list("pk", flat=True))
    with loading.whole(row.line):
        if stage != customer.stage:
            since = row.values.get("stage_since") or current_workspace().today()
            services.change_stage(customer.pk, stage=stage, entered_on=since, by=loading.by)
        if changes:
            services.update_customer(customer.pk, changes=changes, by=loading.by)
        loading.updated(row.line, customer.pk, before)


def _differences(
    customer: Customer, row: Row, owners: Mapping[str, UUID]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the row changes besides the stage, and what stood there before."""
    given: dict[str, Any] = {name: row.values[name] for name in PLAIN if name in row.values}
    given |= owners
    changes = {name: value for name, value in given.items() if getattr(customer, name) != value}
    before = {name: stored(getattr(customer, name)) for name in changes}
    known = customer.attributes
    fresh = {name: value for name, value in row.attributes.items() if known.get(name) != value}
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
    companies = Customers(values["parent"] for _line, values in loading.later)
    for line, values in loading.later:
        child = key_of(values)
        if child is None:
            continue  # the row itself was refused
        if (parent := companies.find(values["parent"])) is None:
            loading.refuse(line, "parent", "unknown_parent", value=values["parent"][:60])
        elif child.parent_id != parent:
            loading.remember(line, child.pk, {"parent": stored(child.parent_id)})
            try:
                services.update_customer(child.pk, changes={"parent_id": parent}, by=loading.by)
            except Refused as refusal:
                loading.refuse_row(line, refusal)


def key_of(values: Values) -> Customer | None:
    return _Known([Row(0, values, {})]).get(values)


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


def exported() -> Iterator[dict[str, str]]:
    """Every live customer as an import would read it."""
    living = Customer.objects.select_related("main_owner", "sub_owner", "parent").order_by("pk")
    for one in living.iterator(chunk_size=2000):
        row = {name: text_of(getattr(one, name)) for name in (*PLAIN, "stage", "stage_since")}
        row["id"] = str(one.pk)
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
    aliases=("accounts", "companies", "顧客一覧", "顧客リスト", "取引先"),
    attribute_kinds=attribute_kinds,
)
