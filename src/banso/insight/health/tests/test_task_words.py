"""Titles of alerts' tasks: they stay true while the task waits."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation

from banso.core.models import Person, Workspace
from banso.core.tests.builders import TODAY
from banso.insight.health.reasons import GRAVITY
from banso.insight.health.services.alerts import TASK_CODE
from banso.insight.health.task_words import dated_reason
from banso.insight.health.tests.test_reasons import PARAMS
from banso.work import services as work
from banso.work.models import Task
from banso.work.wording import task_title

ON = date(2026, 10, 22)
COUNTED = ("days", "silent", "open_days", "stage_days", "ago")


def a_task_for(reason: dict[str, Any], owner: Person) -> Task:
    return work.open_task(code=TASK_CODE, params={"reason": reason}, owner_id=owner.pk)


def test_a_task_tells_days_of_its_alert_as_dates(acme: Workspace, bob: Person) -> None:
    reason = {"code": "people_fell", "params": {"was": 18, "now": 6, "days": 42}}
    task = a_task_for({**reason}, bob)
    renewal = acme.day_of(task.created_at) + timedelta(days=42)
    with translation.override("ja"):
        title = task_title(task)
    assert f"{renewal:%Y/%m/%d}" in title and "42日" not in title and "18人から6人" in title


def test_a_task_reads_the_same_however_long_it_waits(acme: Workspace, bob: Person) -> None:
    task = a_task_for({"code": "usage_stopped", "params": {"silent": 38}}, bob)
    first = task_title(task)
    acme.fixed_today = TODAY + timedelta(days=30)
    acme.save()
    assert task_title(task) == first


@pytest.mark.parametrize("code", sorted(GRAVITY))
def test_no_grave_reason_counts_days_in_a_title(code: str) -> None:
    with translation.override("en"):
        near = dated_reason({"code": code, "params": {**PARAMS, **dict.fromkeys(COUNTED, 7)}}, ON)
        far = dated_reason({"code": code, "params": {**PARAMS, **dict.fromkeys(COUNTED, 9)}}, ON)
    assert " 7 days" not in near and " 9 days" not in far and "days ago" not in near
