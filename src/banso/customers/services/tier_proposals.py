"""Segments that say which touch tier their members should have: proposed, never set by itself."""

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from banso.core import new_rows
from banso.customers.fields import Those
from banso.customers.models import Master, SegmentMember, TierProposal
from banso.customers.sheets import among

State = TierProposal.State


def propose_tiers(those: Those | None) -> int:
    """Open proposals are those members whose tier is another than their segment proposes.

    How many were opened: one for each stay and tier, so that nobody is asked twice. Those that
    are true no more lapse. Nothing is proposed where another system keeps the tier. `those`: only
    of these customers; None: of all. 2 queries and 1 insert.
    """
    theirs = Q() if those is None else among(those)
    _lapse(theirs)
    told = TierProposal.objects.filter(stay=OuterRef("pk"), tier=OuterRef("segment__tier"))
    members = SegmentMember.objects.filter(theirs, customer__deleted_at=None)
    wanting = members.exclude(segment__tier="").exclude(segment__tier=F("customer__tier"))
    rows = (
        wanting.filter(~Exists(told), ~kept_elsewhere())
        .order_by("pk")
        .values_list("segment_id", "customer_id", "pk", "customer__tier", "segment__tier")
    )
    names = ("segment_id", "customer_id", "stay", "before", "tier")
    made = [new_rows.unsaved(TierProposal, **dict(zip(names, row, strict=True))) for row in rows]
    new_rows.insert(made)
    return len(made)


def _lapse(theirs: Q) -> None:
    stays = SegmentMember.objects.filter(pk=OuterRef("stay"))
    untrue = ~Q(tier=F("segment__tier")) | Q(tier=F("customer__tier")) | ~Q(Exists(stays))
    lapsed = untrue | kept_elsewhere()
    open_ones = TierProposal.objects.filter(theirs, lapsed, state=State.OPEN)
    open_ones.update(state=State.LAPSED, decided_at=timezone.now())


def kept_elsewhere() -> Q:
    """Rows about customers whose touch tier another system keeps: nobody here may change it."""
    keeps = Master.objects.filter(code=OuterRef("customer__source"), fields__contains=["tier"])
    return Q(Exists(keeps)) & ~Q(customer__source_id="")
