"""Undo: every row an import made is gone or void, every row it changed is as before."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from banso.core.declarations import event_text
from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.imports.declarations import import_tables
from banso.core.imports.running import wait_for_imports
from banso.core.models import Event, ImportedRow, ImportRun, Person
from banso.core.scope import ScopedModel
from banso.core.signing import sign

LISTED = 5
STANDS = (ImportRun.State.DONE, ImportRun.State.UNDOING)  # its rows are there


@transaction.atomic
def undo_import(run_id: UUID, *, by: Person | None) -> ImportRun:
    """Every query answers as it did before the run; events, jobs and the import log stay.

    Raises ImportRun.DoesNotExist outside this workspace, and Refused when the run is not done
    or when somebody has worked on its rows since (code "changed_since", told by name), also
    while it was being undone: nothing is changed then. Imports and undos of one workspace wait
    for each other. Publishes core.import_undone.
    """
    wait_for_imports()
    run: ImportRun = ImportRun.objects.select_for_update().get(pk=run_id)
    if run.state not in STANDS:
        raise not_done()
    rows = _Rows.of(run)
    _refuse([*_later_runs(run, rows), *_later_edits(run, rows)])
    sign(by.pk if by else None)
    for table in reversed(import_tables()):
        own = Q(table=table.name) | Q(table__startswith=f"{table.name}:")
        table.undo(run, list(ImportedRow.objects.filter(own, run=run).order_by("-pk")))
    _refuse(_later_edits(run, rows))  # of whoever held a row that we then waited for
    ImportedRow.objects.filter(run=run).delete()
    run.state = ImportRun.State.UNDONE
    run.undone_at = timezone.now()
    run.save(update_fields=["state", "undone_at"])
    publish("core.import_undone", run, by=by.pk if by else None)
    return run


def not_done() -> Refused:
    return Refused(_("Only a finished import can be undone."), code="not_done")


@dataclass(frozen=True, slots=True)
class _Rows:
    """Ids of all rows that a run touched, and of those among them that it made."""

    touched: set[str]
    made: set[str]

    @classmethod
    def of(cls, run: ImportRun) -> "_Rows":
        touched, made = set[str](), set[str]()
        rows = ImportedRow.objects.filter(run=run).values_list("object_id", "before")
        for object_id, before in rows.iterator():
            touched.add(object_id)
            if before is None:
                made.add(object_id)
        return cls(touched, made)


def _refuse(reasons: list[str]) -> None:
    """Refused for these reasons: what people or later imports did to the run's rows.

    What the program itself computed from the rows (scores, alerts and their tasks) does not
    count: it goes with them.
    """
    if reasons:
        words = _("This import cannot be undone any more: %(reasons)s.")
        listed = _("; ").join(reasons)
        raise Refused(words % {"reasons": listed}, code="changed_since")


def _later_runs(run: ImportRun, rows: _Rows) -> list[str]:
    later = ImportRun.objects.filter(state__in=STANDS, finished_at__gt=run.finished_at).order_by(
        "finished_at"
    )
    standing = _built_on(rows.made)
    return [
        _("the import of %(source)s stands on its rows") % {"source": one.source}
        for one in later
        if one.pk in standing or _shares(one, rows.touched)
    ]


def _shares(later: ImportRun, touched: set[str]) -> bool:
    rows = ImportedRow.objects.filter(run=later).values_list("object_id", flat=True)
    return any(one in touched for one in rows.iterator())


def _built_on(made: set[str]) -> set[UUID]:
    """Imports that brought rows which belong to rows in `made`, of whichever room."""
    found: set[UUID] = set()
    for model in apps.get_models():
        links = [one for one in model._meta.fields if one.is_relation and one.related_model]
        imports = [one.name for one in links if one.related_model is ImportRun]
        if not imports or model is ImportedRow or not issubclass(model, ScopedModel):
            continue
        owners = [one.name for one in links if _is_noun(one) and one.name not in imports]
        for name in owners if made else ():
            rows = model.objects.filter(**{f"{name}__in": made})
            found |= set(rows.values_list(imports[0], flat=True).distinct())
    return found


def _is_noun(link: Any) -> bool:
    """Whether the linked row is a noun that an import can have made."""
    target = link.related_model
    return issubclass(target, ScopedModel) and target._meta.pk.get_internal_type() == "UUIDField"


def _later_edits(run: ImportRun, rows: _Rows) -> list[str]:
    """People's own work since: on a row of the run, or about a customer that the run made."""
    events = Event.objects.filter(at__gt=run.finished_at).exclude(by=None).order_by("at")
    found = Counter(
        _sentence(one)
        for one in events.iterator()
        if one.subject_id in rows.touched or str(one.customer_id) in rows.made
    )
    return [_counted(sentence, count) for sentence, count in list(found.items())[:LISTED]]


def _sentence(event: Event) -> str:
    """As the timeline tells it; "" for what it does not tell."""
    text = event_text(event.name)
    return str(text.wording) % dict(text.words(event.facts)) if text else ""


def _counted(sentence: str, count: int) -> str:
    if not sentence:
        return ngettext("%(count)d change", "%(count)d changes", count) % {"count": count}
    words = ngettext("%(count)d change (%(name)s)", "%(count)d changes (%(name)s)", count)
    return words % {"count": count, "name": sentence}
