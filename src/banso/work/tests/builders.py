"""Tasks and calls for tests."""

from datetime import date
from typing import Any

from banso.core.models import Person
from banso.customers.models import Customer
from banso.customers.tests.builders import a_customer
from banso.work import services
from banso.work.models import CallKind, CallToAction, Task


def a_task(title: str = "電話する", *, owner: Person | None = None, **more: Any) -> Task:
    return services.open_task(title=title, owner_id=owner.pk if owner else None, **more)


def a_call(
    customer: Customer | None = None,
    *,
    kind: str = CallKind.COMPLAINT,
    since: date | None = None,
    **more: Any,
) -> CallToAction:
    return services.raise_call((customer or a_customer()).pk, kind=kind, since=since, **more)
