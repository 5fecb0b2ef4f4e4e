"""Files of imports that nobody needs any more: they hold what a whole book holds."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from banso.core.models import ImportRun
from banso.office.connections import files

State = ImportRun.State
KEPT = timedelta(days=7)  # from the last change of a draft on


def sweep_drafts() -> int:
    """Drafts of the open workspace that nobody has touched for a week are gone with their files;
    of failed imports the files alone. How many drafts. Twice is once.
    """
    before = timezone.now() - KEPT
    old = ImportRun.objects.filter(created_at__lt=before)
    for pk in old.filter(state=State.FAILED).values_list("pk", flat=True):
        files.forget(pk)
    drafts = old.filter(state=State.DRAFT).values_list("pk", flat=True)
    return sum(_drop(pk, before=before.timestamp()) for pk in drafts)


@transaction.atomic
def _drop(pk: UUID, *, before: float) -> bool:
    """Whether the draft is gone: not one that somebody has touched, or works on just now."""
    waiting = ImportRun.objects.select_for_update(skip_locked=True)
    run = waiting.filter(pk=pk, state=State.DRAFT).first()
    if run is None or files.touched(pk) >= before:
        return False
    run.delete()
    files.forget(pk)
    return True


def sweep_files() -> int:
    """Files that a dying process left without an import are gone after a day; how many folders.

    Looks across workspaces: a folder without a run belongs to none.
    """
    yesterday = timezone.now() - timedelta(days=1)
    runs = ImportRun.anywhere.values_list("pk", flat=True)
    return files.sweep(set(runs), before=yesterday.timestamp())
