"""A right that ends is over within seconds, also for requests that are under way."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.test import override_settings

from banso.core import api_keys, passwords, workspaces
from banso.core.access import permits_of
from banso.core.models import Membership, Person, Role
from banso.core.scope import open_workspace
from trials.ground import QUICK
from trials.house import House
from trials.report import Dose, Report
from trials.visitors import Visitor

MOST_SECONDS = 5.0
THREADS = 3
PAGE, OPERATION = "/tasks", "/api/v1/tasks"


@dataclass
class Rights:
    """What one person holds: a browser and a key; threads use both all the time."""

    person: Person
    browser: Visitor
    key: Visitor
    key_id: object
    over: threading.Event = field(default_factory=threading.Event)
    used: int = 0

    def use(self) -> None:
        while not self.over.is_set():
            self.browser.get(PAGE)
            self.key.get(OPERATION)
            self.used += 1

    def alive(self) -> set[str]:
        """Which of them still open a door."""
        found = {"browser": self.browser.get(PAGE), "key": self.key.get(OPERATION)}
        return {name for name, answer in found.items() if answer.status == 200}


@dataclass(frozen=True, slots=True)
class Ending:
    """A way in which rights end, and which ones must."""

    name: str
    ends: frozenset[str]
    do: Callable[[House, Rights], object]


def _deactivate(_house: House, rights: Rights) -> None:
    Person.objects.filter(pk=rights.person.pk).update(is_active=False)


def _remove(house: House, rights: Rights) -> None:
    member = Membership.objects.get(person=rights.person)
    workspaces.remove_member(member.pk, by=house.ground.ours.owner)


def _new_password(_house: House, rights: Rights) -> None:
    with override_settings(PASSWORD_HASHERS=QUICK):
        passwords.set_password(rights.person, password="a new battery staple")


def _revoke(house: House, rights: Rights) -> None:
    api_keys.revoke_key(rights.key_id, by=house.ground.ours.owner)  # type: ignore[arg-type]


ENDINGS = (
    Ending("deactivated", frozenset({"browser", "key"}), _deactivate),
    Ending("removed", frozenset({"browser", "key"}), _remove),
    Ending("new password", frozenset({"browser"}), _new_password),
    Ending("key revoked", frozenset({"key"}), _revoke),
)


def run(house: House, dose: Dose, report: Report) -> None:
    lags = []
    with open_workspace(house.ground.ours.workspace):
        for turn in range(dose.of(200, ci=8)):
            lags.append(_race(house, ENDINGS[turn % len(ENDINGS)], report))
            report.count("rights ended in a race")
    report.figure("slowest end in seconds", max(lags))


def _race(house: House, ending: Ending, report: Report) -> float:
    """Seconds from the end of the right until no door opens; checked again once all is quiet."""
    rights = _rights(house)
    threads = [threading.Thread(target=rights.use) for _thread in range(THREADS)]
    for thread in threads:
        thread.start()
    while rights.used < THREADS:
        time.sleep(0.002)
    before = rights.alive()
    ending.do(house, rights)
    begin = time.monotonic()
    while rights.alive() & ending.ends and time.monotonic() - begin < MOST_SECONDS:
        time.sleep(0.01)
    lag = time.monotonic() - begin
    rights.over.set()
    for thread in threads:
        thread.join()
    report.expect(before == {"browser", "key"}, f"{ending.name}: only {before} opened before")
    left = rights.alive() & ending.ends
    report.expect(not left, f"{ending.name}: {left} still open after {lag:.1f} s")
    return lag


def _rights(house: House) -> Rights:
    person = house.person(role=Role.MANAGER)
    scopes = sorted(permits_of(Role.MANAGER))
    key, secret = api_keys.make_key("x", scopes=scopes, by=person)
    bearer = house.stranger()
    bearer.headers.append(("Authorization", f"Bearer {secret}"))
    return Rights(person, house.stranger(person), bearer, key.pk)
