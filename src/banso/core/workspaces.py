"""Reads and writes of workspaces, people and memberships."""

from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from banso.core import declarations, live
from banso.core.declarations import Words
from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import CompanyDay, Identity, Membership, Person, Role, Workspace
from banso.core.passwords import invite
from banso.core.scope import current_workspace_id, open_workspace


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
    password: str = "",
    role: str = Role.CSM,
    reading: str = "",
    by: UUID | None = None,
    invites: bool = True,
) -> Person:
    """A person who may sign in to the open workspace with `role`.

    Without a password they get a mail that invites them (unless `invites` is off): with a link
    to set one when they are new. A person known from another workspace keeps their name and
    password. Refused when they are a member already, or when a value is wrong. Publishes
    core.member_added.
    """
    person = Person.objects.filter(email=email.lower()).first()
    if person is None:
        person = _new_person(email, name=name, reading=reading, password=password)
    if Membership.objects.filter(person=person).exists():
        raise Refused(_("This person is a member already."), code="member_exists", field="email")
    membership = Membership.objects.create(person=person, role=Role(role))
    publish("core.member_added", membership, by=by, role=role)
    if invites and not password:
        invite(person, language=get_language() or "")
    return person


def rest_days(*, start: date, end: date) -> list[date]:
    """The company's own rest days in [start, end). 1 query."""
    days = CompanyDay.objects.filter(day__gte=start, day__lt=end)
    return list(days.values_list("day", flat=True))


def members() -> QuerySet[Membership]:
    """Everybody of the open workspace with their person, by name. 1 query."""
    people: QuerySet[Membership] = Membership.objects.select_related("person")
    return people.order_by("person__name_reading", "person__name")


@transaction.atomic
def change_role(membership_id: UUID, *, role: str, by: Person | None = None) -> Membership:
    """The member has `role`. Refused when nobody would be owner.

    Publishes core.role_changed, unless the role is the same as before.
    """
    membership = _locked_member(membership_id)
    if membership.role == role:
        return membership
    if membership.role == Role.OWNER and role != Role.OWNER:
        _refuse_last_owner()
    before, membership.role = membership.role, Role(role)
    membership.save(update_fields=["role"])
    whose = by.pk if by else None
    publish("core.role_changed", membership, by=whose, before=before, role=role)
    live.end(person_id=membership.person_id, workspace_id=membership.workspace_id)
    return membership


@transaction.atomic
def remove_member(membership_id: UUID, *, by: Person | None) -> None:
    """The person may no longer enter this workspace, nor may their keys; what they did stays.

    So does what they look after, until somebody else takes it on (`charges_of`). Refused for the last owner. Publishes core.member_removed.
    """
    membership = _locked_member(membership_id)
    if membership.role == Role.OWNER:
        _refuse_last_owner()
    whose = by.pk if by else None
    publish("core.member_removed", membership, by=whose, person=str(membership.person_id))
    Identity.objects.filter(person=membership.person_id).delete()
    membership.delete()
    live.end(person_id=membership.person_id, workspace_id=membership.workspace_id)


def charges_of(person_id: UUID) -> list[tuple[Words, int]]:
    """What the person looks after in the open workspace, and how many. 1 query for each."""
    return [(one.label, one.count(person_id)) for one in declarations.charges()]


@transaction.atomic
def rename_person(person_id: UUID, *, name: str, reading: str, language: str) -> Person:
    """The person's own name, reading and language ("" follows the browser)."""
    person = Person.objects.select_for_update().get(pk=person_id)
    person.name, person.name_reading, person.language = name, reading, language
    person.save(update_fields=["name", "name_reading", "language"])
    return person


@transaction.atomic
def change_settings(
    *, name: str, zone: str, currency: str, fiscal_start_month: int, by: Person
) -> Workspace:
    """The open workspace's name, zone, currency and first month of the year.

    Publishes core.settings_changed.
    """
    workspace = Workspace.objects.select_for_update().get(pk=current_workspace_id())
    workspace.name, workspace.zone = name, zone
    workspace.currency, workspace.fiscal_start_month = currency, fiscal_start_month
    workspace.full_clean()
    workspace.save(update_fields=["name", "zone", "currency", "fiscal_start_month"])
    publish("core.settings_changed", workspace, by=by.pk)
    return workspace


@transaction.atomic
def set_company_days(days: dict[date, str], *, by: Person | None = None) -> int:
    """The company rests on `days` (with their names) besides public holidays; returns how many.

    Replaces what was set before. Publishes core.company_days_set.
    """
    ours = Workspace.objects.select_for_update(no_key=True).get(pk=current_workspace_id())
    CompanyDay.objects.all().delete()
    rows = [CompanyDay(day=day, name=name) for day, name in sorted(days.items())]
    CompanyDay.objects.bulk_create(rows)
    publish("core.company_days_set", ours, by=by.pk if by else None, n=len(rows))
    return len(rows)


def _new_person(email: str, *, name: str, reading: str, password: str) -> Person:
    person = Person(email=email.lower(), name=name, name_reading=reading)
    person.set_password(password or None)
    try:
        person.full_clean()
    except ValidationError as error:
        field, words = next(iter(error.message_dict.items()))
        raise Refused(words[0], code="person", field=field) from error
    person.save()
    return person


def _locked_member(membership_id: UUID) -> Membership:
    """The member; until the transaction ends nobody else changes members of this workspace."""
    Workspace.objects.select_for_update().get(pk=current_workspace_id())
    membership: Membership = Membership.objects.get(pk=membership_id)
    return membership


def _refuse_last_owner() -> None:
    if Membership.objects.filter(role=Role.OWNER).count() < 2:
        raise Refused(_("A workspace needs at least one owner."), code="last_owner")
