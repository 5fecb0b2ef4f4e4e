"""Three notions of who left, as a page lists them: counts by period, overlaps, and whom they mean."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from banso.core.declarations import Words
from banso.customers.models import Customer
from banso.insight.metrics.figure_words import span
from banso.insight.metrics.figures.course import Course
from banso.lib.periods import Period

if TYPE_CHECKING:
    from banso.insight.metrics.making.notions import Ids, Notions, Overlap

OF: dict[str, Words] = {
    "left": _("Contract ended"),
    "noticed": pgettext_lazy("its day", "Notice given"),
    "leaving": _("Leaving by notice"),
    "flagged": _("Flagged by the source"),
}
Linked = tuple[int, str]  # how many customers, and where they are listed


@dataclass(frozen=True, slots=True)
class Line:
    """One period: how many customers each notion means; `flagged`: of those whose contract ended."""

    period: Period
    left: Linked
    noticed: Linked
    leaving: Linked
    flagged: Linked | None


@dataclass(frozen=True, slots=True)
class Shared:
    """Customers meant by just these notions."""

    which: "Overlap"
    customers: Linked


@dataclass(frozen=True, slots=True)
class Told:
    """What the page shows of them."""

    lines: list[Line]
    shared: list[Shared]
    flagged: Linked | None
    left: int


def told(course: Course, asked: dict[str, str]) -> Told | None:
    """The notions of a course with their addresses; None where a workspace has but one of them."""
    found = course.notions
    if found is None:
        return None
    lines = [_line(found, place, asked) for place in range(len(found.said))]
    shared = [
        Shared(which, (len(ids), _address(asked, which=_code(which))))
        for which, ids in found.overlaps()
        if ids
    ]
    flagged = found.flagged
    every = None if flagged is None else (len(flagged), _address(asked, of="flagged"))
    return Told(lines[::-1], shared, every, len(found.left))


def _line(found: "Notions", place: int, asked: dict[str, str]) -> Line:
    said = found.said[place]

    def linked(of: str, ids: "Ids") -> Linked:
        return len(ids), _address(asked, of=of, period=said.period.code) if ids else ""

    flagged = None if found.flagged is None else linked("flagged", said.left & found.flagged)
    return Line(
        said.period,
        linked("left", said.left),
        linked("noticed", said.noticed),
        linked("leaving", said.leaving),
        flagged,
    )


def _address(asked: dict[str, str], **more: str) -> str:
    return f"{reverse('metrics:churn_notions')}?{urlencode({**asked, **more})}"


def _code(which: "Overlap") -> str:
    return "".join("1" if one else "0" for one in which)


def chosen(found: "Notions", asked: dict[str, str]) -> "Ids":
    """Whom an address of such a count means. Http404 for what is none."""
    of, period, which = (asked.get(name, "") for name in ("of", "period", "which"))
    if which:
        return _shared(found, which)
    if not period and of in ("", "left", "flagged"):
        return found.flagged or frozenset() if of == "flagged" else found.left
    for said in found.said:
        if said.period.code == period and of == "flagged":
            return said.left & (found.flagged or frozenset())
        if said.period.code == period and of in OF:
            ids: Ids = getattr(said, of)
            return ids
    raise Http404


def words_of(asked: dict[str, str]) -> str:
    """Which notion, or which of them agree: "Contract ended no · Notice yes · Flag yes"."""
    marks = (pgettext("of a notion", "no"), pgettext("of a notion", "yes"))
    if which := asked.get("which", ""):
        names = (_("Contract ended"), pgettext("of cancellation", "Notice"), _("Flag"))
        told = zip(names, which, strict=True)
        return " · ".join(f"{name} {marks[mark == '1']}" for name, mark in told)
    return str(OF.get(asked.get("of", ""), ""))


def _shared(found: "Notions", which: str) -> "Ids":
    every = {_code(one): ids for one, ids in found.overlaps()}
    if which not in every:
        raise Http404
    return every[which]


@dataclass(frozen=True, slots=True)
class Meant:
    """A customer, and what each notion says of it: in which periods."""

    id: UUID
    name: str
    left: str
    noticed: str
    leaving: str
    flagged: bool


def meant(found: "Notions", ids: "Ids", start: int, most: int) -> list[Meant]:
    """Some of these customers, by name. 1 query."""
    named = Customer.objects.filter(pk__in=ids).order_by("name_reading", "name", "pk")
    rows = named.values_list("pk", "name")[start : start + most]
    return [_meant(found, pk, name) for pk, name in rows]


def _meant(found: "Notions", pk: UUID, name: str) -> Meant:
    def when(of: str) -> str:
        return ", ".join(span(one.period) for one in found.said if pk in getattr(one, of))

    flagged = found.flagged is not None and pk in found.flagged
    return Meant(pk, name, when("left"), when("noticed"), when("leaving"), flagged)
