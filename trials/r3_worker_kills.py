"""R3: the worker is killed while jobs run: steps happen once, no mail goes out twice or is lost.

Steps are events that each give a person a task. A mail that the server took while the worker died
cannot be known to have gone out: it is unsure, at most one for each job at work in a kill, and
shown on the settings page. Chat messages and webhooks may come twice and are not counted here.
"""

import re
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from banso.core import condition
from banso.core.events import publish
from banso.core.models import OutgoingMail, Role
from banso.core.scope import open_workspace
from banso.core.senders import send_mail
from banso.customers.models import Customer
from banso.customers.services import NewCustomer, create_customers
from banso.insight.health.models import Alert
from banso.work.models import Task
from trials.ground import Ground, ground
from trials.private import until
from trials.report import Dose, Report
from trials.sink import Sink, slow_mail_server

AT_ONCE = 4  # jobs of one worker: 3 live, 1 bulk
RESUMES_SECONDS = 60.0
SETTLES_SECONDS = 300.0
GOES_ON = re.compile(r'href="[^"]*[?&;]after=([0-9a-f-]+)')
AGE_HEARTS = "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'"
STARTED_AGAIN = """
    SELECT job.id, extract(epoch FROM min(event.at))
    FROM procrastinate_jobs job JOIN procrastinate_events event ON event.job_id = job.id
    WHERE job.id = ANY(%s) AND event.type = 'started' AND event.at > to_timestamp(%s)
    GROUP BY job.id
"""


def run(dose: Dose) -> Report:
    report = Report(dose)
    with (
        ground(dose.trial) as place,
        slow_mail_server(dose.random()) as sink,
        open_workspace(place.ours.workspace),
    ):
        ask_for_work(place, dose.of(1000, ci=30))
        killed = _kills(place, sink, report)
        _settle(place, sink, report)
        check_steps(report)
        check_mails(place, sink, report, most_unsure=int(report.counts["kills"]) * AT_ONCE)
        _check_resumed(killed, report)
    return report


def ask_for_work(place: Ground, count: int) -> None:
    """As many steps as mails, in turns, each with a job of its own."""
    owner = place.ours.owner
    rows = [NewCustomer(name=f"会社{n}", main_owner_id=owner.pk) for n in range(count)]
    create_customers(rows, by=None)
    ProcrastinateJob.objects.all()._raw_delete("default")  # what follows from new customers
    for n, customer in enumerate(Customer.objects.order_by("pk")):
        alert = Alert.objects.create(
            customer=customer,
            opened_on=place.ours.workspace.today(),
            from_score=None,
            to_score=20,
            band="danger",
        )
        publish("health.alert_raised", alert)
        send_mail(to=[f"guest{n}@elsewhere.example"], subject=f"お知らせ{n}", text="本文です。")


def _kills(place: Ground, sink: Sink, report: Report) -> dict[int, float]:
    """Jobs that were at work in a kill, with the time of the (last) one by the database's clock."""
    chance, killed, held = report.dose.random(), dict[int, float](), set[tuple[int, int]]()
    for _number in range(report.dose.of(100, ci=1)):
        worker = _worker(place, sink)
        _wait_for_a_mail(sink)
        time.sleep(chance.random() / 2)
        report.expect(_waiting(), "there was no work left for a kill")
        worker.kill()
        at_work, now = _at_work(), _now()
        killed |= {job: now for job, _whose in at_work - held}
        held |= at_work
        report.count("kills")
    return killed


def _wait_for_a_mail(sink: Sink) -> None:
    """The worker that has just started is at work."""
    before = sum(sink.taken.values())
    until(lambda: sum(sink.taken.values()) > before or not _waiting(), seconds=60)


def _worker(place: Ground, sink: Sink) -> Any:
    return place.worker(BANSO_SMTP_PORT=str(sink.port))


