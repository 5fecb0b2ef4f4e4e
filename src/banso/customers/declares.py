"""What the customer book tells the house: permissions, Fields and how its events read."""

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import F, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from banso.core.declarations import (
    CSMS,
    EVERYONE,
    MANAGERS,
    Charge,
    Panel,
    Permission,
    Topic,
    declare,
)
from banso.core.lists.declarations import declare_list
from banso.core.moved import leads_on
from banso.customers import current, sheets
from banso.customers import expressions as sql
from banso.customers.attribute_fields import FAMILY
from banso.customers.bulk_edit_exports import BULK_EDIT_LISTS
from banso.customers.company_exports import COMPANY_LISTS
from banso.customers.event_texts import EVENT_TEXTS
from banso.customers.exports import CUSTOMER_LIST
from banso.customers.fields import Expression, Field, declare_family, declare_fields
from banso.customers.hand_over_exports import HAND_OVER_LISTS
from banso.customers.holdings import Holding, declare_holdings
from banso.customers.merged import survivor_of
from banso.customers.models import Contact, Customer, Maturity, Stage, Tier
from banso.customers.people_exports import PEOPLE_LISTS
from banso.customers.purchase_exports import PURCHASE_LIST
from banso.customers.queries import count_owned
from banso.customers.renewal_exports import CLOSED_LIST, OFFER_LIST, RENEWAL_LIST
from banso.customers.segment_exports import SEGMENT_LISTS
from banso.customers.services.current import ensure_current

CONTRACT_STATES = [
    ("trial", _("On trial")),
    ("active", _("Under contract")),
    ("noticed", _("Notice given")),
    ("ended", _("Contract ended")),
    ("none", _("No contract")),
]
CHAMPIONS = [
    ("here", _("In post")),
    ("gone", _("Moved or left")),
    ("none", _("None known")),
]


def _column(name: str) -> Any:
    def expression(on: date) -> Expression:
        return F(name)

    return expression


def _or_nothing(name: str) -> Any:
    """An empty text is no data, and stands last in whichever way a list is sorted."""

    def expression(on: date) -> Expression:
        return NullIf(name, Value(""))

    return expression


def _kept(name: str) -> Any:
    return _column(f"{current.HERE}__{name}")


def _kept_state(on: date) -> Expression:
    """Whoever never signed anything has no row."""
    return Coalesce(_kept("contract_state")(on), Value("none"))


def _kept_days_to_deadline(on: date) -> Expression:
    return sql.days_between(_kept("deadline_on")(on), sql.day(on))


def _owner(which: str) -> Any:
    return partial(sql.owner, which)


def _owner_name(which: str) -> Any:
    return partial(sql.owner_name, which)


declare(
    Permission("customers.read", _("See customers, contacts and contracts"), EVERYONE),
    Permission("customers.write", _("Change customers, contacts and contracts"), CSMS),
    Permission("customers.bulk_edit", _("Change many customers at once, and undo it"), CSMS),
    Permission("customers.sync", _("Write customers as the system that they come from"), MANAGERS),
    Permission("customers.merge", _("Merge customers or contacts, and undo it"), CSMS),
    Permission("customers.manage", _("Manage products and attributes, delete customers"), MANAGERS),
    Panel("settings.tabs", "customers:masters", "customers.manage", _("Masters"), order=20),
    Charge("customers", _("Customers they own"), count_owned),
    Panel("customer.more", "customers:about", "customers.read", _("About the company"), order=10),
    Panel(
        "customer.more",
        "customers:history",
        "customers.read",
        _("Owners, tier and stage"),
        order=50,
    ),
    Panel(
        "person.main",
        "customers:hand_overs_of",
        "customers.bulk_edit",
        _("Hand-overs"),
        order=10,
    ),
    Topic("customer", "customers.read"),  # one customer's pages: customer:<id>
    Topic("customers", "customers.read", events=("core.import_",), about_customers=True),
    Panel("customer.more", "customers:offers_of", "customers.read", _("Offers"), order=20),
    Panel(
        "customer.more",
        "customers:purchases_of",
        "customers.read",
        _("Purchases"),
        order=25,
        shows=lambda customer: customer.has_purchases,
    ),
    Panel(
        "settings.tabs",
        "customers:loss_reasons",
        "customers.manage",
        _("Reasons of loss"),
        order=30,
    ),
    Panel("customer.more", "customers:segments_of", "customers.read", _("Segments"), order=40),
    Panel(
        "customer.more",
        "customers:group",
        "customers.read",
        _("Places and people of other companies"),
        order=30,
    ),
    Panel(
        "today.side", "customers:to_confirm", "customers.read", _("Contacts to confirm"), order=20
    ),
    *EVENT_TEXTS,
)

