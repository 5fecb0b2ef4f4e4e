"""S13: odd frames on /live/ tell nothing of our insides, and a stream ends with its right.

10,000 frames that no browser sends; then streams that are open while their right ends, by the
program's own doors and behind its back; then streams opened while the session is being ended.
"""

import re
import socket
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

from banso.core import passwords, sessions, workspaces
from banso.core.live import end, tell
from banso.core.models import Membership, Person, Role, Session, Workspace
from banso.core.scope import open_workspace
from banso.core.tests.programs import Program
from trials.ground import Ground, Side, a_person, ground, side
from trials.odd_frames import KINDS
from trials.report import Dose, Report
from trials.sockets import Caller, all_of, caller, connected, status_of

OPEN = b"event: open"
CLOSED_WITHIN = 5.0
TOLD_WITHIN = 1.5  # half of what it takes until the streams' own check finds an end by itself
AT_ONCE = 8
# Modules, classes, tables, files and lines of ours or of what we stand on.
INSIDES = re.compile(
    rb"Traceback|File \"|\bline \d+|\.py\b|banso\.|django|psycopg|uvicorn|asgi|h11|a2wsgi|"
    rb"procrastinate|[A-Z][a-zA-Z]+(Error|Exception)\b|core_[a-z]+|SELECT |0x[0-9a-f]{6}"
)
REFUSED = ("SuspiciousOperation", "DisallowedHost")
ASSETS = re.compile(rb'(src|href)="/static/[^"]*"')


def run(dose: Dose) -> Report:
    report = Report(dose)
    with ground(dose.trial) as place:
        web = place.web()
        mine = caller(place.ours, place.ours.people[Role.CSM])
        other = caller(place.theirs, place.theirs.owner)
        odd_frames(web, mine, other, report)
        junk_inside(web, mine, report)
        for _n in range(dose.of(4, ci=1)):
            ended(web, report)
        replayed(place, web, report)
        races(place, web, report)
        afterwards(place, web, mine, report)
    return report


def odd_frames(web: Program, mine: Caller, other: Caller, report: Report) -> None:
    random, statuses = report.dose.random(), Counter[int]()
    frames = [
        (kind.__name__, kind(random, mine, other))
        for n in range(report.dose.of(10_000, ci=200))
        for kind in [KINDS[n % len(KINDS)]]
    ]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = pool.map(lambda frame: exchange(web.port, frame[1]), frames)
        for (kind, frame), (answer, over) in zip(frames, answers, strict=True):
            report.count(kind)
            judge(kind, frame, answer, over, report)
            statuses[status_of(answer)] += 1
    report.figure("answers", ", ".join(f"{key}: {n}" for key, n in sorted(statuses.items())))


def exchange(port: int, frame: bytes) -> tuple[bytes, bool]:
    """The answer, and whether the server ended it; a half-sent frame is ended by us."""
    with connected(port, frame) as one:
        answer, over = all_of(one, within=2, until=b"\r\n\r\n")
        if status_of(answer) or over:
            rest, over = (b"", True) if over else all_of(one, within=2)
            return answer + rest, over or OPEN not in rest
        one.shutdown(socket.SHUT_WR)
        rest, over = all_of(one, within=10)
        return answer + rest, over


def judge(kind: str, frame: bytes, answer: bytes, over: bool, report: Report) -> None:
    shown = repr(frame[:80])
    status = status_of(answer)
    body = answer.partition(b"\r\n\r\n")[2]
    if kind == "odd_ticket" and status in (200, 302):
        return
    report.expect(over, f"{kind}: nobody ends it: {shown}")
    report.expect(not 500 <= status < 600, f"{kind}: {status} for {shown}")
    report.expect(not answer or 400 <= status < 500, f"{kind}: {status} for {shown}")
    report.expect(OPEN not in answer, f"{kind}: a stream opened for {shown}")
    if found := INSIDES.search(ASSETS.sub(b"", body)):
        report.expect(False, f"{kind}: {found[0]!r} is told to {shown}")


def junk_inside(web: Program, mine: Caller, report: Report) -> None:
    """Bytes sent into an open stream change nothing but that stream."""
    random = report.dose.random()
    for _n in range(report.dose.of(20, ci=2)):
        with connected(web.port, mine.request()) as one:
            report.expect(OPEN in all_of(one, within=5, until=OPEN)[0], "no stream opened")
            with connected(web.port, mine.request()) as sound:
                all_of(sound, within=5, until=OPEN)
                send_quietly(one, random.randbytes(100_000))
                with open_workspace(mine.member.workspace):
                    tell("today")
                heard = b"today" in all_of(sound, within=5, until=b"today")[0]
                report.expect(heard, "junk in one stream silenced another")
        report.count("streams with junk in them")


def send_quietly(one: socket.socket, data: bytes) -> None:
    one.settimeout(1)
    try:
        one.sendall(data)
    except OSError:
        return


def ended(web: Program, report: Report) -> None:
    """Two streams each of new people in workspaces of their own; then every right ends in its way.

    Most of it is waiting, so it is waited for all of them at once.
    """
    opened = [(name, lose, *streaming(name, web, report)) for name, lose in LOSSES.items()]
    with ThreadPoolExecutor(2 * len(opened)) as pool:
        watched = []
        for name, lose, fresh, whose, streams in opened:
            lose(fresh, whose)
            begin = time.monotonic()
            watched += [(name, pool.submit(closed, one, begin)) for one in streams]
            report.count("rights ended")
    for name, watch in watched:
        over, took = watch.result()
        ok = over and took <= (TOLD_WITHIN if name in TOLD else CLOSED_WITHIN)
        report.expect(ok, f"{name}: open for {took:.1f} s after the right had ended")
        kind = "slowest told end, s" if name in TOLD else "slowest end that nobody told, s"
        report.figure(kind, max(float(report.counts.get(kind, 0)), took))


