"""What customers add to a figure, and in which part of a cut each row stands."""

from collections.abc import Iterator

import numpy as np

from banso.insight.metrics.asking.registry import Measure
from banso.insight.metrics.making import heads
from banso.insight.metrics.making.cutting import ByContract, ByCustomer, ByReason, Layer
from banso.insight.metrics.making.reading import Reading
from banso.insight.metrics.models import KpiRules
from banso.lib.ledger import kpis
from banso.lib.ledger.columns import Floats, Ints
from banso.lib.ledger.cutting import by_line_transfers, joined, largest_part, transfers
from banso.lib.ledger.kpis import Rows
from banso.lib.periods import Period

NO_PART = -1


def by_part(rows: Rows, codes: Ints) -> Iterator[tuple[int, Rows]]:
    """The rows of each code."""
    order = np.argsort(codes, kind="stable")
    rows, (parts, firsts) = rows.where(order), np.unique(codes[order], return_index=True)
    edges = [*firsts.tolist(), len(order)]
    for number, code in enumerate(parts.tolist()):
        yield code, rows.where(slice(edges[number], edges[number + 1]))


def cut_rows(
    measure: Measure,
    reading: Reading,
    period: Period,
    layer: Layer | None,
    rules: KpiRules,
    worth: Floats | None,
) -> tuple[Rows, Ints]:
    """The rows of a figure, and in which part each stands. `worth`: see `largest_part`."""
    more = {"reversal": rules.reversal_days} if measure.nets_reversals else {}
    rows: Rows = getattr(kpis, measure.rows)(reading.book, period, **more)
    if measure.made_by == "per_head":
        rows = heads.with_owner(rows, reading, period)
    if layer is None:
        return rows, rows.part
    if isinstance(layer, ByCustomer) and _first_day(measure, period) < layer.since:
        return rows, np.full(len(rows), NO_PART)
    codes = _codes(measure, reading, period, layer, rows, worth)
    if measure.id != "movements":
        return rows, codes
    if isinstance(layer, ByContract):
        passed, their = by_line_transfers(reading.book, layer.of_contract, rows, codes, period)
    elif isinstance(layer, ByCustomer):
        passed, their = transfers(reading.book, layer.history, period)
    else:
        return rows, codes
    return joined(rows, passed), np.concatenate([codes, their])


def _first_day(measure: Measure, period: Period) -> int:
    """The first day whose place in a cut counts."""
    start = period.start.toordinal()
    return {
        "opening": start - 1,
        "close": period.last_day.toordinal(),
        "day": start,
        "before": start - 1,
    }[measure.stands]


def _codes(
    measure: Measure,
    reading: Reading,
    period: Period,
    layer: Layer,
    rows: Rows,
    worth: Floats | None,
) -> Ints:
    if isinstance(layer, ByReason):
        return layer.codes(rows)
    if isinstance(layer, ByContract) and rows.line.any():
        return layer.of_contract[reading.contracts_of(rows.line)]
    day = {
        "opening": np.full(len(rows), period.opens_after.toordinal()),
        "close": np.full(len(rows), period.last_day.toordinal()),
        "day": rows.day,
        "before": rows.day - 1,
    }[measure.stands]
    if isinstance(layer, ByCustomer):
        return layer.history.on(rows.entity, day)
    at = int(day[0]) if len(day) else 0
    return largest_part(reading.book, layer.of_contract, at, worth)[rows.entity]
