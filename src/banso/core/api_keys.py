"""Keys for programs: made once, shown once, kept as a hash."""

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.core import declarations
from banso.core.access import permits_of
from banso.core.declarations import Words
from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import ApiKey, Membership, Person
from banso.core.scope import open_workspace

USE_NOTED_EVERY = timedelta(minutes=1)


def key_and_membership(token: str) -> tuple[ApiKey, Membership] | None:
    """The live key with this secret and its maker's membership, else None; 2 queries.

    None too when its maker has left the workspace. Looks across workspaces because the key
    is what tells the workspace. `last_used_at` is kept to the minute (1 query a minute more).
    """
    key = ApiKey.anywhere.filter(hash=_digest(token), revoked_at=None, by__is_active=True).first()
    if key is None:
        return None
    makers = Membership.anywhere.filter(workspace=key.workspace_id, person=key.by_id)
    maker = makers.select_related("workspace", "person").first()
    if maker is None:
        return None
    _note_use(key)
    return key, maker


def _note_use(key: ApiKey) -> None:
    """Of many that ask at once, one writes it down."""
    now = timezone.now()
    if key.last_used_at is None or key.last_used_at < now - USE_NOTED_EVERY:
        long_ago = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_NOTED_EVERY)
        ApiKey.anywhere.filter(long_ago, pk=key.pk).update(last_used_at=now)


def with_rights(*, limit: int = 200) -> list[tuple[ApiKey, list[Words]]]:
    """The workspace's keys, newest first, each with its rights in words. 1 query."""
    labels = {permission.name: permission.label for permission in declarations.permissions()}
    rows = ApiKey.objects.order_by("-created_at")[:limit]
    return [(key, [labels.get(scope, scope) for scope in key.scopes]) for key in rows]


@transaction.atomic
def make_key(name: str, *, scopes: list[str], by: Person) -> tuple[ApiKey, str]:
    """A new key and its secret, which nobody can read again.

    Refused when a scope is not among the maker's own permissions.
    Publishes core.key_made.
    """
    maker = Membership.objects.get(person=by)
    if not scopes or not permits_of(maker.role).issuperset(scopes):
        raise Refused(_("Choose rights that you have yourself."), code="scopes", field="scopes")
    secret = f"bns_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        name=name, prefix=secret[:8], hash=_digest(secret), scopes=sorted(set(scopes)), by=by
    )
    publish("core.key_made", key, by=by.pk)
    return key, secret


@transaction.atomic
def revoke_key(key_id: UUID, *, by: Person) -> ApiKey:
    """The key opens nothing any more. Publishes core.key_revoked; twice is once."""
    key: ApiKey = ApiKey.objects.select_for_update().get(pk=key_id)
    if key.revoked_at is None:
        key.revoked_at = timezone.now()
        key.save(update_fields=["revoked_at"])
        publish("core.key_revoked", key, by=by.pk)
    return key


@transaction.atomic
def revoke_keys_of(person: Person) -> int:
    """Every key that the person made opens nothing any more, in all workspaces; returns how many.

    Publishes core.key_revoked for each. Looks across workspaces: the keys are the person's own.
    """
    mine = ApiKey.anywhere.filter(by=person, revoked_at=None).select_related("workspace")
    keys = list(mine.order_by("pk"))
    for key in keys:
        with open_workspace(key.workspace):
            revoke_key(key.pk, by=person)
    return len(keys)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
