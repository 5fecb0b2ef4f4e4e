"""Every write of usage."""

from banso.touchpoints.usage.services.identity import (
    ignore_account,
    match_account,
    match_waiting,
)
from banso.touchpoints.usage.services.keeping import (
    forget_customers,
    keep_store,
    settle_import,
    silent_customers,
    tell_beginners,
)
from banso.touchpoints.usage.services.sources import end_source, make_source, rotate_key
from banso.touchpoints.usage.services.taking import (
    note_refusal,
    roll_up_due,
    take_messages,
)
from banso.touchpoints.usage.windows import freeze_figures

__all__ = [
    "end_source",
    "forget_customers",
    "freeze_figures",
    "ignore_account",
    "keep_store",
    "make_source",
    "match_account",
    "match_waiting",
    "note_refusal",
    "roll_up_due",
    "rotate_key",
    "settle_import",
    "silent_customers",
    "take_messages",
    "tell_beginners",
]
