"""The demo's workspace: how it is known, made, and taken away again."""

from datetime import date
from random import Random
from uuid import UUID

from django.apps import apps
from django.contrib.auth.hashers import get_hasher
from django.db import connection, transaction

from banso.cli.demo.catalogue import ATTRIBUTES
from banso.cli.demo.dates import TOKYO, add_months, first_of_month, moment, rest_days
from banso.cli.demo.team import HOUSE, HOUSE_DOMAIN, TEAM
from banso.core import sql
from banso.core.models import CompanyDay, Membership, Person, Workspace
from banso.core.scope import ScopedModel, open_workspace
from banso.customers import services as customers
from banso.touchpoints.usage import store as usage

# Nobody else's workspace ever has this id: it is how the demo is told from real work.
WORKSPACE_ID = UUID("019a0000-0000-7000-8000-0000000de300")
PASSWORD = "hanareru-mae-ni"  # noqa: S105  (shown to everybody who starts the demo)
MONTHS = 24


def demo_workspace() -> Workspace | None:
    return Workspace.objects.filter(pk=WORKSPACE_ID).first()


def begins_on(today: date) -> date:
    """The day on which the story's company began to work with Banso."""
    return add_months(first_of_month(today), -MONTHS)


def make_workspace(today: date) -> Workspace:
    """The empty demo workspace, in which it is always `today`."""
    return Workspace.objects.create(
        pk=WORKSPACE_ID,
        name=HOUSE,
        zone=TOKYO.key,
        fixed_today=today,
        created_at=moment(begins_on(today), 9),
    )


def make_people(luck: Random, today: date) -> dict[str, Person]:
    """The team, by key, members of the open workspace. One hash serves all: it costs a while."""
    begun = moment(begins_on(today), 9)
    secret = get_hasher().encode(PASSWORD, luck.randbytes(12).hex())
    people = {}
    for mate in TEAM:
        # Whoever stayed because of work elsewhere comes back as they are, password included.
        person = Person.objects.filter(email=mate.email).first()
        if person is None:
            person = Person(email=mate.email, name=mate.name, name_reading=mate.reading)
            person.password, person.created_at = secret, begun
            person.save(force_insert=True)
        Membership.objects.create(person=person, role=mate.role, created_at=begun)
        people[mate.key] = person
    return people


def make_ground(today: date, head: Person) -> None:
    """Company days of the years the story touches, and the custom attributes."""
    days = rest_days(today.year - 3, today.year + 2)
    CompanyDay.objects.bulk_create(CompanyDay(day=day, name=name) for day, name in days)
    for key, label, kind, choices in ATTRIBUTES:
        customers.create_attribute(key=key, label=label, kind=kind, choices=choices, by=head)


@transaction.atomic
def forget() -> None:
    """The demo workspace is gone; no other workspace loses a row.

    Its people go with it, but for those that work in another workspace, too.
    """
    workspace = demo_workspace()
    if workspace is None:
        return
    with open_workspace(workspace):
        staff = list(Membership.objects.values_list("person_id", flat=True))
        _empty()
    workspace.delete()
    elsewhere = Membership.anywhere.filter(person__in=staff).values_list("person_id", flat=True)
    Person.objects.filter(pk__in=staff, email__endswith=f"@{HOUSE_DOMAIN}").exclude(
        pk__in=list(elsewhere)
    ).delete()


def _empty() -> None:
    """Every row of the open workspace is gone, jobs too. Foreign keys are checked at commit."""
    usage.empty()
    for model in apps.get_models():
        if issubclass(model, ScopedModel):
            table = connection.ops.quote_name(model._meta.db_table)
            sql.run(f"DELETE FROM {table} WHERE workspace_id = %(workspace)s")  # noqa: S608
    drop_jobs()


def drop_jobs() -> None:
    """No job of the open workspace waits: nothing of a made-up past is to be worked on."""
    sql.run(
        "DELETE FROM procrastinate_jobs"
        " WHERE status = 'todo' AND args->>'workspace' = %(workspace)s::text"
    )
