"""Who is in the book: how many of which tier, since when, meant for what, looked after by whom."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from banso.cli.demo.chance import chance, weighted
from banso.cli.demo.dates import add_months, first_of_month
from banso.cli.demo.stories import STORIES
from banso.cli.demo.team import FIELD_CSMS, LEAD_CSM, POOL_CSMS, Mate

ACTIVE = {"high": 22, "low": 90, "tech": 150}
LEFT_EACH_YEAR = {"high": 1, "low": 3, "tech": 11}
TRIALS = {"low": 5, "tech": 3}
# Active customers signed in the last twelve months, and in the twelve before.
JOINED = {"high": (2, 4), "low": (14, 13), "tech": (28, 23)}
# What the data of active customers shall show, stories included; the rest is healthy.
FATES = {
    "high": {"watch": 4, "danger": 2, "judged": 1},
    "low": {"watch": 23, "danger": 7, "withheld": 4, "judged": 1},
    "tech": {"watch": 41, "danger": 13, "withheld": 14, "fresh": 3},
}
BILLED_MONTHLY = {"low": 8, "tech": 44}
LEAVE_IN = {4: 8, 10: 5}  # of the fifteen of a year; two more in other months
GREEN_LEAVERS = 5  # of the fifteen of a year


@dataclass(slots=True)
class Seat:
    """A place in the book before a company takes it. `anchor`: the first day of its terms."""

    tier: str
    state: str
    fate: str = "healthy"
    story: str = ""
    since: date = date.min
    anchor: date = date.min
    leaves_on: date | None = None
    billed_monthly: bool = False
    owner: str = ""


def seats(seed: int, today: date) -> list[Seat]:
    """The 300 places of the book: 262 active, 30 that left, 8 trials."""
    luck = chance(seed, "roster")
    every = [
        *(seat for tier in ACTIVE for seat in _active_of(luck, tier, today)),
        *(seat for years_ago in (0, 1) for seat in _left(luck, today, years_ago)),
        *(_trial(luck, tier, today) for tier, count in TRIALS.items() for _ in range(count)),
    ]
    _share_out(luck, every)
    return every


def _active_of(luck: Random, tier: str, today: date) -> list[Seat]:
    staged = [
        Seat(tier, "active", story.fate, story.key) for story in STORIES if story.tier == tier
    ]
    fates = dict(FATES[tier])
    for seat in staged:
        if seat.fate in fates:
            fates[seat.fate] -= 1
    others = [fate for fate, count in fates.items() for _ in range(count)]
    others += ["healthy"] * (ACTIVE[tier] - len(staged) - len(others))
    luck.shuffle(others)
    plain = [Seat(tier, "active", fate) for fate in others]
    _date_active(luck, plain, tier, today)
    return [*staged, *plain]


def _date_active(luck: Random, plain: list[Seat], tier: str, today: date) -> None:
    """Give everybody a first day; the fresh ones have only begun."""
    this_year, year_before = JOINED[tier]
    fresh = [seat for seat in plain if seat.fate == "fresh"]
    for seat in fresh:
        seat.since = seat.anchor = add_months(first_of_month(today), -1)
    order = sorted((seat for seat in plain if seat.fate != "fresh"), key=lambda _: luck.random())
    for number, seat in enumerate(order, start=len(fresh)):
        if number < this_year:
            new_is_fine = seat.fate == "healthy"  # trouble takes a few months to show
            seat.since = seat.anchor = _joined(luck, today, 1 if new_is_fine else 5, 12)
        elif number < this_year + year_before:
            seat.since = seat.anchor = _joined(luck, today, 13, 23)
        else:
            seat.anchor = _old_anchor(luck, today)
            seat.since = add_months(seat.anchor, -12 * luck.randrange(5))
    monthly = BILLED_MONTHLY.get(tier, 0)
    for seat in luck.sample(order, monthly):
        seat.billed_monthly = True


def _joined(luck: Random, today: date, at_least: int, at_most: int) -> date:
    """The first of a month so many months ago; April and October bring most."""
    firsts = [add_months(first_of_month(today), -n) for n in range(at_least, at_most + 1)]
    busy = {4: 4.0, 10: 2.5, 7: 0.8, 1: 0.8}
    return weighted(luck, [(day, busy.get(day.month, 0.6)) for day in firsts])


def _old_anchor(luck: Random, today: date) -> date:
    """The first day of the term that was running two years ago."""
    two_years_ago = add_months(first_of_month(today), -24)
    month = weighted(luck, [(4, 45.0), (10, 28.0), (luck.randrange(1, 13), 27.0)])
    year = two_years_ago.year - (date(two_years_ago.year, month, 1) > two_years_ago)
    return date(year, month, 1)


def _left(luck: Random, today: date, years_ago: int) -> list[Seat]:
    """The fifteen that left in one year, mostly after the ends of March and September."""
    end = add_months(today, -12 * years_ago)
    firsts = [add_months(first_of_month(end), -n) for n in range(12)]
    days = [day for day in firsts for _ in range(LEAVE_IN.get(day.month, 0))] + luck.sample(
        [day for day in firsts if day.month not in LEAVE_IN], 2
    )
    tiers = [tier for tier, count in LEFT_EACH_YEAR.items() for _ in range(count)]
    fates = ["healthy"] * GREEN_LEAVERS + ["danger"] * (len(tiers) - GREEN_LEAVERS)
    luck.shuffle(days)
    luck.shuffle(fates)
    return [
        _leaver(luck, tier, fate, day) for tier, fate, day in zip(tiers, fates, days, strict=True)
    ]


def _leaver(luck: Random, tier: str, fate: str, day: date) -> Seat:
    anchor = add_months(day, -12 * luck.randrange(1, 4))
    return Seat(tier, "churned", fate, since=anchor, anchor=anchor, leaves_on=day)


def _trial(luck: Random, tier: str, today: date) -> Seat:
    start = today - timedelta(days=luck.randrange(6, 25))
    return Seat(tier, "trial", "healthy", since=start, anchor=start)


def _share_out(luck: Random, every: list[Seat]) -> None:
    """High and low touch go to four in turn, the rest to two; the stories all to one."""
    turn = {"field": 0, "pool": 0}
    for seat in sorted(every, key=lambda one: (one.story == "", one.tier, luck.random())):
        if seat.story:
            seat.owner = LEAD_CSM.key
            continue
        pool = "pool" if seat.tier == "tech" else "field"
        mates = POOL_CSMS if pool == "pool" else _field(seat)
        seat.owner = mates[turn[pool] % len(mates)].key
        turn[pool] += 1


def _field(seat: Seat) -> tuple[Mate, ...]:
    """Her seven stories are work enough: she takes over nothing that burns or is large."""
    calm = seat.tier == "low" and seat.fate in ("healthy", "withheld")
    return FIELD_CSMS if calm else FIELD_CSMS[1:]
