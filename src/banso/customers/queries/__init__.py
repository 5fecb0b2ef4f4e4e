"""Every read of the customer book that is wider than a row."""

from banso.customers.queries.binned import binned_customers
from banso.customers.queries.card import (
    ContractCard,
    CustomerCard,
    contacts_of,
    contracts_of,
    customer_card,
)
from banso.customers.queries.closed import closed_page, closed_renewals, last_closed
from banso.customers.queries.due import (
    DuePage,
    DueRow,
    ForecastSum,
    count_due,
    due_page,
    due_row,
    due_sums,
    every_due,
)
from banso.customers.queries.hand_overs import every_hand_over, hand_overs
from banso.customers.queries.history import HistoryLine, history, standing_now
from banso.customers.queries.likenesses import (
    LikenessPage,
    every_likeness,
    likenesses,
    living_likenesses,
)
from banso.customers.queries.lists import (
    CustomerPage,
    CustomerRow,
    customer_list,
    every_customer,
    matching,
)
from banso.customers.queries.merged import merged_into
from banso.customers.queries.offers import (
    AskedOffers,
    all_offers,
    count_offers,
    offer_page,
    offers_of,
)
from banso.customers.queries.owned import Owned, count_mainly_owned, count_owned, owned_by
from banso.customers.queries.parties import ROLES, PartyRow, contracts_as_party
from banso.customers.queries.people import (
    affiliates_of,
    companies_of,
    former_posts,
    is_theirs,
    last_move,
    people_of,
    successors_for,
)
from banso.customers.queries.places import Group, Place, group_of
from banso.customers.queries.renewals import RenewalRow, renewals_due
from banso.customers.queries.segments import (
    NEWS_DAYS,
    MovePage,
    OfCustomer,
    SegmentRow,
    Why,
    every_segment_move,
    segment_conditions,
    segment_members,
    segment_moves,
    segment_row,
    segment_rows,
    segments_of,
    tier_proposals,
    why,
)
from banso.customers.queries.timeline import TimelineEntry, TimelinePage, timeline
from banso.customers.queries.to_confirm import (
    ToConfirm,
    contacts_to_confirm,
    count_to_confirm,
    every_to_confirm,
)
from banso.customers.queries.values import values_of
from banso.customers.queries.waiting import AskedRenewals

__all__ = [
    "NEWS_DAYS",
    "ROLES",
    "AskedOffers",
    "AskedRenewals",
    "ContractCard",
    "CustomerCard",
    "CustomerPage",
    "CustomerRow",
    "DuePage",
    "DueRow",
    "ForecastSum",
    "Group",
    "HistoryLine",
    "LikenessPage",
    "MovePage",
    "OfCustomer",
    "Owned",
    "PartyRow",
    "Place",
    "RenewalRow",
    "SegmentRow",
    "TimelineEntry",
    "TimelinePage",
    "ToConfirm",
    "Why",
    "affiliates_of",
    "all_offers",
    "binned_customers",
    "closed_page",
    "closed_renewals",
    "companies_of",
    "contacts_of",
    "contacts_to_confirm",
    "contracts_as_party",
    "contracts_of",
    "count_due",
    "count_mainly_owned",
    "count_offers",
    "count_owned",
    "count_to_confirm",
    "customer_card",
    "customer_list",
    "due_page",
    "due_row",
    "due_sums",
    "every_customer",
    "every_due",
    "every_hand_over",
    "every_likeness",
    "every_segment_move",
    "every_to_confirm",
    "former_posts",
    "group_of",
    "hand_overs",
    "history",
    "is_theirs",
    "last_closed",
    "last_move",
    "likenesses",
    "living_likenesses",
    "matching",
    "merged_into",
    "offer_page",
    "offers_of",
    "owned_by",
    "people_of",
    "renewals_due",
    "segment_conditions",
    "segment_members",
    "segment_moves",
    "segment_row",
    "segment_rows",
    "segments_of",
    "standing_now",
    "successors_for",
    "tier_proposals",
    "timeline",
    "values_of",
    "why",
]
