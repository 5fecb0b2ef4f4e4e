"""What usage tells the rest of the house."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from banso.core.declarations import (
    EVERYONE,
    MANAGERS,
    EventText,
    Panel,
    Permission,
    Topic,
    declare,
)
from banso.core.lists.declarations import declare_list
from banso.customers.fields import Field, declare_fields
from banso.customers.holdings import Holding, declare_holdings
from banso.touchpoints.usage import fields, sheets
from banso.touchpoints.usage.exports import USAGE_LISTS

declare(
    Permission("usage.read", _("See usage"), EVERYONE),
    Topic("arrivals", "usage.read"),
    Permission("usage.sources", _("Manage sources of usage and their keys"), MANAGERS),
    EventText("usage.usage_begun", _("First use of the product"), icon="chart"),
    EventText("usage.account_matched", _("A company of the product was matched"), icon="link"),
    EventText("usage.account_unmatched", _("A company of the product waits again"), icon="undo"),
    EventText("usage.account_ignored", _("A company of the product was left out of matching"), "x"),
    EventText("usage.visitor_matched", _("A person of the product was matched"), icon="link"),
    EventText("usage.visitor_unmatched", _("A person of the product waits again"), icon="undo"),
    EventText("usage.visitor_ignored", _("A person of the product was left out of matching"), "x"),
    EventText("usage.source_made", _("A source of usage was added"), icon="plus"),
    EventText("usage.key_rotated", _("The write key of a source was changed"), icon="key"),
    EventText("usage.source_ended", _("A source of usage was ended"), icon="x"),
    Panel("customer.how", "usage:customer-panel", "usage.read", _("Usage"), order=30),
    Panel("settings.tabs", "usage:sources", "usage.read", _("Sources of usage"), order=10),
)


def rows_of(customer_id: Any) -> str:
    return reverse("usage:customer-panel", args=[customer_id])


def _field(key: str, label: Any, kind: Any, expression: Any, unit: Any = "", **more: Any) -> Field:
    facts = {"higher_is_better": True, "permission": "usage.read", **more}
    return Field(f"usage.{key}", label, kind, expression, unit, rows=rows_of, **facts)


EVENTS, PEOPLE, FEATURES = _("events"), _("people"), _("features")

declare_fields(
    _field(
        "ever", _("Sends usage"), "bool", fields.ever, higher_is_better=None, sheet=sheets.USAGE
    ),
    _field("last_seen_on", _("Last use"), "date", fields.last_seen_on, sheet=sheets.USAGE),
    _field(
        "active_people_28",
        _("Active people, 28 days"),
        "number",
        fields.people_in(28),
        PEOPLE,
        sheet=sheets.USAGE,
    ),
    _field(
        "active_people_prev_28",
        _("Active people, the 28 days before"),
        "number",
        fields.people_in(28, back=1),
        PEOPLE,
        sheet=sheets.USAGE,
    ),
    _field("events_7", _("Events, 7 days"), "number", fields.events_in(7), EVENTS),
    _field(
        "events_28",
        _("Events, 28 days"),
        "number",
        fields.events_in(28),
        EVENTS,
        sheet=sheets.USAGE,
    ),
    _field(
        "events_prev_28",
        _("Events, the 28 days before"),
        "number",
        fields.events_in(28, back=1),
        EVENTS,
    ),
    _field("events_90", _("Events, 90 days"), "number", fields.events_in(90), EVENTS),
    _field(
        "trend_28",
        _("Usage per business day, 28 days"),
        "share",
        fields.trend(28),
        sheet=sheets.USAGE,
    ),
    _field(
        "features_28",
        _("Features used, 28 days"),
        "number",
        fields.features_in(28),
        FEATURES,
        sheet=sheets.USAGE,
    ),
    _field(
        "features_known",
        _("Features in use at our customers"),
        "number",
        fields.features_known,
        FEATURES,
        higher_is_better=None,
    ),
    _field(
        "features_broad",
        _("Features used by the broadest tenth of our customers, 28 days"),
        "number",
        fields.features_broad,
        FEATURES,
        higher_is_better=None,
        sheet=sheets.USAGE,
    ),
    _field(
        "seat_share_28",
        _("Share of seats in use, 28 days"),
        "share",
        fields.seat_share,
        needs=("usage.active_people_28", "customers.seats"),
        follows=sheets.seat_share,
    ),
)

declare_list(*USAGE_LISTS)

declare_holdings(
    Holding("usage.account", _("Usage accounts"), "usage:customer-panel"),
    Holding("usage.importedusage", _("Imported daily usage"), "usage:customer-panel"),
    Holding("usage.visitor.contact_id", _("People of usage sources"), "usage:customer-panel"),
    # Made of the rows above, and made anew within seconds: `handlers.follow`.
    Holding("usage.dailyusage", moves=False),
    Holding("usage.visitor.current_customer_id", moves=False),
    Holding("usage.visitor.current_contact_id", moves=False),
)
