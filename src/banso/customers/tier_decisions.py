"""What a person says of proposed touch tiers: approved ones are set as any bulk edit sets them."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.events import publish_many
from banso.core.models import Person
from banso.customers import queries
from banso.customers.bulk_edits.choices import MOST_BY_ID, by_id
from banso.customers.bulk_edits.running import begin_bulk_edit
from banso.customers.models import Segment, TierProposal
from banso.customers.services.checks import id_of
from banso.customers.services.tier_proposals import kept_elsewhere

State = TierProposal.State


@transaction.atomic
def decide_tiers(
    segment: Segment,
    *,
    approve: bool,
    only: Collection[UUID] | None = None,
    permits: frozenset[str],
    by: Person | None,
) -> int:
    """Open proposals of the segment are approved or refused: those of `only`, or up to 1,000.

    How many: who was decided already is left out, so that twice is once. Approved customers have
    the tier at once, more than 200 by a job, as one bulk edit that can be undone; those whose tier
    another system keeps by now stay open, and lapse by themselves. Raises TierProposal.DoesNotExist
    for a proposal that is not the segment's; Refused where the reader may not see a column of it,
    and where another system keeps the tier of all. Publishes customers.tier_approved or customers.tier_refused for
    each, and what begin_bulk_edit does.
    """
    _must_be_of(segment, only or ())
    found = queries.tier_proposals(segment, permits=permits, only=only)
    rows = _decidable(found, approve=approve)
    if not rows:
        return 0
    ids = [one.pk for one in rows]
    state = State.APPROVED if approve else State.REFUSED
    TierProposal.objects.filter(pk__in=ids).update(
        state=state, decided_at=timezone.now(), decided_by=by
    )
    if approve:
        _set(rows, by)
    told = [(one, {"before": one.before, "after": one.tier}) for one in rows]
    name = "customers.tier_approved" if approve else "customers.tier_refused"
    publish_many(name, told, by=id_of(by))
    return len(rows)


def _decidable(found: QuerySet[TierProposal], *, approve: bool) -> list[TierProposal]:
    """Up to 1,000 of them, locked; to be approved, those whose tier may be changed here.

    Refused where there are some, but none that may.
    """
    meant = found.filter(~kept_elsewhere()) if approve else found
    rows = list(meant.select_for_update(of=("self",))[:MOST_BY_ID])
    if not rows and approve and found.exists():
        words = _("Another system keeps this of them. Change it there.")
        raise Refused(words, code="mastered")
    return rows


def _must_be_of(segment: Segment, ids: Collection[UUID]) -> None:
    known = TierProposal.objects.filter(segment=segment, pk__in=ids).values_list("pk", flat=True)
    if set(ids) - set(known):
        raise TierProposal.DoesNotExist


def _set(rows: list[TierProposal], by: Person | None) -> None:
    for tier in sorted({one.tier for one in rows}):
        chosen = by_id([one.customer_id for one in rows if one.tier == tier])
        try:
            begin_bulk_edit(chosen, changes={"tier": tier}, by=by)
        except Refused as refusal:
            if refusal.code != "no_change":  # all of them have it by now
                raise
