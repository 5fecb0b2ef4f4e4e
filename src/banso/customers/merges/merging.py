"""Two that are the same become one: the survivor has every row of both."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import Event, Person
from banso.core.signing import sign
from banso.customers.masters import master_of, refusal
from banso.customers.merges import stages
from banso.customers.merges.family import locked_rows, not_beside_an_import, parents
from banso.customers.merges.kinds import CONTACTS, CUSTOMERS, Kind, Row, Taken, chosen, put, told
from banso.customers.merges.links import links_to, move, remember
from banso.customers.models import Contact, Contract, Customer, Merge, StageChange
from banso.customers.services.checks import id_of
from banso.customers.services.customers import locked_customer


@transaction.atomic
def merge_customers(
    survivor_id: UUID, *, merged_id: UUID, take: Collection[str] = (), by: Person | None
) -> Merge:
    """All that belongs to the merged customer is the survivor's; its ids and keys lead there.

    The survivor's values stay, blanks are filled; of the fields in `take` (`tier`,
    `attributes.<key>`) the merged one's become the survivor's. What another system keeps of the
    survivor stays as it is. Rows of which there can only be one stay where they are. `unmerge` takes
    it back. Twice is once. Raises Customer.DoesNotExist; Refused for one customer with itself, one
    that was merged already, contracts in different currencies, and while an import runs. Publishes customers.customer_merged about the survivor and
    customers.customer_absorbed about the other; customer_updated and owner_changed as values do.
    """
    not_beside_an_import()
    survivor, merged, standing = _pair(CUSTOMERS, survivor_id, merged_id)
    if standing:
        return standing
    kept = _kept_elsewhere(survivor, take)
    taken = chosen(CUSTOMERS, survivor, merged, take, kept=kept)
    taken |= one_currency(survivor, merged) | _last_contact(survivor, merged)
    _check_parent(survivor, merged, taken, wanted="parent_id" in take)
    merge = _begin(CUSTOMERS, survivor, merged, by, contacted_before=survivor.last_contact_on)
    publish("customers.customer_absorbed", merged, by=id_of(by), into=str(survivor.pk))
    sign(id_of(by))
    owner = survivor.main_owner_id
    _lead_on(CUSTOMERS, survivor, merged, taken)
    steps = set(StageChange.objects.filter(customer=merged).values_list("pk", flat=True))
    _move(CUSTOMERS, merge)
    merge.stages = stages.let_answer(survivor, steps, theirs="stage" in taken)
    _end(merge, taken)
    _tell_values(survivor, taken, owner, by)
    publish("customers.customer_merged", survivor, by=id_of(by), **_facts(merge))
    return merge


@transaction.atomic
def merge_contacts(
    survivor_id: UUID, *, merged_id: UUID, take: Collection[str] = (), by: Person | None
) -> Merge:
    """As `merge_customers`, for two contacts of one customer.

    Raises Contact.DoesNotExist; Refused as there, and for contacts of different customers.
    Publishes customers.contact_merged, customers.contact_absorbed and contact_updated.
    """
    not_beside_an_import()
    # Customers are locked before their contacts, as by whoever merges customers.
    customer_id = Contact.known.values_list("customer_id", flat=True).get(pk=survivor_id)
    locked_customer(customer_id)
    survivor, merged, standing = _pair(CONTACTS, survivor_id, merged_id)
    if standing:
        return standing
    if {survivor.customer_id, merged.customer_id} != {customer_id}:
        words = _("Only contacts of one customer can be merged. Merge the customers first.")
        raise Refused(words, code="other_customer", field="merged_contact_id")
    taken = chosen(CONTACTS, survivor, merged, take)
    merge = _begin(CONTACTS, survivor, merged, by)
    publish("customers.contact_absorbed", merged, by=id_of(by), into=str(survivor.pk))
    _lead_on(CONTACTS, survivor, merged, taken)
    _move(CONTACTS, merge)
    _end(merge, taken)
    if taken:
        publish("customers.contact_updated", survivor, by=id_of(by), **told(taken))
    publish("customers.contact_merged", survivor, by=id_of(by), **_facts(merge))
    return merge


def _pair(kind: Kind, survivor_id: UUID, merged_id: UUID) -> tuple[Row, Row, Merge | None]:
    """Both rows, locked, and their merge if it stands already."""
    rows = locked_rows(kind, (survivor_id, merged_id))
    if len(rows) < len({survivor_id, merged_id}):
        raise kind.model.DoesNotExist
    survivor, merged = rows[survivor_id], rows[merged_id]
    field = f"merged_{kind.noun}_id"
    if survivor is merged:
        raise Refused(_("Choose two different ones to merge."), code="same", field=field)
    known = Merge.objects.filter(noun=kind.noun, undone_at=None, merged_id=merged_id)
    if standing := known.filter(survivor_id=survivor_id).first():
        return survivor, merged, standing
    for one in (survivor, merged):
        if one.merged_into_id:
            words = _("“%(name)s” was merged into another already.") % {"name": one.name}
            raise Refused(words, code="merged", field=field)
    return survivor, merged, None


def one_currency(survivor: Customer, merged: Customer) -> Taken:
    """Refused where contracts would stand in two currencies; what is signed decides."""
    if survivor.currency == merged.currency:
        return {}
    signed = Contract.with_deleted.filter(customer__in=[survivor, merged])
    signers = set(signed.values_list("customer_id", flat=True))
    if len(signers) > 1:
        words = _(
            "One has contracts in %(mine)s, the other in %(theirs)s. "
            "Customers with contracts in different currencies cannot be merged."
        )
        money = {"mine": survivor.currency, "theirs": merged.currency}
        raise Refused(words % money, code="currency", field="merged_customer_id")
    if merged.pk not in signers:
        return {}
    return {"currency": {"before": survivor.currency, "after": merged.currency}}


def _kept_elsewhere(survivor: Customer, take: Collection[str]) -> frozenset[str]:
    """What another system keeps of the survivor. Refused where that is to be taken."""
    if (master := master_of(survivor)) is None:
        return frozenset()
    for name in sorted(set(master.fields) & set(take)):
        refused = refusal(master, name)
        raise Refused(refused.message, code=refused.code, field="take")
    return frozenset(master.fields)


def takes_its_place(survivor: Customer, merged: Customer) -> bool:
    """Whether the survivor stands below the merged one, whose place it is to take.

    Refused where another system keeps its parent company: that has to say first who is above it.
    """
    if merged.pk not in parents(survivor.pk):
        return False
    master = master_of(survivor)
    if master and "parent_id" in master.fields:
        refused = refusal(master, "parent_id")
        raise Refused(refused.message, code=refused.code, field="merged_customer_id")
    return True


def _last_contact(survivor: Customer, merged: Customer) -> Taken:
    """The later day."""
    mine, theirs = survivor.last_contact_on, merged.last_contact_on
    if theirs is None or (mine is not None and mine >= theirs):
        return {}
    before = mine.isoformat() if mine else None
    return {"last_contact_on": {"before": before, "after": theirs.isoformat()}}


def _check_parent(survivor: Customer, merged: Customer, taken: Taken, *, wanted: bool) -> None:
    """The survivor will not stand above itself. What stood below the merged one will below it."""
    if takes_its_place(survivor, merged):
        after = str(merged.parent_id) if merged.parent_id else None
        taken["parent_id"] = {"before": str(survivor.parent_id), "after": after}
        return
    after = taken.get("parent_id", {}).get("after")
    if after and survivor.pk in {UUID(after), *parents(UUID(after))}:
        del taken["parent_id"]
        if wanted:
            words = _("A customer cannot stand above itself.")
            raise Refused(words, code="invalid", field="take")


def _begin(kind: Kind, survivor: Row, merged: Row, by: Person | None, **known: Any) -> Merge:
    upto = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    made: Merge = Merge.objects.create(
        noun=kind.noun, survivor_id=survivor.pk, merged_id=merged.pk, upto=upto, by=by, **known
    )
    return made


def _lead_on(kind: Kind, survivor: Row, merged: Row, taken: Taken) -> None:
    """The merged row is out of every list, and leads to the survivor, whose blank keys it fills."""
    keys = _keys_to_fill(survivor, merged)
    for name in keys:
        setattr(merged, name, "")
    merged.deleted_at, merged.merged_into = timezone.now(), survivor
    merged.save(update_fields=["deleted_at", "merged_into", *keys])
    kind.model.with_deleted.filter(merged_into=merged).update(merged_into=survivor)
    taken |= keys
    put(kind, survivor, {name: one["after"] for name, one in taken.items()})


def _keys_to_fill(survivor: Row, merged: Row) -> Taken:
    """A key of the merged row that the survivor has none of is its own from now on."""
    found: Taken = {}
    if merged.external_id and not survivor.external_id:
        found["external_id"] = {"before": "", "after": merged.external_id}
    if merged.source_id and not survivor.source_id:
        for name in ("source", "source_id"):
            found[name] = {"before": getattr(survivor, name), "after": getattr(merged, name)}
    return found


def _move(kind: Kind, merge: Merge) -> None:
    """Every row of the merged one that can stand at the survivor stands there, and is remembered."""
    for link in links_to(kind.model):
        ids = list(link.movable(merge.merged_id, merge.survivor_id).values_list("pk", flat=True))
        move(link, ids, merge.survivor_id)
        remember(link, ids, [merge])
        if ids:
            merge.moved[str(link)] = len(ids)
        if stayed := link.rows(merge.merged_id).count():
            merge.stayed[str(link)] = stayed


def _end(merge: Merge, taken: Taken) -> None:
    merge.taken = taken
    merge.save(update_fields=["taken", "stages", "moved", "stayed"])


def _tell_values(
    survivor: Customer, taken: Taken, owner_before: UUID | None, by: Person | None
) -> None:
    if taken:
        publish("customers.customer_updated", survivor, by=id_of(by), **told(taken))
    if survivor.main_owner_id != owner_before:
        after = str(survivor.main_owner_id) if survivor.main_owner_id else None
        before = str(owner_before) if owner_before else None
        publish("customers.owner_changed", survivor, by=id_of(by), before=before, after=after)


def _facts(merge: Merge) -> dict[str, Any]:
    rows = sum(merge.moved.values())
    return {"merge": str(merge.pk), "other": str(merge.merged_id), "rows": rows}
