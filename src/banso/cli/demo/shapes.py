"""How much each customer uses the product: who works with it, how often, and since when less."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from banso.cli.demo import stories
from banso.cli.demo.book import Book, PlannedCustomer
from banso.cli.demo.catalogue import FEATURES, OPTION_FEATURES
from banso.cli.demo.chance import chance
from banso.cli.demo.dates import latest_april_first

DRAWS = 32  # entries of a person's feature table: one is drawn by five random bits
# Licences that somebody works with, features in use, people lost and pace kept, by fate.
USED = {"healthy": (0.66, 0.94), "watch": (0.36, 0.56), "danger": (0.3, 0.46), "fresh": (0.5, 0.8)}
BREADTH = {"healthy": (6, 10), "watch": (2, 4), "danger": (1, 3), "fresh": (2, 4)}
LOST = {"healthy": (0.0, 0.0), "watch": (0.15, 0.3), "danger": (0.55, 0.75), "fresh": (0.0, 0.0)}
PACE = {"healthy": (0.96, 1.1), "watch": (0.48, 0.62), "danger": (0.15, 0.32), "fresh": (1.0, 1.0)}
# With two or three people nobody can be missed without half of them being missed.
USED_BY_FEW, BREADTH_OF_FEW, PACE_OF_FEW = (0.24, 0.42), (1, 2), (0.34, 0.5)
FOUR_WEEKS = 28
SOON = 14  # days after `slide` by which even the newest customer has begun
STOPPED_WITH_FEW = 4  # up to so many people, danger means that nobody comes any more
DENSE_DAYS = 186
INVITED_IN_APRIL = 0.14
CASUAL = 0.08  # people who look in twice a month


@dataclass(frozen=True, slots=True)
class Worker:
    """One of the customer's people at work. `habit`: the share of working days they come."""

    key: str
    contact: int | None  # index in PlannedCustomer.contacts
    first: date
    last: date
    habit: float
    features: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """One customer's use. From the day `slide` on, habits are `pace` times what they were.

    `fades`: they go on falling by that much every four weeks.
    """

    customer: PlannedCustomer
    workers: tuple[Worker, ...]
    slide: date
    pace: float
    ends: date  # the last day of use
    fades: bool = False

    def level(self, day: date) -> float:
        """What is left of everybody's habits on a day."""
        if day < self.slide:
            return 1.0
        return self.pace ** ((day - self.slide).days / FOUR_WEEKS) if self.fades else self.pace


def shapes(book: Book) -> list[Shape]:
    """A shape for each customer that sends usage at all."""
    senders = [one for one in book.customers if one.sends_usage]
    return [_shape(chance(book.seed, "usage", one.number), one, book.today) for one in senders]


def _shape(luck: Random, one: PlannedCustomer, today: date) -> Shape:
    if one.state == "churned" and one.fate == "danger":
        return _fading(luck, one)
    ends = one.last_day(today)
    slide = ends - timedelta(days=luck.randrange(29, 37))
    manner = _manner(one)
    people = _people(luck, one, ends)
    lost, pace = round(people * luck.uniform(*LOST[manner])), luck.uniform(*_pace(one))
    if one.story == stories.LOGINS_FALL:
        people, lost, pace = stories.PEOPLE_BEFORE, stories.PEOPLE_BEFORE - stories.PEOPLE_NOW, 0.95
        slide = today - timedelta(days=30)
    if manner == "danger" and people <= STOPPED_WITH_FEW:
        lost, slide = people, ends - timedelta(days=luck.randrange(31, 60))
    leave = [slide] * lost
    return Shape(one, _workers(luck, one, people, leave, slide), slide, pace, ends)


