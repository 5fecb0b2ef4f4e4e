"""A customer as another system has it: made when it is new, else changed to what was sent."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from banso.core.errors import Refused
from banso.core.models import Person
from banso.customers.masters import Masters
from banso.customers.merged import BLANK, filling
from banso.customers.models import Customer
from banso.customers.services.customers import create_customer, update_customer
from banso.customers.source_ids import checked_id
from banso.lib.text import as_code


@transaction.atomic
def put_customer(
    key: str, *, source: str = "", given: Mapping[str, Any], by: Person | None
) -> tuple[Customer, bool]:
    """The customer that is `key` in `source`, or has it as external id, is as `given`; whether it is new.

    `given`: fields of NewCustomer. What is blank or left out stays as it is. A `source` writes what
    it is the master of. Twice is once. Raises Refused, also for a new customer without a name.
    Publishes what create_customer and update_customer publish.
    """
    values, source = _told(given), as_code(source)
    own = (
        {"source": source, "source_id": checked_id(source, key)} if source else {"external_id": key}
    )
    if (found := _known(own)) is not None:
        return _change(found, values, source, by), False
    try:
        with transaction.atomic():
            return create_customer(**{"name": "", **values, **own}, by=by), True
    except Refused as refusal:
        # Somebody else made it in this moment.
        if refusal.code != "taken" or (found := _known(own)) is None:
            raise
        return _change(found, values, source, by), False


@transaction.atomic
def put_known_customer(
    own_id: UUID, *, source: str = "", given: Mapping[str, Any], by: Person | None
) -> tuple[Customer, bool]:
    """As `put_customer`, for a UUID: ours, where it is; a new customer's only where `source` is named.

    Raises Customer.DoesNotExist else.
    """
    key = str(own_id)
    if source:
        return put_customer(key, source=source, given=given, by=by)
    found = _known({"external_id": key}) or Customer.objects.get(pk=own_id)
    return _change(found, _told(given), source, by), False


def _known(own: Mapping[str, str]) -> Customer | None:
    """Whoever has this key, also one that was merged into another."""
    found: Customer | None = Customer.known.select_related("merged_into").filter(**own).first()
    return found


def _told(given: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in given.items() if value not in BLANK}
    if "attributes" in told:
        kept = {key: value for key, value in told["attributes"].items() if value not in BLANK}
        told["attributes"] = kept
    return told


def _change(found: Customer, values: Mapping[str, Any], source: str, by: Person | None) -> Customer:
    """Of one that was merged into another, who has its rows is told what it does not know yet."""
    masters = Masters.known(source=source)
    if heir := found.merged_into:
        values = filling(heir, values, kept=masters.kept(heir))
    return update_customer((heir or found).pk, changes=values, by=by, masters=masters)
