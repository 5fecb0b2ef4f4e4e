"""What owners set up: sign-in services of the open workspace, and the rules of signing in."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_domain_name
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from banso.core import live, sessions
from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import (
    Identity,
    Person,
    Role,
    SamlAnswer,
    SignInProvider,
    Workspace,
)
from banso.core.scope import current_workspace_id
from banso.core.sealed import seal
from banso.core.sign_in import oidc
from banso.core.sign_in.saml import setup

MOST = 10
# Who somebody is hangs on these: with another one, what was linked means nothing any more.
NAMES_PEOPLE = ("issuer", "client_id")


def providers() -> QuerySet[SignInProvider]:
    """The workspace's sign-in services, oldest first. 1 query."""
    rows: QuerySet[SignInProvider] = SignInProvider.objects.order_by("created_at", "pk")
    return rows


def provider_anywhere(provider_id: UUID) -> SignInProvider:
    """A service by its id, with its workspace. Raises SignInProvider.DoesNotExist.

    Looks across workspaces: at its sign-in page nobody is in one yet.
    """
    found: SignInProvider = SignInProvider.anywhere.select_related("workspace").get(pk=provider_id)
    return found


def providers_of_only_workspace() -> list[SignInProvider]:
    """The services of an installation with one company, which the sign-in page may offer to all.

    Looks across workspaces: at the sign-in page nobody is in one yet. 1 query, 1 more for one.
    """
    if len(Workspace.objects.values_list("pk")[:2]) != 1:
        return []
    return list(SignInProvider.anywhere.order_by("created_at", "pk"))


@transaction.atomic
def add_provider(*, by: Person, **values: Any) -> SignInProvider:
    """A sign-in service that lets in people of the open workspace, and nobody else anywhere.

    Refused when a value cannot work. Publishes core.provider_added.
    """
    if providers().count() >= MOST:
        raise Refused(_("A workspace can have %(n)d sign-in services.") % {"n": MOST})
    provider = SignInProvider(**_clean(values))
    provider.secret = seal(provider.secret)
    _check(provider)
    provider.save()
    oidc.forget(provider.issuer)  # it may have been asked in vain a moment ago
    publish("core.provider_added", provider, by=by.pk, kind=provider.kind)
    return provider


@transaction.atomic
def change_provider(provider_id: UUID, *, by: Person, **values: Any) -> SignInProvider:
    """The service has these values; an empty secret keeps the old one.

    With another issuer or client everybody is linked anew, and whoever came through
    it must sign in again. Refused when a value cannot work. Publishes core.provider_changed.
    """
    provider: SignInProvider = SignInProvider.objects.select_for_update().get(pk=provider_id)
    secret = values.pop("secret", "")
    before = [getattr(provider, name) for name in NAMES_PEOPLE]
    for name, value in _clean(values).items():
        setattr(provider, name, value)
    if secret:
        provider.secret = seal(secret)
    _check(provider)
    provider.save()
    oidc.forget(provider.issuer)
    # What waits was judged by the old values: a key that was taken out proves nothing any more.
    SamlAnswer.objects.filter(provider=provider, taken_at=None).delete()
    if before != [getattr(provider, name) for name in NAMES_PEOPLE]:
        Identity.objects.filter(provider=provider).delete()
        sessions.end_sessions_through(provider.pk)
    publish("core.provider_changed", provider, by=by.pk)
    return provider


@transaction.atomic
def remove_provider(provider_id: UUID, *, by: Person) -> None:
    """The service lets nobody in; whoever came through it is signed out.

    When it was the last one, passwords and passkeys open the workspace for everybody again.
    Publishes core.provider_removed.
    """
    provider = SignInProvider.objects.select_for_update().get(pk=provider_id)
    publish("core.provider_removed", provider, by=by.pk)
    sessions.end_sessions_through(provider.pk)
    provider.delete()
    if not providers().exists():
        Workspace.objects.filter(pk=current_workspace_id()).update(only_provider=False)


@transaction.atomic
def change_rules(*, second_step_roles: Sequence[str], only_provider: bool, by: Person) -> Workspace:
    """These roles need a second step; with `only_provider` all but owners need the service.

    True from the next request on, for open sessions too. Refused without a service to come
    through. Publishes core.sign_in_rules_changed.
    """
    workspace = Workspace.objects.select_for_update().get(pk=current_workspace_id())
    if only_provider and not providers().exists():
        words = _("Set up a sign-in service first: otherwise nobody but owners could come in.")
        raise Refused(words, code="no_provider", field="only_provider")
    workspace.second_step_roles = [str(Role(role)) for role in second_step_roles]
    workspace.only_provider = only_provider
    workspace.save(update_fields=["second_step_roles", "only_provider"])
    publish(
        "core.sign_in_rules_changed",
        workspace,
        by=by.pk,
        roles=workspace.second_step_roles,
        only_provider=only_provider,
    )
    live.end(workspace_id=workspace.pk)
    return workspace


def domains_in(text: str) -> list[str]:
    """The domains of a text with one a line or between commas. Refused when one is none."""
    found = [part.strip().lstrip("@").lower() for part in re.split(r"[\s,、，]+", text)]
    for domain in filter(None, found):
        try:
            validate_domain_name(domain)
        except ValidationError as error:
            words = _("“%(domain)s” is not a domain. Write it like acme.co.jp.")
            raise Refused(words % {"domain": domain}, code="domain", field="domains") from error
    return list(dict.fromkeys(filter(None, found)))


def _clean(values: dict[str, Any]) -> dict[str, Any]:
    """Values without the blanks that copying brings along."""
    return {k: v.strip() if isinstance(v, str) else v for k, v in values.items()}


def _check(provider: SignInProvider) -> None:
    if not provider.domains:
        raise Refused(_("Name at least one mail domain."), code="domains", field="domains")
    if provider.adds_people and provider.new_role == Role.OWNER:
        raise Refused(_("New people cannot start as owner."), code="role", field="new_role")
    if provider.kind == SignInProvider.Kind.SAML:
        setup.check(provider)
        return
    _check_address(provider.issuer)


def _check_address(url: str) -> None:
    """It looks like an issuer; whether anybody answers there is asked by `oidc.discover`."""
    try:
        parts = urlsplit(url)
        fine = parts.scheme in {"https", "http"} and bool(parts.hostname) and not parts.username
        fine = fine and not parts.query and not parts.fragment and (parts.port or 1) > 0
    except ValueError:
        fine = False
    if not fine:
        words = _("This is not the address of a sign-in service. It begins with https://.")
        raise Refused(words, code="issuer", field="issuer")
