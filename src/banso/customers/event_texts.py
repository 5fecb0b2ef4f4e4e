"""How this room's events read on a timeline. Facts are ids, codes and numbers; here are words."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from banso.core.declarations import EventText
from banso.core.ui.wording import short_day
from banso.customers.models import (
    ChangeKind,
    ChargeKind,
    ContactRole,
    Forecast,
    OfferKind,
    OfferState,
    Presence,
    Stage,
    Step,
    Tier,
)
from banso.lib.money import format_money
from banso.lib.months import DAY

_NONE = "—"


def _label(choices: Any, code: Any) -> Any:
    return choices(code).label if code in choices.values else _NONE


def _day(iso: Any) -> str:
    if not iso:
        return _NONE
    return short_day(date.fromisoformat(str(iso)))


def _last_day(iso: Any) -> str:
    """The day before an exclusive end."""
    return short_day(date.fromisoformat(str(iso)) - DAY) if iso else _NONE


def _stages(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        **facts,
        "before": _label(Stage, facts.get("before")),
        "after": _label(Stage, facts.get("after")),
        "on": _day(facts.get("on")),
    }


def _presence(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        **facts,
        "presence": _label(Presence, facts.get("presence")),
        "on": _day(facts.get("on")),
    }


def _roles(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    labels = [str(_label(ContactRole, one)) for one in facts.get("roles") or ()]
    return {**facts, "roles": gettext(", ").join(labels) or _NONE}


def _line(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Days, kind and MRR of a ledger line in the reader's words."""
    minor = round(Decimal(str(facts.get("mrr", 0))))
    money = format_money(minor, str(facts.get("currency", "JPY")), get_language() or "ja")
    return {
        **facts,
        "on": _day(facts.get("on")),
        "kind": _label(ChangeKind, facts.get("kind")),
        "mrr": money,
    }


def _on(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**facts, "on": _day(facts.get("on"))}


