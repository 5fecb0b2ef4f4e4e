"""Rows of `banso kpi`."""

from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from banso.insight.metrics.answers import as_object
from banso.insight.metrics.asking import Asked, CountedBy, Standing
from banso.insight.metrics.asking.questions import known_on, months_asked, periods_asked
from banso.insight.metrics.asking.registry import MEASURES, Unit
from banso.insight.metrics.figure_words import at_least
from banso.insight.metrics.making.figures import figures as told
from banso.lib.money import minor_digits
from banso.lib.periods import Length
from banso.lib.spoken import say as _


def figures(
    kpi: str,
    *,
    first: str | None,
    last: str | None,
    period: Length,
    by: str,
    as_of: datetime | None,
    unit: CountedBy,
    attributes: Standing,
) -> list[dict[str, Any]]:
    """One object a period and part, of the months from `first` to `last` (YYYY-MM, both counted).

    The year up to this month where nothing else is said. Raises Refused, in words.
    """
    periods = periods_asked(*months_asked(first or "", last or ""), period)
    known_at = known_on(as_of.date() if as_of else None)
    asked = Asked(kpi, periods, by=by, known_at=known_at, unit=unit, attributes=attributes)
    return [as_object(one) for one in told(asked)]


def show(found: list[dict[str, Any]]) -> None:
    """The same objects as a table."""
    table = Table(_("Period"), _("Part"), _("Numerator"), _("Denominator"), _("Value"), "n")
    for one in found:
        measure = MEASURES[one["kpi"]]
        units = (measure.numerator_unit, measure.denominator_unit, measure.unit)
        names = ("numerator", "denominator", "value")
        above, below, value = (
            _words(one[name], unit, one["currency"])
            for name, unit in zip(names, units, strict=True)
        )
        words = at_least(value, one["value"], one["notes"])
        table.add_row(one["period"], one["by"] or "", above, below, words, str(one["n"]))
    Console().print(table)


def _words(value: float | None, unit: Unit, currency: str | None) -> str:
    if value is None:
        return "—"
    if unit == "share":
        return f"{value:.2%}"
    digits = minor_digits(currency) if unit == "money" and currency else 2
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
