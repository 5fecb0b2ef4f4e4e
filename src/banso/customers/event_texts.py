"""How this room's events read on a timeline. Facts are ids, codes and numbers; here are words."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from banso.core.declarations import EventText
from banso.core.ui.wording import short_day
from banso.customers.models import ChangeKind, Presence, Stage
from banso.lib.money import format_money

_NONE = "—"


def _label(choices: Any, code: Any) -> Any:
    return choices(code).label if code in choices.values else _NONE


def _day(iso: Any) -> str:
    if not iso:
        return _NONE
    return short_day(date.fromisoformat(str(iso)))


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


def _notice(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    leaving = facts.get("effective_on")
    return {**_on(facts), "effective_on": _day(leaving) if leaving else gettext("not decided")}


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
    EventText("customers.customer_binned", _("The customer was moved to the bin"), "trash"),
    EventText("customers.customer_restored", _("The customer was restored"), "undo"),
    EventText("customers.contact_created", _("A contact was added"), "user"),
    EventText("customers.contact_updated", _("A contact's details were changed"), "pencil"),
    EventText(
        "customers.contact_moved",
        _("A contact's presence became “%(presence)s” (on %(on)s)"),
        "user",
        _presence,
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
        "customers.contract_ended", _("Contract ends: no coverage from %(on)s"), "contract", _line
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
        _("The customer gave notice of cancellation on %(on)s (leaving: %(effective_on)s)"),
        "warning",
        _notice,
    ),
    EventText(
        "customers.notice_withdrawn", _("The notice of cancellation was withdrawn"), "undo", _on
    ),
    EventText("customers.customer_purged", _("The customer was deleted for good"), "trash"),
    EventText("customers.bulk_edit_begun", _("A bulk change was begun"), "pencil"),
    EventText("customers.bulk_edit_finished", _("A bulk change was finished"), "pencil"),
    EventText("customers.bulk_edit_undo_begun", _("A bulk change is being undone"), "undo"),
    EventText("customers.bulk_edit_undone", _("A bulk change was undone"), "undo"),
    EventText("customers.segment_saved", _("A segment was saved"), "filter"),
    EventText("customers.segment_deleted", _("A segment was deleted"), "trash"),
    EventText("customers.product_created", _("A product was added"), "plus"),
    EventText("customers.product_renamed", _("A product was renamed"), "pencil"),
    EventText("customers.plan_created", _("A price plan was added"), "plus"),
    EventText("customers.attribute_created", _("A custom attribute was added"), "plus"),
    EventText("customers.attribute_changed", _("A custom attribute was changed"), "pencil"),
    EventText("customers.attribute_deleted", _("A custom attribute was deleted"), "trash"),
]
