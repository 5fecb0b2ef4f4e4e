from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from banso.core import events
from banso.core.events import on, publish, publish_many
from banso.core.models import Event, Workspace
from banso.core.tests.builders import drain_jobs

heard: list[Any] = []


@pytest.fixture(autouse=True)
def listeners() -> Iterator[None]:
    known = dict(events._handlers)
    heard.clear()
    on("test.thing_happened")(hear_one)
    on("test.thing_happened", many=True)(hear_many)
    yield
    events._handlers.clear()
    events._handlers.update(known)


def hear_one(event: Event) -> None:
    heard.append(event.facts["n"])


def hear_many(batch: list[Event]) -> None:
    heard.append([event.facts["n"] for event in batch])


def test_every_handler_hears_an_event_in_a_job_of_its_own(acme: Workspace) -> None:
    publish("test.thing_happened", acme, n=1)
    assert heard == []
    drain_jobs()
    assert heard == [1, [1]]


def test_rollback_takes_row_event_and_jobs_away_together(acme: Workspace) -> None:
    before = ProcrastinateJob.objects.count()
    with pytest.raises(RuntimeError), transaction.atomic():
        publish("test.thing_happened", acme, n=1)
        raise RuntimeError
    assert not Event.objects.filter(name="test.thing_happened").exists()
    assert ProcrastinateJob.objects.count() == before


def test_many_events_make_one_job_per_handler_and_five_hundred(acme: Workspace) -> None:
    before = ProcrastinateJob.objects.count()
    assert publish_many("test.thing_happened", [(acme, {"n": n}) for n in range(501)]) == 501
    assert ProcrastinateJob.objects.count() - before == 4
    drain_jobs()
    assert [len(batch) for batch in heard if isinstance(batch, list)] == [500, 1]
