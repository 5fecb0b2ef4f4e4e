"""Values of Fields, for cells and facts: worded by kind, in the reader's language."""

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.template import Library
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from banso.core.ui import marks, wording
from banso.core.ui.marks import spaced
from banso.customers.fields import Field, known_field
from banso.customers.forms.contracts import BILLING, PAYMENT
from banso.customers.forms.fields import countries
from banso.customers.models import (
    Affiliation,
    Contact,
    ContactRole,
    Contract,
    Customer,
    Presence,
    Stage,
)
from banso.lib.months import DAY, term_end
from banso.lib.months import last_day as day_before

register = Library()
SCORE, BAND = "health.score", "health.band"
TONES = {"healthy": "good", "watch": "watch", "danger": "bad"}
STATE = "customers.contract_state"
STATE_TONES: dict[str, str] = {
    "trial": "info",
    "noticed": "bad",
    "ended": "neutral",
    "none": "neutral",
}
STAGE_TONES: dict[str, str] = {Stage.TRIAL: "info", Stage.LEAVING: "watch", Stage.CHURNED: "bad"}
NEAR = 30  # days: a date this near is set in bold
NUMERIC = {"number", "money", "share"}


@register.filter
def is_numeric(field: Field) -> bool:
    """Whether a column of this Field stands to the right."""
    return field.kind in NUMERIC and field.key != SCORE


@register.filter
def last_day(end_on: date | None) -> date | None:
    """満了日 of an exclusive end."""
    return day_before(end_on)


@register.filter
def notice_rule(contract: Contract) -> str:
    """How the notice deadline is counted; empty where it is told by its day, or not at all."""
    months, days = contract.notice_months, contract.notice_days
    if months is not None:
        words = ngettext("%(n)d month before the end", "%(n)d months before the end", months)
        return words % {"n": months}
    if days is not None:
        words = ngettext("%(n)d day before the end", "%(n)d days before the end", days)
        return words % {"n": days}
    return ""


@register.filter
def minimum_last_day(contract: Contract) -> date:
    """The last day of the minimum term (最低契約期間)."""
    return term_end(contract.start_on, contract.minimum_months or 0) - DAY


@register.filter
def in_money(mrr: Decimal | None, currency: str) -> str:
    """An MRR of six decimals, rounded for display only."""
    return wording.money(None if mrr is None else round(mrr), currency)


@register.filter
def roles(contact: Contact | Affiliation) -> list[dict[str, Any]]:
    """The roles of a contact, or of one of another company here; a champion is marked in post."""
    who = contact.contact if isinstance(contact, Affiliation) else contact
    here = who.presence == Presence.HERE
    known = (ContactRole(role) for role in contact.roles if role in ContactRole.values)
    return [{"label": one.label, "champion": here and one == ContactRole.CHAMPION} for one in known]


@register.filter
def billing(code: str) -> Any:
    """How it is billed in words; a source's own word stays as it is."""
    return dict(BILLING).get(code, code) if code else ""


@register.filter
def payment(code: str) -> Any:
    """How it is paid in words; a source's own word stays as it is."""
    return dict(PAYMENT).get(code, code) if code else ""


@register.filter
def at(values: dict[str, Any], key: str) -> Any:
    """The value of a Field's key; None is no data."""
    return values.get(key)


@register.filter
def country(code: str) -> str:
    """The country's name in the reader's language."""
    return dict(countries()).get(code, code)


@register.filter
def stage_tone(stage: str) -> str:
    return STAGE_TONES.get(stage, "neutral")


@register.filter
def state_of(code: str) -> dict[str, Any]:
    """How the customer's contracts stand, where that is worth a mark: not for one that runs on."""
    field = known_field(STATE)
    labels = dict(field.choices()) if field and field.choices else {}
    return {"label": labels.get(code, ""), "tone": STATE_TONES.get(code, "")}


@register.simple_tag
def missing() -> SafeString:
    """A cell without data: a dash that is read out as "No data"."""
    return format_html(
        '<span class="no-data"><span aria-hidden="true">—</span>'
        '<span class="visually-hidden">{}</span></span>',
        _("No data"),
    )


@register.simple_tag
def value(
    field: Field, values: dict[str, Any], customer: Customer, people: dict[Any, str], on: date
) -> Any:
    """The Field's value of one row in words. `values` by key, `people` names by id. No query."""
    found = values.get(field.key)
    if field.key == SCORE:
        return _score(found, values.get(BAND))
    if found is None or found == "":
        return missing()
    match field.kind:
        case "money":
            return wording.money(round(found), customer.currency)
        case "number":
            unit = spaced(field.unit) if field.unit else ""
            return f"{wording.number(found, 1)}{unit}"
        case "share":
            return wording.percent(found, 0)
        case "date":
            return _day(found, on, get_language())
        case "person":
            return people.get(found, "") or missing()
        case "bool":
            return _("Yes") if found else _("No")
        case "choice":
            return dict(field.choices()).get(found, found) if field.choices else found
    return found


def _score(score: Any, band: Any) -> SafeString:
    """With its band, as the health room names it; no score of a customer without a contract."""
    if score is None and band != "withheld":
        return missing()
    return marks.score(score, band=TONES.get(band or "", ""))


@lru_cache(maxsize=4096)
def _day(day: date, on: date, language: str | None) -> SafeString:
    """The date, and beside it how far off it is: remembered by all that tells it apart."""
    near = 0 <= (day - on).days <= NEAR
    return format_html(
        '<time datetime="{}">{}</time> <span class="fine {}">{}</span>',
        day.isoformat(),
        wording.short_day(day),
        "book__near" if near and day != on else "soft",
        wording.relative_day(day, on),
    )
