"""R8: wrong clocks and odd days: each tick comes once, no job starves, an ended token stays dead.

First the clock of one web and one worker process jumps, beside a worker and a database that are
right. Pages refuse (503) rather than believe it, so a token that has ended opens nothing; the
worker leaves its jobs to the other. Then (full dose) the whole house, PostgreSQL too, lives through
the turn of odd days. Needs libfaketime, and says so where it is missing.
"""

import json
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import connection
from django.utils import timezone

from banso.cli.migrate import bring_tables
from banso.core.models import Person, Role, Session
from banso.core.scope import open_workspace
from banso.core.senders import send_mail
from banso.core.tests.programs import Program
from trials.asked import Asked, answer, ask
from trials.clocks import Clock, clock, library, server_by
from trials.ground import Ground, Side, ground, standing_on
from trials.private import queries_go_to, until
from trials.report import Dose, Report
from trials.sink import Sink, slow_mail_server
from trials.sockets import caller

HOUR, DAY = 3600, 86400
JOBS = 20
SOON_SECONDS = 20.0
STOPS_SECONDS = 10.0
TICKS = """
    SELECT task_name, (args->>'timestamp')::bigint, count(*)
    FROM procrastinate_jobs WHERE args ? 'timestamp' GROUP BY 1, 2
"""
HEARTS = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '15 s'"


# What a token that has ended is answered with; 503 by a clock that is wrong. A good link redirects.
REFUSED = {"stream ticket": {403, 503}, "session": {302, 503}, "reset link": {200, 503}}


@dataclass(frozen=True, slots=True)
class Turn:
    """A moment at which something turns, in a workspace of that zone; `days`: before and after."""

    name: str
    zone: str
    at: datetime
    days: tuple[str, str]


TURNS = [
    Turn("29 Feb", "Asia/Tokyo", datetime(2028, 2, 28, 15, tzinfo=UTC), ("2028-02-28", "2028-02-29")),
    Turn("New Year in Tokyo", "Asia/Tokyo", datetime(2027, 12, 31, 15, tzinfo=UTC), ("2027-12-31", "2028-01-01")),
    Turn("clocks go forward", "America/New_York", datetime(2027, 3, 14, 7, tzinfo=UTC), ("2027-03-14", "2027-03-14")),
    Turn("clocks go back", "America/New_York", datetime(2027, 11, 7, 6, tzinfo=UTC), ("2027-11-07", "2027-11-07")),
    Turn("2038", "Asia/Tokyo", datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC), ("2038-01-19", "2038-01-19")),
]  # fmt: skip


def run(dose: Dose) -> Report:
    report = Report(dose)
    if not library():
        report.figure("skipped", "libfaketime is not installed (apt-get install faketime)")
        return report
    offsets = [-HOUR, HOUR, -DAY, DAY] if dose.is_full else [-HOUR]
    with ExitStack() as stack:
        place = stack.enter_context(ground(dose.trial))
        sink = stack.enter_context(slow_mail_server(dose.random()))
        sink.slow = 0.02
        odd = stack.enter_context(clock())
        _one_machine_is_wrong(place, sink, odd, offsets, report)
    if dose.is_full:
        _odd_days(report)
    return report


def _one_machine_is_wrong(
    place: Ground, sink: Sink, odd: Clock, offsets: list[int], report: Report
) -> None:
    web = place.web(**odd.environment)
    told = {"BANSO_SMTP_PORT": str(sink.port)}
    wrong = place.worker(**told, **odd.environment)
    right = place.worker(**told)
    dead = _dead_tokens(place)
    begin = time.time()
    _check_dead(web, dead, "by a right clock", report)
    for offset in offsets:
        until(lambda: _sql(HEARTS)[0][0] >= 4, seconds=180, every=0.2)  # two workers, two queues
        odd.set(offset)
        _check_dead(web, dead, f"at once by a clock that is {offset:+d} s off", report)
        _check_refuses(web, offset, report)
        took = until(lambda: _has_ended(wrong), seconds=120)
        report.figure("worker ended after, s", took)
        report.expect(
            took <= report.dose.within(STOPS_SECONDS), f"the worker went on for {took:.0f} s"
        )
        wrong.start()  # as a service manager would; by a wrong clock it only waits
        _check_jobs(place, sink, offset, report)
        _check_dead(web, dead, f"by a clock that is {offset:+d} s off", report)
        odd.set(0)
        took = until(lambda: ask(web.base, Asked("GET", "/readyz")) == 200, seconds=30)
        report.figure("pages well after, s", took)
    if report.dose.is_full:
        until(lambda: _sql(HEARTS)[0][0] >= 4, seconds=180, every=0.2)
    _check_ticks(begin, report)
    report.expect(right.process and right.process.poll() is None, "the right worker ended")


def _has_ended(program: Program) -> bool:
    return program.process is not None and program.process.poll() is not None


def _dead_tokens(place: Ground) -> dict[str, Asked]:
    """Requests with tokens that ended half an hour ago: by a clock set back they would be good."""
    person = place.ours.people[Role.CSM]
    stream = caller(place.ours, person)
    with mock.patch("django.core.signing.time.time", return_value=time.time() - HOUR / 2):
        ticket = stream.token("today")
    ended = caller(place.ours, person)
    past = timezone.now() - timedelta(minutes=30)
    Session.objects.filter(session_key=ended.key).update(expire_date=past)
    return {
        "stream ticket": Asked(
            "GET", f"/live/stream?token={ticket}", cookie=f"sessionid={stream.key}"
        ),
        "session": Asked("GET", "/customers/", cookie=f"sessionid={ended.key}"),
        "reset link": Asked("GET", f"/accounts/password/reset/key/{_old_link(person)}/"),
    }


