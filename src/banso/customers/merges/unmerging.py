"""They are two, after all: each has its own rows again, and those that came since."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import Person
from banso.core.signing import sign
from banso.customers.masters import kept_elsewhere
from banso.customers.merges import family, stages
from banso.customers.merges.contacted import part_last_contact
from banso.customers.merges.kinds import (
    CONTACTS,
    CUSTOMERS,
    KEYS,
    KINDS,
    Kind,
    Row,
    put,
    told,
    value_of,
)
from banso.customers.merges.links import (
    Link,
    among_rows,
    forget,
    links_to,
    move,
    remembered,
)
from banso.customers.merges.since import Since
from banso.customers.models import Contact, Merge, StageChange
from banso.customers.queries.merged import merged_into
from banso.customers.services.checks import id_of, refusing_duplicates
from banso.customers.services.likenesses import remember_apart

CONTACTED = "last_contact_on"
TOLD: dict[str, tuple[str, str]] = {
    Merge.Noun.CUSTOMER: ("customers.customer_unmerged", "customers.customer_updated"),
    Merge.Noun.CONTACT: ("customers.contact_unmerged", "customers.contact_updated"),
}


@transaction.atomic
def unmerge(merge_id: UUID, *, by: Person | None) -> Merge:
    """The merged one is back with its id, keys and values, and with every row that was its own.

    A row made since belongs to whom its parent (contact, contract, account, …) belongs, else it
    stays. The survivor has its former values back where they are as the merge left them. Twice is
    once. Contacts that were merged across both are two again as well. Raises Merge.DoesNotExist;
    Refused when who holds the rows is in the bin, when a key was given to another, and while an
    import runs. Publishes customers.customer_unmerged (contact_unmerged) about both.
    """
    family.not_beside_an_import()
    _lock_all(Merge.objects.get(pk=merge_id))
    merge: Merge = Merge.objects.select_for_update().get(pk=merge_id)
    if merge.undone_at is None:
        _Parting(merge, by).run()
    return merge


def _lock_all(merge: Merge) -> None:
    """Everybody whom undoing the merge concerns is locked, customers before their contacts."""
    kind = KINDS[merge.noun]
    ids = {merge.merged_id, merge.survivor_id, *_root(kind, merge)}
    if kind is CONTACTS:
        owners = Contact.known.filter(pk__in=ids).values_list("customer_id", flat=True)
        family.locked_rows(CUSTOMERS, owners)
    family.locked_rows(kind, ids)
    if not _root(kind, merge) <= ids:
        words = _("Somebody else is merging these just now. Try again.")
        raise Refused(words, code="busy")


def _root(kind: Kind, merge: Merge) -> set[UUID]:
    """Who holds the rows now; nobody once it is undone."""
    back = kind.model.known.filter(pk=merge.merged_id)
    return set(back.values_list("merged_into_id", flat=True)) - {None}


class _Parting:
    """One merge being undone: `back` leaves `root`, who holds the rows now."""

    def __init__(self, merge: Merge, by: Person | None) -> None:
        self.merge, self.by, self.kind = merge, by, KINDS[merge.noun]
        self.back: Row = self.kind.model.known.get(pk=merge.merged_id)
        root = self.kind.model.with_deleted.get(pk=self.back.merged_into_id)
        if self.kind is CUSTOMERS and root.deleted_at:
            words = _("Who holds its rows now is in the bin. Restore that one first.")
            raise Refused(words, code="binned")
        self.root: Row = root
        self.above = family.above(merge)

    def run(self) -> None:
        sign(id_of(self.by))
        self._come_back()
        for link in links_to(self.kind.model):
            ids = remembered(link, self.merge)
            if link.is_itself:
                self._stand_below_it_again(ids)
            self._give_back(link, among_rows(link, ids, self.root.pk, self.back.pk))
        if self.kind is CUSTOMERS:
            self._part_stages()
            self._part_contacts()
            since = Since(self.merge, root=self.root, back=self.back, give_back=self._give_back)
            since.follow_rows()
            since.follow_subjects()
            self._leave_no_circle()
        restored = self._put_values_back()
        if self.kind is CUSTOMERS:
            self.root.refresh_from_db()
            if part_last_contact(self.merge, root=self.root, back=self.back):
                restored = sorted({*restored, CONTACTED})
            stages.agree(self.root.pk)
            stages.agree(self.back.pk)
            remember_apart(self.merge, by=self.by)
        self._finish(restored)

    def _give_back(self, link: Link, ids: Sequence[Any]) -> None:
        if not ids:
            return
        move(link, ids, self.back.pk)
        forget(link, ids, self.above)
        self.merge.returned[str(link)] = self.merge.returned.get(str(link), 0) + len(ids)

    def _stand_below_it_again(self, ids: Sequence[Any]) -> None:
        """Who stood below it, and then took its place in a merge above, stands below it after both."""
        for upper in self.above:
            was = upper.taken.get("parent_id", {})
            if upper.survivor_id in ids and was.get("before") == str(self.merge.survivor_id):
                upper.taken = {**upper.taken, "parent_id": {**was, "before": str(self.back.pk)}}
                upper.save(update_fields=["taken"])

    def _come_back(self) -> None:
        """Living again, with the keys that it lent, and those that were merged into it."""
        keys = self._lent_keys()
        below = merged_into(self.back.pk)
        self.kind.model.with_deleted.filter(pk__in=below).update(merged_into=self.back)
        self.back.deleted_at, self.back.merged_into = None, None
        for name, value in keys.items():
            setattr(self.back, name, value)
        with refusing_duplicates():
            self.back.save(update_fields=["deleted_at", "merged_into", *keys])

    def _lent_keys(self) -> dict[str, str]:
        """Its keys that filled a blank; who shows one now, however far up, shows none any more."""
        lent = {name: self.merge.taken[name]["after"] for name in KEYS if name in self.merge.taken}
        for name in ("external_id", "source_id"):
            if name not in lent:
                continue
            pair = (name,) if name == "external_id" else ("source", "source_id")
            shown = {one: lent[one] for one in pair if one in lent}
            holders = [self.merge.survivor_id, self.root.pk, *(m.survivor_id for m in self.above)]
            showing = self.kind.model.known.filter(pk__in=holders, **shown)
            showing.update(**{one: self.merge.taken[one]["before"] for one in shown})
            self._is_lent_no_more(pair, shown)
        self.root.refresh_from_db(fields=list(KEYS))
        return lent

    def _is_lent_no_more(self, names: Sequence[str], shown: Mapping[str, str]) -> None:
        """Merges above do not give back what was passed on to them."""
        for upper in self.above:
            if all(upper.taken.get(one, {}).get("after") == shown.get(one) for one in names):
                upper.taken = {k: one for k, one in upper.taken.items() if k not in names}
                upper.save(update_fields=["taken"])

    def _part_stages(self) -> None:
        """Lines by which one history went on answering for both are none of anybody's."""
        StageChange.objects.filter(pk__in=self.merge.stages, customer=self.root).delete()

    def _part_contacts(self) -> None:
        """Of contacts that are one, and now of two customers, each is its own again."""
        mine = {self.root.pk, self.back.pk}
        owners = dict(
            Contact.with_deleted.filter(customer_id__in=mine).values_list("pk", "customer_id")
        )
        standing = Merge.objects.filter(noun=CONTACTS.noun, undone_at=None, merged_id__in=owners)
        for one in standing.select_for_update().order_by("-at"):
            if owners.get(one.survivor_id, owners[one.merged_id]) != owners[one.merged_id]:
                _Parting(one, self.by).run()

    def _leave_no_circle(self) -> None:
        """Somebody may have put its former parent below what came back with it."""
        if self.back.pk in family.parents(self.back.parent_id):
            self.back.parent_id = None
            self.back.save(update_fields=["parent_id"])

    def _put_values_back(self) -> list[str]:
        """The survivor's former values, where nobody has changed them since; their names.

        What another system keeps of it by now is left to that system.
        """
        survivor = self.kind.model.known.get(pk=self.merge.survivor_id)
        left = {*KEYS, CONTACTED} if survivor.pk == self.root.pk else set(KEYS)
        taken = {name: one for name, one in self.merge.taken.items() if name not in left}
        kept = kept_elsewhere(survivor) if self.kind is CUSTOMERS else ()
        back = {
            name: one["before"]
            for name, one in taken.items()
            if value_of(survivor, name) == one["after"] and name not in kept
        }
        if survivor.pk == self.root.pk and "currency" in back and survivor.contracts.exists():
            del back["currency"]
        if back:
            put(self.kind, survivor, back)
        self._pass_on({name: one for name, one in taken.items() if name not in back})
        return sorted(back)

    def _pass_on(self, taken: Mapping[str, Any]) -> None:
        """A merge that replaced one of these values since gives back the one before it."""
        same = Merge.objects.filter(noun=self.merge.noun, survivor_id=self.merge.survivor_id)
        for later in same.filter(undone_at=None, at__gt=self.merge.at).order_by("at"):
            replaced = {
                name: {**later.taken[name], "before": one["before"]}
                for name, one in taken.items()
                if name in later.taken and later.taken[name]["before"] == one["after"]
            }
            later.taken = {**later.taken, **replaced}
            later.save(update_fields=["taken"])

    def _finish(self, restored: Sequence[str]) -> None:
        merge, by = self.merge, id_of(self.by)
        merge.undone_at, merge.undone_by = timezone.now(), self.by
        merge.save(update_fields=["undone_at", "undone_by", "returned"])
        merge.rows.all().delete()
        unmerged, updated = TOLD[self.kind.noun]
        facts = {"merge": str(merge.pk), "rows": sum(merge.returned.values())}
        for one, other in ((self.root, self.back), (self.back, self.root)):
            publish(unmerged, one, by=by, other=str(other.pk), **facts)
        if restored and merge.survivor_id == self.root.pk:
            publish(updated, self.root, by=by, **told(restored))
