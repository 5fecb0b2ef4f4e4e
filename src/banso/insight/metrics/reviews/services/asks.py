"""What the report of a month asks its readers to decide."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.core.as_of import FIRST_DAY
from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import Person
from banso.core.scope import current_workspace
from banso.insight.metrics.models import Ask
from banso.insight.metrics.reviews.services.decisions import fit

LONGEST = 300
MOST = 5  # the report has one page


@transaction.atomic
def make_ask(month: date, *, text: str, by: Person | None = None) -> Ask:
    """The report of the month that `month` falls in asks for this decision.

    Refused without words, for a month to come, and beyond five. Publishes metrics.ask_made.
    """
    first = month.replace(day=1)
    if not FIRST_DAY <= first <= current_workspace().today():
        raise Refused(_("Choose a month that has begun."), code="in_future", field="month")
    if Ask.objects.filter(month=first, voided_at=None).count() >= MOST:
        words = _("One page holds %(most)d decisions at most. Take one away first.")
        raise Refused(words % {"most": MOST}, code="too_many", field="text")
    ask: Ask = Ask.objects.create(month=first, text=fit(text, LONGEST), by=by)
    publish("metrics.ask_made", ask, by=by.pk if by else None, month=first.isoformat())
    return ask


@transaction.atomic
def void_ask(ask_id: UUID, *, by: Person | None = None) -> Ask:
    """The report asks for it no more; harmless when it does not already.

    Raises Ask.DoesNotExist outside this workspace. Publishes metrics.ask_voided.
    """
    ask: Ask = Ask.objects.select_for_update().get(pk=ask_id)
    if ask.voided_at is None:
        ask.voided_at = timezone.now()
        ask.save(update_fields=["voided_at"])
        month = ask.month.isoformat()
        publish("metrics.ask_voided", ask, by=by.pk if by else None, month=month)
    return ask
