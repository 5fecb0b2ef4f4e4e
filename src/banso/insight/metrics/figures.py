"""Figures, and the rows they are the sum of. Imports numpy: reach it through `queries`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce

import numpy as np
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.scope import current_workspace
from banso.customers.models import Customer
from banso.insight.metrics import heads, queries, worth
from banso.insight.metrics.asking import Asked, Counted, Figure
from banso.insight.metrics.cutting import CUTS, ByContract, ByCustomer, ByReason, Layer
from banso.insight.metrics.models import KpiRules
from banso.insight.metrics.queries import rates_for
from banso.insight.metrics.reading import MICRO, Reading, read
from banso.insight.metrics.registry import MEASURES, Measure
from banso.lib.ledger import kpis
from banso.lib.ledger.columns import Ints
from banso.lib.ledger.cutting import by_line_transfers, joined, largest_part, transfers
from banso.lib.ledger.kpis import Rows
from banso.lib.money import minor_digits
from banso.lib.periods import Period


def figures(asked: Asked, reading: Reading | None = None) -> list[Figure]:
    """The figure for each period, or for each part of a cut of it: the largest parts first.

    A period that still runs is told up to today; one that is to come has no value. Raises Refused
    where KPI, cut or a rate is not known. Reads the ledger once, unless a `reading` is given.
    """
    measure, rules = measure_of(asked.kpi), queries.rules(asked.known_at)
    reading = reading or read_for(asked)
    layers = layers_of(measure, asked, reading)
    whole = [_told(measure, one, reading.today) for one in asked.periods]
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
            found += _of_layer(measure, reading, period, told, layer, money, rules)
    return found


def opened(
    asked: Asked, period: Period, cut: str = "", reading: Reading | None = None
) -> list[Counted]:
    """The rows whose sum is the figure of a period (and part): the greatest first. 2 queries more."""
    measure = measure_of(asked.kpi)
    reading = reading or read_for(asked)
    told, layers = _told(measure, period, reading.today), layers_of(measure, asked, reading)
    if told is None or not layers:
        return []
    rows = rows_of(measure, reading, told, layers, queries.rules(asked.known_at), cut)
    return list(_counted(measure, reading, rows, Money(reading, [period]), period))


def rows_of(
    measure: Measure,
    reading: Reading,
    told: Period,
    layers: Sequence[Layer | None],
    rules: KpiRules,
    cut: str = "",
) -> Rows:
    """The rows of one figure: everything, or the part `cut` of the layers; there is one at least."""
    found = list[Rows]()
    for layer in layers:
        rows, codes = _cut_rows(measure, reading, told, layer, rules)
        if layer is not None:
            wanted = [code for code, (name, _words) in layer.parts.items() if name == cut]
            rows = rows.where(np.isin(codes, wanted))
        found.append(rows)
    return reduce(joined, found)


def read_for(asked: Asked) -> Reading:
    """The ledger as the question wants it."""
    grace = queries.rules(asked.known_at).grace_days
    return read(grace=grace, unit=asked.unit, known_at=asked.known_at)


def measure_of(kpi: str) -> Measure:
    """Refused where no such KPI is known."""
    if kpi not in MEASURES:
        raise Refused(_("This figure is not known: %(id)s.") % {"id": kpi[:50]}, code="unknown_kpi")
    return MEASURES[kpi]


def layers_of(measure: Measure, asked: Asked, reading: Reading) -> list[Layer | None]:
    """Where customers or contracts stand in the cut that is asked for. Refused where unknown."""
    by = asked.by or measure.always_by
    if not by:
        return [None]
    if by not in CUTS or (by == "reason" and measure.id != "churn_timing"):
        raise Refused(_("This cut is not known: %(id)s.") % {"id": by[:50]}, code="unknown_cut")
    told = (by, asked.attributes)
    return list(reading.once(told, lambda: CUTS[by].layers(reading, asked.attributes)))


def _told(measure: Measure, period: Period, today: date) -> Period | None:
    """What is told of a period: what has passed of it, or all of it where the KPI looks ahead."""
    return period if measure.is_ahead else until_today(period, today)


def until_today(period: Period, today: date) -> Period | None:
    """What has passed of a period; None where nothing has."""
    if period.start > today:
        return None
    return replace(period, end=min(period.end, today + timedelta(days=1)))


def _of_layer(
    measure: Measure,
    reading: Reading,
    period: Period,
    told: Period,
    layer: Layer | None,
    money: "Money",
    rules: KpiRules,
) -> list[Figure]:
    rows, codes = _cut_rows(measure, reading, told, layer, rules)
    notes = ("running",) if told.end < period.end else ()
    maker = Maker(measure, reading, period, told, money, rules)
    if layer is None:
        return [maker.figure(rows, notes)]
    whole = int(rows.denominator.sum()) if measure.of_whole else None
    found = []
    for code, part in _by_part(rows, codes):
        if code in layer.parts:
            name, words = layer.parts[code]
            one = maker.figure(part, notes, whole)
            found.append(replace(one, cut=name, cut_label=words))
    return sorted(found, key=lambda one: -(one.denominator or one.numerator or 0))


def _by_part(rows: Rows, codes: Ints) -> Iterator[tuple[int, Rows]]:
    """The rows of each code."""
    order = np.argsort(codes, kind="stable")
    rows, (parts, firsts) = rows.where(order), np.unique(codes[order], return_index=True)
    edges = [*firsts.tolist(), len(order)]
    for number, code in enumerate(parts.tolist()):
        yield code, rows.where(slice(edges[number], edges[number + 1]))


def _cut_rows(
    measure: Measure, reading: Reading, period: Period, layer: Layer | None, rules: KpiRules
) -> tuple[Rows, Ints]:
    """The rows of a figure, and in which part each stands."""
    more = {"reversal": rules.reversal_days} if measure.nets_reversals else {}
    rows: Rows = getattr(kpis, measure.rows)(reading.book, period, **more)
    if measure.made_by == "per_head":
        rows = heads.with_owner(rows, reading, period)
    if layer is None:
        return rows, rows.part
    codes = _codes(measure, reading, period, layer, rows)
    if measure.id != "movements":
        return rows, codes
    if isinstance(layer, ByContract):
        passed, their = by_line_transfers(reading.book, layer.of_contract, rows, codes, period)
    elif isinstance(layer, ByCustomer):
        passed, their = transfers(reading.book, layer.history, period)
    else:
        return rows, codes
    return joined(rows, passed), np.concatenate([codes, their])


def _codes(measure: Measure, reading: Reading, period: Period, layer: Layer, rows: Rows) -> Ints:
    day = {
        "opening": np.full(len(rows), period.opens_after.toordinal()),
        "close": np.full(len(rows), period.last_day.toordinal()),
        "day": rows.day,
        "before": rows.day - 1,
    }[measure.stands]
    if isinstance(layer, ByCustomer):
        return layer.history.on(rows.entity, day)
    if isinstance(layer, ByReason):
        return layer.codes(rows.line, rows.entity)
    if not rows.line.any():
        return largest_part(reading.book, layer.of_contract, int(day[0]) if len(day) else 0)[
            rows.entity
        ]
    return layer.of_contract[reading.contracts_of(rows.line)]


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes figures of rows. `told`: as much of `period` as has passed."""

    measure: Measure
    reading: Reading
    period: Period
    told: Period
    money: "Money"
    rules: KpiRules

    def figure(self, rows: Rows, notes: tuple[str, ...], whole: int | None = None) -> Figure:
        """The figure that the rows add up to; `whole`: what it is a share of, if not of itself."""
        made = self._sums(rows, notes)
        if whole is not None:
            made = replace(
                made, denominator=Decimal(whole), value=_over(made.numerator, Decimal(whole))
            )
        match self.measure.made_by:
            case "ltv":
                return worth.lifetime(made, self.reading, self.told, self.rules)
            case "cac_payback":
                return worth.payback(made, self.reading, self.told, self.rules)
            case "per_head":
                return heads.per_head(made, rows, self.reading, self.told, self.rules)
        return made

    def _sums(self, rows: Rows, notes: tuple[str, ...]) -> Figure:
        measure, period = self.measure, self.period
        total = self.money.total if measure.in_money else _count
        numerator, denominator = total(rows, rows.numerator, period), None
        if measure.unit == "share" or measure.made_by:
            denominator = total(rows, rows.denominator, period)
        value = _over(numerator, denominator) if measure.unit == "share" else numerator
        return Figure(
            kpi=measure.id,
            period=period,
            numerator=numerator,
            denominator=denominator,
            value=value,
            n=len(rows) if measure.stands in ("day", "before") else _distinct(rows.entity),
            currency=self.money.currency if measure.in_money else "",
            parts=self._parts(rows, total),
            notes=notes,
        )

    def _parts(
        self, rows: Rows, total: Callable[[Rows, Ints, Period], Decimal]
    ) -> dict[str, Decimal]:
        named = (self.measure.parts or {}).items()
        of = {name: rows.where(rows.part == code) for code, name in named}
        return {
            name: total(one, one.numerator, self.period) for name, one in of.items() if len(one)
        }


