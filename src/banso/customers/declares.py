"""What the customer book tells the house: permissions, Fields and how its events read."""

from datetime import date
from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from banso.core.declarations import CSMS, EVERYONE, MANAGERS, Charge, Permission, Topic, declare
from banso.customers import current, sheets
from banso.customers import expressions as sql
from banso.customers.attribute_fields import FAMILY
from banso.customers.event_texts import EVENT_TEXTS
from banso.customers.fields import Expression, Field, declare_family, declare_fields
from banso.customers.models import Stage, Tier
from banso.customers.queries import count_owned
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


def _kept(name: str) -> Any:
    return _column(f"{current.HERE}__{name}")


def _kept_state(on: date) -> Expression:
    """Whoever never signed anything has no row."""
    return Coalesce(_kept("contract_state")(on), Value("none"))


def _kept_days_to_deadline(on: date) -> Expression:
    return sql.days_between(_kept("deadline_on")(on), sql.day(on))


def _owner_name(owner: str) -> Any:
    def expression(on: date) -> Expression:
        return Coalesce(NullIf(f"{owner}__name_reading", Value("")), f"{owner}__name")

    return expression


declare(
    Permission("customers.read", _("See customers, contacts and contracts"), EVERYONE),
    Permission("customers.write", _("Change customers, contacts and contracts"), CSMS),
    Permission("customers.bulk_edit", _("Change many customers at once, and undo it"), CSMS),
    Permission("customers.manage", _("Manage products and attributes, delete customers"), MANAGERS),
    Charge("customers", _("Customers they own"), count_owned),
    Topic("customer", "customers.read"),  # one customer's pages: customer:<id>
    Topic("customers", "customers.read", events=("core.import_",), about_customers=True),
    *EVENT_TEXTS,
)

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
    Field("customers.industry", _("Industry"), "text", _column("industry")),
    Field("customers.country", _("Country"), "text", _column("country")),
    Field(
        "customers.employees",
        _("Employees"),
        "number",
        _column("employees"),
        unit=_("people"),
    ),
    Field(
        "customers.tier", _("Touch tier"), "choice", _column("tier"), choices=lambda: Tier.choices
    ),
    Field("customers.stage", _("Stage"), "choice", sql.stage, choices=lambda: Stage.choices),
    Field(
        "customers.stage_days", _("Days in this stage"), "number", sql.stage_days, unit=_("days")
    ),
    Field(
        "customers.main_owner",
        _("Main owner"),
        "person",
        _column("main_owner_id"),
        sorts_by=_owner_name("main_owner"),
    ),
    Field(
        "customers.sub_owner",
        _("Sub owner"),
        "person",
        _column("sub_owner_id"),
        sorts_by=_owner_name("sub_owner"),
    ),
    Field("customers.since", _("Customer since"), "date", _column("since")),
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