def _settle(place: Ground, sink: Sink, report: Report) -> None:
    """A last worker ends what is left. At the small dose nobody waits for the dead ones' hearts."""
    if not report.dose.is_full:
        _sql(AGE_HEARTS)
    sink.slow = 0.02
    _worker(place, sink)
    took = until(lambda: not _waiting() and not _running(), seconds=SETTLES_SECONDS, every=0.1)
    report.figure("settled after, s", took)


def check_steps(report: Report) -> None:
    """Each alert gave its owner one task."""
    wanted = {f"alert:{pk}" for pk in Alert.objects.values_list("pk", flat=True)}
    there = Counter(Task.objects.values_list("origin", flat=True))
    twice = [origin for origin, times in there.items() if times > 1]
    report.figure("steps", len(wanted))
    report.expect(not wanted - set(there), f"{len(wanted - set(there))} steps were lost")
    report.expect(not twice, f"{len(twice)} steps happened twice")


def check_mails(place: Ground, sink: Sink, report: Report, *, most_unsure: int) -> None:
    """None went out twice, none is lost; those that are unsure are few, and shown."""
    mails = list(OutgoingMail.objects.all())
    states = Counter(one.state for one in mails)
    report.figure("mails", len(mails))
    for state, times in sorted(states.items()):
        report.count(f"mails {state}", times)
    twice = [one for one in mails if sink.times(one.pk) > 1]
    lost = [one for one in mails if sink.times(one.pk) == 0 and one.state != "unsure"]
    report.expect(not twice, f"{len(twice)} mails went out twice")
    report.expect(not lost, f"{len(lost)} mails were lost: {Counter(one.state for one in lost)}")
    unsure = [one for one in mails if one.state == "unsure"]
    words = f"{len(unsure)} mails are unsure, of at most {most_unsure}"
    report.expect(len(unsure) <= most_unsure, words)
    report.expect(set(states) <= {"sent", "unsure"}, f"mails are left: {states}")
    _check_shown(place, unsure, report)


def _check_shown(place: Ground, unsure: list[OutgoingMail], report: Report) -> None:
    client = Client(headers={"host": "localhost"})
    client.force_login(place.ours.people[Role.MANAGER], backend=settings.AUTHENTICATION_BACKENDS[0])
    pages = "".join(_pages(client))
    hidden = [one for one in unsure if f">{one.to}<" not in pages]
    report.expect(not hidden, f"{len(hidden)} unsure mails are shown to nobody")
    with connection.cursor() as cursor:
        told = condition.mails(cursor).unsure
    report.expect(told == len(unsure), f"doctor says {told} unsure mails, there are {len(unsure)}")


def _check_resumed(killed: dict[int, float], report: Report) -> None:
    """Each job that lost its worker began anew within a minute of its last kill."""
    report.figure("jobs that lost their worker", len(killed))
    slowest = 0.0
    for pk, at in killed.items():
        began = dict(_sql(STARTED_AGAIN, [pk], at)).get(pk)
        report.expect(began, "a job that lost its worker never ran again")
        if began is not None:
            slowest = max(slowest, float(began) - at)
    report.figure("slowest to resume, s", slowest)
    report.expect(
        slowest <= report.dose.within(RESUMES_SECONDS), f"a job resumed after {slowest:.0f} s"
    )


def _waiting() -> int:
    return ProcrastinateJob.objects.filter(status="todo").count()


def _running() -> int:
    return ProcrastinateJob.objects.filter(status="doing").count()


def _at_work() -> set[tuple[int, int]]:
    """Jobs that the database holds for running, each with its worker."""
    doing = ProcrastinateJob.objects.filter(status="doing").exclude(worker=None)
    return set(doing.values_list("id", "worker_id"))


def _now() -> float:
    return float(_sql("SELECT extract(epoch FROM clock_timestamp())")[0][0])


def _sql(statement: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def _pages(client: Client) -> Iterator[str]:
    after: re.Match[str] | None = None
    while True:
        page = client.get("/settings/mail/", {"after": after[1]} if after else {}).content.decode()
        yield page
        after = GOES_ON.search(page)
        if not after:
            return
