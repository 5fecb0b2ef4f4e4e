"""Customers: made, changed, moved between stages, contacted, binned."""

from collections.abc import Mapping
from datetime import date
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import ImportRun, Person
from banso.core.new_rows import unsaved
from banso.core.scope import current_workspace
from banso.core.signing import sign
from banso.customers.masters import Masters
from banso.customers.models import Customer, Stage, StageChange
from banso.customers.services.attributes import checked_values, known_attributes
from banso.customers.services.checks import (
    MOST_NAMES,
    check_country,
    check_currency,
    check_day,
    check_member,
    check_row,
    checked_names,
    checked_number,
    id_of,
    refusing_duplicates,
)
from banso.customers.services.inputs import NewCustomer
from banso.customers.services.names import refold_customer
from banso.customers.source_ids import checked_id
from banso.lib.names import fold_company
from banso.lib.text import as_code

CHANGEABLE = frozenset(
    {
        "name", "name_reading", "external_id", "source", "source_id", "corporate_number",
        "former_names", "domain", "parent_id", "industry", "country", "employees", "tier", "main_owner_id", "sub_owner_id", "goals",
        "approach", "purpose", "maturity", "competitor", "switched_from", "fiscal_month",
        "since", "last_contact_on", "currency", "attributes",
    }
)  # fmt: skip
_PLAIN = (
    "name", "name_reading", "external_id", "source", "source_id", "corporate_number",
    "former_names", "domain", "parent_id", "industry", "country", "employees", "tier", "main_owner_id", "sub_owner_id", "goals",
    "approach", "purpose", "maturity", "competitor", "switched_from", "fiscal_month",
    "since", "last_contact_on",
)  # fmt: skip
_plain = attrgetter(*_PLAIN)
_STAGES = frozenset(Stage.values)
MAX_DEPTH = 10
# Whose past a trigger keeps: see Reassignment.
KEPT = frozenset({"main_owner_id", "sub_owner_id", "tier", "parent_id"})


@transaction.atomic
def create_customer(
    *, by: Person | None, import_run: ImportRun | None = None, **given: Any
) -> Customer:
    """A new customer; `given` are the fields of NewCustomer, of which only `name` is required.

    It enters its stage on `stage_since` (default `since`, else today). Refused in words for
    wrong values and taken keys. Publishes customers.customer_created.
    """
    row = NewCustomer(**given)
    check_member(row.main_owner_id, field="main_owner")
    check_member(row.sub_owner_id, field="sub_owner")
    if row.parent_id:
        Customer.objects.get(pk=row.parent_id)
    customer, stages = built(row, known=known_attributes(), import_run=import_run)
    with refusing_duplicates():
        customer.save(force_insert=True)
    for one in stages:
        one.by_id = id_of(by)
        one.save(force_insert=True)
    publish("customers.customer_created", customer, by=id_of(by), stage=customer.stage)
    return customer


def built(
    row: NewCustomer, *, known: Mapping[str, Any], import_run: ImportRun | None
) -> tuple[Customer, list[StageChange]]:
    """The unsaved rows of a new customer, checked. Ids of owners and parent are the caller's."""
    stages = row.stage_history or ((row.stage, _entered(row)),)
    stages = tuple(sorted(stages, key=lambda step: step[1]))
    customer = unsaved(
        Customer,
        **dict(zip(_PLAIN, _plain(row), strict=True)),
        stage=stages[-1][0],
        stage_since=stages[-1][1],
        currency=row.currency or current_workspace().currency,
        attributes=_without_empty(checked_values(row.attributes, known=known)),
        created_by_import_id=id_of(import_run),
    )
    _check(customer)
    changes = [
        unsaved(
            StageChange, customer_id=customer.pk, stage=_known_stage(stage), entered_on=entered_on
        )
        for stage, entered_on in stages
    ]
    return customer, changes


