"""Looking for files that are to come, taking each once, and telling of those that did not come."""

import hashlib
import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from banso.core import sql
from banso.core.errors import Refused
from banso.core.imports.declarations import import_table
from banso.core.imports.planning import Answers
from banso.core.jobs import enqueue_once
from banso.core.models import ArrivedFile, ImportRun, RepeatedImport
from banso.core.scope import current_workspace
from banso.office.connections import files, folders, kept_mappings, services, telling
from banso.office.connections.folders import Lying
from banso.office.connections.repeated import timetable

_log = logging.getLogger("banso.imports")
LOOK = "connections.look_now"
ONE_LOOKS = "SELECT pg_advisory_xact_lock(hashtextextended('look:' || %(workspace)s::text || %(repeated)s, 0))"
AT_ONCE = 20  # files of one look
BLOCK = 1 << 20
PATIENCE = timedelta(hours=1)
LATEST_NEWS = 8  # what ran at night is told before this hour
DAY = timedelta(days=1)
GIVES_UP = timedelta(minutes=15)  # by then somebody may ask anew
# Nothing of such a file is in the book: the same content may come again.
NOTHING_IN = ~Q(trouble="") | Q(run__state__in=(ImportRun.State.FAILED, ImportRun.State.UNDONE))


def look_for_files(*, now: datetime | None = None) -> None:
    """Every repeated import that is not paused has looked for its files. Twice is once.

    One that fails is logged and left for the next look: the others have their files all the same.
    """
    running = RepeatedImport.objects.filter(paused_at=None).order_by("pk")
    for pk in running.values_list("pk", flat=True):
        try:
            look(pk, now=now)
        except (
            OSError,
            IntegrityError,
            RepeatedImport.DoesNotExist,
        ):  # the disk's trouble; removed meanwhile
            _log.exception("a repeated import could not look for its files")
    telling.tell_waiting()


@transaction.atomic
def ask_to_look(repeated_import_id: UUID) -> None:
    """A job looks for files now, whatever the hour; `asked_found` says what came of it. Twice is once.

    Raises RepeatedImport.DoesNotExist.
    """
    one: RepeatedImport = RepeatedImport.objects.get(pk=repeated_import_id)
    if is_looking(one):
        return
    one.asked_at, one.asked_found = timezone.now(), None
    one.save(update_fields=["asked_at", "asked_found"])
    enqueue_once(LOOK, lock=f"{LOOK}:{one.pk}", repeated_import_id=str(one.pk))


def is_looking(one: RepeatedImport) -> bool:
    """Whether somebody has asked, and no job has answered yet."""
    if one.asked_at is None or one.asked_found is not None:
        return False
    return timezone.now() - one.asked_at < GIVES_UP


@transaction.atomic
def look_as_asked(repeated_import_id: UUID, *, now: datetime | None = None) -> None:
    """What somebody asked for, in a job. Nothing where it was answered, or the files come no more."""
    waiting = RepeatedImport.objects.filter(pk=repeated_import_id, asked_found=None)
    if waiting.exclude(asked_at=None).exists():
        found = look(repeated_import_id, asked=True, now=now)
        waiting.update(asked_found=found)


@transaction.atomic
def look(repeated_import_id: UUID, *, asked: bool = False, now: datetime | None = None) -> int:
    """New whole files of the folder are being imported; how many.

    From each of its hours on until a file has come, or now where somebody has `asked`: then also
    files that could not be begun before, or have failed. A file that has not come is told, once for each hour.
    Raises RepeatedImport.DoesNotExist.
    """
    _one_looks(repeated_import_id)
    one: RepeatedImport = RepeatedImport.objects.get(pk=repeated_import_id)
    now = (now or timezone.now()).astimezone(current_workspace().tz)
    hour = timetable(one).latest(now)
    waits = hour is not None and hour > max(one.since, one.arrived_for or one.since)
    if not (waits or asked):
        return 0
    if asked:
        _forget_refused(one)
    arrived = _take_all(one, now)
    if arrived and hour is not None:
        one.arrived_for = hour
        telling.forget_missing(one)
    elif waits and hour is not None and _is_missed(one, hour, now):
        one.missed_for = hour
        telling.tell_missing(one, hour=hour)
    row = RepeatedImport.objects.filter(pk=one.pk)
    row.update(arrived_for=one.arrived_for, missed_for=one.missed_for)
    return sum(file.run_id is not None for file in arrived)


