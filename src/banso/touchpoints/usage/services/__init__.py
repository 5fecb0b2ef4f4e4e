"""Every write of usage."""

from banso.touchpoints.usage.services.identity import (
    ignore_account,
    make_customer,
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
from banso.touchpoints.usage.services.merging import (
    follow_contacts,
    follow_customers,
    said_of_merged,
    totals_said_of_merged,
)
from banso.touchpoints.usage.services.people import ignore_visitor, make_contact, match_visitor
from banso.touchpoints.usage.services.sources import end_source, make_source, rotate_key
from banso.touchpoints.usage.services.taking import (
    note_refusal,
    roll_up_due,
    take_messages,
)
from banso.touchpoints.usage.services.together import take_together
from banso.touchpoints.usage.windows import freeze_figures

__all__ = [
    "end_source",
    "follow_contacts",
    "follow_customers",
    "forget_customers",
    "freeze_figures",
    "ignore_account",
    "ignore_visitor",
    "keep_store",
    "make_contact",
    "make_customer",
    "make_source",
    "match_account",
    "match_visitor",
    "match_waiting",
    "note_refusal",
    "roll_up_due",
    "rotate_key",
    "said_of_merged",
    "settle_import",
    "silent_customers",
    "take_messages",
    "take_together",
    "tell_beginners",
    "totals_said_of_merged",
]
