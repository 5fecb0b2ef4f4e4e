"""The whole book, planned from a seed and a day."""

from datetime import date, timedelta
from random import Random

from banso.cli.demo.book import Book, PlannedCustomer
from banso.cli.demo.catalogue import ATTRIBUTES, PURPOSES
from banso.cli.demo.chance import chance
from banso.cli.demo.contracts import Deal, contracts_of, deals
from banso.cli.demo.goals import wish
from banso.cli.demo.history import give_notices, live_through
from banso.cli.demo.names import Company, companies, humans
from banso.cli.demo.people import cast
from banso.cli.demo.places import open_branches
from banso.cli.demo.roster import seats
from banso.cli.demo.team import FIELD_CSMS, LEAD_CSM, POOL_CSMS

STAFF_PER_SEAT = {"high": (6, 14), "low": (4, 10), "tech": (3, 12)}
FRESH_DAYS, NEAR_DAYS = 16, 60
GOALS_KNOWN = {"high": 1.0, "low": 0.85, "tech": 0.4}


def plan_book(seed: int, today: date) -> Book:
    """The same plan whenever seed and day are the same. Takes well under a second."""
    made = deals(seed, seats(seed, today), today)
    order = chance(seed, "order")
    made.sort(key=lambda deal: (deal.seat.since, order.random()))
    firms = companies(seed, len(made))
    people = humans(chance(seed, "humans"))
    customers: list[PlannedCustomer] = []
    told: set[str] = set()
    for number, (deal, firm) in enumerate(zip(made, firms, strict=True), start=1):
        luck = chance(seed, "customer", number)
        one = _customer(luck, number, deal, firm, today)
        _hand_over(one, today)
        one.goals = wish(luck, told) if luck.random() < GOALS_KNOWN[one.tier] else ""
        cast(luck, one, people, today)
        live_through(luck, one, today)
        customers.append(one)
    open_branches(customers)
    give_notices(chance(seed, "notices"), customers, today)
    return Book(seed, today, customers)


def _hand_over(one: PlannedCustomer, today: date) -> None:
    """The lead CSM has no other deadlines at hand than those of her stories."""
    line = one.contracts[0].line_on(today)
    days = [day for day in (line.notice_on, line.covers_until) if day] if line else []
    near = any(0 <= (day - today).days < NEAR_DAYS for day in days)
    if near and one.owner == LEAD_CSM.key and not one.story:
        one.owner = FIELD_CSMS[1 + one.number % (len(FIELD_CSMS) - 1)].key


def _customer(luck: Random, number: int, deal: Deal, firm: Company, today: date) -> PlannedCustomer:
    seat = deal.seat
    one = PlannedCustomer(
        number=number,
        company=firm,
        tier=seat.tier,
        state=seat.state,
        fate=seat.fate,
        story=seat.story,
        owner=seat.owner,
        since=seat.since,
        leaves_on=seat.leaves_on,
    )
    if seat.fate == "fresh":
        one.usage_from = today - timedelta(days=FRESH_DAYS)
    one.sub_owner = _second(luck, seat.owner) if seat.tier == "high" else ""
    one.contracts = contracts_of(deal, number, today)
    one.employees = max(5, deal.track.seats) * luck.randrange(*STAFF_PER_SEAT[seat.tier])
    one.attributes = _attributes(luck, one)
    return one


def _second(luck: Random, owner: str) -> str:
    """Never the lead CSM: what she is second for would stand on her Today, too."""
    others = [mate.key for mate in (*FIELD_CSMS, *POOL_CSMS) if mate != LEAD_CSM]
    return luck.choice([key for key in others if key != owner])


def _attributes(luck: Random, one: PlannedCustomer) -> dict[str, object]:
    choices = {key: values for key, _label, _kind, values in ATTRIBUTES}
    agency = luck.choices(choices["agency"], [6, 2, 1.5, 1])[0]
    one.purpose = luck.choice(PURPOSES)
    values: dict[str, object] = {
        "agency": agency,
        "sso": one.tier == "high" or luck.random() < 0.15,
    }
    if one.tier != "tech":
        values["kickoff_on"] = one.since.isoformat()
        values["sites"] = luck.randrange(2, 26) if one.tier == "high" else luck.randrange(1, 8)
    return values
