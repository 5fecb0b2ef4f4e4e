"""Doing something on a day of the story: services see that day, and what they tell bears it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.db.models import Max

from banso.cli.demo.dates import moment
from banso.core.models import Event
from banso.core.scope import current_workspace


@contextmanager
def on_day(day: date, hour: int = 10) -> Iterator[datetime]:
    """In the block it is `day` in the open workspace; events published get that day's `hour`.

    What is told of the story's own day has happened at its very beginning: whoever looks at the
    demo at night sees nothing of hours to come.
    """
    workspace = current_workspace()
    now, latest = workspace.fixed_today, _latest_event()
    at = moment(day, 0 if day == now else hour)
    workspace.fixed_today = day
    try:
        yield at
    finally:
        workspace.fixed_today = now
    Event.objects.filter(pk__gt=latest).update(at=at)


def _latest_event() -> int:
    return Event.objects.aggregate(latest=Max("pk"))["latest"] or 0
