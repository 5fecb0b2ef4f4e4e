"""Tasks and calls for tests."""

from datetime import date
from typing import Any
from uuid import uuid4

from banso.core.models import Person
from banso.core.tests.builders import TODAY, a_member
from banso.customers.models import Customer
from banso.customers.tests.builders import a_customer
from banso.work import services
from banso.work.models import Absence, Activity, ActivityKind, CallKind, CallToAction, Task


def a_task(title: str = "電話する", *, owner: Person | None = None, **more: Any) -> Task:
    return services.open_task(title=title, owner_id=owner.pk if owner else None, **more)


def an_absence(
    person: Person | None = None, *, days: tuple[date, date] = (TODAY, TODAY), **more: Any
) -> Absence:
    """The person (a new member, unless told) is away today."""
    away = person or a_member(f"{uuid4().hex[:8]}@acme.example", name="留守 守")
    return services.add_absence(person_id=away.pk, from_on=days[0], until_on=days[1], **more)


def a_call(
    customer: Customer | None = None,
    *,
    kind: str = CallKind.COMPLAINT,
    since: date | None = None,
    **more: Any,
) -> CallToAction:
    return services.raise_call((customer or a_customer()).pk, kind=kind, since=since, **more)


def an_activity(
    customer: Customer | None = None,
    *,
    kind: str = ActivityKind.CALL,
    title: str = "利用状況の確認",
    **more: Any,
) -> Activity:
    return services.log_activity((customer or a_customer()).pk, kind=kind, title=title, **more)
