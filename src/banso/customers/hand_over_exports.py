"""Hand-overs as files: all of them, of one its check lists and who passes, and a customer's history."""

from collections.abc import Iterator
from typing import NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from banso.core.lists.declarations import List, Sheet
from banso.core.lists.sheets import Headed, day_of, sheet_of
from banso.core.models import Person
from banso.customers import hand_overs, queries
from banso.customers.exports import known_by
from banso.customers.models import Customer, HandOver
from banso.lib.uuid7 import as_uuid

Permits = frozenset[str]


class _Line(NamedTuple):
    """One line of a check list: whose, by name, and what to do."""

    of: str
    people: str
    to_do: str


def read_hand_overs(query: QueryDict, permits: Permits) -> Sheet:
    """Those to come first, then those that were; of one person `?of=`, by their id."""
    asked = query.get("of", "")
    rows = queries.every_hand_over(of=as_uuid(asked)) if asked else queries.every_hand_over()
    if asked and as_uuid(asked) is None:
        rows = rows.none()
    columns: list[Headed] = [
        (pgettext("a day", "From"), lambda one: one.on),
        (_("New main owner"), lambda one: one.new_owner.name if one.new_owner else ""),
        (_("State"), HandOver.get_state_display),
        (_("Customers"), lambda one: one.expected),
        (_("Planned by"), lambda one: one.by.name if one.by else ""),
        (_("Hand-over note"), lambda one: one.note),
    ]
    return sheet_of(rows.iterator(chunk_size=1000), columns)


def _asked(query: QueryDict) -> HandOver:
    """The hand-over of `?hand_over=`. Raises HandOver.DoesNotExist."""
    rows = HandOver.objects.select_related("new_owner")
    found: HandOver = rows.get(pk=as_uuid(query.get("hand_over", "")))
    return found


def read_check_lists(query: QueryDict, permits: Permits) -> Sheet:
    """What the former owners and the new one are to do for it."""
    columns: list[Headed] = [
        (_("Whose list"), lambda line: line.of),
        (_("Name"), lambda line: line.people),
        (_("To do"), lambda line: line.to_do),
    ]
    return sheet_of(_lines(_asked(query)), columns)


def _lines(found: HandOver) -> Iterator[_Line]:
    former = Person.objects.filter(pk__in=found.former_owners).order_by("name_reading")
    names = _(", ").join(former.values_list("name", flat=True))
    yield from (_Line(_("Former owner"), names, line) for line in found.list_for_old)
    new = found.new_owner.name if found.new_owner else ""
    yield from (_Line(_("New owner"), new, line) for line in found.list_for_new)


def read_passing(query: QueryDict, permits: Permits) -> Sheet:
    """The customers that a planned hand-over would give another owner, as things stand."""
    found = _asked(query)
    rows = hand_overs.passing(found)
    rows = rows if found.state == HandOver.State.PLANNED else rows.none()
    known = known_by(lambda one: one.pk, lambda one: one.name)
    return sheet_of(rows.iterator(chunk_size=1000), known)


def read_history(query: QueryDict, permits: Permits) -> Sheet:
    """A customer's owners, tier, stage and parent. Raises Customer.DoesNotExist for `?customer=`."""
    customer = Customer.objects.only("pk").get(pk=as_uuid(query.get("customer", "")))
    columns: list[Headed] = [
        (pgettext("a day", "From"), lambda line: line.effective_on),
        (_("What"), lambda line: str(line.label)),
        (_("Before"), lambda line: str(line.was) if line.before else ""),
        (_("After"), lambda line: str(line.now)),
        (_("Noted on"), lambda line: day_of(line.recorded_at)),
        (_("Noted by"), lambda line: line.by),
        (_("Hand-over note"), lambda line: line.hand_over.note if line.hand_over else ""),
    ]
    return sheet_of(queries.history(customer.pk), columns)


_EDIT, _READ = "customers.bulk_edit", "customers.read"
HAND_OVER_LISTS = (
    List("hand_overs", gettext_lazy("Hand-overs"), _EDIT, "hand-overs", read_hand_overs),
    List("check_lists", gettext_lazy("Check lists"), _READ, "check-lists", read_check_lists),
    List("passing", gettext_lazy("Customers"), _EDIT, "customers", read_passing),
    List("history", gettext_lazy("Owners, tier and stage"), _READ, "history", read_history),
)
