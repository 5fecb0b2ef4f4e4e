"""Dashboards are worked out ahead, and again when the ledger has changed."""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from banso.core.jobs import enqueue_once
from banso.core.models import Event
from banso.core.scope import current_workspace
from banso.core.snapshots import snapshot
from banso.customers.queries import purchase_currencies
from banso.insight.metrics import answers
from banso.insight.metrics.boards import buyers
from banso.insight.metrics.boards.dashboard import Board, Chosen, as_json, dashboard
from banso.insight.metrics.boards.kept import name_of, usual, words_of
from banso.insight.metrics.buyers.worth import Worth
from banso.insight.metrics.models import KeptBoard

Made = TypeVar("Made")
WORK_OUT, WORK_OUT_BUYERS = "metrics.work_out", "metrics.work_out_buyers"
LATELY = timedelta(days=7)


def work_out(chosen: Chosen) -> Board:
    """The dashboard from the ledger as it stands; pages show it from now on. Reads every line.

    Call it outside of a transaction, so that all it reads is of one moment.
    """
    return _keep(name_of(chosen), lambda: dashboard(chosen), as_json)


def work_out_buyers() -> Sequence[Worth]:
    """What customers without a contract are worth, for the page that tells it. Loads scipy.

    Call it outside of a transaction, as `work_out`.
    """
    return _keep(buyers.ASKED, _worths, buyers.as_json)


def _worths() -> list[Worth]:
    return [
        Worth(one.currency, one.until, one.n, one.n_again, one.value,
              tuple(one.buyers[: buyers.KEPT]), one.notes)
        for one in answers.purchase_lifetimes()
    ]  # fmt: skip


def _keep(asked: str, make: Callable[[], Made], dump: Callable[[Made], Any]) -> Made:
    begun, on, stamp = time.monotonic(), current_workspace().today(), snapshot(Event)
    made = make()
    kept = {
        "on": on,
        "stamp": stamp,
        "board": dump(made),
        "made_at": timezone.now(),
        "seconds": time.monotonic() - begun,
    }
    KeptBoard.objects.update_or_create(asked=asked, defaults=kept)
    return made


def work_out_soon(chosen: Chosen | None = None) -> None:
    """A job works it out: the usual dashboard where none is told. Many calls are one job."""
    words = words_of(chosen or usual())
    enqueue_once(WORK_OUT, lock=f"{WORK_OUT} {name_of(chosen or usual())}", chosen=words)


def work_out_buyers_soon() -> None:
    """A job works out what customers without a contract are worth. Many calls are one job."""
    enqueue_once(WORK_OUT_BUYERS, lock=WORK_OUT_BUYERS)


def begin_day() -> None:
    """The usual dashboard of today is worked out, unless it was, and what buyers are worth where
    anybody buys; old ones are forgotten.
    """
    today = KeptBoard.objects.filter(on=current_workspace().today())
    made = set(today.values_list("asked", flat=True))
    if name_of(usual()) not in made:
        work_out_soon()
    if buyers.ASKED not in made and purchase_currencies():
        work_out_buyers_soon()
    forget_boards()


@transaction.atomic
def forget_boards() -> int:
    """Dashboards that were not worked out for a week are gone; how many."""
    gone, _kinds = KeptBoard.objects.filter(made_at__lt=timezone.now() - LATELY).delete()
    return int(gone)
