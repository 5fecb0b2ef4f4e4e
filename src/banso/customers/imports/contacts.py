"""People on the customers' side, in and out of files."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from banso.core.errors import Refused
from banso.core.imports.declarations import Column, ImportTable, Row, Values
from banso.core.imports.loading import Loading
from banso.core.models import ImportedRow, ImportRun
from banso.core.scope import current_workspace
from banso.customers import services
from banso.customers.imports import showing
from banso.customers.imports.references import (
    CUSTOMER,
    EXTERNAL_ID,
    ID,
    SOURCE,
    SOURCE_ID,
    Customers,
    Found,
    delete_made,
    found_by_keys,
    own_key,
    restored,
    stored,
    text_of,
    vanished_of,
)
from banso.customers.merged import filling
from banso.customers.models import Contact, ContactRole, FormerPost, Presence
from banso.customers.services.names import refold_contact
from banso.customers.source_ids import looked_up
from banso.lib.names import fold_name

COLUMNS = (
    EXTERNAL_ID,
    CUSTOMER,
    Column(
        "name",
        _("Name"),
        required=True,
        aliases=(
            "contact_name",
            "full_name",
            "contact",
            "お名前",
            "氏名",
            "先方担当者名",
            "先方担当者",
        ),
        max_length=120,
        example="山田 花子",
    ),
    Column(
        "name_reading",
        _("Reading (kana)"),
        aliases=("kana", "furigana", "フリガナ", "カナ", "よみがな"),
        max_length=120,
        example="ヤマダ ハナコ",
    ),
    Column("email", _("E-mail"), aliases=("mail", "e-mail", "メール"), max_length=254),
    Column("phone", _("Phone"), aliases=("tel", "電話", "電話番号"), max_length=40),
    Column("department", _("Department"), aliases=("部署", "部署名", "所属"), max_length=120),
    Column("title", _("Job title"), aliases=("役職", "役職名", "position"), max_length=120),
    Column(
        "roles",
        _("Roles"),
        "choices",
        aliases=("role", "ロール"),
        choices=lambda: ContactRole.choices,
        example="champion",
    ),
    Column("presence", _("In post"), "choice", choices=lambda: Presence.choices, example="here"),
    Column("presence_since", _("In post or gone since"), "date"),
    SOURCE,
    SOURCE_ID,
    ID,
)
PLAIN = (
    "external_id", "name", "name_reading", "email", "phone", "department", "title", "roles",
    "source", "source_id",
)  # fmt: skip


def key(values: Values) -> Hashable:
    """An id; else the e-mail address or the name, within the customer."""
    return own_key(values) or _natural(values["customer"], values)


def _natural(customer: object, values: Mapping[str, Any]) -> tuple[object, ...]:
    if email := values.get("email"):
        return (customer, "email", email.lower())
    return (customer, "name", fold_name(values["name"]))


def load(rows: Sequence[Row], loading: Loading) -> None:
    """New contacts are made, known ones take what the file says; an empty cell changes nothing."""
    companies = Customers((row.values["customer"] for row in rows), loading.source)
    known = _Known(rows, companies)
    new: list[tuple[Row, services.NewContact]] = []
    for row in rows:
        if (customer := companies.find(row.values["customer"])) is None:
            told = row.values["customer"][:60]
            loading.refuse(row.line, "customer", "unknown_customer", value=told)
        elif (standing := known.get(customer, row.values)) is not None:
            _update(standing, customer, row, loading, led=known.is_led(customer, row.values))
        else:
            new.append((row, _new_contact(customer, row)))
    made = services.create_contacts(
        [one for _row, one in new], by=loading.by, import_run=loading.run
    )
    told = list[tuple[str, UUID]]()
    for (row, _one), outcome in zip(new, made, strict=True):
        if isinstance(outcome, Refused):
            loading.refuse_row(row.line, outcome)
        else:
            loading.created(row.line, outcome.pk)
            told.append((row.values["customer"], outcome.pk))
    companies.remember(Contact, told)


class _Known:
    """Contacts that stand already: by key, else by e-mail address or name of their customer."""

    def __init__(self, rows: Sequence[Row], companies: Customers) -> None:
        self.found: Found = found_by_keys(Contact, [row.values for row in rows])
        bare = [row.values for row in rows if own_key(row.values) is None]
        ids = {companies.find(values["customer"]) for values in bare}
        self.natural: dict[tuple[object, ...], Contact] = {}
        theirs = Contact.known.filter(customer_id__any=ids - {None}).select_related("merged_into")
        for one in theirs.order_by(F("merged_into").asc(nulls_last=True), "-pk"):
            facts = {"email": one.email, "name": one.name}
            self.natural[_natural(one.customer_id, facts)] = one
            self.natural[_natural(one.customer_id, {"name": one.name})] = one

    def get(self, customer: UUID, values: Values) -> Contact | None:
        if own_key(values) is None:
            named = self.natural.get(_natural(customer, values))
            heir: Contact | None = named.merged_into or named if named else None
            return heir
        found: Contact | None = self.found.get(values)
        return found

    def is_led(self, customer: UUID, values: Values) -> bool:
        """Whether the row names one that was merged into another."""
        if own_key(values) is None:
            named = self.natural.get(_natural(customer, values))
            return bool(named and named.merged_into_id)
        return self.found.is_led(values)


def _new_contact(customer: UUID, row: Row) -> services.NewContact:
    names = (*PLAIN, "presence", "presence_since")
    given = {name: row.values[name] for name in names if name in row.values}
    if "roles" in given:
        given["roles"] = tuple(given["roles"])
    return services.NewContact(customer_id=customer, **given)


def _update(contact: Contact, customer: UUID, row: Row, loading: Loading, *, led: bool) -> None:
    if contact.customer_id != customer:
        told = row.values["customer"][:60]
        loading.refuse(row.line, "customer", "other_customer", value=told)
        return
    given = {name: row.values[name] for name in PLAIN if name in row.values}
    if "source_id" in given:
        given["source_id"] = looked_up(given.get("source", ""), given["source_id"])
    if "roles" in given:
        given["roles"] = sorted(given["roles"], key=ContactRole.values.index)
    if led:
        given = filling(contact, given)
    changes = {name: value for name, value in given.items() if getattr(contact, name) != value}
    before = {name: stored(getattr(contact, name)) for name in changes}
    presence = row.values.get("presence", contact.presence)
    since = row.values.get("presence_since", contact.presence_since)
    moves = not led and (presence, since) != (contact.presence, contact.presence_since)
    if moves:
        before |= {"presence": contact.presence, "presence_since": stored(contact.presence_since)}
    if not before:
        loading.unchanged(row.line)
        return
    with loading.whole(row.line):
        if moves:
            day = since or current_workspace().today()
            post = {name: changes.pop(name) for name in ("department", "title") if name in changes}
            services.mark_contact_moved(
                contact.pk,
                presence=presence,
                since=day,
                by=loading.by,
                import_run=loading.run,
                **post,
            )
        if changes:
            services.update_contact(
                contact.pk, changes=changes, by=loading.by, import_run=loading.run
            )
        loading.updated(row.line, contact.pk, before)


def undo(run: ImportRun, rows: Sequence[ImportedRow]) -> None:
    """Contacts that the run made are gone, others are as before."""
    for row in rows:
        if row.before is not None:
            contact: Contact = Contact.with_deleted.get(pk=row.object_id)
            names = restored(contact, row.before)
            refold_contact(contact)
            contact.save(update_fields=[*names, "name_folded"])
    FormerPost.objects.filter(import_run=run).delete()
    delete_made(Contact, rows, CONTACTS.name)


def exported() -> Iterator[dict[str, str]]:
    """Every live contact of a live customer as an import would read it."""
    living = Contact.objects.filter(customer__deleted_at=None).select_related("customer")
    for one in living.order_by("pk").iterator(chunk_size=2000):
        names = (*PLAIN, "presence", "presence_since")
        row = {name: text_of(getattr(one, name)) for name in names}
        row["id"] = str(one.pk)
        row["customer"] = one.customer.external_id or str(one.customer_id)
        yield row


CONTACTS = ImportTable(
    name="contacts",
    label=_("Contacts"),
    order=20,
    columns=COLUMNS,
    key=key,
    load=load,
    undo=undo,
    rows=exported,
    seen=showing.contacts,
    vanished=vanished_of(lambda: Contact.objects.filter(customer__deleted_at=None)),
    aliases=("people", "先方担当者", "先方担当者一覧", "連絡先"),
)
