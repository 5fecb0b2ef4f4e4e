"""About a million usage events: office days, lunch dips, month-end peaks and quiet holidays."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from banso.cli.demo.book import Book
from banso.cli.demo.chance import chance
from banso.cli.demo.dates import add_months, moment
from banso.cli.demo.shapes import DENSE_DAYS, Shape, Worker, shapes
from banso.lib.business_time import BusinessCalendar
from banso.lib.days_off import japanese_calendar

# Local hour: how much of a day's work falls into it.
HOURS = {
    8: 1.0, 9: 9.0, 10: 14.0, 11: 13.0, 12: 3.5, 13: 11.0, 14: 13.0, 15: 12.0, 16: 11.0,
    17: 8.0, 18: 4.5, 19: 0.6,
}  # fmt: skip
MONTHS = 27  # two years, and what those who left at their beginning did before
CLOCKS = 4096  # entries of the table of clock times: one is drawn by twelve random bits
REST_DAY = 0.012
MONTH_END = 1.45
MONTH_START = 1.12
LIGHT_EVERY = 7  # before the dense months, everybody is seen on every seventh working day
EVENTS_A_DAY = 4.4

Row = tuple[UUID, UUID | None, str, str, datetime, str]


@dataclass(frozen=True, slots=True)
class Ids:
    """The database's ids of what the plan names."""

    customers: Mapping[int, UUID]
    contacts: Mapping[tuple[int, int], UUID]


@dataclass(frozen=True, slots=True)
class Day:
    """A day of use: how many of the usual people come, and how much they do."""

    on: date
    midnight: datetime
    works: bool
    come: float
    much: float
    number: int  # working days since the beginning


def usage_rows(book: Book, ids: Ids) -> Iterator[Row]:
    """(customer id, contact id, person, feature, when, message id) of every event.

    By customer, person and day. Times are aware UTC. Some two seconds a million.
    """
    clocks = _clocks(chance(book.seed, "clocks"))
    days = _days(book.today)
    count = 0
    for shape in shapes(book):
        luck = chance(book.seed, "events", shape.customer.number)
        customer = ids.customers[shape.customer.number]
        mine = _days_of(shape, days)
        for worker in shape.workers:
            contact = None
            if worker.contact is not None:
                contact = ids.contacts[shape.customer.number, worker.contact]
            for when, feature in _events(luck, shape, worker, mine, clocks):
                count += 1
                yield customer, contact, worker.key, feature, when, f"demo-{count:x}"


def _events(
    luck: Random, shape: Shape, worker: Worker, days: list[Day], clocks: list[timedelta]
) -> Iterator[tuple[datetime, str]]:
    """(when, feature) of one person's work. One draw of random bits an event: this is the loop.

    Whoever stayed away comes the sooner (`owed`): few people's use is no noisier than it should be.
    """
    features, bits, draw = worker.features, luck.getrandbits, luck.random
    dense_from = _dense_from(shape)
    phase, owed = luck.randrange(LIGHT_EVERY), draw()
    for day in days:
        if not worker.first <= day.on < worker.last:
            continue
        if day.on < dense_from:
            if day.number % LIGHT_EVERY == phase and day.works:
                pick = bits(17)
                yield day.midnight + clocks[pick & 4095], features[pick >> 12]
            continue
        if day.works:
            owed += worker.habit * day.come
            if owed + draw() < 1.5:
                continue
            owed -= 1
        elif draw() >= REST_DAY:
            continue
        for _event in range(1 + int(draw() * 2 * EVENTS_A_DAY * day.much)):
            pick = bits(17)
            yield day.midnight + clocks[pick & 4095], features[pick >> 12]


def _dense_from(shape: Shape) -> date:
    return shape.ends - timedelta(days=DENSE_DAYS)


def _clocks(luck: Random) -> list[timedelta]:
    hours = luck.choices(list(HOURS), list(HOURS.values()), k=CLOCKS)
    return [
        timedelta(hours=hour, minutes=luck.randrange(60), seconds=luck.randrange(60))
        for hour in hours
    ]


def first_day(today: date) -> date:
    """The first day of the story."""
    return add_months(today, -MONTHS)


def _days(today: date) -> list[Day]:
    """Every day of the story, up to yesterday: nobody knows yet how today will be."""
    calendar, first = japanese_calendar(), first_day(today)
    days, number = [], 0
    for offset in range((today - first).days):
        on = first + timedelta(days=offset)
        works = calendar.is_business_day(on)
        number += works
        much = _season(calendar, on) if works else 1.0
        days.append(Day(on, moment(on, 0), works, 1.0, much, number))
    return days


def _season(calendar: BusinessCalendar, on: date) -> float:
    """Books are closed on the last three working days of a month, bills sent on the first two."""
    next_month = add_months(on.replace(day=1), 1)
    if calendar.business_days(on, next_month) <= 3:
        return MONTH_END
    return MONTH_START if calendar.business_days(on.replace(day=1), on) < 2 else 1.0


def _days_of(shape: Shape, days: list[Day]) -> list[Day]:
    """The days on which this customer could work; people come less as its level falls."""
    begin = min(worker.first for worker in shape.workers)
    mine = [day for day in days if begin <= day.on <= shape.ends]
    return [
        day if day.on < shape.slide else replace(day, come=day.come * shape.level(day.on))
        for day in mine
    ]