def _fading(luck: Random, one: PlannedCustomer) -> Shape:
    """They used it less and less from two months before they said so, to the end."""
    assert one.notice is not None and one.leaves_on is not None  # noqa: S101  (they left)
    ends = one.last_day(one.leaves_on)
    slide = one.notice.noticed_on - timedelta(days=luck.randrange(75, 95))
    people = _people(luck, one, ends)
    if people <= STOPPED_WITH_FEW:
        slide = one.notice.noticed_on - timedelta(days=luck.randrange(65, 80))
        leave = [slide] * people
    else:
        days = (one.notice.noticed_on - slide).days
        leave = [slide + timedelta(days=luck.randrange(days)) for _ in range(round(people * 0.8))]
    workers = _workers(luck, one, people, leave, slide)
    return Shape(one, workers, slide, luck.uniform(0.3, 0.45), ends, fades=True)


def _manner(one: PlannedCustomer) -> str:
    """The stories' customers work as usual: it is something else that is the matter."""
    return "healthy" if one.story else one.fate


def _pace(one: PlannedCustomer) -> tuple[float, float]:
    return PACE_OF_FEW if _is_watched_few(one) else PACE[_manner(one)]


def _is_watched_few(one: PlannedCustomer) -> bool:
    return one.fate == "watch" and one.tier == "tech"


def _people(luck: Random, one: PlannedCustomer, last: date) -> int:
    """How many of the customer's people work with the product before any slide."""
    seats = one.seats_on(last) or luck.randrange(3, 6)
    if one.story == stories.SEATS_FULL:
        return round(seats * stories.FULL_SHARE)
    if one.story == stories.ONBOARDING_STUCK:
        return round(seats * 0.35)
    used = USED_BY_FEW if _is_watched_few(one) else USED[_manner(one)]
    return max(1, round(seats * luck.uniform(*used)))


def _workers(
    luck: Random, one: PlannedCustomer, people: int, leave: list[date], slide: date
) -> tuple[Worker, ...]:
    """`people` workers; the last of them stop on the days of `leave`."""
    stops = [date.max] * (people - len(leave)) + leave
    repertoire = _repertoire(luck, one)
    known = [
        index
        for index, contact in enumerate(one.contacts)
        if {"user", "admin", "champion"} & set(contact.roles) and contact.presence == "here"
    ]
    return tuple(
        Worker(
            key=f"u{one.number:04}-{index:03}",
            contact=known[index] if index < len(known) else None,
            first=_first_day(luck, one, slide),
            last=stops[index],
            habit=luck.uniform(0.5, 0.92),
            features=_favourites(luck, repertoire),
        )
        for index in range(people)
    )


def _first_day(luck: Random, one: PlannedCustomer, slide: date) -> date:
    """Soon after signing; some were invited in one of the Aprils since."""
    begun = one.usage_from or one.since + timedelta(days=luck.randrange(2, 30))
    begun = min(begun, max(one.since, slide + timedelta(days=SOON)))
    april = latest_april_first(slide)
    if begun < april and luck.random() < INVITED_IN_APRIL and april + timedelta(days=40) < slide:
        return april + timedelta(days=luck.randrange(1, 21))
    return begun


def _repertoire(luck: Random, one: PlannedCustomer) -> list[tuple[str, float]]:
    low, high = BREADTH_OF_FEW if _is_watched_few(one) else BREADTH[_manner(one)]
    count = luck.randrange(low, high + 1)
    known = [*FEATURES[:2], *luck.sample(FEATURES[2:], max(0, count - 2))][:count]
    options = [OPTION_FEATURES[c.product] for c in one.contracts[1:]]
    return [*known, *((feature, 12.0) for feature in options)]


def _favourites(luck: Random, repertoire: list[tuple[str, float]]) -> tuple[str, ...]:
    """A table of 32 draws: everybody has a favourite or two and sometimes does the rest."""
    liked = luck.sample(repertoire, min(len(repertoire), luck.randrange(1, 3)))
    names = [name for name, _ in [*liked, *repertoire]]
    weights = [9 * weight for _, weight in liked] + [0.25 * weight for _, weight in repertoire]
    return tuple(luck.choices(names, weights, k=DRAWS))
