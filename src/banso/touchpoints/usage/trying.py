"""A trial event for newcomers: a real message through the same steps as one that is sent from afar."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.scope import current_workspace
from banso.customers.models import Customer
from banso.touchpoints.usage import services
from banso.touchpoints.usage.live import Note
from banso.touchpoints.usage.models import Account, Arrival, Source
from banso.touchpoints.usage.wire.meaning import understood
from banso.touchpoints.usage.wire.messages import parse

PERSON = "banso-trial"
EVENT = "Banso trial"


@dataclass(frozen=True, slots=True)
class Tried:
    """Where a trial event went: to `customer`, or to nobody; `known` when it had come before."""

    message_id: str
    company: str
    known: bool
    customer: Customer | None
    arrival_id: int


def send_trial(source_id: UUID, *, company: str, message_id: str) -> int:
    """A track message of the company has arrived from the source, once for each message id.

    It counts as any other. `company` may be "". The arrival's id. Raises Source.DoesNotExist;
    Refused for a source that has ended.
    """
    source = Source.objects.get(pk=source_id)
    if source.ended_at:
        raise Refused(_("This source has ended."), code="ended")
    body, now = _message(company, message_id), datetime.now(UTC)
    ours = current_workspace().pk
    meaning = understood(parse(body, kind="track"), workspace=ours, received=now)
    note = Note(source.pk, "track", now, body.decode())
    return services.take_messages(meaning, note=note).arrival


def tried(source_id: UUID, arrival_id: int) -> Tried | None:
    """What became of a trial event; None for other arrivals. 2 queries."""
    arrival = Arrival.objects.filter(source=source_id, pk=arrival_id).first()
    body = json.loads(arrival.body) if arrival and f'"{EVENT}"' in arrival.body else {}
    if arrival is None or body.get("event") != EVENT:
        return None
    company = body.get("context", {}).get("groupId", "")
    return Tried(body["messageId"], company, not arrival.new, _customer(company), arrival.pk)


def _message(company: str, message_id: str) -> bytes:
    context = {"context": {"groupId": company}} if company else {}
    known = {"type": "track", "userId": PERSON, "event": EVENT, "messageId": message_id}
    return json.dumps({**known, **context}, ensure_ascii=False).encode()


def _customer(company: str) -> Customer | None:
    """Whose the company is by now."""
    account = Account.objects.filter(key=company).select_related("customer").first()
    customer: Customer | None = account.customer if account else None
    return customer if customer and customer.deleted_at is None else None
