"""Charts read downwards, a row each, as tables: a waterfall, a calendar of stacks."""

from collections.abc import Sequence

from django.template import Library
from django.utils.translation import gettext

from banso.core.ui.amounts import Measure, exact, measure
from banso.core.ui.marks import TONES
from banso.core.ui.wording import Number
from banso.lib import charts

register = Library()
Parts = Sequence[tuple[object, str]]


@register.inclusion_tag("ui/waterfall.html")
def waterfall(
    title: object,
    steps: Sequence[charts.Step],
    unit: object = "",
    *,
    note: object = "",
    currency: str = "",
    digits: int | None = None,
    good: str = "up",
    since_opening: bool = False,
) -> dict[str, object]:
    """What stood, what came and went, what stands: a row a step, its amount beside it.

    Bars begin at zero, or `since_opening` where the first step stands.

    Amounts are numbers of a `unit`, or money in major units of a `currency`. A step with an href
    opens to its rows. good: up | down | none.
    """
    falls = charts.waterfall(steps, since_opening=since_opening)
    levels = [fall.level for fall in falls.falls]
    amounts = [step.amount for step in steps]
    measured = measure([*levels, *amounts], unit=unit, digits=digits, currency=currency)
    return {
        "title": title,
        "note": note,
        "unit": measured.unit,
        "said_unit": measured.said_unit,
        "zero_x": falls.zero_x,
        "falls": [
            (fall, _look(fall.step, good), _written(fall.step, measured)) for fall in falls.falls
        ],
        "across": gettext("Breakdown"),
        "columns": [gettext("Amount"), gettext("Stands after it")],
        "rows": [(fall.step.label, _twin(fall, measured)) for fall in falls.falls],
    }


@register.inclusion_tag("ui/calendar.html")
def calendar(
    title: object,
    parts: Parts,
    months: Sequence[charts.Stack],
    unit: object = "",
    *,
    whole: object = "",
    counted: object = "",
    note: object = "",
    currency: str = "",
    digits: int | None = None,
) -> dict[str, object]:
    """Months downwards, each a bar of its parts (name, tone) with their amounts beside it.

    `whole` names the sum of the parts, `counted` what each month's n counts. Amounts as in
    `waterfall`; whatever has an href opens to its rows. The table is its own twin.
    """
    if not {tone for _name, tone in parts} <= set(TONES):
        raise ValueError(f"unknown tone in {parts!r}")
    wholes = [_sum(month.values) for month in months]
    measured = measure(wholes, unit=unit, digits=digits, currency=currency)
    drawn = charts.stacks([[measured.drawn(v) or 0.0 for v in month.values] for month in months])
    tones = [tone for _name, tone in parts]
    return {
        "title": title,
        "note": note,
        "unit": measured.unit,
        "parts": parts,
        "whole": whole or gettext("Total"),
        "counted": counted if any(month.n is not None for month in months) else "",
        "rows": [
            (
                month,
                measured.written(total),
                list(zip(tones, segments, strict=True)),
                _parts(month, measured),
            )
            for month, total, segments in zip(months, wholes, drawn, strict=True)
        ],
    }


def _look(step: charts.Step, good: str) -> str:
    if step.is_total:
        return "total"
    if not step.amount or good == "none":
        return "neutral"
    return "good" if (step.amount > 0) == (good == "up") else "bad"


def _written(step: charts.Step, measured: Measure) -> str:
    return (measured.written if step.is_total else measured.written_signed)(step.amount)


def _twin(fall: charts.Fall, measured: Measure) -> list[tuple[str, str]]:
    amount = fall.step.amount
    told = measured.told(amount) if fall.step.is_total else measured.told_signed(amount)
    return [(told, fall.step.href), (measured.told(fall.level), "")]


def _parts(month: charts.Stack, measured: Measure) -> list[tuple[str, str]]:
    ways = month.hrefs or [""] * len(month.values)
    return [
        (measured.written(value), way if value else "")
        for value, way in zip(month.values, ways, strict=True)
    ]


def _sum(values: Sequence[Number | None]) -> Number | None:
    known = [exact(value) for value in values if value is not None]
    return sum(known) if known else None
