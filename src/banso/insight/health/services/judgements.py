"""What people themselves think of a customer, as one of the facts that a score is made of."""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import Person
from banso.core.scope import current_workspace
from banso.customers.models import Customer
from banso.insight.health.models import Judgement

HOLDS_DAYS = 90
LONGEST_DAYS = 366


@transaction.atomic
def judge(
    customer_id: UUID,
    *,
    mood: str,
    note: str = "",
    expires_on: date | None = None,
    by: Person | None = None,
) -> Judgement:
    """What `by` thinks of the customer counts from today until `expires_on` (not included).

    90 days when no day is given. Earlier judgements stay as history. Raises
    Customer.DoesNotExist outside this workspace; Refused for an unknown mood or a day that is
    not 1 to 366 days ahead. Publishes health.judged with the mood, never the note.
    """
    customer = Customer.objects.get(pk=customer_id)
    if mood not in Judgement.Mood.values:
        raise Refused(_("Choose one of the listed moods."), code="unknown_mood", field="mood")
    today = current_workspace().today()
    ends = expires_on or today + timedelta(days=HOLDS_DAYS)
    if not 0 < (ends - today).days <= LONGEST_DAYS:
        words = _("Choose a day between tomorrow and a year from now.")
        raise Refused(words, code="bad_expiry", field="expires_on")
    judgement: Judgement = Judgement.objects.create(
        customer=customer, mood=mood, note=note, by=by, made_on=today, expires_on=ends
    )
    publish("health.judged", judgement, by=by.pk if by else None, mood=mood)
    return judgement
