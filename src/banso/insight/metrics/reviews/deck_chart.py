"""A waterfall as a native chart: columns upon an unseen base."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from banso.customers.forms.fields import currency_words
from banso.insight.metrics.reviews.deck import (
    CELL,
    DOWN,
    END,
    FONT,
    HEIGHT,
    MARGIN,
    TOP,
    UP,
    WIDTH,
    Deck,
)
from banso.insight.metrics.reviews.waterfall import Step

LOOKS = (("end", END, ""), ("up", UP, "+"), ("down", DOWN, "−"))


def add_waterfall(deck: Deck, title: str, steps: Sequence[Step], currency: str) -> None:
    """A slide with the steps; values are exact, only shown in thousands or millions."""
    pptx = deck._pptx
    commas, unit = scale(max(one.high for one in steps), currency)
    made = deck.slide(title)
    frame = made.shapes.add_chart(
        pptx.enum.chart.XL_CHART_TYPE.COLUMN_STACKED,
        *map(deck._in, (MARGIN, TOP, WIDTH - 2 * MARGIN, HEIGHT - TOP - 0.4)),
        _data(pptx, steps),
    )
    chart = frame.chart
    chart.has_legend, chart.has_title = False, False
    chart.font.name, chart.font.size = FONT, pptx.util.Pt(CELL)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 40, 100
    if (least := begins_at(steps)) > 0:
        chart.value_axis.minimum_scale = float(least)
        unit = _("%(unit)s; the axis begins above zero") % {"unit": unit}
    chart.value_axis.axis_title.text_frame.text = unit
    chart.value_axis.tick_labels.number_format = f"#,##0{commas}"
    chart.value_axis.tick_labels.number_format_is_linked = False
    chart.value_axis.major_gridlines.format.line.color.rgb = deck._color("E5E7EB")
    plot.series[0].format.fill.background()
    for series, (_tone, color, sign) in zip(list(plot.series)[1:], LOOKS, strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = deck._color(color)
        labels = series.data_labels
        labels.show_value = True
        labels.number_format, labels.number_format_is_linked = f'"{sign}"#,##0{commas}', False


def _data(pptx: Any, steps: Sequence[Step]) -> Any:
    data = pptx.chart.data.CategoryChartData(number_format="#,##0")
    data.categories = [one.label for one in steps]
    data.add_series(_("Base"), [_float(max(one.low, Decimal(0))) for one in steps])
    names = {"end": "MRR", "up": pgettext("of MRR", "More"), "down": pgettext("of MRR", "Less")}
    for tone, _color, _sign in LOOKS:
        heights = [_float(one.high - one.low) if one.tone == tone else None for one in steps]
        data.add_series(names[tone], heights)
    return data


def begins_at(steps: Sequence[Step]) -> Decimal:
    """Where the axis begins: at zero, unless what moved could not be seen from there."""
    levels = [level for one in steps for level in (one.low, one.high) if one.tone != "end"]
    levels += [one.amount for one in steps if one.tone == "end"]
    least, most = min(levels), max(levels)
    if least <= most / 2:
        return Decimal(0)
    step = Decimal(10) ** (most - least).adjusted() if most > least else least
    return max((least - (most - least)) // step * step, Decimal(0))


def scale(most: Decimal, currency: str) -> tuple[str, str]:
    """How a number format divides by thousands, and what the axis counts."""
    told = {"currency": currency_words(currency)}
    is_yen = currency == "JPY"
    if most >= 10**9:
        return ",,", _("millions of yen") if is_yen else _("millions of %(currency)s") % told
    if most >= 10**6:
        return ",", _("thousands of yen") if is_yen else _("thousands of %(currency)s") % told
    return "", _("yen") if is_yen else told["currency"]


def _float(value: Decimal) -> float:
    return float(value)
