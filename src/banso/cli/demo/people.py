"""The people on the customers' side, who speaks for us there, and who moved on."""

from collections.abc import Iterator
from datetime import date
from itertools import count
from random import Random

from banso.cli.demo.book import PlannedContact, PlannedCustomer
from banso.cli.demo.dates import latest_april_first
from banso.cli.demo.names import Human
from banso.cli.demo.people_words import POSTS
from banso.cli.demo.stories import CHAMPION_GONE, champion_moved_on

# The roles of the people we know, by how many there are.
CASTS = {
    "high": (
        ("champion",),
        ("sponsor",),
        ("admin",),
        ("billing",),
        ("user",),
        ("user",),
        ("user",),
    ),
    "low": (("champion", "admin"), ("billing",), ("sponsor",), ("user",)),
    "tech": (("admin", "billing"), ("user",), ("user",)),
}
KNOWN = {"high": (3, 8), "low": (2, 5), "tech": (1, 4)}  # at least, fewer than
CHAMPION_IN_TECH = 0.55
MOVED_WITH_SUCCESSOR = 0.18
MOVED_FOR_WORSE = {"high": 1.0, "low": 0.45, "tech": 0.45}  # of those that do not go well


def cast(luck: Random, one: PlannedCustomer, people: Iterator[Human], today: date) -> None:
    """Give the customer its contacts; in April some champions move, mostly with a successor."""
    least, most = KNOWN[one.tier]
    known = luck.randrange(least, most + 1)
    if one.story:
        known = max(4, known)
    roles = list(CASTS[one.tier][:known])
    if one.tier == "tech" and luck.random() < CHAMPION_IN_TECH and one.fate != "fresh":
        roles[0] = ("champion", *roles[0])
    for role in roles:
        one.contacts.append(_contact(luck, one, role, next(people)))
    _move_on(luck, one, people, today)


def _contact(
    luck: Random, one: PlannedCustomer, roles: tuple[str, ...], human: Human
) -> PlannedContact:
    department, title = luck.choice(POSTS[roles[0]])
    phone = (
        f"0{luck.randrange(3, 10)}-0000-{luck.randrange(1000, 9999)}" if luck.random() < 0.6 else ""
    )
    return PlannedContact(human, _mailbox(one, human), department, title, roles=roles, phone=phone)


def _mailbox(one: PlannedCustomer, human: Human) -> str:
    """Initial and family name; namesakes in one company get a number, as they do everywhere."""
    address = human.mailbox(one.company.domain)
    taken = {contact.email for contact in one.contacts}
    box, _at, domain = address.partition("@")
    numbered = (f"{box}{number}@{domain}" for number in count(2))
    return address if address not in taken else next(a for a in numbered if a not in taken)


def _move_on(luck: Random, one: PlannedCustomer, people: Iterator[Human], today: date) -> None:
    april = latest_april_first(today)
    champion = next((who for who in one.contacts if "champion" in who.roles), None)
    if champion is None or one.since >= april:
        return
    if one.story == CHAMPION_GONE:
        _moved(champion, champion_moved_on(today))
    elif one.story or one.state != "active":
        return
    elif one.fate in ("watch", "danger") and luck.random() < MOVED_FOR_WORSE[one.tier]:
        _moved(champion, april if luck.random() < 0.8 else _later(luck, april, today))
    elif luck.random() < MOVED_WITH_SUCCESSOR:
        _moved(champion, april)
        successor = _contact(luck, one, champion.roles, next(people))
        successor.presence_since = april
        one.contacts.append(successor)


def _moved(contact: PlannedContact, day: date) -> None:
    contact.presence, contact.presence_since = "moved", day


def _later(luck: Random, april: date, today: date) -> date:
    return date.fromordinal(luck.randrange(april.toordinal(), today.toordinal() + 1))
