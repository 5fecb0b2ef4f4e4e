"""The second step: codes of an app, and the codes on paper."""

import threading
import time
from collections.abc import Iterator
from itertools import islice

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value

from banso.core.models import Person
from trials.house import House
from trials.tokens.kinds import Kind, Place, Try
from trials.visitors import Visitor

STEP = "/accounts/2fa/authenticate/"
PERIOD = 30
AT_ONCE = 4
GUESSES = 3  # for one person, below the limit
FOREIGN = {ord(digit): chr(ord(digit) - 48 + 0x0660) for digit in "0123456789"}  # Arabic digits


def _code(place: Place) -> Iterator[Try]:
    house = place.house
    person, secret = _with_app(house)
    other, others_secret = _with_app(house)
    wait_for_a_fresh_period()
    code = place.keep(code_at(secret))
    waiting = [at_the_step(house, person) for _each in range(AT_ONCE)]
    won = _at_once(waiting, code)
    yield "good", won > 0
    yield "used", won > 1
    yield "used", passes(at_the_step(house, person), code)
    foreign = at_the_step(house, other)
    yield "other person", passes(foreign, code_at(secret))
    yield "expired", passes(foreign, code_at(others_secret, periods=-2))
    yield "expired", passes(foreign, code_at(others_secret, periods=2))
    for kind, wrong in {"other purpose": secret, "byte flipped": code_at(secret)[:5]}.items():
        someone, _theirs = _with_app(house)
        yield kind, passes(at_the_step(house, someone), wrong)
    flips = place.flipped(code_at(others_secret))
    while some := list(islice(flips, GUESSES)):
        person, secret = _with_app(house, others_secret)
        guessing = at_the_step(house, person)
        for wrong in some:
            yield "byte flipped", passes(guessing, wrong)


def _paper(place: Place) -> Iterator[Try]:
    house = place.house
    person, codes = _with_codes(house)
    other, _others = _with_codes(house)
    place.secrets |= set(codes)
    for wrong in place.flipped(codes[1], GUESSES):
        yield "byte flipped", passes(at_the_step(house, person), wrong)
    won = _at_once([at_the_step(house, person) for _each in range(AT_ONCE)], codes[0])
    yield "good", won > 0
    yield "used", won > 1
    yield "used", passes(at_the_step(house, person), codes[0])
    yield "other person", passes(at_the_step(house, other), codes[1])
    signing_in = house.stranger().sign_in(person, codes[1])
    yield "other purpose", signing_in.status == 302
    RecoveryCodes.activate(person).instance.delete()
    RecoveryCodes.activate(person)
    yield "expired", passes(at_the_step(house, person), codes[2])


def _with_app(house: House, secret: str = "") -> tuple[Person, str]:
    """Somebody with an authenticator app, and its secret."""
    person, secret = house.person(), secret or generate_totp_secret()
    TOTP.activate(person, secret)
    return person, secret


def _with_codes(house: House) -> tuple[Person, list[str]]:
    """Somebody with an app and codes on paper."""
    person, _secret = _with_app(house)
    return person, RecoveryCodes.activate(person).generate_codes()


def at_the_step(house: House, person: Person) -> Visitor:
    """A browser that knows the password and is asked for the second step."""
    visitor = house.stranger()
    answer = visitor.sign_in(person)
    assert answer.location.startswith(STEP), (answer.status, answer.location)
    return visitor


def passes(visitor: Visitor, code: str) -> bool:
    visitor.post(STEP, {"code": code})
    return visitor.is_in


def _at_once(waiting: list[Visitor], code: str) -> int:
    """How many of these browsers come in with one code at the same moment."""
    ready = threading.Barrier(len(waiting))
    found: list[bool] = []

    def use(visitor: Visitor) -> None:
        ready.wait()
        found.append(passes(visitor, code))

    threads = [threading.Thread(target=use, args=(one,)) for one in waiting]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(found)


def code_at(secret: str, *, periods: int = 0) -> str:
    """The app's code now, or so many periods away."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD + periods)))


def wait_for_a_fresh_period(seconds: float = 12.0) -> None:
    """The code that stands now stays for that long."""
    left = PERIOD - time.time() % PERIOD
    if left < seconds:
        time.sleep(left + 0.1)


HERE = {"other workspace": "a person's second step is the same wherever they work"}
KINDS = (
    Kind("app code", "allauth: secrets.compare_digest", _code, HERE),
    Kind("recovery code", "allauth: secrets.compare_digest, under a row lock", _paper, HERE),
)
