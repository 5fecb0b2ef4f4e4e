"""How a cell names a customer, a contract or a person of ours, and how rows find what stands."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from banso.core.imports.declarations import Column
from banso.core.models import ImportedRow, Membership
from banso.customers.merged import Led, led_by
from banso.customers.merges.following import remember_led
from banso.customers.merges.links import OWNER
from banso.customers.models import Contract, Customer
from banso.customers.source_ids import looked_up
from banso.lib.names import fold_company, fold_name
from banso.lib.text import as_code
from banso.lib.uuid7 import as_uuid

ID = Column("id", _("Banso ID"), aliases=("banso_id",), max_length=36)
EXTERNAL_ID = Column(
    "external_id",
    _("External ID"),
    aliases=("id番号", "コード", "外部id", "管理番号"),
    max_length=120,
)
SOURCE = Column("source", _("Source system"), "code", aliases=("取込元",), max_length=40)
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
    """Customers by what cells call them: external id, our id, or a name only one of them has.

    What calls one that was merged into another leads there.

    In a file of a `source` also by their id there.
    """

    def __init__(self, names: Iterable[str], source: str = "") -> None:
        wanted = {name for name in names if name}
        ids = [one for name in wanted if (one := as_uuid(name))]
        living = Customer.objects.all()
        self.by_external: dict[str, UUID] = dict(
            living.filter(external_id__any=wanted).values_list("external_id", "pk")
        )
        found = living.filter(pk__any=ids).values_list("pk", flat=True)
        self.by_id: set[UUID] = set(found) if ids else set()
        left = wanted - set(self.by_external)
        self.led: dict[str, Led] = led_by(Customer, "external_id", wanted) if wanted else {}
        self.led |= {str(one): led for one, led in led_by(Customer, "pk", ids).items()}
        self.by_source = self._of_source(source, left) if source and left else {}
        self.by_name = self._named(left - set(self.by_source))

    def _of_source(self, source: str, wanted: set[str]) -> dict[str, UUID]:
        """Ids of the source's own → the customer that comes from there, or has its rows."""
        kept = {name: looked_up(source, name) for name in wanted}
        here = Customer.known.filter(source=as_code(source), source_id__any=set(kept.values()))
        rows = here.values_list("source_id", "pk", "merged_into_id")
        found = {own: (pk, survivor) for own, pk, survivor in rows}
        known = {name: found[own] for name, own in kept.items() if own in found}
        self.led |= {name: Led(pk, heir) for name, (pk, heir) in known.items() if heir}
        return {name: heir or pk for name, (pk, heir) in known.items()}

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
        if name in self.by_source:
            return self.by_source[name]
        own = as_uuid(name)
        if own is not None and own in self.by_id:
            return own
        led = self.led.get(name) or self.led.get(str(own))
        return led.survivor if led else self.by_name.get(name)

    def remember(
        self, model: type[models.Model], made: Iterable[tuple[str, UUID]], *, link: str = OWNER
    ) -> None:
        """Of the new rows (how the file calls their customer, key), those said of one that was
        merged into another are that one's if the merge is undone. No query where nobody was."""
        said = [(self.led[name].merged, pk) for name, pk in made if name in self.led]
        remember_led(model, said, link=link)


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
    sources = [_source_key(row)[1] for row in rows if "source_id" in row]
    which = models.Q(pk__any=ids) | models.Q(external_id__any=external)
    if sources:
        which |= models.Q(source_id__any=sources)
    known = model.known if hasattr(model, "known") else model.objects
    return Found(list(known.select_for_update(no_key=True).filter(which).order_by("pk")))


class Found:
    """Rows that stand already, by their three keys. Keys of merged rows lead to who has their rows."""

    def __init__(self, rows: list[Any]) -> None:
        led = {row.merged_into_id for row in rows if getattr(row, "merged_into_id", None)}
        heirs = (
            type(rows[0]).objects.select_for_update(no_key=True).filter(pk__in=led) if led else ()
        )
        self.heirs = {row.pk: row for row in heirs}
        self.by_id = {row.pk: row for row in rows}
        self.by_external = {row.external_id: row for row in rows if row.external_id}
        self.by_source = {(row.source, row.source_id): row for row in rows if row.source_id}

    def get(self, values: Mapping[str, Any]) -> Any | None:
        row = self._named(values)
        led = getattr(row, "merged_into_id", None)
        return self.heirs.get(led) if led else row

    def is_led(self, values: Mapping[str, Any]) -> bool:
        """Whether the row's key is that of one that was merged into another."""
        return bool(getattr(self._named(values), "merged_into_id", None))

    def _named(self, values: Mapping[str, Any]) -> Any | None:
        if "id" in values and (own := as_uuid(values["id"])) in self.by_id:
            return self.by_id[own]
        if "external_id" in values:
            return self.by_external.get(values["external_id"])
        if "source_id" in values:
            return self.by_source.get(_source_key(values))
        return None


def own_key(values: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The key by which a row names itself, if it has one."""
    for name in ("id", "external_id"):
        if name in values:
            return (name, values[name])
    if "source_id" in values:
        return ("source_id", *_source_key(values))
    return None


def _source_key(values: Mapping[str, Any]) -> tuple[str, str]:
    """The source, and the row's id there, as they are kept."""
    source = values.get("source", "")
    return source, looked_up(source, values["source_id"])


def company_key(name: str) -> tuple[str, ...]:
    return ("name", fold_company(name))


def vanished_of(rows: Callable[[], Any]) -> Callable[[str, str, Collection[str]], Iterator[str]]:
    """Of these rows, ids of those that come from a source and whose key is none of the known.

    1 query; memory: one id a known key.
    """

    def find(source: str, key: str, known: Collection[str]) -> Iterator[str]:
        kept = {looked_up(source, one) for one in known} if key == "source_id" else set(known)
        of_source = (
            rows().filter(source=as_code(source)).exclude(**{key: ""}).values_list("pk", key)
        )
        return (str(pk) for pk, own in of_source.iterator() if own not in kept)

    return find


def same_text(said: Any, standing: Any) -> bool:
    """Whether they are one value; of texts also when only their ends of lines, or blanks around
    them, differ, which no spreadsheet keeps."""
    if isinstance(said, str) and isinstance(standing, str):
        return said.strip().splitlines() == standing.strip().splitlines()
    return bool(said == standing)


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
