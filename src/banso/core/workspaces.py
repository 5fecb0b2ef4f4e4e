"""Reads and writes of workspaces, people and memberships."""

import hashlib
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import ApiKey, CompanyDay, Membership, Person, Role, Workspace
from banso.core.scope import open_workspace


def membership_for(person: Person, workspace: str | None) -> Membership | None:
    """The person's membership in the workspace of the session, else their first; 1 query.

    Looks across workspaces because none is open yet: only the person's own rows are read.
    """
    mine = Membership.anywhere.filter(person=person, person__is_active=True).select_related(
        "workspace"
    )
    rows = list(mine.order_by("created_at"))
    chosen = (row for row in rows if str(row.workspace_id) == workspace)
    return next(chosen, rows[0] if rows else None)


def key_and_membership(token: str) -> tuple[ApiKey, Membership] | None:
    """The live key with this secret and its maker's membership, else None; 3 queries.

    Looks across workspaces because the key is what tells the workspace.
    """
    digest = hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
    key = ApiKey.anywhere.filter(hash=digest, revoked_at=None, by__is_active=True).first()
    if key is None:
        return None
    maker = (
        Membership.anywhere.filter(workspace=key.workspace_id, person=key.by_id)
        .select_related("workspace", "person")
        .first()
    )
    ApiKey.anywhere.filter(pk=key.pk).update(last_used_at=timezone.now())
    return (key, maker) if maker else None


@transaction.atomic
def create_workspace(name: str, *, zone: str = "Asia/Tokyo", currency: str = "JPY") -> Workspace:
    """A new, empty workspace. Publishes core.workspace_created."""
    workspace = Workspace(name=name, zone=zone, currency=currency)
    workspace.full_clean()
    workspace.save()
    with open_workspace(workspace):
        publish("core.workspace_created", workspace)
    return workspace


@transaction.atomic
def add_person(
    email: str,
    *,
    name: str,
    password: str,
    role: str = Role.CSM,
    reading: str = "",
    by: UUID | None = None,
) -> Person:
    """A person who may sign in to the open workspace with `role`.

    A person known from another workspace keeps their password. Refused when they are
    a member already. Publishes core.member_added.
    """
    person = Person.objects.filter(email__iexact=email).first()
    if person is None:
        person = Person(email=email.lower(), name=name, name_reading=reading)
        person.set_password(password)
        person.full_clean()
        person.save()
    if Membership.objects.filter(person=person).exists():
        raise Refused(_("This person is a member already."), code="member_exists")
    membership = Membership.objects.create(person=person, role=role)
    publish("core.member_added", membership, by=by, role=role)
    return person


def rest_days(*, start: date, end: date) -> list[date]:
    """The company's own rest days in [start, end). 1 query."""
    days = CompanyDay.objects.filter(day__gte=start, day__lt=end)
    return list(days.values_list("day", flat=True))
