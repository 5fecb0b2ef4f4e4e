"""How a cell names a customer, a contract or a person of ours, and how rows find what stands."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from banso.core.imports.declarations import Column
from banso.core.models import ImportedRow, Membership
from banso.customers.models import Contract, Customer
from banso.lib.names import fold_company, fold_name
from banso.lib.uuid7 import as_uuid

ID = Column("id", _("Banso ID"), aliases=("banso_id",), max_length=36)
EXTERNAL_ID = Column(
    "external_id",
    _("External ID"),
    aliases=("id番号", "コード", "外部id", "管理番号"),
    max_length=120,
)
SOURCE = Column("source", _("Source system"), aliases=("取込元",), max_length=40)
SOURCE_ID = Column("source_id", _("ID in the source system"), max_length=120)
CUSTOMER = Column(
    "customer",
    _("Customer (external ID)"),
    required=True,
    aliases=(
        "customer_id", "customer_external_id", "account_id", "account", "company_id", "company",
        "顧客", "顧客id", "顧客コード", "顧客番号", "会社id", "企業id", "取引先id", "取引先コード",
    ),
    example="C-0001",
)  # fmt: skip

AT_ONCE = 1000  # rows deleted together: what hangs on them is read first


class Customers:
    """Customers by what cells call them: external id, our id, or a name only one of them has."""

    def __init__(self, names: Iterable[str]) -> None:
        wanted = {name for name in names if name}
        ids = [one for name in wanted if (one := as_uuid(name))]
        living = Customer.objects.all()
        self.by_external: dict[str, UUID] = dict(
            living.filter(external_id__any=wanted).values_list("external_id", "pk")
        )
        found = living.filter(pk__any=ids).values_list("pk", flat=True)
        self.by_id: set[UUID] = set(found) if ids else set()
        self.by_name = self._named(wanted - set(self.by_external))

    def _named(self, wanted: set[str]) -> dict[str, UUID | None]:
        """Exact names → the one customer that has it; None where several do."""
        found: dict[str, UUID | None] = {}
        if wanted:
            for name, pk in Customer.objects.filter(name__any=wanted).values_list("name", "pk"):
                found[name] = None if name in found else pk
        return found

    def find(self, name: str) -> UUID | None:
        if name in self.by_external:
            return self.by_external[name]
        own = as_uuid(name)
        if own is not None and own in self.by_id:
            return own
        return self.by_name.get(name)


def contracts_by_external(names: Iterable[str]) -> dict[str, tuple[UUID, UUID]]:
    """External id → (contract, customer), of live contracts of live customers. 1 query."""
    wanted = {name for name in names if name}
    found = Contract.objects.filter(external_id__in=wanted, customer__deleted_at=None)
    return (
        {
            name: (pk, customer)
            for name, pk, customer in found.values_list("external_id", "pk", "customer_id")
        }
        if wanted
        else {}
    )


class People:
    """The members here by what cells call them: e-mail address, or the name only one has. 1 query.

    Names are compared as people do: 髙橋　彩 is 高橋彩.
    """

    def __init__(self) -> None:
        rows = list(Membership.objects.values_list("person__email", "person__name", "person_id"))
        self._by_email = {email.lower(): pk for email, _name, pk in rows}
        self._by_name: dict[str, list[UUID]] = {}
        for _email, name, pk in rows:
            self._by_name.setdefault(fold_name(name), []).append(pk)

    def find(self, said: str) -> list[UUID]:
        """Whom the cell may mean: nobody, the one person, or several of one name."""
        if (by_email := self._by_email.get(said.strip().lower())) is not None:
            return [by_email]
        return self._by_name.get(fold_name(said), [])


def found_by_keys(model: Any, rows: Sequence[Mapping[str, Any]]) -> "Found":
    """Live rows that the given ones may be, by our id, external id and the source's id."""
    ids = [one for row in rows if "id" in row and (one := as_uuid(row["id"]))]
    external = [row["external_id"] for row in rows if "external_id" in row]
    sources = [row["source_id"] for row in rows if "source_id" in row]
    which = models.Q(pk__any=ids) | models.Q(external_id__any=external)
    if sources:
        which |= models.Q(source_id__any=sources)
    return Found(list(model.objects.select_for_update(no_key=True).filter(which).order_by("pk")))


class Found:
    """Rows that stand already, by their three keys."""

    def __init__(self, rows: list[Any]) -> None:
        self.by_id = {row.pk: row for row in rows}
        self.by_external = {row.external_id: row for row in rows if row.external_id}
        self.by_source = {(row.source, row.source_id): row for row in rows if row.source_id}

    def get(self, values: Mapping[str, Any]) -> Any | None:
        if "id" in values and (own := as_uuid(values["id"])) in self.by_id:
            return self.by_id[own]
        if "external_id" in values:
            return self.by_external.get(values["external_id"])
        if "source_id" in values:
            return self.by_source.get((values.get("source", ""), values["source_id"]))
        return None


def own_key(values: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The key by which a row names itself, if it has one."""
    for name in ("id", "external_id"):
        if name in values:
            return (name, values[name])
    if "source_id" in values:
        return ("source_id", values.get("source", ""), values["source_id"])
    return None


def company_key(name: str) -> tuple[str, ...]:
    return ("name", fold_company(name))


def stored(value: Any) -> Any:
    """A column's value as JSON keeps it for undo."""
    if isinstance(value, UUID | date):
        return str(value)
    return value


def created_ids(rows: Iterable[ImportedRow], table: str) -> list[str]:
    return [row.object_id for row in rows if row.table == table and row.before is None]


def delete_made(model: Any, rows: Iterable[ImportedRow], table: str) -> None:
    """What the run created in `table` is gone with all that hangs on it; 1,000 at a time."""
    ids = created_ids(rows, table)
    for start in range(0, len(ids), AT_ONCE):
        model.with_deleted.filter(pk__in=ids[start : start + AT_ONCE]).delete()


def restored(row: models.Model, before: Mapping[str, Any]) -> list[str]:
    """Set the columns of `row` to what they were; their names. Nothing is saved."""
    names, concrete = [], {column.name: column for column in row._meta.concrete_fields}
    for name, value in before.items():
        column = concrete[name]
        setattr(row, column.attname, column.to_python(value))
        names.append(column.attname)
    return names


def text_of(value: Any) -> str:
    """A value as an export writes it and an import reads it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, list | tuple):
        return ",".join(map(str, value))
    return str(value)
