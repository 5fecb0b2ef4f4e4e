"""Which workspaces a session opens, and why the others stay closed."""

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from allauth.mfa.utils import is_mfa_enabled

from banso.core import memberships
from banso.core.models import Membership, Person, Role, SignInProvider, Workspace
from banso.core.sessions import PROVIDER

Why = Literal["provider", "second_step", "own"]


@dataclass(frozen=True, slots=True)
class Closed:
    """A workspace of the person that this session does not open.

    `why`: it wants its own sign-in service; or a second step; or the session came through
    another workspace's service, which proves nothing here ("own").
    """

    workspace: Workspace
    why: Why
    providers: tuple[SignInProvider, ...] = ()


@dataclass(frozen=True, slots=True)
class Places:
    open: list[Membership]
    closed: list[Closed]


def places_of(person: Person, session: Any) -> Places:
    """What this session opens: 1 query, 1 more for sign-in services, 1 for a second step.

    A session that came through a workspace's service opens that workspace and nothing else,
    for whoever sets up such a service can say who anybody is.
    """
    mine = memberships.memberships_of(person)
    if through := session.get(PROVIDER):
        return _through(mine, UUID(through))
    wants_step = any(place.role in place.workspace.second_step_roles for place in mine)
    has_step = not wants_step or is_mfa_enabled(person)
    shut = {place.pk: why for place in mine if (why := _why(place, has_step=has_step))}
    return Places(
        [place for place in mine if place.pk not in shut],
        [_closed(place, shut[place.pk]) for place in mine if place.pk in shut],
    )


def came_through(session: Any) -> bool:
    """Whether a company's service let this session in: it may not touch the person's own keys."""
    return bool(session.get(PROVIDER))


def _through(mine: list[Membership], provider_id: UUID) -> Places:
    """Looks across workspaces because the provider is what tells the workspace."""
    home = SignInProvider.anywhere.filter(pk=provider_id).values_list("workspace", flat=True)
    where = home.first()
    return Places(
        [place for place in mine if place.workspace_id == where],
        [_closed(place, "own") for place in mine if place.workspace_id != where],
    )


def _why(place: Membership, *, has_step: bool) -> Why | None:
    """Owners keep their password as the way back when a sign-in service fails."""
    if place.workspace.only_provider and place.role != Role.OWNER:
        return "provider"
    if place.role in place.workspace.second_step_roles and not has_step:
        return "second_step"
    return None


def _closed(place: Membership, why: Why) -> Closed:
    theirs = SignInProvider.anywhere.filter(workspace=place.workspace_id).order_by("created_at")
    return Closed(place.workspace, why, tuple(theirs))
