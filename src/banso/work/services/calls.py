from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import ImportRun, Person
from banso.core.scope import current_workspace
from banso.customers.models import Customer
from banso.work.models import CallKind, CallToAction
from banso.work.services.assignment import must_be_member

LONGEST_OUTCOME = 200


@transaction.atomic
def raise_call(
    customer_id: UUID,
    *,
    kind: str,
    since: date | None = None,
    note: str = "",
    owner_id: UUID | None = None,
    by: Person | None = None,
    import_run: ImportRun | None = None,
) -> CallToAction:
    """Something about the customer stands open since the local day `since` (None: today).

    Raises Customer.DoesNotExist outside this workspace; Refused for an unknown kind, a
    day to come, or an owner who is not a member. Publishes work.call_raised.
    """
    customer = Customer.objects.get(pk=customer_id)
    if kind not in CallKind.values:
        raise Refused(_("Choose one of the listed kinds."), code="unknown_kind", field="kind")
    today = current_workspace().today()
    if since is not None and since > today:
        raise Refused(_("Choose today or a day before."), code="in_future", field="since")
    must_be_member(owner_id)
    call = CallToAction.objects.create(
        customer=customer,
        kind=kind,
        since=since or today,
        note=note,
        owner_id=owner_id,
        created_by_import=import_run,
    )
    publish(
        "work.call_raised", call, by=by.pk if by else None, kind=kind, since=call.since.isoformat()
    )
    return _as_call(call)


@transaction.atomic
def close_call(
    call_id: UUID,
    *,
    closed_on: date | None = None,
    outcome: str = "",
    by: Person | None = None,
) -> CallToAction:
    """The call stands open no longer from the local day `closed_on` (None: today).

    Closing it again changes nothing. Raises CallToAction.DoesNotExist outside this
    workspace, Refused for a day before it was raised. Publishes work.call_closed.
    """
    call = _locked(call_id)
    if call.closed_on is not None:
        return call
    day = closed_on or current_workspace().today()
    if day < call.since:
        raise Refused(_("It was raised after that day."), code="before_start", field="closed_on")
    if len(outcome) > LONGEST_OUTCOME:
        raise Refused(_("Use 200 characters or fewer."), code="too_long", field="outcome")
    call.closed_on, call.outcome = day, outcome
    call.save(update_fields=["closed_on", "outcome"])
    publish("work.call_closed", call, by=by.pk if by else None, kind=call.kind)
    return call


@transaction.atomic
def reopen_call(call_id: UUID, *, by: Person | None = None) -> CallToAction:
    """The call stands open again since its old day; harmless when it is open.

    Raises CallToAction.DoesNotExist outside this workspace. Publishes work.call_reopened.
    """
    call = _locked(call_id)
    if call.closed_on is not None:
        call.closed_on, call.outcome = None, ""
        call.save(update_fields=["closed_on", "outcome"])
        publish("work.call_reopened", call, by=by.pk if by else None, kind=call.kind)
    return call


def _locked(call_id: UUID) -> CallToAction:
    return _as_call(CallToAction.objects.select_for_update().get(pk=call_id))


def _as_call(row: object) -> CallToAction:
    assert isinstance(row, CallToAction)  # noqa: S101
    return row
