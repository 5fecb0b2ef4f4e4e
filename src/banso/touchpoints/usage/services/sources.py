"""Programs that send usage, and their write keys."""

import secrets
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import Person
from banso.touchpoints.usage.models import Source, SourceKind
from banso.touchpoints.usage.write_keys import digest, look_up_again

LONGEST_OVERLAP_HOURS = 24 * 30


@transaction.atomic
def make_source(name: str, *, kind: str, by: Person | None) -> tuple[Source, str]:
    """A new source and its write key, which nobody can read again.

    Refused without a name or with an unknown kind. Publishes usage.source_made.
    """
    if not (name := name.strip()) or len(name) > 120:
        raise Refused(_("Give a name of up to 120 characters."), code="name", field="name")
    if kind not in SourceKind.values:
        raise Refused(_("Choose one of the offered values."), code="invalid", field="kind")
    key = _new_key()
    source = Source.objects.create(
        name=name, kind=kind, by=by, key_prefix=key[:8], key_hash=digest(key)
    )
    publish("usage.source_made", source, by=by.pk if by else None, kind=kind)
    return source, key


@transaction.atomic
def rotate_key(
    source_id: UUID, *, overlap_hours: int, by: Person | None, replaces: str | None = None
) -> str:
    """A new write key; the one before works for `overlap_hours` more (0: not at all).

    A key still on its way out ends now; what ends is taken for a second more, as in
    `write_keys.sender`. `replaces`: the beginning of the present key, as the asker knows it.
    Raises Source.DoesNotExist; Refused for a source that has ended, an overlap over 30 days, or
    when another key is the present one (code "changed"). Publishes usage.key_rotated.
    """
    source = _living(source_id)
    if replaces not in {None, source.key_prefix}:  # sent twice, or by two people
        raise Refused(_("The key has been changed in the meantime."), code="changed")
    if not 0 <= overlap_hours <= LONGEST_OVERLAP_HOURS:
        raise Refused(_("Choose up to 30 days."), code="overlap", field="overlap_hours")
    key = _new_key()
    source.previous_hash = source.key_hash if overlap_hours else ""
    until = timezone.now() + timedelta(hours=overlap_hours)
    source.previous_until = until if overlap_hours else None
    source.key_prefix, source.key_hash = key[:8], digest(key)
    source.save(update_fields=["previous_hash", "previous_until", "key_prefix", "key_hash"])
    look_up_again()
    publish("usage.key_rotated", source, by=by.pk if by else None, overlap_hours=overlap_hours)
    return key


@transaction.atomic
def end_source(source_id: UUID, *, by: Person | None) -> Source:
    """Its keys open nothing any more, a second later at most; what it sent stays. Twice is once.

    Raises Source.DoesNotExist. Publishes usage.source_ended.
    """
    source: Source = Source.objects.select_for_update().get(pk=source_id)
    if source.ended_at is None:
        source.ended_at = timezone.now()
        source.save(update_fields=["ended_at"])
        look_up_again()
        publish("usage.source_ended", source, by=by.pk if by else None)
    return source


def _living(source_id: UUID) -> Source:
    source: Source = Source.objects.select_for_update().get(pk=source_id)
    if source.ended_at:
        raise Refused(_("This source has ended."), code="ended")
    return source


def _new_key() -> str:
    return f"bwk_{secrets.token_urlsafe(24)}"
