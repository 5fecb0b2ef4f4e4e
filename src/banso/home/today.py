"""What Today shows: whom to run beside, my tasks, deadlines ahead, and scores that moved."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import floor
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from banso.core.models import Person
from banso.customers import queries as customers
from banso.customers.models import Customer
from banso.customers.queries import Owned, RenewalRow
from banso.insight.health import queries as health
from banso.insight.health.bands import TONES
from banso.insight.health.models import Band
from banso.insight.health.queries import Move, WatchRow
from banso.insight.health.wording import reason_text
from banso.work import queries as work
from banso.work.models import Task

AHEAD_DAYS = 90
SHOWN = 25
ASIDE = 8  # of deadlines, and of tasks: the rest is a link away
MOVES = 5


@dataclass(frozen=True, slots=True)
class Follow:
    """A customer to run beside, in words."""

    row: WatchRow
    why: str
    owner: str

    @property
    def tone(self) -> str:
        return TONES[Band(self.row.band)]


@dataclass(frozen=True, slots=True)
class Moved:
    """A score that moved, in words."""

    move: Move
    why: str

    @property
    def before(self) -> int:
        """Whole points, rounded down as every page shows a score."""
        return floor(self.move.before)

    @property
    def now(self) -> int:
        return floor(self.move.now)

    @property
    def change(self) -> int:
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class Today:
    """One morning of one person, or of the whole team."""

    on: date
    everyone: bool
    follow: list[Follow]
    more: int | None  # customers to follow beyond these; None: more than 1,000 in all
    tasks: list[Task]
    deadlines: list[RenewalRow]
    more_deadlines: str  # the list of all of them; empty when all are here
    moved: list[Moved]


def today(person: Person, *, on: date, everyone: bool) -> Today:
    """Today for `person` as of the day `on`; `everyone` shows the whole team's customers."""
    owner = None if everyone else customers.owned_by(person.pk)
    watch = health.watchlist(on, owner=owner, limit=SHOWN)
    due = customers.renewals_due(on, AHEAD_DAYS, owner=owner, limit=ASIDE + 1)
    return Today(
        on=on,
        everyone=everyone,
        follow=_follow(watch),
        more=_more(on, owner, len(watch)),
        tasks=_tasks(person, on),
        deadlines=due[:ASIDE],
        more_deadlines=_book_of_deadlines() if len(due) > ASIDE else "",
        moved=[
            Moved(m, reason_text(m.reason))
            for m in health.score_moves(on, owner=owner, limit=MOVES, is_scored=True)
        ],
    )


def _more(on: date, owner: Owned | None, shown: int) -> int | None:
    if shown < SHOWN:
        return 0
    found = health.watched(on, owner)
    return None if found is None else max(found - shown, 0)


def _book_of_deadlines() -> str:
    """The customers of the same days, everyone's, the nearest first."""
    asked = {
        "f": f"customers.deadline_on:within_days:{AHEAD_DAYS}",
        "sort": "customers.deadline_on",
    }
    return f"{reverse('customers:list')}?{urlencode(asked, safe=':')}"


def has_customers(person: Person) -> bool:
    """Whether `person` is main or sub owner of any customer. 1 query."""
    theirs = Q(main_owner=person) | Q(sub_owner=person)
    return bool(Customer.objects.filter(theirs).exists())


def _follow(rows: Iterable[WatchRow]) -> list[Follow]:
    rows = list(rows)
    ids: set[UUID | None] = {row.main_owner_id for row in rows}
    names: dict[UUID | None, str] = dict(
        Person.objects.filter(pk__in=ids).values_list("pk", "name")
    )
    return [
        Follow(row, reason_text(row.reason), names.get(row.main_owner_id) or "") for row in rows
    ]


def _tasks(person: Person, on: date) -> list[Task]:
    """The most pressing first."""
    mine = work.my_tasks(person, on, limit=ASIDE)
    return [*mine.overdue, *mine.today, *mine.soon, *mine.later]
