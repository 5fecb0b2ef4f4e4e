"""Proven answers wait for the browser that asked: the POST came from another site, without our
session's cookie; the redirect behind it is a GET, and brings it."""

from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction

from banso.core.models import SamlAnswer, SignInProvider
from banso.core.sign_in.claims import Claims, NotProven
from banso.core.sign_in.saml.proof import Proof
from banso.core.sign_in.saml.request import ASKED_SECONDS

# No request is answered after ASKED_SECONDS: an older row guards against nothing.
KEPT = timedelta(seconds=ASKED_SECONDS + 60)


@transaction.atomic
def keep(provider: SignInProvider, proof: Proof) -> SamlAnswer:
    """The answer waits, once: a second one to its request, or the same again, is NotProven."""
    forget_old()
    facts = {
        "request_id": proof.request_id,
        "assertion_id": proof.assertion_id,
        "subject": proof.claims.subject,
        "email": proof.claims.email,
        "name": proof.claims.name[:120],
    }
    if len(proof.request_id) > 100 or len(proof.assertion_id) > 255 or len(facts["email"]) > 254:
        raise NotProven("too long")
    try:
        with transaction.atomic():
            kept: SamlAnswer = SamlAnswer.objects.create(
                provider=provider, kept_until=max(proof.ends, datetime.now(UTC)) + KEPT, **facts
            )
    except IntegrityError as error:
        raise NotProven("replayed") from error
    return kept


@transaction.atomic
def take(provider: SignInProvider, request_id: str) -> Claims | None:
    """What was proven in answer to this request, once; None when nothing waits. 2 queries."""
    row = (
        SamlAnswer.objects.select_for_update()
        .filter(provider=provider, request_id=request_id, taken_at=None)
        .first()
    )
    if row is None:
        return None
    claims = Claims(subject=row.subject, email=row.email, email_verified=False, name=row.name)
    # The row stays against replays; whom it named does not.
    row.taken_at, row.subject, row.email, row.name = datetime.now(UTC), "", "", ""
    row.save()
    return claims


def forget_old() -> None:
    """Rows of the open workspace that guard nothing any more are gone."""
    SamlAnswer.objects.filter(kept_until__lt=datetime.now(UTC)).delete()
