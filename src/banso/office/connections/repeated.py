"""Repeated imports: set up, paused, taken away."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.imports.declarations import import_table
from banso.core.imports.mappings import load_mapping
from banso.core.models import ImportRun, Membership, Person, RepeatedImport
from banso.lib.timetable import Timetable
from banso.office.connections import folders
from banso.office.connections.kept_mappings import Kept, from_source, kept

GUESSED, SHIPPED, LIKE = "", "mapping:", "run:"
HOURS, EVERY = range(24), range(1, 25)
READ_AS = ("columns", "sheet", "only", "has_footer", "date_order")  # what a run keeps of a file


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What a person says of files that come again and again.

    `mapping`: "" is guessed in each file, "mapping:<name>" one that ships, "run:<id>" as that import
    read its file; None leaves what is kept. One of `at_hour` and `every_hours`.
    """

    name: str
    place: str
    folder: str
    pattern: str
    table: str
    mapping: str | None
    source: str
    is_whole: bool
    at_hour: int | None
    every_hours: int | None
    weekdays: tuple[int, ...]
    tells_id: UUID | None


@transaction.atomic
def save_repeated_import(
    setup: Setup, *, repeated_import_id: UUID | None = None, by: Person | None
) -> RepeatedImport:
    """Files are taken as `setup` says from the next of its hours on.

    Raises RepeatedImport.DoesNotExist, ImportRun.DoesNotExist, Refused. Publishes
    core.repeated_import_saved.
    """
    one = _locked(repeated_import_id) if repeated_import_id else RepeatedImport(by=by)
    if setup.mapping is None and one.table != setup.table:
        words = _("For another table, say anew how its columns are read.")
        raise Refused(words, code="invalid", field="mapping")
    folders.folder_of(setup.place, setup.folder)
    for name in ("name", "place", "folder", "pattern", "table", "is_whole", "tells_id"):
        setattr(one, name, getattr(setup, name))
    one.at_hour, one.every_hours = setup.at_hour, setup.every_hours
    one.weekdays = sorted(set(setup.weekdays))
    one.since = timezone.now()
    _check(one)
    if setup.mapping is not None:
        one.mapping, one.mapped_like = _mapping(setup)
    one.source = setup.source or _said(one.mapping)
    if one.mapping is not None:
        one.mapping = from_source(one.mapping, one.source)
    one.save()
    publish("core.repeated_import_saved", one, by=by.pk if by else None)
    return one


def _check(one: RepeatedImport) -> None:
    if not one.name.strip() or not one.pattern.strip() or "/" in one.pattern:
        words = _("Name the files, such as *.csv or Account*.xlsx.")
        raise Refused(words, code="pattern", field="pattern")
    if import_table(one.table) is None:
        raise Refused(_("Choose one of the offered values."), code="invalid", field="table")
    if (one.at_hour is None) == (one.every_hours is None):
        raise Refused(_("Say an hour, or every how many hours."), code="hour", field="at_hour")
    if one.at_hour not in (None, *HOURS) or one.every_hours not in (None, *EVERY):
        raise Refused(_("Choose one of the offered values."), code="invalid", field="at_hour")
    if any(day not in range(7) for day in one.weekdays):
        raise Refused(_("Choose one of the offered values."), code="invalid", field="weekdays")
    if one.tells_id and not Membership.objects.filter(person_id=one.tells_id).exists():
        raise Refused(_("This person is not a member here."), code="invalid", field="tells")


def _mapping(setup: Setup) -> tuple[Kept | None, str]:
    """How the columns are read, and after what that was made."""
    said = setup.mapping or GUESSED
    if said.startswith(SHIPPED):
        name = said.removeprefix(SHIPPED)
        files = [one for one in load_mapping(name).files if one.table == setup.table]
        if not files:
            words = _("The mapping says nothing about this table.")
            raise Refused(words, code="invalid", field="mapping")
        return kept(files[0]), name
    if said.startswith(LIKE):
        return _like(UUID(said.removeprefix(LIKE)), setup.table)
    return None, ""


def _like(run_id: UUID, table: str) -> tuple[Kept, str]:
    run = ImportRun.objects.get(pk=run_id)
    found = [one for one in _files(run) if one["table"] == table]
    if not found:
        words = _("That import has read no file of this table.")
        raise Refused(words, code="invalid", field="mapping")
    return {name: found[0][name] for name in READ_AS if name in found[0]}, run.source


def _files(run: ImportRun) -> Iterable[Mapping[str, Any]]:
    facts: list[Mapping[str, Any]] = run.settings.get("plan", {}).get("files", [])
    return facts


def known_runs(limit: int = 20) -> list[ImportRun]:
    """Imports whose way to read can be repeated, latest first. 1 query."""
    done = ImportRun.objects.filter(state=ImportRun.State.DONE, settings__has_key="plan")
    return list(done.order_by("-created_at")[:limit])


def _said(mapping: Kept | None) -> str:
    """The source that the mapping itself names."""
    told = (mapping or {}).get("columns", {}).get("source", {})
    return str(told.get("constant", ""))


def _locked(repeated_import_id: UUID) -> RepeatedImport:
    # Whoever looks for its files points to it meanwhile, and is not waited for.
    waiting = RepeatedImport.objects.select_for_update(no_key=True)
    found: RepeatedImport = waiting.get(pk=repeated_import_id)
    return found


@transaction.atomic
def pause_repeated_import(repeated_import_id: UUID, *, paused: bool, by: Person) -> RepeatedImport:
    """No file is taken by itself until it goes on; what comes meanwhile is taken then.

    Raises RepeatedImport.DoesNotExist. Publishes core.repeated_import_paused or _resumed.
    """
    one = _locked(repeated_import_id)
    if paused == (one.paused_at is not None):
        return one
    one.paused_at = timezone.now() if paused else None
    if not paused:
        one.since = timezone.now()
    one.save(update_fields=["paused_at", "since"])
    name = "core.repeated_import_paused" if paused else "core.repeated_import_resumed"
    publish(name, one, by=by.pk)
    return one


@transaction.atomic
def delete_repeated_import(repeated_import_id: UUID, *, by: Person) -> None:
    """No file is taken any more; the files, the imports and their rows stay.

    Raises RepeatedImport.DoesNotExist. Publishes core.repeated_import_deleted.
    """
    one = _locked(repeated_import_id)
    publish("core.repeated_import_deleted", one, by=by.pk)
    one.delete()


def timetable(one: RepeatedImport) -> Timetable:
    return Timetable(one.at_hour, one.every_hours, one.weekdays)
