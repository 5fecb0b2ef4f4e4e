"""Activities: one, those of a customer, all by filter, and those that hold some words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, Func, Prefetch, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Left

from banso.core import cursors
from banso.core.scope import current_workspace
from banso.lib.text import fold
from banso.work.models import Activity, Attendee, Bigrams

PAGE, MOST, EXCERPT = 50, 200, 140
NEWEST = 2000  # looked through before the index is asked: common words are found here
SHORTEST = 2  # letters of a word that the index can find


class _Holds(Func):
    """Whether one array holds all of another."""

    template = "(%(expressions)s)"
    arg_joiner = " @> "
    conditional = True


@dataclass(frozen=True, slots=True)
class Asked:
    """Which activities: every value that is given must fit. Days are local, both included."""

    words: str = ""
    customer_id: UUID | None = None
    kind: str = ""
    mood: str = ""
    member_id: UUID | None = None
    contact_id: UUID | None = None
    since: date | None = None
    until: date | None = None


EVERYTHING = Asked()


@dataclass(frozen=True, slots=True)
class ActivityPage:
    """Newest first; `next_cursor` leads to older ones, empty at the end."""

    rows: list[Activity]
    next_cursor: str


def activity(activity_id: UUID, *, or_binned: bool = False) -> Activity:
    """One activity with its people; Activity.DoesNotExist elsewhere. 2 queries."""
    rows = Activity.with_deleted.filter(customer__deleted_at=None) if or_binned else _live()
    found: Activity = _whole(rows).get(pk=activity_id)
    return found


def activities_of(customer_id: UUID, *, limit: int = 5) -> list[Activity]:
    """The customer's latest activities, in brief. 2 queries."""
    return list(_brief(_live().filter(customer_id=customer_id))[:limit])


def activity_list(asked: Asked, *, cursor: str = "", limit: int = PAGE) -> ActivityPage:
    """Activities that fit, newest first, in brief: of the body only an `excerpt`. 3 queries.

    Refused for a cursor of another list.
    """
    rows, size = _live().filter(_fitting(asked)), max(1, min(limit, MOST))
    if cursor:
        at, pk = cursors.read("activities", cursor)
        moment = datetime.fromisoformat(at)
        rows = rows.filter(happened_at__lte=moment).exclude(happened_at=moment, pk__gte=pk)
    found = list(_brief(rows)[: size + 1])
    last = found[size - 1] if len(found) > size else None
    place = [last.happened_at.isoformat(), str(last.pk)] if last else None
    return ActivityPage(found[:size], cursors.write("activities", place) if place else "")


def every_activity(asked: Asked = EVERYTHING) -> Iterator[Activity]:
    """Activities that fit, newest first, whole, row by row. 2 queries for each 1,000."""
    rows = _whole(_live().filter(_fitting(asked))).select_related("next_step__owner")
    return iter(rows.iterator(chunk_size=1000))


def search_activities(words: Sequence[str], *, limit: int) -> list[Activity]:
    """The latest activities that hold every one of these folded words. At most 2 queries.

    Words of one letter are found beside longer ones only. A common word is found among the newest;
    the index, which finds rare ones, would have to list all that hold it first.
    """
    if not any(len(word) >= SHORTEST for word in words):
        return []
    first = list(_ordered(_live().filter(_holding(words), pk__in=_newest()))[:limit])
    if len(first) == limit:
        return first
    return list(_ordered(_live().filter(_indexed(words), _holding(words)))[:limit])


def _fitting(asked: Asked) -> Q:
    fitting = _looking_for(fold(asked.words).split())
    for column in ("customer_id", "kind", "mood"):
        if value := getattr(asked, column):
            fitting &= Q((column, value))
    for side in ("member", "contact"):
        if value := getattr(asked, f"{side}_id"):
            present = Attendee.objects.filter(**{side: value}).values("activity_id")
            fitting &= Q(pk__in=present)
    zone = current_workspace().tz
    if asked.since:
        fitting &= Q(happened_at__gte=datetime.combine(asked.since, time(), zone))
    if asked.until and asked.until < date.max:
        morning = datetime.combine(asked.until + timedelta(days=1), time(), zone)
        fitting &= Q(happened_at__lt=morning)
    return fitting


def _looking_for(words: Sequence[str]) -> Q:
    """As `_holding`, by the index where the words are rare among the newest. 1 query for words."""
    if not any(len(word) >= SHORTEST for word in words):
        return _holding(words)
    common = Activity.objects.filter(_holding(words), pk__in=_newest())[:PAGE].count() == PAGE
    return _holding(words) if common else _holding(words) & _indexed(words)


def _newest() -> "QuerySet[Any, Any]":
    ids: QuerySet[Any, Any] = Activity.objects.order_by("-happened_at", "-pk").values("pk")
    return ids[:NEWEST]


def _holding(words: Sequence[str]) -> Q:
    every = Q()
    for word in words:
        every &= Q(folded__contains=word)
    return every


def _indexed(words: Sequence[str]) -> Q:
    """What the index knows: every two letters of the words that stand side by side."""
    pairs = sorted({word[n : n + 2] for word in words for n in range(len(word) - 1)})
    listed = Cast(Value(pairs), ArrayField(TextField()))
    return Q(_Holds(Bigrams("folded"), listed, output_field=BooleanField()))


def _live() -> "QuerySet[Activity]":
    found: QuerySet[Activity] = Activity.objects.filter(customer__deleted_at=None)
    return found


def _ordered(rows: "QuerySet[Activity]") -> "QuerySet[Activity]":
    return rows.select_related("customer").order_by("-happened_at", "-pk")


def _brief(rows: "QuerySet[Activity]") -> "QuerySet[Activity]":
    """Without texts that can be as long as a book."""
    return _whole(rows).defer("body", "decisions", "folded").annotate(excerpt=Left("body", EXCERPT))


def _whole(rows: "QuerySet[Activity]") -> "QuerySet[Activity]":
    people = Attendee.objects.select_related("contact", "member").order_by("pk")
    return (
        _ordered(rows)
        .select_related("customer", "written_by", "next_step")
        .prefetch_related(Prefetch("attendees", people))
    )