declare_list(CUSTOMER_LIST, RENEWAL_LIST, CLOSED_LIST, OFFER_LIST, PURCHASE_LIST)
declare_list(*PEOPLE_LISTS, *SEGMENT_LISTS, *HAND_OVER_LISTS, *COMPANY_LISTS, *BULK_EDIT_LISTS)

declare_fields(
    Field(
        "customers.name",
        _("Customer name"),
        "text",
        _column("name"),
        sorts_by=_column("name_sort"),
        folded="name_folded",
    ),
    Field("customers.external_id", _("External ID"), "text", _column("external_id")),
    Field("customers.corporate_number", _("Corporate number"), "text", _column("corporate_number")),
    Field("customers.industry", _("Industry"), "text", _column("industry")),
    Field("customers.country", _("Country"), "text", _column("country")),
    Field(
        "customers.employees",
        _("Employees"),
        "number",
        _column("employees"),
        unit=_("people"),
    ),
    Field("customers.tier", _("Touch tier"), "choice", sql.tier, choices=lambda: Tier.choices),
    Field("customers.stage", _("Stage"), "choice", sql.stage, choices=lambda: Stage.choices),
    Field(
        "customers.stage_days", _("Days in this stage"), "number", sql.stage_days, unit=_("days")
    ),
    Field(
        "customers.main_owner",
        _("Main owner"),
        "person",
        _owner("main_owner"),
        sorts_by=_owner_name("main_owner"),
    ),
    Field(
        "customers.sub_owner",
        _("Sub owner"),
        "person",
        _owner("sub_owner"),
        sorts_by=_owner_name("sub_owner"),
    ),
    Field("customers.since", _("Customer since"), "date", _column("since")),
    Field("customers.approach", _("Our approach"), "text", _column("approach"), sortable=False),
    Field("customers.purpose", _("What they use it for"), "text", _column("purpose")),
    Field(
        "customers.maturity",
        _("Maturity"),
        "choice",
        _or_nothing("maturity"),
        choices=lambda: Maturity.choices,
        higher_is_better=True,
    ),
    Field("customers.competitor", _("Competing product"), "text", _column("competitor")),
    Field("customers.switched_from", _("Switched from"), "text", _column("switched_from")),
    Field(
        "customers.fiscal_month",
        _("Fiscal year ends in (month)"),
        "number",
        _column("fiscal_month"),
    ),
    Field(
        "customers.mrr",
        _("MRR"),
        "money",
        sql.mrr,
        higher_is_better=True,
        now=_kept("mrr"),
        now_sorts_by=_kept("worth"),
        keep=ensure_current,
        sheet=sheets.LEDGER,
    ),
    Field("customers.currency", _("Currency"), "text", _column("currency")),
    Field(
        "customers.seats",
        _("Seats"),
        "number",
        sql.seats,
        unit=_("seats"),
        now=_kept("seats"),
        keep=ensure_current,
        sheet=sheets.LEDGER,
    ),
    Field(
        "customers.renewal_on",
        _("Renewal date"),
        "date",
        sql.renewal_on,
        now=_kept("renewal_on"),
        keep=ensure_current,
        sheet=sheets.LEDGER,
    ),
    Field(
        "customers.notice_on",
        _("Notice deadline"),
        "date",
        sql.notice_on,
        now=_kept("notice_on"),
        keep=ensure_current,
        sheet=sheets.LEDGER,
    ),
    Field(
        "customers.deadline_on",
        _("Next deadline"),
        "date",
        sql.deadline_on,
        now=_kept("deadline_on"),
        keep=ensure_current,
    ),
    Field(
        "customers.days_to_deadline",
        _("Days to the deadline"),
        "number",
        sql.days_to_deadline,
        unit=_("days"),
        now=_kept_days_to_deadline,
        now_sorts_by=_kept("deadline_on"),
        keep=ensure_current,
    ),
    Field("customers.last_contact_on", _("Last contact"), "date", sql.last_contact_on),
    Field(
        "customers.days_since_contact",
        _("Days since contact"),
        "number",
        sql.days_since_contact,
        unit=_("days"),
        higher_is_better=False,
    ),
    Field(
        "customers.contract_state",
        _("Contract state"),
        "choice",
        sql.contract_state,
        choices=lambda: CONTRACT_STATES,
        now=_kept_state,
        keep=ensure_current,
        sheet=sheets.LEDGER,
    ),
    Field(
        "customers.champion",
        _("Champion"),
        "choice",
        sql.champion,
        choices=lambda: CHAMPIONS,
        sheet=sheets.CHAMPIONS,
    ),
    Field(
        "customers.champion_gone_on",
        _("Champion left on"),
        "date",
        sql.champion_gone_on,
        sheet=sheets.CHAMPIONS,
    ),
)
declare_family(FAMILY)


