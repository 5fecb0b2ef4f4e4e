"""What a merge would do: whose values stay, what moves, and what cannot."""

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from banso.core.declarations import Words
from banso.core.errors import Refused
from banso.customers.holdings import holding
from banso.customers.masters import master_of
from banso.customers.merges.kinds import (
    CONTACTS,
    CUSTOMERS,
    Kind,
    Row,
    chosen,
    is_blank,
    names_of,
    value_of,
)
from banso.customers.merges.links import Link, links_to
from banso.customers.merges.merging import one_currency, takes_its_place
from banso.customers.merges.words import Wording, wording


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of which the merged one has another value. `fills`: the survivor has none and takes it.

    `kept_in`: the system that keeps the survivor's value, which therefore stays; empty for none.
    """

    name: str
    label: Words
    mine: str
    theirs: str
    fills: bool
    kept_in: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """Rows of the merged one: `moves` go along, `stays` would stand beside one of a kind.

    `href` is where they can be looked at; empty for none.
    """

    label: Words
    moves: int
    stays: int
    href: str


@dataclass(frozen=True, slots=True)
class MergePreview:
    """`trouble` says in words why the two cannot be merged; empty when they can."""

    survivor: Row
    merged: Row
    differences: list[Difference]
    counts: list[Count]
    trouble: str

    @property
    def moves(self) -> int:
        return sum(one.moves for one in self.counts)

    @property
    def stays(self) -> list[Count]:
        return [one for one in self.counts if one.stays]


def preview(kind: Kind, survivor_id: UUID, merged_id: UUID) -> MergePreview:
    """What merging the second into the first would do; nothing is changed.

    Raises the noun's DoesNotExist. Some 40 queries, most of them counts by an index.
    """
    survivor = kind.model.objects.get(pk=survivor_id)
    merged = kind.model.objects.get(pk=merged_id)
    words = wording(kind, (survivor, merged))
    return MergePreview(
        survivor,
        merged,
        _differences(kind, survivor, merged, words),
        _counts(kind, survivor, merged),
        _trouble(kind, survivor, merged),
    )


def _differences(kind: Kind, survivor: Row, merged: Row, words: Wording) -> list[Difference]:
    master = master_of(survivor) if kind is CUSTOMERS else None
    kept = dict.fromkeys(master.fields, master.name) if master else {}
    filled = chosen(kind, survivor, merged, (), kept=kept)
    return [
        Difference(
            name,
            words.label(name),
            words.value(name, value_of(survivor, name)),
            words.value(name, value_of(merged, name)),
            name in filled,
            kept.get(name, ""),
        )
        for name in names_of(kind, survivor, merged)
        if not is_blank(theirs := value_of(merged, name)) and theirs != value_of(survivor, name)
    ]


def _counts(kind: Kind, survivor: Row, merged: Row) -> list[Count]:
    owner = merged.pk if kind is CUSTOMERS else merged.customer_id
    found = [
        (link, link.movable(merged.pk, survivor.pk).count(), all_rows)
        for link in links_to(kind.model)
        if (all_rows := link.rows(merged.pk).count())
    ]
    return [
        Count(label_of(link), moves, every - moves, _href(link, owner))
        for link, moves, every in found
    ]


def label_of(link: Link) -> Words:
    return held(str(link))


def held(link: str) -> Words:
    """What the rows behind a link are called: `work.task.customer_id`."""
    model, _dot, column = link.rpartition(".")
    return holding(model, column).label or _("Other records")


def _href(link: Link, customer_id: UUID) -> str:
    page = holding(link.model._meta.label_lower, link.column).opens
    return reverse(page, args=[customer_id]) if page else ""


def _trouble(kind: Kind, survivor: Row, merged: Row) -> str:
    if survivor.pk == merged.pk:
        return _("Choose two different ones to merge.")
    if kind is CONTACTS:
        same = survivor.customer_id == merged.customer_id
        words = _("Only contacts of one customer can be merged. Merge the customers first.")
        return "" if same else words
    try:
        one_currency(survivor, merged)
        takes_its_place(survivor, merged)
    except Refused as refusal:
        return str(refusal.message)
    return ""