def _last_on(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """An end as people read it: its last day."""
    return {**_line(facts), "last": _last_day(facts.get("on"))}


def _tiers(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    sides = {side: _label(Tier, facts.get(side)) for side in ("before", "after")}
    return {**facts, **sides}


def _charge(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    currency = str(facts.get("currency", "JPY"))
    money = format_money(int(facts.get("amount", 0)), currency, get_language() or "ja")
    return {**facts, "kind": _label(ChargeKind, facts.get("kind")), "amount": money}


def _purchase(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    currency = str(facts.get("currency", "JPY"))
    money = format_money(int(facts.get("amount", 0)), currency, get_language() or "ja")
    return {**_on(facts), "amount": money}


def _rows(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**facts, "rows": f"{int(facts.get('rows', 0)):,}"}


def _notice(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    leaving = facts.get("effective_on")
    return {**_on(facts), "last": _last_day(leaving) if leaving else gettext("not decided")}


def _plan(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    forecast, step = facts.get("forecast"), facts.get("step", "")
    return {**facts, "forecast": _label(Forecast, forecast), "step": _label(Step, step)}


def _offer(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    kind, state = facts.get("kind"), facts.get("state")
    return {**facts, "kind": _label(OfferKind, kind), "state": _label(OfferState, state)}


EVENT_TEXTS = [
    EventText("customers.customer_created", _("The customer was registered"), "building"),
    EventText("customers.customer_updated", _("The customer's details were changed"), "pencil"),
    EventText("customers.owner_changed", _("The main owner was changed"), "user"),
    EventText(
        "customers.stage_changed",
        _("Stage changed from %(before)s to %(after)s (on %(on)s)"),
        "flag",
        _stages,
    ),
    EventText("customers.customer_contacted", _("We were in touch on %(on)s"), "chat", _on),
    EventText("customers.contact_taken_back", _("A contact on %(on)s was taken back"), "undo", _on),
    EventText("customers.customer_binned", _("The customer was moved to the bin"), "trash"),
    EventText("customers.customer_restored", _("The customer was restored"), "undo"),
    EventText(
        "customers.customer_merged",
        _("Another customer was merged into this one (records that moved: %(rows)s)"),
        "building",
        _rows,
    ),
    EventText("customers.customer_absorbed", _("The customer was merged into another"), "building"),
    EventText(
        "customers.customer_unmerged",
        _("A merge was undone: they are two customers again (records that moved: %(rows)s)"),
        "undo",
        _rows,
    ),
    EventText("customers.contact_merged", _("Another contact was merged into one"), "user"),
    EventText("customers.contact_absorbed", _("A contact was merged into another"), "user"),
    EventText(
        "customers.contact_unmerged",
        _("A merge was undone: they are two contacts again"),
        "undo",
    ),
    EventText("customers.contact_created", _("A contact was added"), "user"),
    EventText("customers.contact_updated", _("A contact's details were changed"), "pencil"),
    EventText(
        "customers.contact_moved",
        _("A contact's presence became “%(presence)s” (on %(on)s)"),
        "user",
        _presence,
    ),
    EventText(
        "customers.champion_gone",
        _("The champion is gone: “%(presence)s” (on %(on)s)"),
        "warning",
        _presence,
    ),
    EventText(
        "customers.contact_move_taken_back",
        _("A contact's move was taken back; their presence is “%(presence)s” again"),
        "undo",
        _presence,
    ),
    EventText(
        "customers.contact_confirmed", _("A contact is still in post (%(on)s)"), "check", _on
    ),
    EventText(
        "customers.contact_unconfirmed", _("Whether a contact is in post is open again"), "undo"
    ),
    EventText(
        "customers.contact_succeeded",
        _("A successor took over from a contact; roles passed on: %(roles)s"),
        "people",
        _roles,
    ),
    EventText(
        "customers.contact_succession_ended",
        _("A succession was taken back; roles given back: %(roles)s"),
        "undo",
        _roles,
    ),
    EventText(
        "customers.contact_affiliated",
        _("A contact of another company belongs here, too; roles: %(roles)s"),
        "people",
        _roles,
    ),
    EventText(
        "customers.affiliation_ended",
        _("A contact of another company belongs here no more"),
        "people",
    ),
    EventText("customers.contact_binned", _("A contact was moved to the bin"), "trash"),
    EventText("customers.contact_erased", _("A contact's personal data was erased"), "trash"),
    EventText("customers.contact_restored", _("A contact was restored"), "undo"),
    EventText(
        "customers.contract_signed",
        _("A contract was signed: from %(on)s, %(mrr)s a month"),
        "contract",
        _line,
    ),
    EventText(
        "customers.contract_changed",
        _("Contract changed (%(kind)s): from %(on)s, %(mrr)s a month"),
        "contract",
        _line,
    ),
    EventText(
        "customers.contract_renewed",
        _("Contract renewed: from %(on)s, %(mrr)s a month"),
        "contract",
        _line,
    ),
    EventText(
        "customers.contract_ended",
        _("Contract ends: its last day is %(last)s"),
        "contract",
        _last_on,
    ),
    EventText(
        "customers.charge_added",
        _("A one-off line was added (%(kind)s, %(amount)s)"),
        "contract",
        _charge,
    ),
    EventText(
        "customers.charge_voided",
        _("A one-off line was voided (%(kind)s, %(amount)s)"),
        "undo",
        _charge,
    ),
    EventText(
        "customers.purchase_added", _("A purchase on %(on)s (%(amount)s)"), "star", _purchase
    ),
    EventText(
        "customers.purchases_added",
        _("Purchases were added: %(count)s, %(amount)s in all, the last on %(on)s"),
        "star",
        _purchase,
    ),
    EventText(
        "customers.purchase_voided",
        _("A purchase on %(on)s was voided (%(amount)s)"),
        "undo",
        _purchase,
    ),
    EventText("customers.contract_updated", _("A contract's details were changed"), "pencil"),
    EventText(
        "customers.change_voided", _("A ledger line was voided (%(kind)s, %(on)s)"), "undo", _line
    ),
    EventText(
        "customers.change_corrected",
        _("A ledger line was corrected (%(kind)s, %(on)s)"),
        "undo",
        _line,
    ),
    EventText(
        "customers.notice_recorded",
        _("The customer gave notice of cancellation on %(on)s (last day: %(last)s)"),
        "warning",
        _notice,
    ),
    EventText(
        "customers.notice_withdrawn", _("The notice of cancellation was withdrawn"), "undo", _on
    ),
    EventText(
        "customers.renewal_planned",
        _("What we expect of the renewal: %(forecast)s (%(step)s)"),
        "renew",
        _plan,
    ),
    EventText("customers.loss_told", _("Why it was lost was recorded"), "pencil"),
    EventText("customers.loss_reasons_set", _("The reasons of loss were changed"), "settings"),
    EventText("customers.offer_made", _("An offer was made (%(kind)s)"), "star", _offer),
    EventText("customers.offer_updated", _("An offer (%(kind)s): %(state)s"), "star", _offer),
    EventText("customers.customer_purged", _("The customer was deleted for good"), "trash"),
    EventText("customers.hand_over_planned", _("A hand-over was planned for %(on)s"), "user", _on),
    EventText("customers.hand_over_begun", _("A hand-over happened"), "user"),
    EventText("customers.hand_over_failed", _("A hand-over could not happen"), "warning"),
    EventText("customers.hand_over_cancelled", _("A hand-over was cancelled"), "undo"),
    EventText("customers.bulk_edit_begun", _("A bulk change was begun"), "pencil"),
    EventText("customers.bulk_edit_finished", _("A bulk change was finished"), "pencil"),
    EventText("customers.bulk_edit_undo_begun", _("A bulk change is being undone"), "undo"),
    EventText("customers.bulk_edit_undone", _("A bulk change was undone"), "undo"),
    EventText("customers.told_apart", _("It was told apart from a customer like it"), "copy"),
    EventText(
        "customers.told_apart_withdrawn",
        _("It may be one company with a customer like it again"),
        "undo",
    ),
    EventText("customers.domain_silenced", _("A domain tells no company any more"), "settings"),
    EventText("customers.domain_unsilenced", _("A domain tells a company again"), "settings"),
    EventText("customers.segment_saved", _("A segment was saved"), "filter"),
    EventText("customers.segment_deleted", _("A segment was deleted"), "trash"),
    EventText(
        "customers.tier_approved",
        _("A proposed touch tier was approved: from %(before)s to %(after)s"),
        "check",
        _tiers,
    ),
    EventText(
        "customers.tier_refused",
        _("A proposed touch tier was refused: from %(before)s to %(after)s"),
        "x",
        _tiers,
    ),
    EventText("customers.product_created", _("A product was added"), "plus"),
    EventText("customers.product_renamed", _("A product was renamed"), "pencil"),
    EventText("customers.plan_created", _("A price plan was added"), "plus"),
    EventText("customers.attribute_created", _("A custom attribute was added"), "plus"),
    EventText("customers.attribute_changed", _("A custom attribute was changed"), "pencil"),
    EventText("customers.master_saved", _("What another system keeps was changed"), "settings"),
    EventText("customers.master_deleted", _("Another system keeps nothing any more"), "settings"),
    EventText("customers.attribute_deleted", _("A custom attribute was deleted"), "trash"),
]