def streaming(name: str, web: Program, report: Report) -> tuple[Side, Caller, list[socket.socket]]:
    """A new workspace with two open streams of one of its people."""
    fresh = side(f"{name}{time.monotonic_ns()}", f"h{time.monotonic_ns()}")
    whose = caller(fresh, fresh.people[Role.CSM])
    streams = [connected(web.port, whose.request()) for _n in range(2)]
    for one in streams:
        report.expect(OPEN in all_of(one, within=5, until=OPEN)[0], f"{name}: no stream opened")
    return fresh, whose, streams


def closed(one: socket.socket, begin: float) -> tuple[bool, float]:
    """Whether the server ended the stream, and the seconds since `begin`."""
    with one:
        text, over = all_of(one, within=CLOSED_WITHIN + 3, until=b"\r\n0\r\n\r\n")
    return over or text.endswith(b"0\r\n\r\n"), time.monotonic() - begin


def replayed(place: Ground, web: Program, report: Report) -> None:
    """A token that was good, after its session: refused from the first moment."""
    for _n in range(report.dose.of(20, ci=2)):
        with open_workspace(place.ours.workspace):
            person = a_person(f"r{time.monotonic_ns()}@acme.example", role=Role.CSM)
        whose = caller(place.ours, person)
        request = whose.request()
        with open_workspace(place.ours.workspace):
            sessions.end_sessions(person.pk)
        with connected(web.port, request) as one:
            answer, _over = all_of(one, within=5, until=b"\r\n\r\n")
        report.expect(status_of(answer) == 403, f"a token was good after its session: {answer!r}")
        report.count("replays")


def races(place: Ground, web: Program, report: Report) -> None:
    """Streams asked for in the very moment in which the session ends: none outlives it."""
    for _n in range(report.dose.of(20, ci=2)):
        with open_workspace(place.ours.workspace):
            person = a_person(f"q{time.monotonic_ns()}@acme.example", role=Role.CSM)
        whose = caller(place.ours, person)
        requests = [whose.request() for _one in range(10)]
        streams = [connected(web.port, request) for request in requests[:5]]
        sessions.end_sessions(person.pk)
        begin = time.monotonic()
        streams += [connected(web.port, request) for request in requests[5:]]
        for one in streams:
            text, over = all_of(one, within=CLOSED_WITHIN + 3, until=b"\r\n0\r\n\r\n")
            late = time.monotonic() - begin > CLOSED_WITHIN
            done = over or status_of(text) == 403 or text.endswith(b"0\r\n\r\n")
            report.expect(done and not late, "a stream outlived its session")
            one.close()
        report.count("races")


def afterwards(place: Ground, web: Program, mine: Caller, report: Report) -> None:
    """The program goes on, and nothing broke inside it."""
    with connected(web.port, mine.request()) as one:
        report.expect(OPEN in all_of(one, within=5, until=OPEN)[0], "no stream opens any more")
    broken = next((line for line in place.logs().splitlines() if is_error(line)), "")
    report.expect(not broken, f"an error stands in the log: {broken[-400:]}")


def is_error(line: str) -> bool:
    """A trace; but Django notes with one what it refuses (NUL bytes, unknown hosts)."""
    return "Traceback" in line and not any(name in line for name in REFUSED)


def by_signing_out(_side: Side, whose: Caller) -> None:
    sessions.end_session(Session.objects.get(session_key=whose.key).handle, person=_person(whose))


def by_new_password(_side: Side, whose: Caller) -> None:
    passwords.set_password(_person(whose), password="another good password")


def by_role(fresh: Side, whose: Caller) -> None:
    with open_workspace(fresh.workspace):
        workspaces.change_role(whose.member.pk, role=Role.VIEWER)


def by_removal(fresh: Side, whose: Caller) -> None:
    with open_workspace(fresh.workspace):
        workspaces.remove_member(whose.member.pk, by=fresh.owner)


def by_word(_side: Side, whose: Caller) -> None:
    end(person_id=whose.member.person_id)


def behind(statement: str) -> Callable[[Side, Caller], None]:
    """As an operator does it in the database: nobody is told, the streams' own check finds it."""

    def lose(_side: Side, whose: Caller) -> None:
        facts: dict[str, Any] = {
            "key": whose.key,
            "person": whose.member.person_id,
            "member": whose.member.pk,
            "workspace": whose.member.workspace_id,
        }
        with connection.cursor() as cursor:
            cursor.execute(statement, facts)

    return lose


def without_workspace(fresh: Side, _whose: Caller) -> None:
    with open_workspace(fresh.workspace):
        Membership.objects.all().delete()
    Workspace.objects.filter(pk=fresh.workspace.pk).update(name="gone")


def _person(whose: Caller) -> Person:
    return Person.objects.get(pk=whose.member.person_id)


TOLD: dict[str, Callable[[Side, Caller], None]] = {
    "signed out": by_signing_out,
    "password changed": by_new_password,
    "role changed": by_role,
    "member removed": by_removal,
    "told to end": by_word,
}
LOSSES = {
    **TOLD,
    "members gone": without_workspace,
    "session deleted": behind("DELETE FROM core_session WHERE session_key = %(key)s"),
    "session expired": behind(
        "UPDATE core_session SET expire_date = now() WHERE session_key = %(key)s"
    ),
    "person inactive": behind("UPDATE core_person SET is_active = false WHERE id = %(person)s"),
    "password replaced": behind("UPDATE core_person SET password = 'x' WHERE id = %(person)s"),
    "role replaced": behind("UPDATE core_membership SET role = 'viewer' WHERE id = %(member)s"),
    "member deleted": behind("DELETE FROM core_membership WHERE id = %(member)s"),
}
