"""Words and looks of the renewal desk and of offers."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.template import Library
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from banso.core.ui import wording
from banso.customers.forms.fields import months
from banso.customers.models import Forecast, OfferState, Outcome
from banso.customers.queries import AskedRenewals, ForecastSum
from banso.customers.templatetags.customers import NEAR

register = Library()
FORECAST_TONES: dict[str, str] = {
    Forecast.RENEW: "good",
    Forecast.EXPAND: "good",
    Forecast.CONTRACT: "watch",
    Forecast.CHURN: "bad",
}
OUTCOME_TONES: dict[str, str] = {
    Outcome.RENEWED: "good",
    Outcome.EXPANDED: "good",
    Outcome.CONTRACTED: "watch",
    Outcome.DECLINED: "bad",
}
OFFER_TONES: dict[str, str] = {
    OfferState.OFFERED: "info",
    OfferState.ACCEPTED: "good",
    OfferState.DECLINED: "watch",
}


@register.filter
def forecast_tone(forecast: str) -> str:
    return FORECAST_TONES.get(forecast, "neutral")


@register.filter
def outcome_tone(outcome: str) -> str:
    return OUTCOME_TONES.get(outcome, "neutral")


@register.filter
def offer_tone(state: str) -> str:
    return OFFER_TONES.get(state, "neutral")


@register.filter
def month_name(month: int) -> str:
    """A month of the year by its name: 3月, March."""
    return dict(months())[month]


@register.filter
def is_near(day: date, today: date) -> bool:
    """Whether it is over, or so near that it is set in bold."""
    return (day - today).days <= NEAR


@register.inclusion_tag("customers/_forecast_tiles.html", takes_context=True)
def forecast_tiles(
    context: dict[str, Any], sums: list[ForecastSum], asked: AskedRenewals
) -> dict[str, Any]:
    """What is up for renewal, in all and by forecast; each leads to its rows."""
    whole: dict[str, Decimal] = {}
    for one in sums:
        for currency, mrr in one.mrr.items():
            whole[currency] = whole.get(currency, Decimal(0)) + mrr
    count = sum(one.count for one in sums)
    base = _kept_query(context)
    return {
        "all": _tile(_("Up for renewal"), whole, count, base),
        "each": [
            _tile(one.forecast.label, one.mrr, one.count, {**base, "forecast": one.forecast.value})
            for one in sums
        ],
    }


def _tile(label: Any, mrr: dict[str, Decimal], count: int, query: dict[str, str]) -> dict[str, Any]:
    money = (wording.money_short(round(one), currency) for currency, one in mrr.items())
    words = ngettext("MRR of %(n)d contract", "MRR of %(n)d contracts", count) % {"n": count}
    return {
        "label": label,
        "value": " + ".join(money) or "0",
        "period": words,
        "href": f"{reverse('customers:renewals')}?{urlencode(query)}",
    }


def _kept_query(context: dict[str, Any]) -> dict[str, str]:
    """What the address asks, but for forecast and place."""
    asked = context["request"].GET
    gone = {"forecast", "after", "step", "sort"}
    return {name: text for name, text in asked.items() if name not in gone and text}
