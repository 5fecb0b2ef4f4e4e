"""What came since a merge and is the returned customer's, by what it hangs on."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from banso.core.models import Event
from banso.customers.holdings import holding
from banso.customers.merges.links import OWNER, Link, links_to
from banso.customers.models import Contact, Customer, Merge

GiveBack = Callable[[Link, Sequence[Any]], None]
Found = tuple[Link, QuerySet[Any]]


class Since:
    """Rows that `root` has and that are said of `back`; `give_back` hands them over."""

    def __init__(
        self, merge: Merge, *, root: Customer, back: Customer, give_back: GiveBack
    ) -> None:
        self.merge, self.root, self.back, self.give_back = merge, root, back, give_back
        self.owned = {one.model: one for one in links_to(Customer) if one.name == OWNER}

    def follow_rows(self) -> None:
        """Rows are whose the row is that they hang on, however deep; guests say whose theirs is."""
        moved = True
        while moved:
            moved = False
            for link, rows in self._to_move():
                ids = list(rows.values_list("pk", flat=True))
                if ids:
                    self.give_back(link, ids)
                    moved = True

    def _to_move(self) -> Iterator[Found]:
        for link in self.owned.values():
            theirs = link.movable(self.root.pk, self.back.pk)
            for name in _leading_to(link.model, self.owned):
                if _goes_along(link.model, name):
                    yield self._taken_along(link, name)
                else:
                    yield link, theirs.filter(**{f"{name}__{OWNER}": self.back.pk})
        for guests in links_to(Contact):
            if guests.model not in self.owned:
                for name in set(_leading_to(guests.model, self.owned)) - {guests.name}:
                    yield self._visited(guests, name)

    def _taken_along(self, link: Link, name: str) -> Found:
        """What the returned one's rows have opened: the next step of a call."""
        opened = self.owned[_related(link.model, name)]
        own = link.rows(self.back.pk).filter(**{f"{name}__isnull": False}).values(name)
        return opened, opened.movable(self.root.pk, self.back.pk).filter(pk__in=own)

    def _visited(self, guests: Link, name: str) -> Found:
        """Rows made since at which nobody but the returned one's people was: a call with them."""
        hosts = self.owned[_related(guests.model, name)]
        present = guests.model._base_manager.filter(
            **{name: OuterRef("pk"), f"{guests.name}__isnull": False}
        )
        own = Q(**{f"{guests.name}__{OWNER}": self.back.pk})
        found = hosts.movable(self.root.pk, self.back.pk).filter(self._is_since(hosts))
        return hosts, found.filter(Exists(present.filter(own))).exclude(
            Exists(present.exclude(own))
        )

    def _is_since(self, link: Link) -> Q:
        """Keys made of time tell what is newer than the merge; of others nothing is known."""
        is_timed = isinstance(link.model._meta.pk, models.UUIDField)
        return Q(pk__gt=self.merge.pk) if is_timed else Q(pk__in=[])

    def follow_subjects(self) -> None:
        """What was told since of a row that is the returned one's is on its timeline."""
        since = Event.objects.filter(customer_id=self.root.pk, pk__gt=self.merge.upto)
        subjects: dict[str, set[str]] = {}
        for label, subject in since.values_list("subject_type", "subject_id"):
            subjects.setdefault(label, set()).add(subject)
        for origin in since.values_list("facts__origin", flat=True):
            label, _colon, subject = str(origin or "").partition(":")
            subjects.setdefault(label, set()).add(subject)
        link = next(one for one in links_to(Customer) if one.model is Event)
        for label, ids in subjects.items():
            own = self._own_subjects(label, ids)
            named = Q(subject_type=label, subject_id__in=own)
            named |= Q(facts__origin__in=[f"{label}:{one}" for one in own])
            self.give_back(link, list(since.filter(named).values_list("pk", flat=True)))

    def _own_subjects(self, label: str, ids: Iterable[str]) -> list[str]:
        """Those of the subjects that belong to the returned customer now."""
        if label == Customer._meta.label_lower:
            return [str(self.back.pk)]
        model = _model(label)
        rows = model._base_manager.filter(pk__in=ids) if model else ()
        return [str(one.pk) for one in rows if getattr(one, "customer_id", None) == self.back.pk]


def _model(label: str) -> type[models.Model] | None:
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def _leading_to(model: type[models.Model], owned: Iterable[type[models.Model]]) -> list[str]:
    """Links of the model to what belongs to a customer itself: its contract, its activity, …"""
    targets = set(owned)
    return [
        one.name
        for one in model._meta.fields
        if isinstance(one, models.ForeignKey) and one.related_model in targets
    ]


def _related(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name).related_model


def _goes_along(model: type[models.Model], name: str) -> bool:
    return holding(model._meta.label_lower, f"{name}_id").goes_along
