"""Poisoned jobs."""

import inspect
import json
import time
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

from django.db import connection
from procrastinate.contrib.django import app

from banso.core.models import Event
from trials.ground import Ground
from trials.poison.measure import AMONG, DONE_WITHIN, Watch

DOOR = "jobs"
HEARD = "banso.touchpoints.usage.handlers.match"
VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 10**30, 1.5, "", "x", "\u202e", "a" * 100_000, [], [[]], {}, {"a": {"b": []}},
    "00000000-0000-0000-0000-000000000000", ["x"], [None], [2**63], list(range(5000)), "'; --",
)  # fmt: skip
QUEUE = """
    INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args)
    SELECT 'live', task, 0, args::jsonb FROM unnest(%s::text[], %s::text[]) AS job (task, args)
    RETURNING id
"""
STATES = "SELECT id, status::text, task_name FROM procrastinate_jobs WHERE id = ANY(%s)"


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands in its table."""

    kind: str
    task: str
    args: str


def run(kinds: int, place: Ground, watch: Watch) -> None:
    """Poison among good jobs, in the order of the queue; a good one hears an event."""
    poison = _kinds(watch.random, kinds, str(place.ours.workspace.pk))
    good = _good(place)
    jobs = list[Job]()
    for one in poison:
        at = watch.random.randrange(AMONG)
        jobs += [*[good] * at, one, *[good] * (AMONG - at)]
    with watch.all(DOOR):
        ids = _queued(jobs)
        sound = [n for n, job in zip(ids, jobs, strict=True) if job is good]
        _until_done(sound)
    states = _states(ids)
    late = sum(states.get(n, ("", ""))[0] != "succeeded" for n in sound)
    watch.expect(not late, f"{late} of {len(sound)} good jobs are not done")
    watch.report.figure(f"{DOOR}: kinds of poison", len({one.kind for one in poison}))
    watch.report.figure(f"{DOOR}: good ones", len(sound))
    for number, job in zip(ids, jobs, strict=True):
        if job is not good:
            state, task = states.get(number, ("gone", ""))
            watch.report.count(f"{DOOR}: poison {state}")
            watch.expect(task == job.task, f"{job.kind} is not to be found in the list of jobs")


def _good(place: Ground) -> Job:
    event = Event.objects.filter(name="customers.customer_created").latest("pk")
    args = {"workspace": str(place.ours.workspace.pk), "handler": HEARD, "events": [event.pk]}
    return Job("", "core.handle", json.dumps(args))


def _queued(jobs: list[Job]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(QUEUE, [[job.task for job in jobs], [job.args for job in jobs]])
        ids = sorted(number for (number,) in cursor.fetchall())
    return ids


def _until_done(ids: list[int]) -> None:
    end = time.monotonic() + DONE_WITHIN
    while time.monotonic() < end:
        if all(state == "succeeded" for state, _task in _states(ids).values()):
            return
        time.sleep(0.3)


def _states(ids: list[int]) -> dict[int, tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(STATES, [ids])
        return {number: (state, task) for number, state, task in cursor.fetchall()}


def _kinds(random: Random, many: int, workspace: str) -> list[Job]:
    """Tasks that nobody knows, and tasks of ours with one argument of another kind."""
    unknown = ("", "x", "core.", "a" * 100, "core.no")
    found = [Job(f"task {name[:20]!r}", name, "{}") for name in unknown]
    for name in sorted(set(app.tasks) - _not_ours()):
        usual = _usual(name, workspace)
        found += [
            Job(f"{name} without arguments", name, "{}"),
            Job(f"{name} with one more", name, json.dumps({**usual, "more": 1})),
            *(_with(name, usual, one, value) for one in usual for value in VALUES),
        ]
    random.shuffle(found)
    return found[:many]


def _not_ours() -> set[str]:
    """Clocks, which nobody queues, and procrastinate's own tasks: one removes what is done."""
    clocks = {one.task.name for one in app.periodic_registry.periodic_tasks.values()}
    return clocks | {name for name in app.tasks if name.startswith("builtin")}


def _usual(name: str, workspace: str) -> dict[str, Any]:
    """Arguments as the task takes them, by name."""
    taken = inspect.signature(inspect.unwrap(app.tasks[name].func)).parameters
    known = {"workspace": workspace, "handler": HEARD, "events": []}
    return {"workspace": workspace} | {one: known.get(one, str(UUID(int=7))) for one in taken}


def _with(task: str, usual: dict[str, Any], name: str, value: Any) -> Job:
    shown = repr(value) if len(repr(value)) < 30 else f"{value!r:.12}…"
    return Job(f"{task} {name}={shown}", task, json.dumps({**usual, name: value}))