def _over(numerator: Decimal | None, denominator: Decimal | None) -> Decimal | None:
    return numerator / denominator if denominator and numerator is not None else None


def _distinct(entity: Ints) -> int:
    """How many customers there are; rows stand by customer nearly always."""
    steps = np.diff(entity)
    if (steps < 0).any():
        return int(np.count_nonzero(np.bincount(entity)))
    return int(np.count_nonzero(steps)) + min(len(entity), 1)


def _count(_rows: Rows, amounts: Ints, _period: Period) -> Decimal:
    return Decimal(int(amounts.sum()))


class Money:
    """Sums of columns in major units of one currency: the ledger's own, where it has but one, else
    the workspace's, at the last rate on or before a period's first day.
    """

    def __init__(self, reading: Reading, periods: Sequence[Period]) -> None:
        own = current_workspace().currency
        self.currencies = list(reading.currencies) or [own]
        self.currency = self.currencies[0] if len(self.currencies) == 1 else own
        self._units = [Decimal(MICRO * 10 ** minor_digits(one)) for one in self.currencies]
        self._rates: dict[tuple[str, date], Decimal] = {}
        if len(self.currencies) > 1:
            self._rates = rates_for(
                self.currencies, [one.start for one in periods], reading.known_at
            )

    def total(self, rows: Rows, amounts: Ints, period: Period) -> Decimal:
        """The sum of `amounts`, by whose rows' currencies they are exchanged."""
        found = Decimal(0)
        for code in range(len(self.currencies)):
            part = int(amounts[rows.currency == code].sum())
            found += self.major(part, code, period)
        return found

    def major(self, amount: int, code: int, period: Period) -> Decimal:
        """Millionths of a minor unit of the currency with that code, exchanged."""
        rate = self._rates.get((self.currencies[code], period.start), Decimal(1))
        return Decimal(amount) / self._units[code] * rate


def _counted(
    measure: Measure, reading: Reading, rows: Rows, money: Money, period: Period
) -> Iterator[Counted]:
    rows = rows.where(np.lexsort((rows.entity, -np.abs(rows.numerator), -rows.denominator)))
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
    named = dict(Customer.objects.filter(pk__in=ids.values()).values_list("pk", "name"))
    return {code: (str(pk), named.get(pk, "")) for code, pk in ids.items()}