def _old_link(person: Person) -> str:
    """A link to set a password, half an hour too old."""
    age = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT, minutes=30)
    made = datetime.now() - age  # noqa: DTZ005  (as Django's generator counts)
    with mock.patch.object(type(default_token_generator), "_now", return_value=made):
        token = default_token_generator.make_token(person)
    return f"{user_pk_to_url_str(person)}-{token}"


def _check_dead(web: Program, dead: dict[str, Asked], when: str, report: Report) -> None:
    for name, asked in dead.items():
        status = ask(web.base, asked, seconds=60)
        report.count("ended tokens tried")
        report.expect(status in REFUSED[name], f"{name} {when}: answered {status}")


def _check_refuses(web: Program, offset: int, report: Report) -> None:
    until(lambda: ask(web.base, Asked("GET", "/readyz")) == 503, seconds=10)
    status = ask(web.base, Asked("GET", "/accounts/login/"))
    report.expect(status == 503, f"a page by a clock {offset:+d} s off was answered {status}")
    report.expect(ask(web.base, Asked("GET", "/healthz")) == 200, "the process calls itself ill")


def _check_jobs(place: Ground, sink: Sink, offset: int, report: Report) -> None:
    """Mails that are asked for now go out now, by the worker that is right."""
    before = sum(sink.taken.values())
    with open_workspace(place.ours.workspace):
        send_mail(to=[f"guest{n}@elsewhere.example" for n in range(JOBS)], subject="x", text="x")
    took = until(lambda: sum(sink.taken.values()) >= before + JOBS, seconds=300)
    report.figure(f"{JOBS} jobs beside a worker {offset:+d} s off, s", took)
    report.expect(took <= report.dose.within(SOON_SECONDS), f"jobs starved for {took:.0f} s")


def _check_ticks(begin: float, report: Report) -> None:
    """Every minute's tick came once; none came from a clock that was wrong."""
    found = _sql(TICKS)
    report.figure("ticks", len(found))
    twice = [(name, at) for name, at, times in found if times > 1]
    report.expect(not twice, f"ticks came twice: {twice[:3]}")
    odd = [(name, at) for name, at, _n in found if not begin - HOUR < at <= time.time() + 1]
    report.expect(not odd, f"ticks of another day came: {odd[:3]}")
    minutes = {at for name, at, _n in found if name == "core.look_after_mails"}
    by_now = time.time() - report.dose.within(2)
    due = set(range(int(begin // 60 + 1) * 60, int(by_now // 60 * 60) + 1, 60))
    report.figure("ticks due", len(due))
    report.expect(due <= minutes, f"{len(due - minutes)} ticks never came")


def _odd_days(report: Report) -> None:
    with clock() as now, server_by(now) as url, queries_go_to(url):
        bring_tables()
        with standing_on(url) as place:
            for turn in TURNS:
                _live_through(turn, place, now, report)


def _live_through(turn: Turn, place: Ground, now: Clock, report: Report) -> None:
    """The whole house from a little before the turn until after it."""
    workspace = place.ours.workspace
    workspace.zone, workspace.fixed_today = turn.zone, None
    workspace.save()
    _sql("DELETE FROM procrastinate_jobs")
    now.set(turn.at.timestamp() - time.time() - 12)
    web, worker = place.web(**now.environment), place.worker(**now.environment)
    before = _new_customer(web, place.ours, f"before {turn.name}", report)
    left = turn.at.timestamp() - _now()
    report.expect(left > 0, f"{turn.name}: the program took too long to start")
    time.sleep(max(0.0, left) + 5)
    after = _new_customer(web, place.ours, f"after {turn.name}", report)
    days = (before, after)
    report.expect(days == turn.days, f"{turn.name}: today was {days} and not {turn.days}")
    found = _sql(TICKS)
    twice = [(name, at) for name, at, times in found if times > 1]
    report.expect(not twice, f"{turn.name}: ticks came twice: {twice[:3]}")
    due = {int(turn.at.timestamp()) // 60 * 60}
    minutes = {at for name, at, _n in found if name == "core.look_after_mails"}
    report.expect(due <= minutes, f"{turn.name}: the tick of the turn never came")
    stuck = _sql("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")[0][0]
    report.expect(not stuck, f"{turn.name}: {stuck} jobs failed")
    report.count("turns lived through")
    web.kill()
    worker.kill()


def _new_customer(web: Program, side: Side, name: str, report: Report) -> str:
    """The day on which the program says that the new customer entered its stage: today."""
    asked = Asked("POST", "/api/v1/customers", {"name": name}, side.key)
    status, body = answer(web.base, asked)
    report.expect(status == 201, f"{name}: a new customer was answered {status}")
    return str(json.loads(body).get("stage_since")) if status == 201 else ""


def _now() -> float:
    return float(_sql("SELECT extract(epoch FROM clock_timestamp())")[0][0])


def _sql(statement: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []
