"""Hand-overs (担当変更) by day."""

from datetime import date
from uuid import UUID

from django.db.models import Case, F, Q, QuerySet, UUIDField, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from banso.core.models import Event
from banso.customers.models import HandOver

MOST = 100


def hand_overs(*, of: UUID | None = None) -> list[HandOver]:
    """The planned ones, the next first, then the others, the latest first; at most 100. 1 query.

    `of`: those in which one person hands over or takes on.
    """
    return list(every_hand_over(of=of)[:MOST])


def every_hand_over(*, of: UUID | None = None) -> QuerySet[HandOver]:
    """All of them, in the same order."""
    rows = HandOver.objects.select_related("by", "new_owner")
    if of is not None:
        rows = rows.filter(Q(new_owner=of) | Q(former_owners__contains=[of]))
    planned_on = Case(When(state=HandOver.State.PLANNED, then=F("on")))
    found: QuerySet[HandOver] = rows.order_by(planned_on.asc(nulls_last=True), "-on", "-pk")
    return found


def hand_overs_of(customer_id: UUID) -> dict[tuple[str, date], HandOver]:
    """Those that gave the customer another owner, by that owner's id and the day. 1 query."""
    changed = Event.objects.filter(customer_id=customer_id, name="customers.owner_changed")
    edits = changed.filter(facts__has_key="bulk_edit").values_list(
        Cast(KeyTextTransform("bulk_edit", "facts"), UUIDField())
    )
    rows = HandOver.objects.filter(bulk_edit__in=edits)
    return {(str(one.new_owner_id), one.on): one for one in rows}
