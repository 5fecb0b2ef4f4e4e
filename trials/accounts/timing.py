"""Whether an address is known here is told neither by the answer nor by the time it takes."""

import re
import statistics
import time
from collections.abc import Callable
from itertools import zip_longest

from trials.accounts.resets import ASK
from trials.house import House
from trials.report import Dose, Report
from trials.visitors import LOGIN, Reply

MOST = 0.10  # known ÷ unknown may be this far from 1
SETTLES = 0.15  # seconds in which a mail is sent: or the request after it is the slow one
HEARD = {"date", "expires", "set-cookie"}  # the time of day, and the browser's own cookies
OURS = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]*|nonce="[^"]*"')


def run(house: House, dose: Dose, report: Report) -> None:
    """Times are compared at full dose: tests of the daily run count the work behind them instead."""
    for name, pairs, ask in (
        ("sign-in", dose.of(60, ci=1), _sign_in),
        ("reset", dose.of(300, ci=1), _reset),
    ):
        times = _measure(house, name, pairs, ask, report)
        if dose.is_full:
            ratio = _ratio(times)
            report.figure(f"{name}: known ÷ unknown", ratio)
            report.expect(abs(ratio - 1) <= MOST, f"{name}: known takes {ratio:.3f} of unknown")


Ask = Callable[[House, str], Reply]


def _measure(
    house: House, name: str, pairs: int, ask: Ask, report: Report
) -> dict[str, list[float]]:
    """The seconds of each; known and unknown take turns, and turns at being first."""
    people = [house.person().email for _turn in range(pairs + 2)]
    times: dict[str, list[float]] = {"known": [], "unknown": []}
    for turn, known in enumerate(people):
        unknown = known.replace("iris", "nora")
        both = {"known": known, "unknown": unknown}
        for kind in list(both) if turn % 2 else list(both)[::-1]:
            begin = time.perf_counter()
            answer = ask(house, both[kind])
            times[kind].append(time.perf_counter() - begin)
            time.sleep(SETTLES if report.dose.is_full else 0)
            both[kind] = _plain(answer, both[kind])
        told = difference(both["known"], both["unknown"])
        report.expect(not told, f"{name}: the answers differ: {told}")
        report.count(f"{name}: answers compared")
    return times


def _ratio(times: dict[str, list[float]]) -> float:
    """Of the lower quartiles: what else the machine does only ever adds time, so the quick answers
    say more than the middle.
    """
    warm = {kind: statistics.quantiles(found[2:], n=4)[0] for kind, found in times.items()}
    return warm["known"] / warm["unknown"]


def difference(one: str, other: str) -> str:
    """The first lines that are not the same."""
    lines = zip_longest(one.splitlines(), other.splitlines())
    return next((f"{a!r} and {b!r}" for a, b in lines if a != b), "")


def _plain(answer: Reply, email: str) -> str:
    """Everything that a stranger sees of it, without the address itself."""
    headers = sorted(f"{k}: {v}" for k, v in answer.headers if k.lower() not in HEARD)
    shown = "\n".join([str(answer.status), *headers, OURS.sub("", answer.body)])
    return shown.replace(email, "ADDRESS").replace(email.replace("@", "%40"), "ADDRESS")


def _sign_in(house: House, email: str) -> Reply:
    return house.stranger().post(LOGIN, {"login": email, "password": "not this one"})


def _reset(house: House, email: str) -> Reply:
    return house.stranger().post(ASK, {"email": email})
