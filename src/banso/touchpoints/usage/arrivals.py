"""What arrives and from where: the sources, their requests, and whether they have fallen silent."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from banso.core.scope import current_workspace
from banso.touchpoints.usage.models import Arrival, Source
from banso.touchpoints.usage.windows import resting

PAGE = 50
LARGEST_ID = 2**63 - 1
DIGITS = len(str(LARGEST_ID))  # Python refuses to read numbers of thousands of digits
KEPT_REQUESTS = 1000
KEPT = 16 * 1024  # bytes of a body
HIDDEN = 512  # write keys are taken out of it, a cut character too
SILENT_AFTER = timedelta(hours=24)  # days off are not counted
LONG_AGO = timedelta(days=30)
REGULAR_AFTER = timedelta(days=3)  # it has sent for so long before its silence says anything


NOTHING = (0, 0, 0)


class Pulse(StrEnum):
    """How a source is doing."""

    NEVER = "never"
    ARRIVING = "arriving"
    QUIET = "quiet"
    STOPPED = "stopped"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source and its day so far: new events, requests that were refused."""

    source: Source
    pulse: Pulse
    events: int = 0
    problems: int = 0
    requests: int = 0

    @property
    def at_least(self) -> bool:
        """Whether there were more: of a source, only the latest 1,000 requests are kept."""
        return self.requests >= KEPT_REQUESTS


@dataclass(frozen=True, slots=True)
class ArrivalPage:
    """Requests, newest first; `after` is where the next page begins, None on the last."""

    rows: list[Arrival]
    after: int | None


def id_in(text: str) -> int | None:
    """The request's id that the text is; None for what can be none."""
    is_number = len(text) <= DIGITS and text.isascii() and text.isdigit()
    return int(text) if is_number and int(text) <= LARGEST_ID else None


def source_rows() -> list[SourceRow]:
    """Every source by name, ended ones last. 3 queries."""
    days, now, rests = _day_so_far(), timezone.now(), _recent_rests()
    sources = Source.objects.order_by("name", "pk")
    rows = [SourceRow(one, pulse(one, now, rests), *days.get(one.pk, NOTHING)) for one in sources]
    return sorted(rows, key=lambda row: row.pulse is Pulse.ENDED)


def source_row(source_id: UUID) -> SourceRow:
    """One source and its day so far. Raises Source.DoesNotExist. 3 queries."""
    source = Source.objects.get(pk=source_id)
    day = _day_so_far(source_id).get(source.pk, NOTHING)
    return SourceRow(source, pulse(source, timezone.now(), _recent_rests()), *day)


def _day_so_far(source_id: UUID | None = None) -> dict[UUID, tuple[int, int, int]]:
    """New events, refused requests and requests since local midnight, by source."""
    ours = current_workspace()
    midnight = datetime.combine(ours.day_of(timezone.now()), time(), ours.tz)
    found = Arrival.objects.filter(at__gte=midnight)
    if source_id:
        found = found.filter(source=source_id)
    sums = (
        found.order_by()
        .values_list("source")
        .annotate(new=Sum("new"), refused=Count("id", filter=~Q(problem="")), n=Count("id"))
    )
    return {source: (int(new), int(refused), int(n)) for source, new, refused, n in sums}


def _recent_rests() -> Callable[[date], bool]:
    today = current_workspace().day_of(timezone.now())
    return resting(today - LONG_AGO, today + timedelta(days=1))


def pulse(source: Source, now: datetime, rests: Callable[[date], bool]) -> Pulse:
    """Whether usage arrives from this source; `rests` says which recent days are off.

    STOPPED: it sent over three days or more and has been silent for 24 hours, days off left out.
    """
    last = source.last_seen_at
    if source.ended_at:
        return Pulse.ENDED
    if last is None:
        return Pulse.NEVER
    if _silence(last, now, rests) < SILENT_AFTER:
        return Pulse.ARRIVING
    return Pulse.STOPPED if last - source.created_at >= REGULAR_AFTER else Pulse.QUIET


def _silence(last: datetime, now: datetime, rests: Callable[[date], bool]) -> timedelta:
    """Time since `last` without the days off that came after its day."""
    if now - last >= LONG_AGO:
        return now - last
    ours = current_workspace()
    first, days = ours.day_of(last), (ours.day_of(now) - ours.day_of(last)).days
    off = sum(rests(first + timedelta(days=n)) for n in range(1, days + 1))
    return now - last - timedelta(days=off)


def arrivals(
    *, source_id: UUID | None = None, problems: bool = False, after: int | None = None
) -> ArrivalPage:
    """The latest 50 requests (of one source, only refused ones) before `after`. 1 query."""
    found: QuerySet[Arrival] = Arrival.objects.select_related("source").order_by("-id")
    if source_id:
        found = found.filter(source=source_id)
    if problems:
        found = found.exclude(problem="")
    if after:
        found = found.filter(pk__lt=after)
    rows = list(found[: PAGE + 1])
    return ArrivalPage(rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None)


def readable(body: str) -> tuple[str, bool]:
    """JSON with indents and Japanese as Japanese, else the text as it came; whether it was cut."""
    try:
        found: Any = json.loads(body)
    except (ValueError, RecursionError):
        return body, len(body.encode()) > KEPT - HIDDEN
    return json.dumps(found, ensure_ascii=False, indent=2), False