def _entered(row: NewCustomer) -> date:
    return row.stage_since or row.since or current_workspace().today()


def _check(customer: Customer) -> None:
    customer.name = customer.name.strip()
    customer.source = as_code(customer.source)
    customer.source_id = checked_id(customer.source, customer.source_id)
    customer.corporate_number = checked_number(customer.corporate_number)
    customer.former_names = checked_names(customer.former_names, of=customer.name)
    refold_customer(customer)
    if customer.fiscal_month not in (None, *range(1, 13)):
        words = _("Give a month from 1 to 12.")
        raise Refused(words, code="invalid", field="fiscal_month")
    check_row(customer)
    check_country(customer.country)
    check_currency(customer.currency)


def _without_empty(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _known_stage(stage: str) -> str:
    if stage not in _STAGES:
        raise Refused(_("This stage is not known."), code="invalid", field="stage")
    return stage


def locked_customer(customer_id: UUID) -> Customer:
    """The customer, locked until the transaction ends. Raises Customer.DoesNotExist."""
    customer: Customer = Customer.objects.select_for_update(no_key=True).get(pk=customer_id)
    return customer


@transaction.atomic
def update_customer(
    customer_id: UUID,
    *,
    changes: Mapping[str, Any],
    by: Person | None,
    masters: Masters | None = None,
) -> Customer:
    """The customer's fields are as `changes` says; `attributes` are merged, None clears one.

    Keys: CHANGEABLE. Stages move by change_stage only. Raises Customer.DoesNotExist, Refused, also
    for what another system is the master of; `masters` says who writes, None: a person. A former
    name is remembered as such.
    Publishes customers.customer_updated with the names of the fields (and of the attributes) that
    really changed, and customers.owner_changed when the main owner did; nothing when nothing changed.
    """
    customer = locked_customer(customer_id)
    before = {name: getattr(customer, name) for name in CHANGEABLE}
    masters = masters or Masters.about(customer)
    _apply(customer, dict(changes))
    _keep_name(customer, before, masters)
    changed = sorted(name for name in CHANGEABLE if getattr(customer, name) != before[name])
    if not changed:
        return customer
    masters.check(before, {name: getattr(customer, name) for name in CHANGEABLE})
    _check_links(customer, changed)
    _check(customer)
    if not KEPT.isdisjoint(changed):
        sign(id_of(by))
    with refusing_duplicates():
        customer.save(update_fields=[*changed, "name_folded", "name_sort"])
    own = _attributes_changed(before["attributes"], customer.attributes)
    publish("customers.customer_updated", customer, by=id_of(by), fields=changed, **own)
    if "main_owner_id" in changed:
        _tell_owner_change(customer, before["main_owner_id"], by)
    return customer


def _keep_name(customer: Customer, before: Mapping[str, Any], masters: Masters) -> None:
    """Another name leaves the old one among the former names, by which the customer is found.

    Another spelling of it does not, nor where somebody has said what the former names are, or
    another system keeps them.
    """
    old, known = before["name"], before["former_names"]
    if old == customer.name:
        return
    is_same = fold_company(old) == fold_company(customer.name)
    master = masters.of(before["source"], before["source_id"])
    if is_same or customer.former_names != known or (master and "former_names" in master.fields):
        return
    customer.former_names = [old, *(one for one in known if one != old)][:MOST_NAMES]


def _attributes_changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Which custom attributes differ, as `attributes.<key>`; nothing where none does."""
    keys = before.keys() | after.keys()
    names = sorted(f"attributes.{key}" for key in keys if before.get(key) != after.get(key))
    return {"attributes": names} if names else {}


def _apply(customer: Customer, changes: dict[str, Any]) -> None:
    if unknown := sorted(set(changes) - CHANGEABLE):
        raise Refused(_("This field cannot be changed."), code="invalid", field=unknown[0])
    if "attributes" in changes:
        values = checked_values(changes.pop("attributes"), known=known_attributes())
        customer.attributes = _without_empty({**customer.attributes, **values})
    for name, value in changes.items():
        setattr(customer, name, value)
    customer.source = as_code(customer.source)
    customer.source_id = checked_id(customer.source, customer.source_id)


def _check_links(customer: Customer, changed: list[str]) -> None:
    if "main_owner_id" in changed:
        check_member(customer.main_owner_id, field="main_owner")
    if "sub_owner_id" in changed:
        check_member(customer.sub_owner_id, field="sub_owner")
    if "currency" in changed and customer.contracts.filter(deleted_at=None).exists():
        raise Refused(
            _("The currency cannot change while there are contracts."),
            code="currency",
            field="currency",
        )
    if "parent_id" in changed and customer.parent_id:
        _check_parent(customer, customer.parent_id)


def _check_parent(customer: Customer, parent_id: UUID) -> None:
    """Walk up from the parent: the customer must not be met. At most MAX_DEPTH queries."""
    above: UUID | None = parent_id
    for _step in range(MAX_DEPTH):
        if above is None:
            return
        if above == customer.pk:
            break
        above = Customer.objects.get(pk=above).parent_id
    raise Refused(_("A customer cannot stand above itself."), code="invalid", field="parent")


def _tell_owner_change(customer: Customer, before: UUID | None, by: Person | None) -> None:
    publish(
        "customers.owner_changed",
        customer,
        by=id_of(by),
        before=str(before) if before else None,
        after=str(customer.main_owner_id) if customer.main_owner_id else None,
    )


@transaction.atomic
def change_stage(customer_id: UUID, *, stage: str, entered_on: date, by: Person | None) -> Customer:
    """The customer entered `stage` on a day, today or earlier; an earlier day fills in history.

    Raises Customer.DoesNotExist, Refused for a day to come. Nothing happens when the customer
    was in this stage on that day already. Publishes customers.stage_changed.
    """
    customer = locked_customer(customer_id)
    _known_stage(stage)
    check_day(entered_on, field="entered_on")
    if entered_on > current_workspace().today():
        raise Refused(_("Choose today or an earlier day."), code="future", field="entered_on")
    history = customer.stage_changes.order_by("-entered_on", "-id")
    earlier = history.filter(entered_on__lte=entered_on).first()
    if earlier and earlier.stage == stage:
        return customer
    StageChange.objects.create(customer=customer, stage=stage, entered_on=entered_on, by=by)
    before = earlier.stage if earlier else None
    if latest := history.first():
        customer.stage, customer.stage_since = latest.stage, latest.entered_on
    customer.save(update_fields=["stage", "stage_since"])
    publish(
        "customers.stage_changed",
        customer,
        by=id_of(by),
        before=before,
        after=stage,
        on=entered_on.isoformat(),
    )
    return customer


@transaction.atomic
def bin_customer(customer_id: UUID, *, by: Person | None) -> Customer:
    """The customer is out of every list for 30 days, then purged; its keys are free again.

    Raises Customer.DoesNotExist. Publishes customers.customer_binned.
    """
    customer = locked_customer(customer_id)
    customer.deleted_at = timezone.now()
    customer.save(update_fields=["deleted_at"])
    publish("customers.customer_binned", customer, by=id_of(by))
    return customer


@transaction.atomic
def restore_customer(customer_id: UUID, *, by: Person | None) -> Customer:
    """The customer is back as it was. Raises Customer.DoesNotExist unless it is in the bin.

    Refused when its keys were given to another. Publishes customers.customer_restored.
    """
    binned = Customer.with_deleted.exclude(deleted_at=None).filter(merged_into=None)
    customer: Customer = binned.select_for_update().get(pk=customer_id)
    customer.deleted_at = None
    with refusing_duplicates():
        customer.save(update_fields=["deleted_at"])
    publish("customers.customer_restored", customer, by=id_of(by))
    return customer
