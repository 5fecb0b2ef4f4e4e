"""What each customer signed: licences and prices sized to the tier, options, ledgers."""

from dataclasses import dataclass, field, replace
from datetime import date
from random import Random

from banso.cli.demo.book import Line, PlannedContract
from banso.cli.demo.catalogue import (
    MAIN_PRODUCT,
    OPTION_PLAN,
    OPTION_PRICE,
    PLANS,
    SEAT_PRICE,
    TIER_MRR,
)
from banso.cli.demo.chance import chance
from banso.cli.demo.dates import add_months, first_of_month
from banso.cli.demo.growth import Grower, grow
from banso.cli.demo.ledger import NOTICE_MONTHS, Track, ledger
from banso.cli.demo.roster import Seat
from banso.cli.demo.stories import ONBOARDING_STUCK, story_of, story_term

OPTION_SHARE = {"high": 0.35, "low": 0.15, "tech": 0.06}
FEWEST_SEATS = {"high": 24, "low": 5, "tech": 2}
# A month's yen of those that left, next to what their tier pays.
LEAVERS_SIZE = 0.78
CO_TERMED = 0.6


@dataclass(slots=True)
class Deal:
    """A customer's contracts in the making."""

    seat: Seat
    track: Track
    options: list[tuple[str, Track]] = field(default_factory=list)


def deals(seed: int, places: list[Seat], today: date) -> list[Deal]:
    """One deal for each place, grown so that the book's GRR and NRR hold."""
    luck = chance(seed, "contracts")
    every = [Deal(seat, _track(luck, seat, today)) for seat in places]
    for deal in every:
        _add_options(luck, deal, today)
    for tier in TIER_MRR:
        _size(luck, tier, [deal for deal in every if deal.seat.tier == tier])
    grow(
        chance(seed, "growth"), [_grower(d, today) for d in every if d.seat.state != "trial"], today
    )
    return every


def contracts_of(deal: Deal, number: int, today: date) -> list[PlannedContract]:
    """The planned contracts of a deal, the main one first."""
    if deal.seat.state == "trial":
        return [_trial_contract(deal, number)]
    billing = "monthly" if deal.track.first_end is None else "annual"
    plan = PLANS[deal.seat.tier]
    lines = ledger(deal.track, today)
    if deal.seat.fate == "fresh":  # a site licence: nobody counts the people
        lines = [replace(line, seats=None) for line in lines]
    main = PlannedContract(f"K-{number:04}", MAIN_PRODUCT, plan, billing, lines)
    options = [
        PlannedContract(
            f"K-{number:04}-{index}", product, OPTION_PLAN, billing, _unseated(track, today)
        )
        for index, (product, track) in enumerate(deal.options, start=2)
    ]
    return [main, *options]


def _track(luck: Random, seat: Seat, today: date) -> Track:
    price = round(SEAT_PRICE[seat.tier] * luck.uniform(0.88, 1.1) / 100) * 100
    notice = NOTICE_MONTHS[seat.tier] if luck.random() < 0.7 else 1
    if seat.story:
        return _story_track(seat, price, today)
    if seat.billed_monthly or seat.fate == "fresh":
        return Track(seat.anchor, None, 0, price, notice)
    end = _first_end(luck, seat)
    return Track(seat.anchor, end, 0, price, notice, ends_on=seat.leaves_on)


def _first_end(luck: Random, seat: Seat) -> date:
    """A year on, or sooner where the first term is cut to end with the customer's half-year."""
    year_on = add_months(seat.anchor, 12)
    if seat.anchor.month in (4, 10) or seat.leaves_on or luck.random() > CO_TERMED:
        return year_on
    ends = [add_months(seat.anchor, n) for n in range(4, 13)]
    return next((day for day in ends if day.month == 4), year_on)


def _story_track(seat: Seat, price: int, today: date) -> Track:
    """The term that runs today, after one or two like it, but for the newcomer."""
    story = story_of(seat.story)
    start, end, notice = story_term(seat.story, today)
    terms_before = 0 if seat.story == ONBOARDING_STUCK else 2
    first = add_months(start, -12 * terms_before)
    seat.since = seat.anchor = first
    first_end = add_months(end, -12 * terms_before)
    # The notice is counted back from the end in months: the stories' dates are made for that.
    months = 2 if notice else 0
    return Track(first, first_end, story.seats, price, months)


def _add_options(luck: Random, deal: Deal, today: date) -> None:
    seat, main = deal.seat, deal.track
    if seat.state != "active" or main.first_end is None or seat.story:
        return
    for product, prices in OPTION_PRICE.items():
        if luck.random() >= OPTION_SHARE[seat.tier] / 2:
            continue
        months = [add_months(first_of_month(today), -n) for n in range(24)]
        days = [day for day in months if day >= main.start]
        start = luck.choice(days)
        ends = [main.first_end, *main.boundaries(add_months(today, 12))]
        first_end = next((end for end in ends if end > start), main.first_end)
        track = Track(start, first_end, 1, prices[seat.tier], main.notice_months)
        deal.options.append((product, track))


def _size(luck: Random, tier: str, every: list[Deal]) -> None:
    """Licences so that the tier's active customers pay what they should on average."""
    active = [deal for deal in every if deal.seat.state == "active"]
    sizes = {id(deal): _relative_size(luck, deal) for deal in every}
    scale = float(TIER_MRR[tier])
    for _round in range(8):
        for deal in every:
            if not deal.seat.story:
                wanted = sizes[id(deal)] * scale
                deal.track.seats = max(FEWEST_SEATS[tier], round(wanted / deal.track.price))
        mean = sum(map(_today_mrr, active)) / len(active)
        scale *= TIER_MRR[tier] / mean


def _relative_size(luck: Random, deal: Deal) -> float:
    """Next to the tier's mean. Who left was never among the largest: one of those is a year's GRR."""
    size = luck.lognormvariate(0, 0.38)
    return size if deal.seat.state == "active" else LEAVERS_SIZE * min(max(size, 0.7), 1.15)


def _today_mrr(deal: Deal) -> int:
    return deal.track.seats * deal.track.price + sum(track.price for _, track in deal.options)


def _grower(deal: Deal, today: date) -> Grower:
    year_ago = add_months(today, -12)
    return Grower(
        deal.track,
        deal.seat.tier,
        fixed=bool(deal.seat.story),
        options=sum(track.mrr_on(today) for _, track in deal.options),
        options_year_ago=sum(track.mrr_on(year_ago) for _, track in deal.options),
    )


def _unseated(track: Track, today: date) -> list[Line]:
    return [replace(line, seats=None) for line in ledger(track, today)]


def _trial_contract(deal: Deal, number: int) -> PlannedContract:
    start = deal.seat.since
    line = Line("new", start, add_months(start, 1), 0, 1, 5)
    plan = PLANS[deal.seat.tier]
    return PlannedContract(f"K-{number:04}", MAIN_PRODUCT, plan, "", [line], is_trial=True)
