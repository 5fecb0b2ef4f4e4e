"""Who took part in an activity, on both sides."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.models import Membership
from banso.customers.models import Contact
from banso.work.models import Activity, Attendee

MOST = 100


def set_contacts(activity: Activity, contact_ids: Iterable[UUID]) -> bool:
    """These people of the customer's side took part; whether that is other than before.

    Refused for people who are no contacts of this workspace. 2 queries, 2 more for changes.
    """
    return _set(activity, "contact", set(contact_ids))


def set_members(activity: Activity, member_ids: Iterable[UUID]) -> bool:
    """These people of ours took part; who was there may have left since.

    Refused for others who are not members. 2 queries, 2 more for changes.
    """
    return _set(activity, "member", set(member_ids))


def only_contact(activity: Activity) -> UUID | None:
    """The one of the customer's own people who took part; None where it was nobody or several."""
    rows = Attendee.objects.filter(activity=activity).exclude(contact=None)
    theirs = dict(rows.values_list("contact_id", "contact__customer_id")[:2])
    [(contact, home)] = theirs.items() if len(theirs) == 1 else [(None, None)]
    return contact if home == activity.customer_id else None


def _set(activity: Activity, side: str, wanted: set[UUID]) -> bool:
    rows = Attendee.objects.filter(activity=activity).exclude(**{side: None})
    present: set[UUID] = set(rows.values_list(side, flat=True))
    came, went = wanted - present, present - wanted
    if len(wanted) > MOST:
        raise Refused(_("Name 100 people or fewer."), code="too_many", field=f"{side}_ids")
    if came - _known(side, came):
        raise Refused(_("Choose people from the list."), code="unknown", field=f"{side}_ids")
    rows.filter(**{f"{side}__in": went}).delete()
    Attendee.objects.bulk_create(
        Attendee(activity=activity, **{f"{side}_id": one}) for one in sorted(came)
    )
    return bool(came or went)


def _known(side: str, ids: set[UUID]) -> set[UUID]:
    if side == "contact":
        return set(Contact.objects.filter(pk__in=ids).values_list("pk", flat=True))
    return set(Membership.objects.filter(person__in=ids).values_list("person_id", flat=True))
