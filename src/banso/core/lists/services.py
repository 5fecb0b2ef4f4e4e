"""A list into a file: at once where it is short, else by a job. Documents always by a job."""

import os
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from banso.core.access import permits_of
from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.jobs import enqueue
from banso.core.lists.declarations import READER, Document, List, Sheet, known
from banso.core.lists.writing import WRITERS, TooLong, at_most
from banso.core.models import ListExport, Membership, Person

AT_ONCE = 1_000  # rows that a request writes itself
MOST = 1_000_000  # rows: a sheet of Excel ends a little further
LONGEST_QUERY = 20_000
KEPT = timedelta(days=1)


def path_of(export_id: UUID) -> Path:
    return Path(settings.MEDIA_ROOT) / "exports" / str(export_id)


def begin(name: str, *, query: str, kind: str, by: Person) -> ListExport:
    """The list is written, if it is short; else a job is queued that writes it.

    In the language that is spoken now, and with what `by` may see. Raises Refused for unknown
    lists and kinds, lists that `by` may not see, and what the list's page refuses. Publishes
    core.list_exported or core.document_exported once the file is there.
    """
    if kind not in ListExport.Kind.values or len(query) > LONGEST_QUERY:
        raise Refused(_("A list can be had as .xlsx or CSV."), field="kind")
    language = translation.get_language() or "ja"
    export = ListExport(list=name[:80], query=query, kind=kind, language=language, by=by)
    if isinstance(_permitted(export)[0], Document):
        _queue(export)
        return export
    try:
        _write(export, most=AT_ONCE)
    except TooLong:
        _queue(export)
    return export


@transaction.atomic
def _queue(export: ListExport) -> None:
    export.save(force_insert=True)
    enqueue("core.write_list", list_export_id=str(export.pk))


def write_now(export_id: UUID) -> None:
    """The file itself, in a job. Twice is once. What is refused is told on the export."""
    export = ListExport.objects.filter(pk=export_id, state=ListExport.State.WAITING).first()
    if export is None:
        return
    with translation.override(export.language):
        try:
            _write(export, most=MOST)
        except (Refused, TooLong, ObjectDoesNotExist) as error:
            export.state, export.trouble = ListExport.State.FAILED, _trouble(error)
            export.save(update_fields=["state", "trouble"])


def _trouble(error: Exception) -> str:
    """In words: what was asked for may be gone by the time it is written."""
    if isinstance(error, Refused):
        return str(error.message)
    if isinstance(error, TooLong):
        return _("The list has more than %(limit)s rows. Filter it.") % {"limit": MOST}
    return _("There is no such list.")


def _permitted(export: ListExport) -> tuple[List | Document, frozenset[str]]:
    """The list or document, and what its maker may see now. Raises Refused."""
    found = known(export.list)
    member = Membership.objects.filter(person=export.by_id).first()
    permits = permits_of(member.role) if member else frozenset[str]()
    if found is None or not {found.permission, "core.export"} <= permits:
        raise Refused(_("There is no such list."), code="no_list", field="list")
    if isinstance(found, Document) and export.kind not in found.kinds():
        raise Refused(_("It cannot be had as a file of this kind here."), field="kind")
    if isinstance(found, List) and export.kind not in WRITERS:
        raise Refused(_("A list can be had as .xlsx or CSV."), field="kind")
    return found, permits


def _write(export: ListExport, *, most: int) -> None:
    """The file is whole or not there."""
    found, permits = _permitted(export)
    path = path_of(export.pk)
    draft = path.with_suffix(".new")
    path.parent.mkdir(parents=True, exist_ok=True)
    query = QueryDict(export.query.removeprefix("?"), mutable=True)
    query[READER] = str(export.by_id)
    try:
        if isinstance(found, Document):
            found.write(draft, export.kind, query, permits)
        else:
            sheet = found.read(query, permits)
            rows = at_most(sheet.rows, most)
            title = sheet.title or str(found.label)
            export.rows = WRITERS[export.kind](draft, Sheet(sheet.headings, rows), title)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    _done(export)


@transaction.atomic
def _done(export: ListExport) -> None:
    export.state = ListExport.State.DONE
    export.save()
    if export.kind in WRITERS:
        publish("core.list_exported", export, by=export.by_id, rows=export.rows)
    else:
        publish("core.document_exported", export, by=export.by_id)


def file_name(export: ListExport) -> str:
    """As an import knows it again, or as what it tells of is called."""
    found = known(export.list)
    name = found.file if found else "list"
    if isinstance(found, List) and found.named:
        name = found.named(QueryDict(export.query.removeprefix("?")))
    return f"{name}.{export.kind}"


def forget(exports: "list[ListExport]") -> int:
    """They and their files are gone; how many."""
    for one in exports:
        with suppress(OSError):
            path_of(one.pk).unlink(missing_ok=True)
        one.delete()
    return len(exports)


def sweep() -> int:
    """Exports of the open workspace that are a day old are gone; how many."""
    return forget(list(ListExport.objects.filter(created_at__lt=timezone.now() - KEPT)))
