"""How a figure follows from its rows, where it is more than their sum or ratio: step by step."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from banso.core.ui.wording import number, percent
from banso.insight.metrics import queries
from banso.insight.metrics.asking import Figure
from banso.insight.metrics.figure_words import amount, ingredient, value
from banso.insight.metrics.figures.opening import Opened
from banso.lib.lifetime_value import CAP
from banso.lib.periods import MONTHS


def steps(found: Opened) -> list[str]:
    """Each a sum in words with the numbers that were used; what is missing, where nothing came of it."""
    figure = found.figure
    if figure is None or figure.value is None:
        return _missing(found)
    match found.measure.made_by:
        case "ltv":
            return [*_worth(found, figure), *_lifetime(found, figure)]
        case "cac_payback":
            return [*_cost(figure), *_worth(found, figure), _ratio(figure)]
        case "per_head":
            return [_ratio(figure)]
    return []


def _missing(found: Opened) -> list[str]:
    match found.measure.made_by:
        case "ltv":
            return [
                _("Nobody had a paid contract at the opening, so there is nothing to divide by.")
            ]
        case "cac_payback":
            said = _(
                "It is not known: the cost of winning customers is not set for every month of the"
                " period, or nobody was won in it, or nobody was a customer at its opening."
            )
            return [said]
        case "per_head":
            return [
                _("No customer has a main owner at the close, so there is nothing to divide by.")
            ]
    return []


def _worth(found: Opened, figure: Figure) -> Iterator[str]:
    """ARPA, and what is left of it."""
    count = len({row.entity for row in found.rows})
    arpa, margin = found.denominator / count, queries.rules(found.asked.known_at).gross_margin
    said = {
        "mrr": amount(found.denominator, figure.currency),
        "count": number(count),
        "arpa": amount(arpa, figure.currency),
    }
    yield _("ARPA: MRR at the opening %(mrr)s ÷ %(count)s customers = %(arpa)s") % said
    if margin is None:
        yield _("No gross margin is set, so ARPA counts whole.")
    else:
        kept = {"margin": percent(margin, 2), "kept": amount(arpa * margin, figure.currency)}
        yield _("ARPA × gross margin: %(arpa)s × %(margin)s = %(kept)s") % {**said, **kept}


def _lifetime(found: Opened, figure: Figure) -> Iterator[str]:
    monthly = figure.denominator or Decimal(0)
    said = {
        "lost": amount(found.numerator, figure.currency),
        "mrr": amount(found.denominator, figure.currency),
        "months": _months(found, figure),
        "monthly": percent(monthly, 4),
        "kept": amount(figure.numerator, figure.currency),
        "value": amount(figure.value, figure.currency),
        "cap": CAP,
    }
    if said["months"] == 1:
        yield _("Revenue churn: %(lost)s ÷ %(mrr)s = %(monthly)s") % said
    else:
        words = _("Revenue churn a month: %(lost)s ÷ %(mrr)s ÷ %(months)s months = %(monthly)s")
        yield words % said
    if monthly and figure.parts.get("months") != CAP:
        yield _("LTV: %(kept)s ÷ %(monthly)s = %(value)s") % said
    else:
        yield (
            _("LTV: %(kept)s × %(cap)s months = %(value)s at least, as too little churn is known")
            % said
        )


def _months(found: Opened, figure: Figure) -> int:
    """Over how many months churn was spread: of a period that runs those that have begun."""
    if not figure.denominator:
        return MONTHS[figure.period.kind]
    return round(found.numerator / found.denominator / figure.denominator)


def _cost(figure: Figure) -> Iterator[str]:
    whole = (figure.numerator or Decimal(0)) * figure.n
    said = {
        "cost": amount(whole, figure.currency),
        "won": number(figure.n),
        "each": amount(figure.numerator, figure.currency),
    }
    yield _("Cost of winning a customer: %(cost)s ÷ %(won)s customers won = %(each)s") % said


def _ratio(figure: Figure) -> str:
    said = {
        "numerator": ingredient(figure, "numerator"),
        "denominator": ingredient(figure, "denominator"),
        "value": value(figure),
    }
    return _("%(numerator)s ÷ %(denominator)s = %(value)s") % said
