"""Who is away, who stands in, and what comes to whom meanwhile."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from banso.core.scope import current_workspace
from banso.core.ui.wording import short_day
from banso.customers.models import Customer
from banso.lib.wall_clock import first_moment
from banso.work.models import Absence


def tasks_for(person_id: UUID, on: date) -> Q:
    """Tasks that the person is to do on the day: their own, and what comes up for those they stand in for.

    That is what was opened since the other went, and what falls due before they are back. Whoever is
    away themselves stands in for nobody. 1 query.
    """
    away = list(Absence.objects.filter(Absence.covers(on)))
    own = Q(owner_id=person_id)
    if any(one.person_id == person_id for one in away):
        return own
    for_others = [_coming_up(one, person_id) for one in away if _may_be(one, person_id)]
    return reduce(or_, for_others, own)


def _may_be(absence: Absence, person_id: UUID) -> bool:
    return absence.stand_in_id in (None, person_id)


def _coming_up(absence: Absence, person_id: UUID) -> Q:
    went = first_moment(current_workspace().tz, absence.from_on, 0)
    new = Q(created_at__gte=went) | Q(due_on__range=(absence.from_on, absence.until_on))
    theirs = Q(owner_id=absence.person_id) & new
    return theirs if absence.stand_in_id else theirs & Q(customer__sub_owner_id=person_id)


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """An absence, and what has to be known of it: each a sentence, nothing where all is well."""

    absence: Absence
    is_now: bool
    notes: tuple[str, ...]


def absences(on: date, *, person_id: UUID | None = None) -> list[AbsenceRow]:
    """Absences that are not over on the day `on`, the first to begin first. `person_id`: theirs.

    1 query, 1 more where sub owners stand in.
    """
    standing = Absence.objects.filter(until_on__gte=on, ended_on=None)
    people = standing.select_related("person", "stand_in", "by")
    every = list(people.order_by("from_on", "pk"))
    shown = [one for one in every if person_id in (None, one.person_id)]
    subs = _sub_owners({one.person_id for one in shown if one.stand_in_id is None})
    return [
        AbsenceRow(one, one.from_on <= on, tuple(_notes(one, every, subs[one.person_id])))
        for one in shown
    ]


def _sub_owners(people: set[UUID]) -> dict[UUID, dict[UUID | None, int]]:
    """How many customers of each of the people have which sub owner. 1 query, none for nobody."""
    found: dict[UUID, dict[UUID | None, int]] = defaultdict(dict)
    if people:
        rows = Customer.objects.filter(main_owner__in=people).order_by()
        counted = rows.values_list("main_owner", "sub_owner").annotate(n=Count("pk"))
        for owner, sub, n in counted:
            found[owner][sub] = n
    return found


def _notes(
    absence: Absence, every: Iterable[Absence], subs: Mapping[UUID | None, int]
) -> Iterator[str]:
    person, standing = absence.person.name, {absence.stand_in_id} - {None} or set(subs)
    if lonely := subs.get(None):
        words = ngettext(
            "%(n)d customer of %(person)s has no sub owner: its tasks wait.",
            "%(n)d customers of %(person)s have no sub owner: their tasks wait.",
            lonely,
        )
        yield words % {"n": lonely, "person": person}
    for other in every:
        if other.person_id in standing and _overlap(absence, other):
            yield _away_too(absence, other)


def _away_too(absence: Absence, other: Absence) -> str:
    words = _(
        "%(stand_in)s is away too, from %(first)s to %(last)s: what comes up then waits for %(person)s."
    )
    return words % {
        "stand_in": other.person.name,
        "first": short_day(max(absence.from_on, other.from_on)),
        "last": short_day(min(absence.until_on, other.until_on)),
        "person": absence.person.name,
    }


def _overlap(one: Absence, other: Absence) -> bool:
    return one.from_on <= other.until_on and other.from_on <= one.until_on
