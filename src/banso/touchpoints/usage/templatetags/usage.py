"""How what arrives is written."""

from datetime import datetime

from django.template import Library
from django.utils import timezone

from banso.core.ui.wording import day
from banso.touchpoints.usage.models import Arrival
from banso.touchpoints.usage.wire.refusals import in_words

register = Library()


@register.filter
def to_the_second(at: datetime) -> str:
    """14:05:09 when it is today, else with the day before it."""
    local = timezone.localtime(at)
    clock = f"{local:%H:%M:%S}"
    return clock if local.date() == timezone.localdate() else f"{day(local.date())} {clock}"


@register.filter
def problem_words(arrival: Arrival) -> str:
    """Why the request was refused, in the reader's language; "" when it was taken."""
    return in_words(arrival.problem, arrival.params) if arrival.problem else ""