PAGE = "customers:customer"


@leads_on("customer_id", page=PAGE)
def survivor_of_customer(merged_id: UUID) -> UUID | None:
    return survivor_of(Customer, merged_id)


@leads_on("contact_id", page="customers:contact")
def survivor_of_contact(merged_id: UUID) -> UUID | None:
    return survivor_of(Contact, merged_id)


declare_holdings(
    Holding("customers.contact", _("Contacts"), PAGE),
    Holding("customers.contract", _("Contracts"), PAGE),
    Holding("customers.contract.signer_id", _("Contracts it signed for others"), PAGE),
    Holding("customers.contract.payer_id", _("Contracts it pays for others"), PAGE),
    Holding("customers.contract.reseller_id", _("Contracts it resold"), PAGE),
    Holding("customers.contractchange", _("Lines of the contract ledger"), PAGE),
    Holding("customers.cancellationnotice", _("Notices of cancellation"), PAGE),
    Holding("customers.offer", _("Offers"), PAGE),
    Holding("customers.purchase", _("Purchases"), "customers:purchases_of"),
    Holding("customers.stagechange", _("Steps between stages"), "customers:timeline"),
    Holding("customers.customer", _("Subsidiaries"), PAGE),
    Holding("customers.affiliation", _("People of other companies"), "customers:group"),
    Holding("customers.affiliation.contact_id", _("Other companies"), PAGE),
    Holding("customers.formerpost", _("Former posts"), PAGE),
    Holding("customers.formerpost.successor_id", _("Posts they took over"), PAGE),
    Holding("core.event", _("Entries of the timeline"), "customers:timeline"),
    # What one customer was changed from: undoing it would put those values on another.
    Holding("customers.editedcustomer", moves=False),
    Holding("customers.reassignment", moves=False),
    Holding("customers.currentstate", moves=False),
    # Who fits is found anew; who came and left stays with whom it was told of.
    Holding("customers.segmentmember", moves=False),
    Holding("customers.segmentmove", moves=False),
    Holding("customers.tierproposal", moves=False),
    # Says of these two rows what they have in common; of the survivor it is found anew.
    Holding("customers.likeness", moves=False),
)
