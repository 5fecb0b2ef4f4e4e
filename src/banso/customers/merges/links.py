"""Which rows belong to a customer or a contact, of whichever room, and which of them can move."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from banso.core.models import Event
from banso.core.new_rows import insert, unsaved
from banso.customers.holdings import holding
from banso.customers.models import Contact, Customer, Merge, MergedRow

AT_ONCE = 5000
ABSORBED = "customers.customer_absorbed"  # tells of the merged customer alone, and stays
OWN = {"customers.merge", "customers.mergedrow"}
OWNER = "customer"  # the field by which a row belongs to a customer, and what hangs on it follows
Noun = type[Customer] | type[Contact]


@dataclass(frozen=True, slots=True)
class Link:
    """A column of a model that holds a customer's (a contact's) id."""

    model: type[models.Model]
    column: str
    name: str  # of the field
    is_itself: bool  # customers to customers: a parent

    def __str__(self) -> str:
        return f"{self.model._meta.label_lower}.{self.column}"

    def rows(self, owner: UUID) -> QuerySet[Any]:
        """The owner's rows, binned ones too. The owner's id is of the open workspace."""
        found: QuerySet[Any] = self.model._base_manager.filter(**{self.column: owner})
        return found.exclude(name=ABSORBED) if self.model is Event else found

    def movable(self, owner: UUID, to: UUID) -> QuerySet[Any]:
        """Those of `owner` that can stand at `to`: beside no row of which there can be only one."""
        found = self.rows(owner)
        for clash in self._clashes(to):
            found = found.exclude(clash)
        return found.exclude(pk=to) if self.is_itself else found

    def _clashes(self, to: UUID) -> Iterator[Any]:
        field = self.model._meta.get_field(self.name)
        theirs = self.model._base_manager.filter(**{self.column: to})
        if getattr(field, "unique", False):
            yield Exists(theirs)
        for constraint in self.model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint) and self.name in constraint.fields:
                others = [name for name in constraint.fields if name != self.name]
                same = theirs.filter(**{name: OuterRef(name) for name in others})
                condition = constraint.condition or Q()
                yield Exists(same.filter(condition)) & condition


@cache
def links_to(noun: Noun) -> tuple[Link, ...]:
    """Every column that holds an id of the noun and moves in a merge, in a stable order."""
    found = [
        Link(field.model, field.attname, field.name, field.model is noun)
        for one in noun._meta.get_fields(include_hidden=True)
        if isinstance(one, models.ManyToOneRel) and not (field := one.field).primary_key
        if _moves(field)
    ]
    if noun is Customer:
        found.append(Link(Event, "customer_id", "customer_id", False))
    return tuple(sorted(found, key=str))


def _moves(field: Any) -> bool:
    label = field.model._meta.label_lower
    if label in OWN or field.name == "merged_into":
        return False
    return holding(label, field.attname).moves


def move(link: Link, ids: Sequence[Any], to: UUID) -> None:
    """These rows are `to`'s."""
    for some in _chunks(ids):
        link.model._base_manager.filter(pk__in=some).update(**{link.column: to})


def remember(link: Link, ids: Iterable[Any], merges: Iterable[Merge]) -> None:
    """Undoing any of the merges gives these rows back. Rows known already are known once."""
    listed = list(ids)
    for merge in merges:
        known = set(merge.rows.filter(link=str(link)).values_list("row", flat=True))
        new = [str(one) for one in listed if str(one) not in known]
        for some in _chunks(new):
            insert([unsaved(MergedRow, merge_id=merge.pk, link=str(link), row=row) for row in some])


def forget(link: Link, ids: Iterable[Any], merges: Iterable[Merge]) -> None:
    """Undoing these merges leaves the rows where they are."""
    above = [one.pk for one in merges]
    for some in _chunks([str(one) for one in ids] if above else []):
        MergedRow.objects.filter(link=str(link), row__in=some, merge__in=above).delete()


def remembered(link: Link, merge: Merge) -> list[Any]:
    """Keys of the rows that the merge moved over this link."""
    to_python = link.model._meta.pk.to_python
    rows = merge.rows.filter(link=str(link)).values_list("row", flat=True)
    return [to_python(one) for one in rows]


def among_rows(link: Link, ids: Sequence[Any], owner: UUID, to: UUID) -> list[Any]:
    """Those of the rows that stand at `owner` still and can stand at `to`."""
    return [
        one
        for some in _chunks(ids)
        for one in link.movable(owner, to).filter(pk__in=some).values_list("pk", flat=True)
    ]


def _chunks(ids: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
