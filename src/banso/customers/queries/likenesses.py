"""Pairs of customers that may be one company."""

from dataclasses import dataclass
from typing import Literal, get_args
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from banso.core import cursors
from banso.customers.models import Likeness
from banso.lib.same_company import PROPOSED

Which = Literal["proposed", "worth_a_look", "apart"]
_HOLDS: dict[Which, Q] = {
    "proposed": Q(told_apart_at=None, score__gte=PROPOSED),
    "worth_a_look": Q(told_apart_at=None, score__lt=PROPOSED),
    "apart": Q(told_apart_at__isnull=False),
}


@dataclass(frozen=True, slots=True)
class LikenessPage:
    """Pairs, likest first, and how many there are of each kind."""

    rows: list[Likeness]
    next_cursor: str
    counts: dict[Which, int]


def asked_kind(said: str) -> Which:
    """The kind that an address names; those to be decided where it names none."""
    return next((one for one in get_args(Which) if one == said), "proposed")


def living_likenesses() -> QuerySet[Likeness]:
    """Pairs of which neither customer is in the bin, with both."""
    living: QuerySet[Likeness] = Likeness.objects.filter(
        first__deleted_at=None, second__deleted_at=None
    )
    return living.select_related("first", "second", "told_apart_by")


def every_likeness(which: Which) -> QuerySet[Likeness]:
    """All pairs of a kind, likest first."""
    return living_likenesses().filter(_HOLDS[which]).order_by("-score", "id")


def likenesses(*, which: Which = "proposed", cursor: str = "", limit: int = 50) -> LikenessPage:
    """A page of pairs: to be decided, worth a look, or told apart. 2 queries. Refused: bad cursor."""
    kind, found = f"likenesses:{which}", every_likeness(which)
    if cursor:
        score, last = cursors.read(kind, cursor)
        found = found.filter(Q(score__lt=score) | Q(score=score, pk__gt=UUID(last)))
    rows = list(found[: limit + 1])
    more = len(rows) > limit
    rows = rows[:limit]
    following = cursors.write(kind, [rows[-1].score, str(rows[-1].pk)]) if more else ""
    counted = living_likenesses().aggregate(
        **{str(name): Count("pk", filter=q) for name, q in _HOLDS.items()}
    )
    return LikenessPage(rows, following, {name: counted[name] for name in _HOLDS})
