"""Dashboards are worked out ahead, and again when the ledger has changed."""

import time
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from banso.core.jobs import enqueue_once
from banso.core.models import Event
from banso.core.scope import current_workspace
from banso.core.snapshots import snapshot
from banso.insight.metrics.boards.dashboard import Board, Chosen, as_json, dashboard
from banso.insight.metrics.boards.kept import name_of, usual, words_of
from banso.insight.metrics.models import KeptBoard

WORK_OUT = "metrics.work_out"
LATELY = timedelta(days=7)


def work_out(chosen: Chosen) -> Board:
    """The dashboard from the ledger as it stands; pages show it from now on. Reads every line.

    Call it outside of a transaction, so that all it reads is of one moment.
    """
    begun, on, stamp = time.monotonic(), current_workspace().today(), snapshot(Event)
    board = dashboard(chosen)
    kept = {
        "on": on,
        "stamp": stamp,
        "board": as_json(board),
        "made_at": timezone.now(),
        "seconds": time.monotonic() - begun,
    }
    KeptBoard.objects.update_or_create(asked=name_of(chosen), defaults=kept)
    return board


def work_out_soon(chosen: Chosen | None = None) -> None:
    """A job works it out: the usual dashboard where none is told. Many calls are one job."""
    words = words_of(chosen or usual())
    enqueue_once(WORK_OUT, lock=f"{WORK_OUT} {name_of(chosen or usual())}", chosen=words)


def begin_day() -> None:
    """The usual dashboard of today is worked out, unless it was; old ones are forgotten."""
    if not KeptBoard.objects.filter(
        asked=name_of(usual()), on=current_workspace().today()
    ).exists():
        work_out_soon()
    forget_boards()


@transaction.atomic
def forget_boards() -> int:
    """Dashboards that were not worked out for a week are gone; how many."""
    gone, _kinds = KeptBoard.objects.filter(made_at__lt=timezone.now() - LATELY).delete()
    return int(gone)
