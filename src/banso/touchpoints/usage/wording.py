"""Words for what arrives."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from banso.touchpoints.usage.arrivals import Pulse

# How a source is doing, and the tone of its badge.
PULSES: dict[Pulse, tuple[Any, str]] = {
    Pulse.NEVER: (_("Nothing has arrived yet"), "neutral"),
    Pulse.ARRIVING: (_("Arriving"), "good"),
    Pulse.QUIET: (_("Quiet"), "neutral"),
    Pulse.STOPPED: (_("Stopped arriving"), "bad"),
    Pulse.ENDED: (_("Ended"), "neutral"),
}
