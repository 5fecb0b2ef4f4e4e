"""Who is away, and who stands in for them."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import Membership, Person
from banso.core.scope import current_workspace
from banso.core.ui.wording import short_day
from banso.work.models import Absence

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)


@transaction.atomic
def add_absence(
    *,
    person_id: UUID,
    from_on: date,
    until_on: date,
    stand_in_id: UUID | None = None,
    by: Person | None = None,
) -> Absence:
    """The person is away from `from_on` to `until_on` (local days, both included).

    Meanwhile new tasks of theirs, and those that fall due, are shown to the stand-in; without one to
    the sub owner of each customer. Refused for people who are no members, days that are over, and
    days on which the person is away already. Publishes work.absence_added.
    """
    _check_days(from_on, until_on)
    if person_id == stand_in_id:
        raise Refused(_("Choose somebody else to stand in."), code="oneself", field="stand_in")
    _check_members(person_id, stand_in_id)
    if (other := _overlapping(person_id, from_on, until_on)) is not None:
        words = _("They are away from %(first)s to %(last)s already.")
        days = {"first": short_day(other.from_on), "last": short_day(other.until_on)}
        raise Refused(words % days, code="away_already", field="from_on")
    absence: Absence = Absence.objects.create(
        person_id=person_id, from_on=from_on, until_on=until_on, stand_in_id=stand_in_id, by=by
    )
    publish("work.absence_added", absence, by=by.pk if by else None, until_on=until_on.isoformat())
    return absence


@transaction.atomic
def end_absence(absence_id: UUID, *, by: Person | None = None) -> Absence:
    """The person is back from today on, or will not be away at all; ending it again is harmless.

    Raises Absence.DoesNotExist outside this workspace. Publishes work.absence_ended.
    """
    absence: Absence = Absence.objects.select_for_update().get(pk=absence_id)
    today = current_workspace().today()
    if absence.ended_on is None and absence.until_on >= today:
        absence.ended_on = today
        absence.save(update_fields=["ended_on"])
        publish("work.absence_ended", absence, by=by.pk if by else None)
    return absence


def _check_days(from_on: date, until_on: date) -> None:
    if from_on < FIRST_DAY:
        raise Refused(_("The date is out of range."), code="invalid", field="from_on")
    if until_on < from_on:
        words = _("The last day is before the first.")
        raise Refused(words, code="before_start", field="until_on")
    if not current_workspace().today() <= until_on <= LAST_DAY:
        raise Refused(_("Choose today or a later day."), code="over", field="until_on")


def _check_members(person_id: UUID, stand_in_id: UUID | None) -> None:
    """Both are here; until the transaction ends nobody else says when the person is away."""
    locked = Membership.objects.select_for_update(no_key=True).order_by("pk")
    here = set(
        locked.filter(person_id__in=[person_id, stand_in_id]).values_list("person_id", flat=True)
    )
    for field, one in (("person", person_id), ("stand_in", stand_in_id)):
        if one and one not in here:
            words = _("Choose a person of this workspace.")
            raise Refused(words, code="not_a_member", field=field)


def _overlapping(person_id: UUID, from_on: date, until_on: date) -> Absence | None:
    """Whoever came back early is here again from that day on."""
    away = Q(ended_on=None) | Q(ended_on__gt=from_on)
    theirs = Absence.objects.filter(Absence.stands(), away, person_id=person_id)
    found: Absence | None = theirs.filter(from_on__lte=until_on, until_on__gte=from_on).first()
    return found
