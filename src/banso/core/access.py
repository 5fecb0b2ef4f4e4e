"""Who may do what: permissions `room.verb`, marked on every view and API operation."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import redirect, render

from banso.core import declarations
from banso.core.models import ApiKey, Membership, Person
from banso.core.sessions import PROVIDER

P = ParamSpec("P")
R = TypeVar("R")
V = TypeVar("V", bound=Callable[..., Any])


class Request(HttpRequest):
    """A request after the middleware: who asks, from which workspace, with which permissions."""

    person: Person
    membership: Membership | None
    memberships: list[Membership]
    closed: list[Any]
    permits: frozenset[str]
    api_key: ApiKey | None
    htmx: Any


def permits_of(role: str) -> frozenset[str]:
    """Every permission a role has."""
    return frozenset(p.name for p in declarations.permissions() if role in p.roles)


def requires(
    permission: str,
) -> Callable[[Callable[Concatenate[Request, P], R]], Callable[Concatenate[Request, P], R]]:
    """Let a view or API operation run only for people who have `permission`.

    Nobody signed in: pages lead to the sign-in page (the API has asked for a key before).
    Signed in, but in a way that opens none of their workspaces: pages lead to what is missing.
    Signed in without the permission: PermissionDenied, shown as 403.
    """

    def mark(
        view: Callable[Concatenate[Request, P], R],
    ) -> Callable[Concatenate[Request, P], R]:
        @wraps(view)
        def guarded(request: Request, *args: P.args, **kwargs: P.kwargs) -> R:
            if request.membership is None and not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())  # type: ignore[return-value]
            if request.membership is None and getattr(request, "closed", None):
                return redirect("closed")  # type: ignore[return-value]
            if permission not in request.permits:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return cast("Callable[Concatenate[Request, P], R]", guarded)

    return mark


def public(reason: str) -> Callable[[V], V]:
    """Mark a view that anybody may open, and say why."""

    def mark(view: V) -> V:
        view.public = reason  # type: ignore[attr-defined]
        return view

    return mark


def signed_in(view: Callable[..., R]) -> Callable[..., R]:
    """Let anybody who is signed in open a page about themselves; others are led to sign in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> R:
        if not request.user.is_authenticated:
            return cast(R, redirect_to_login(request.get_full_path()))
        return view(request, *args, **kwargs)

    guarded.public = "About the person who is signed in."  # type: ignore[attr-defined]
    return guarded


def personal(view: Callable[..., R]) -> Callable[..., R]:
    """As `signed_in`, for what a person's own keys hang on: passwords, passkeys, sessions.

    Whoever came through a company's sign-in service is kept out: the company that runs it can
    say who anybody is, and must not win a way into that person's other workspaces.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> R:
        if request.session.get(PROVIDER):
            return cast(R, render(request, "core/settings/own_keys.html", status=403))
        return view(request, *args, **kwargs)

    return signed_in(guarded)


def known_permission(name: str) -> bool:
    return any(p.name == name for p in declarations.permissions())
