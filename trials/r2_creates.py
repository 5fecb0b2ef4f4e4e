"""R2: programs create while the web process is killed: what was acknowledged stands once and whole.

Four programs create customers with idempotency keys and, whenever no answer comes, ask again with
the same key. With `r2_delivery` (the official clients' events) this is R2: 50 kills in all.
"""

import http.client
import json
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from banso.core.models import Event, KeptAnswer
from banso.core.scope import open_workspace
from banso.core.tests.programs import Program
from banso.customers.models import Customer, StageChange
from trials.ground import Ground, ground
from trials.report import Dose, Report

PROGRAMS = 4
PATIENCE = 120.0  # for one wish, kills and all
FIRST_PAGE_WITHIN = 3.0
TOGETHER = 3  # a program that gets no answer asks so many times at once: they race each other


@dataclass
class Log:
    """What the programs were told: the id of each customer by its name, and how."""

    told: dict[str, str] = field(default_factory=dict)
    how: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, name: str, pk: str, *, replayed: bool) -> None:
        with self.lock:
            if self.told.setdefault(name, pk) != pk:
                self.wrong.append(f"{name} was told two ids")
            self.how["told again" if replayed else "told first"] += 1

    def count(self, what: str) -> None:
        with self.lock:
            self.how[what] += 1


def run(dose: Dose) -> Report:
    """2,000 creates and 30 kills; 100 and one at the small dose."""
    report, log = Report(dose), Log()
    creates, kills = dose.of(2000), dose.of(30, ci=1)
    with ground(dose.trial) as place:
        web = place.web()
        with ThreadPoolExecutor(PROGRAMS) as programs:
            wishes = [programs.submit(_create, place, web, f"顧客{n}", log) for n in range(creates)]
            starts = [
                web_again(web, log, creates, n / (kills + 1), dose) for n in range(1, kills + 1)
            ]
            for wish in wishes:
                wish.result()
        _check(place, log, creates, report)
    for name, count in sorted(log.how.items()):
        report.figure(name, count)
    report.count("kills", kills)
    report.figure("first page, slowest", max(starts))
    if dose.is_full:  # the daily run shares its processors with others
        slow = sorted(starts)[len(starts) * 19 // 20 - 1]
        report.figure("first page, 95 of 100", slow)
        report.expect(slow <= FIRST_PAGE_WITHIN, f"the first page came after {slow:.1f} s")
    return report


def web_again(web: Program, log: Log, creates: int, share: float, dose: Dose) -> float:
    """The web process is killed once that share is done, and started; seconds to its first page."""
    deadline = time.monotonic() + PATIENCE
    while len(log.told) < creates * share and time.monotonic() < deadline:
        time.sleep(0.002)
    time.sleep(dose.random().random() / 100)
    web.kill()
    begin = time.monotonic()
    web.start()
    _get(web, "/accounts/login/")
    return time.monotonic() - begin


def _get(web: Program, path: str) -> None:
    line = http.client.HTTPConnection("127.0.0.1", web.port, timeout=30)
    line.request("GET", path)
    assert line.getresponse().status == 200
    line.close()


def _create(place: Ground, web: Program, name: str, log: Log) -> None:
    """Ask until somebody says that the customer stands; after a lost answer several at once."""
    deadline = time.monotonic() + PATIENCE
    if _ask(place, web, name, log):
        return
    with ThreadPoolExecutor(TOGETHER) as together:
        while time.monotonic() < deadline:
            tries = [together.submit(_ask, place, web, name, log) for _n in range(TOGETHER)]
            answers = [one.result() for one in tries]  # all of them: none outlives its wish
            if any(answers):
                return
            time.sleep(0.02)
    log.wrong.append(f"{name} was never acknowledged")


def _ask(place: Ground, web: Program, name: str, log: Log) -> bool:
    headers = {
        "Authorization": f"Bearer {place.ours.key}",
        "Content-Type": "application/json",
        "Idempotency-Key": f"create-{name}".encode().hex(),
    }
    line = http.client.HTTPConnection("127.0.0.1", web.port, timeout=10)
    try:
        line.request("POST", "/api/v1/customers", json.dumps({"name": name}), headers)
        answer = line.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException):
        log.count("without an answer")
        return False
    finally:
        line.close()
    if answer.status == 201:
        replayed = answer.headers.get("Idempotent-Replayed") == "true"
        log.note(name, json.loads(body)["id"], replayed=replayed)
        return True
    if answer.status == 409:
        log.count("asked to come again")
    elif answer.status != 503:
        log.wrong.append(f"{name}: answer {answer.status}")
    return False


def _check(place: Ground, log: Log, creates: int, report: Report) -> None:
    """Each customer once, under the id that was told, with its stage, its event and its answer."""
    with open_workspace(place.ours.workspace):
        rows = {str(one.pk): one.name for one in Customer.objects.all()}
        steps = Counter(map(str, StageChange.objects.values_list("customer_id", flat=True)))
        made = Event.objects.filter(name="customers.customer_created")
        events = Counter(map(str, made.values_list("customer_id", flat=True)))
        kept = KeptAnswer.objects.count()
    for words in log.wrong:
        report.expect(False, words)
    lost = [name for name, pk in log.told.items() if rows.get(pk) != name]
    report.figure("customers", len(rows))
    report.expect(len(log.told) == creates, f"{creates - len(log.told)} were not acknowledged")
    report.expect(not lost, f"{len(lost)} acknowledged customers are not there: {lost[:5]}")
    report.expect(len(rows) == creates, f"{len(rows)} customers instead of {creates}")
    once = dict.fromkeys(rows, 1)
    report.expect(dict(steps) == once, "a customer has no stage, or more than one")
    report.expect(dict(events) == once, "a customer was not told, or twice")
    report.expect(kept == creates, f"{kept} answers are kept for {creates} keys")
