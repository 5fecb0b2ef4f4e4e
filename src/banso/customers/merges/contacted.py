"""When each of two that were one was last contacted."""

from django.db.models import Q

from banso.core.models import Event
from banso.customers.models import Customer, Merge
from banso.customers.services.contacted import (
    CONTACTED,
    TAKEN_BACK,
    as_day,
    latest_contact,
    taken_back,
)


def part_last_contact(merge: Merge, *, root: Customer, back: Customer) -> bool:
    """Each has the latest day of its own contacts; whether the root's is another than before.

    For an un-merge, once events are whose they are. A day that somebody typed since stays. Who was
    merged into the survivor beside this one still counts. 6 queries; both are saved.
    """
    _come_back(merge, back)
    if merge.survivor_id != root.pk:
        return False
    theirs = {*_days_since(back, merge), *_given_by(merge)}
    theirs -= (own := _days_since(root, merge))
    for one in _beside(merge):
        own |= _given_by(one)
        if one.contacted_before and one.contacted_before.isoformat() in theirs:
            one.contacted_before = merge.contacted_before
            one.save(update_fields=["contacted_before"])
    theirs -= own
    if not root.last_contact_on or root.last_contact_on.isoformat() not in theirs:
        return False
    before = merge.contacted_before
    root.last_contact_on = as_day(max({*own, before.isoformat()} if before else own, default=None))
    root.save(update_fields=["last_contact_on"])
    return True


def _come_back(merge: Merge, back: Customer) -> None:
    """What was told of its contacts since the merge counts."""
    told = Event.objects.filter(customer_id=back.pk, pk__gt=merge.upto)
    if not told.filter(Q(name=CONTACTED) | Q(name=TAKEN_BACK)).exists():
        return
    kept = back.last_contact_on.isoformat() if back.last_contact_on else None
    gone = {facts["on"] for facts in told.filter(name=TAKEN_BACK).values_list("facts", flat=True)}
    days = _days_since(back, merge) | ({kept} if kept else set())
    latest = as_day(max(days, default=None))
    back.last_contact_on = latest_contact(back.pk, taken_back(back.pk)) if kept in gone else latest
    back.save(update_fields=["last_contact_on"])


def _days_since(customer: Customer, merge: Merge) -> set[str]:
    """Days told since the merge of contacts that stand."""
    told = Event.objects.filter(customer_id=customer.pk, name=CONTACTED, pk__gt=merge.upto)
    standing = told.exclude(pk__in=taken_back(customer.pk))
    return {facts["on"] for facts in standing.values_list("facts", flat=True)}


def _given_by(merge: Merge) -> set[str]:
    given = merge.taken.get("last_contact_on")
    return {given["after"]} if given else set()


def _beside(merge: Merge) -> list[Merge]:
    """Others that stand, of the same survivor."""
    standing = Merge.objects.filter(noun=merge.noun, survivor_id=merge.survivor_id, undone_at=None)
    return list(standing.exclude(pk=merge.pk))
