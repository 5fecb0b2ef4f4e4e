"""A right that ends is over within seconds, also for requests that are under way."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from django.test import override_settings

from banso.core import api_keys, passwords, sessions, workspaces
from banso.core.access import permits_of
from banso.core.models import Membership, Person, Role, Session
from banso.core.scope import open_workspace
from trials.ground import QUICK
from trials.house import House
from trials.report import Dose, Report
from trials.visitors import Visitor

MOST_SECONDS = 5.0
THREADS = 3
PAGE, OPERATION = "/tasks", "/api/v1/tasks"
BROWSER, KEY, STREAM = "browser", "key", "stream"


@dataclass
class Rights:
    """What one person holds: a browser, a key and an open stream. Threads use them all the time."""

    person: Person
    browser: Visitor
    key: Visitor
    key_id: UUID
    streaming: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)
    used: int = 0

    def use(self) -> None:
        while not self.over.is_set():
            self.browser.get(PAGE)
            self.key.get(OPERATION)
            self.used += 1

    def listen(self) -> None:
        """Hear the stream until it is closed to us."""
        token = json.loads(self.browser.get("/live-token/?topics=today").body)["token"]
        with self.browser.listening(f"/live/stream?token={token}") as stream:
            if stream.status == 200:
                self.streaming.set()
                stream.until_closed(self.over)
        self.streaming.clear()

    def alive(self) -> set[str]:
        """Which of them still open a door."""
        found = {BROWSER: self.browser.get(PAGE), KEY: self.key.get(OPERATION)}
        opened = {name for name, answer in found.items() if answer.status == 200}
        return opened | ({STREAM} if self.streaming.is_set() else set())


@dataclass(frozen=True, slots=True)
class Ending:
    """A way in which rights end, and which ones must."""

    name: str
    ends: frozenset[str]
    do: Callable[[House, Rights], object]


def _deactivate(_house: House, rights: Rights) -> None:
    """By hand in the database: nobody is told, so streams look for themselves."""
    Person.objects.filter(pk=rights.person.pk).update(is_active=False)


def _remove(house: House, rights: Rights) -> None:
    member = Membership.objects.get(person=rights.person)
    workspaces.remove_member(member.pk, by=house.ground.ours.owner)


def _new_password(_house: House, rights: Rights) -> None:
    with override_settings(PASSWORD_HASHERS=QUICK):
        passwords.set_password(rights.person, password="a new battery staple")


def _end_session(_house: House, rights: Rights) -> None:
    row = Session.objects.get(session_key=rights.browser.cookies["sessionid"])
    sessions.end_session(row.handle, person=rights.person)


def _sign_out(_house: House, rights: Rights) -> None:
    rights.browser.post("/accounts/logout/", {})


def _revoke(house: House, rights: Rights) -> None:
    api_keys.revoke_key(rights.key_id, by=house.ground.ours.owner)


EVERYTHING, OF_THE_BROWSER = frozenset({BROWSER, KEY, STREAM}), frozenset({BROWSER, STREAM})
ENDINGS = (
    Ending("removed", EVERYTHING, _remove),
    Ending("new password", OF_THE_BROWSER, _new_password),
    Ending("session ended", OF_THE_BROWSER, _end_session),
    Ending("signed out", OF_THE_BROWSER, _sign_out),
    Ending("key revoked", frozenset({KEY}), _revoke),
)
SLOW = Ending("deactivated", EVERYTHING, _deactivate)
SLOW_EVERY = 20


def run(house: House, dose: Dose, report: Report) -> None:
    lags = []
    with open_workspace(house.ground.ours.workspace):
        for turn in range(dose.of(200, ci=len(ENDINGS))):
            slow = turn % SLOW_EVERY == SLOW_EVERY - 1
            lags.append(_race(house, SLOW if slow else ENDINGS[turn % len(ENDINGS)], report))
            report.count("rights ended in a race")
    report.figure("slowest end in seconds", max(lags))


def _race(house: House, ending: Ending, report: Report) -> float:
    """Seconds from the end of the right until no door opens; checked again once all is quiet."""
    rights = _rights(house)
    threads = [threading.Thread(target=rights.use) for _thread in range(THREADS)]
    threads.append(threading.Thread(target=rights.listen))
    for thread in threads:
        thread.start()
    report.expect(rights.streaming.wait(MOST_SECONDS), f"{ending.name}: no stream opened before")
    _until(lambda: rights.used >= THREADS)
    before = rights.alive()
    report.expect(before == EVERYTHING, f"{ending.name}: only {before} opened before")
    begin = time.monotonic()
    ending.do(house, rights)
    _until(lambda: not rights.alive() & ending.ends)
    lag = time.monotonic() - begin
    left = rights.alive() & ending.ends
    rights.over.set()
    for thread in threads:
        thread.join()
    left |= rights.alive() & ending.ends - {STREAM}
    report.expect(not left, f"{ending.name}: {left} still open after {lag:.1f} s")
    return lag


def _until(holds: Callable[[], bool]) -> None:
    """Wait until it holds, or until it is too late."""
    begin = time.monotonic()
    while not holds() and time.monotonic() - begin < MOST_SECONDS:
        time.sleep(0.01)


def _rights(house: House) -> Rights:
    person = house.person(role=Role.MANAGER)
    scopes = sorted(permits_of(Role.MANAGER))
    key, secret = api_keys.make_key("x", scopes=scopes, by=person)
    bearer = house.stranger()
    bearer.headers.append(("Authorization", f"Bearer {secret}"))
    return Rights(person, house.stranger(person), bearer, key.pk)
