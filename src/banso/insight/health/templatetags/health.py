"""Reasons, bands and measures in words, for templates."""

from collections.abc import Mapping
from typing import Any

from django.template import Library

from banso.insight.health import wording
from banso.insight.health.bands import TONES
from banso.insight.health.models import Band

register = Library()


@register.filter
def reason_words(reason: Mapping[str, Any]) -> str:
    """A stored reason as a sentence in the reader's language."""
    return wording.reason_text(reason)


@register.filter
def measure_words(stored: Mapping[str, Any]) -> str:
    """What a measure said, in words."""
    return wording.measure_value(stored)


@register.filter
def band_tone(band: str) -> str:
    """The ui kit's tone of a band: good, watch, bad, withheld."""
    return TONES[Band(band)]


@register.filter
def band_words(band: str) -> str:
    return str(Band(band).label)
