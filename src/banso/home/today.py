"""What Today shows: whom to run beside, my tasks, deadlines ahead, and scores that moved."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from banso.core.models import Person
from banso.customers import queries as customers
from banso.customers.models import Customer
from banso.customers.queries import Deadline
from banso.insight.health import queries as health
from banso.insight.health.queries import ScoreMove, WatchRow
from banso.work import queries as work
from banso.work.queries import MyTasks

AHEAD_DAYS = 90
SHOWN = 25


@dataclass(frozen=True, slots=True)
class Today:
    """One morning of one person (or of the whole team when `owner` is None)."""

    on: date
    owner: Person | None
    watch: list[WatchRow]
    tasks: MyTasks
    deadlines: list[Deadline]
    moves: list[ScoreMove]

    @property
    def in_danger(self) -> int:
        return sum(row.band == "danger" for row in self.watch)

    @property
    def mrr_in_danger(self) -> Decimal:
        """Minor units a month, of the customers in danger."""
        return sum((row.mrr or Decimal(0) for row in self.watch if row.band == "danger"), Decimal(0))


def today(person: Person, *, on: date, everyone: bool) -> Today:
    """Today for `person` as of the day `on`; `everyone` shows the whole team's customers."""
    owner = None if everyone else person
    return Today(
        on=on,
        owner=owner,
        watch=health.watchlist(on, owner=owner),
        tasks=work.my_tasks(person, on),
        deadlines=customers.deadlines(on, within_days=AHEAD_DAYS, owner=owner),
        moves=health.score_moves(on, owner=owner),
    )


def has_customers(person: Person) -> bool:
    """Whether `person` is main owner of any customer. 1 query."""
    return bool(Customer.objects.filter(main_owner=person).exists())
