"""Cancellation notices (解約申出): recorded, and withdrawn."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import ImportRun, Person
from banso.customers.models import CancellationNotice, Contract
from banso.customers.services.checks import check_row, id_of, refusing_duplicates
from banso.customers.services.customers import locked_customer
from banso.customers.services.inputs import NewNotice


@transaction.atomic
def record_notice(
    customer_id: UUID,
    *,
    noticed_on: date,
    by: Person | None,
    import_run: ImportRun | None = None,
    **given: Any,
) -> CancellationNotice:
    """The customer said on `noticed_on` that they leave on `effective_on`, if they said when.

    `given` are the other fields of NewNotice; without `contract_id` all contracts are meant.
    A noticed contract does not renew by itself; its coverage ends by `end_contract`.
    Raises Customer.DoesNotExist, Contract.DoesNotExist, Refused.
    Publishes customers.notice_recorded.
    """
    customer = locked_customer(customer_id)
    row = NewNotice(customer_id=customer_id, noticed_on=noticed_on, **given)
    if row.contract_id:
        Contract.objects.get(pk=row.contract_id, customer=customer)
    notice = built(row, import_run=import_run)
    with refusing_duplicates():
        notice.save(force_insert=True)
    publish("customers.notice_recorded", notice, by=id_of(by), **facts(notice))
    return notice


def built(row: NewNotice, *, import_run: ImportRun | None) -> CancellationNotice:
    """The unsaved notice, checked. That its ids exist is the caller's to know."""
    notice = CancellationNotice(
        customer_id=row.customer_id,
        contract_id=row.contract_id,
        noticed_on=row.noticed_on,
        effective_on=row.effective_on,
        reason=row.reason,
        detail=row.detail,
        external_id=row.external_id,
        attributes=dict(row.attributes),
        created_by_import=import_run,
    )
    check_row(notice)
    if row.effective_on and row.effective_on < row.noticed_on:
        raise Refused(
            _("The day of leaving must not come before the notice."),
            code="invalid",
            field="effective_on",
        )
    return notice


def facts(notice: CancellationNotice) -> dict[str, Any]:
    """What events tell of a notice; the reason's words stay in the row."""
    return {
        "on": notice.noticed_on.isoformat(),
        "effective_on": notice.effective_on.isoformat() if notice.effective_on else None,
        "contract": str(notice.contract_id) if notice.contract_id else None,
    }


@transaction.atomic
def withdraw_notice(notice_id: UUID, *, by: Person | None) -> CancellationNotice:
    """The notice no longer counts: taken back, or recorded by mistake.

    Raises CancellationNotice.DoesNotExist, Refused when withdrawn already.
    Publishes customers.notice_withdrawn.
    """
    living = CancellationNotice.objects.filter(customer__deleted_at=None)
    notice: CancellationNotice = living.select_for_update(of=("self",), no_key=True).get(
        pk=notice_id
    )
    if notice.voided_at:
        raise Refused(_("This notice has been withdrawn already."), code="voided")
    notice.voided_at = timezone.now()
    notice.save(update_fields=["voided_at"])
    publish("customers.notice_withdrawn", notice, by=id_of(by), **facts(notice))
    return notice
