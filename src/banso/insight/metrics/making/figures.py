"""Figures, and the rows they are the sum of. Imports numpy: reach it through `answers`."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce

import numpy as np
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.customers.models import Customer
from banso.insight.metrics import queries
from banso.insight.metrics.asking import Asked, Counted, Figure
from banso.insight.metrics.asking.questions import measure_called
from banso.insight.metrics.asking.registry import Measure
from banso.insight.metrics.making.cutting import CUTS, Layer
from banso.insight.metrics.making.exchanged import Money
from banso.insight.metrics.making.maker import Maker
from banso.insight.metrics.making.reading import Reading, read
from banso.insight.metrics.making.rows import by_part, cut_rows
from banso.insight.metrics.models import KpiRules
from banso.lib.ledger.columns import Ints
from banso.lib.ledger.cutting import joined
from banso.lib.ledger.kpis import Rows
from banso.lib.periods import Period


def figures(
    asked: Asked, reading: Reading | None = None, *, without_rates: bool = False
) -> list[Figure]:
    """The figure for each period, or for each part of a cut of it: the largest parts first.

    A period that still runs is told up to today; one that is to come has no value. Raises Refused
    where KPI, cut or a rate is not known; with `without_rates` the latter has no value, and a note.
    Reads the ledger once, unless a `reading` is given.
    """
    measure, rules = measure_called(asked.kpi), queries.rules(asked.known_at)
    reading = reading or read_for(asked)
    layers = layers_of(measure, asked, reading)
    whole = [told_of(measure, one, reading.today) for one in asked.periods]
    reading.book.closings(day for one in whole if one for day in (one.opens_after, one.last_day))
    money = Money(reading, asked.periods)
    found: list[Figure] = []
    for period, told in zip(asked.periods, whole, strict=True):
        if told is None:
            found += (
                []
                if asked.by
                else [Figure(asked.kpi, period, None, None, None, 0, notes=("future",))]
            )
            continue
        for layer in layers:
            maker = Maker(measure, reading, period, told, money, rules, without_rates)
            found += _of_layer(maker, layer)
    return found


def opened(
    asked: Asked, period: Period, cut: str = "", reading: Reading | None = None
) -> list[Counted]:
    """The rows whose sum is the figure of a period (and part): the greatest first. 2 queries more."""
    measure = measure_called(asked.kpi)
    reading = reading or read_for(asked)
    told, layers = told_of(measure, period, reading.today), layers_of(measure, asked, reading)
    if told is None or not layers:
        return []
    rules, money = queries.rules(asked.known_at), Money(reading, [period])
    rows = rows_of(measure, reading, told, layers, rules, money, cut)
    return list(_counted(measure, reading, rows, money, period))


def rows_of(
    measure: Measure,
    reading: Reading,
    told: Period,
    layers: Sequence[Layer | None],
    rules: KpiRules,
    money: Money,
    cut: str = "",
) -> Rows:
    """The rows of one figure: everything, or the part `cut` of the layers; there is one at least."""
    found = list[Rows]()
    for layer in layers:
        rows, codes = cut_rows(measure, reading, told, layer, rules, money.worth(told))
        if layer is not None:
            wanted = [code for code, (name, _words) in layer.parts.items() if name == cut]
            rows = rows.where(np.isin(codes, wanted))
        found.append(rows)
    return reduce(joined, found)


def read_for(asked: Asked) -> Reading:
    """The ledger as the question wants it."""
    grace = queries.rules(asked.known_at).grace_days
    return read(grace=grace, unit=asked.unit, known_at=asked.known_at)


def layers_of(measure: Measure, asked: Asked, reading: Reading) -> list[Layer | None]:
    """Where customers or contracts stand in the cut that is asked for. Refused where unknown."""
    by = asked.by or measure.always_by
    if not by:
        return [None]
    known = [cut for cut in CUTS if cut != "reason" or measure.id == "churn_timing"]
    if by not in known:
        words = _("This cut is not known: %(id)s. Choose one of: %(known)s.")
        said = {"id": by[:50], "known": ", ".join(known)}
        raise Refused(words % said, code="unknown_cut")
    told = (by, asked.attributes)
    return list(reading.once(told, lambda: CUTS[by].layers(reading, asked.attributes)))


def told_of(measure: Measure, period: Period, today: date) -> Period | None:
    """What is told of a period: what has passed of it, or all of it where the KPI looks ahead."""
    return period if measure.is_ahead else until_today(period, today)


def until_today(period: Period, today: date) -> Period | None:
    """What has passed of a period; None where nothing has."""
    if period.start > today:
        return None
    return replace(period, end=min(period.end, today + timedelta(days=1)))


def _of_layer(maker: Maker, layer: Layer | None) -> list[Figure]:
    measure, told = maker.measure, maker.told
    rows, codes = cut_rows(
        measure, maker.reading, told, layer, maker.rules, maker.money.worth(told)
    )
    notes = ("running",) if told.end < maker.period.end else ()
    if layer is None:
        return [maker.figure(rows, notes)]
    whole = int(rows.denominator.sum()) if measure.of_whole else None
    found = []
    for code, part in by_part(rows, codes):
        if code in layer.parts:
            name, words = layer.parts[code]
            one = maker.figure(part, notes, whole)
            found.append(replace(one, cut=name, cut_label=words))
    return sorted(found, key=lambda one: -(one.denominator or one.numerator or 0))


def _counted(
    measure: Measure, reading: Reading, rows: Rows, money: Money, period: Period
) -> Iterator[Counted]:
    numerators, denominators = (
        money.weighed(one, rows.currency, period) if measure.in_money else one
        for one in (np.abs(rows.numerator), rows.denominator)
    )
    rows = rows.where(np.lexsort((rows.entity, -denominators, -numerators)))
    names = names_of(reading, rows.entity)
    columns = (
        rows.entity,
        rows.currency,
        rows.numerator,
        rows.denominator,
        rows.part,
        rows.day,
        rows.line,
    )
    for entity, currency, numerator, denominator, part, day, line in zip(
        *(one.tolist() for one in columns), strict=True
    ):
        amounts = [
            money.major(one, currency, period) if measure.in_money else Decimal(one)
            for one in (numerator, denominator)
        ]
        yield Counted(
            entity=names[entity][0],
            name=names[entity][1],
            numerator=amounts[0],
            denominator=amounts[1],
            kind=(measure.parts or {}).get(part, ""),
            on=date.fromordinal(day) if day else None,
            lines=(line,) if line else (),
        )


def names_of(reading: Reading, entity: Ints) -> dict[int, tuple[str, str]]:
    """Ids and names by code. 1 query."""
    ids = {code: reading.customer_id(code) for code in np.unique(entity).tolist()}
    named = dict(Customer.objects.filter(pk__any=list(ids.values())).values_list("pk", "name"))
    return {code: (str(pk), named.get(pk, "")) for code, pk in ids.items()}
