"""Keys for programs: made once, shown once, kept as a hash."""

import hashlib
import secrets
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.core.access import permits_of
from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import ApiKey, Membership, Person


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
    digest = hashlib.sha256(secret.encode()).hexdigest()
    key = ApiKey.objects.create(
        name=name, prefix=secret[:8], hash=digest, scopes=sorted(scopes), by=by
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
