"""What contacts were before (経歴): departments and titles with the day they ended, in and out of files."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from banso.core.imports.declarations import Column, ImportTable, Row, Values
from banso.core.imports.loading import Loading
from banso.core.models import ImportedRow, ImportRun
from banso.customers import services
from banso.customers.imports import showing
from banso.customers.imports.people import CONTACT, DEPARTMENT, ROLES, TITLE, Contacts, called
from banso.customers.imports.references import created_ids, restored, text_of
from banso.customers.models import FormerPost

COLUMNS = (
    CONTACT,
    Column(
        "until",
        _("Moved on"),
        "date",
        required=True,
        aliases=("moved_on", "異動日", "発令日"),
        example="2024-04-01",
    ),
    DEPARTMENT,
    TITLE,
    ROLES,
)
PLAIN = ("department", "title", "roles")
Natural = tuple[UUID, date]


def key(values: Values) -> Hashable:
    return values["contact"], values["until"]


def load(rows: Sequence[Row], loading: Loading) -> None:
    """New posts are told, known ones are what the file says; an empty cell changes nothing."""
    people = Contacts((row.values["contact"] for row in rows), loading.source)
    found = {row.line: people.find(row.values["contact"]) for row in rows}
    known = _standing({one for one in found.values() if one})
    for row in rows:
        if (contact := found[row.line]) is None:
            told = row.values["contact"][:60]
            loading.refuse(row.line, "contact", "unknown_contact", value=told)
        else:
            _say(contact, known, row, loading)


def _standing(contacts: set[UUID]) -> dict[Natural, FormerPost]:
    posts = FormerPost.objects.filter(contact_id__any=contacts).order_by("-pk")
    return {(one.contact_id, one.until): one for one in posts}


def _say(contact: UUID, known: dict[Natural, FormerPost], row: Row, loading: Loading) -> None:
    until = row.values["until"]
    standing = known.get((contact, until))
    now: Mapping[str, Any] = {name: getattr(standing, name) for name in PLAIN} if standing else {}
    given = {name: row.values[name] for name in PLAIN if name in row.values}
    if standing and all(_same(one, now[name]) for name, one in given.items()):
        loading.unchanged(row.line)
        return
    with loading.whole(row.line):
        told = services.tell_past_post(
            contact, until=until, by=loading.by, import_run=loading.run, **{**now, **given}
        )
        known[contact, until] = told
        if standing:
            loading.updated(row.line, told.pk, dict(now))
        else:
            loading.created(row.line, told.pk)


def _same(one: Any, other: Any) -> bool:
    """Roles in any order."""
    return sorted(one) == sorted(other) if isinstance(one, list) else one == other


def undo(run: ImportRun, rows: Sequence[ImportedRow]) -> None:
    """Posts that the run told of are gone, others are as before."""
    for row in rows:
        one = FormerPost.objects.filter(pk=row.object_id).first() if row.before else None
        if one is not None and row.before:
            one.save(update_fields=restored(one, row.before))
    FormerPost.objects.filter(pk__in=created_ids(rows, PAST_POSTS.name)).delete()


def exported() -> Iterator[dict[str, str]]:
    """Every former post of a contact who is here, as an import would read it."""
    living = FormerPost.objects.filter(contact__deleted_at=None, contact__customer__deleted_at=None)
    for one in living.select_related("contact").order_by("pk").iterator(2000):
        row = {name: text_of(getattr(one, name)) for name in (*PLAIN, "until")}
        row["contact"] = called(one.contact)
        yield row


PAST_POSTS = ImportTable(
    name="former_posts",
    label=_("Former posts"),
    order=26,
    columns=COLUMNS,
    key=key,
    load=load,
    undo=undo,
    rows=exported,
    seen=showing.past_posts,
    aliases=("career", "経歴", "異動履歴", "役職履歴"),
)