def _one_looks(repeated_import_id: UUID) -> None:
    """Nobody else looks for these files until the transaction ends.

    No lock on the row: pages write it, and would wait until every file was read.
    """
    sql.run(ONE_LOOKS, {"repeated": str(repeated_import_id)})


def _forget_refused(one: RepeatedImport) -> None:
    """What could not be begun, has failed or was taken back may be tried again."""
    for file in one.files.filter(NOTHING_IN).select_related("run"):
        if file.run and file.run.state == ImportRun.State.DRAFT:
            services.discard(file.run.pk)
        one.files.filter(content=file.content).delete()


def _is_missed(one: RepeatedImport, hour: datetime, now: datetime) -> bool:
    """Whether it is time to say that no file has come: once an hour of the day, else once a day."""
    if one.every_hours:
        heard = max(filter(None, (one.since, one.arrived_for, one.missed_for)))
        return now - heard >= DAY
    return one.missed_for != hour and now >= patience_ends(hour)


def patience_ends(hour: datetime) -> datetime:
    """An hour later, but for an hour of the night early enough to be read before eight."""
    news = hour.replace(hour=LATEST_NEWS, minute=0) - timedelta(minutes=30)
    return min(hour + PATIENCE, news) if hour < news else hour + PATIENCE


def _take_all(one: RepeatedImport, now: datetime) -> list[ArrivedFile]:
    try:
        folder = folders.folder_of(one.place, one.folder)
        found = folders.lying(folder, one.pattern, now=now.timestamp())
    except (OSError, Refused):
        return []  # told as missing: a folder that is away has no file
    known = set(one.files.values_list("name", "size", "changed_ns"))
    new = [
        file
        for file in found
        if file.is_whole and (file.name, file.size, file.changed_ns) not in known
    ]
    taken = (_take(one, file) for file in new[:AT_ONCE])
    return [file for file in taken if file is not None]


def _take(one: RepeatedImport, lying: Lying) -> ArrivedFile | None:
    """The file is known, and is being imported if its content is new; None while it is written."""
    try:
        content = _content_of(lying)
        after = lying.path.stat()
    except OSError:
        return None
    if (after.st_size, after.st_mtime_ns) != (lying.size, lying.changed_ns):
        return None
    known = one.files.filter(content=content, same_as=None)
    known.filter(pk__in=known.filter(NOTHING_IN).values("pk")).update(is_lapsed=True)
    first = known.filter(is_lapsed=False).first()
    file: ArrivedFile = ArrivedFile.objects.create(
        repeated=one,
        name=lying.name[-255:],
        size=lying.size,
        changed_ns=lying.changed_ns,
        content=content,
        same_as=first,
    )
    if first is None:
        _begin(file, lying)
    telling.tell_unless_running(file)
    return file


def _content_of(lying: Lying) -> str:
    found = hashlib.sha256()
    with folders.opened(lying) as stream:
        while block := stream.read(BLOCK):
            found.update(block)
    return found.hexdigest()


def _begin(file: ArrivedFile, lying: Lying) -> None:
    """The import is queued; what is in the way of it is kept with the file."""
    try:
        file.run = _receive(file, lying)
        with transaction.atomic():
            services.begin(file.run.pk)
    except Refused as refusal:
        file.trouble = str(refusal.message)[:500]
    file.save(update_fields=["run", "trouble"])


def _receive(file: ArrivedFile, lying: Lying) -> ImportRun:
    """A draft of the import, with a copy of the file and the mapping of its repeated import."""
    one = file.repeated
    answers = Answers(date_order=(one.mapping or {}).get("date_order", ""))
    with folders.opened(lying) as stream:
        upload = UploadedFile(file=stream, name=lying.name, size=lying.size)
        run = services.receive([upload], answers=answers, by=None)
    ((name, path),) = files.paths(run.pk, run.settings["files"])
    table = import_table(one.table)
    mapping = one.mapping
    if mapping is None and table is not None:
        mapping = kept_mappings.from_source(kept_mappings.guessed(path, table), one.source)
    run.settings = {**run.settings, "chosen": {name: {"table": one.table, "kept": mapping}}}
    run.save(update_fields=["settings"])
    return run


def whereabouts(one: RepeatedImport) -> str:
    """Where its files are put, as people may write it: the workspace's own folder by its whole path."""
    root = folders.places().get(one.place)
    return str(root / one.folder) if root else one.place
