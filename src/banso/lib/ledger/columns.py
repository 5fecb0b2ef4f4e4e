"""Lines of the ledger, the spans of days that they pay for, and sums of spans on given days."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

DAY_BITS = 22
FAR = (1 << DAY_BITS) - 1  # later than every day of the calendar: without an end


class Columns:
    """Dataclasses of arrays that are equally long."""

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))  # type: ignore[arg-type]

    def where(self, chosen: "NDArray[Any] | slice") -> Self:
        """The chosen rows: by a mask, or by their numbers in the order wanted. A slice copies none."""
        columns = {one.name: getattr(self, one.name)[chosen] for one in fields(self)}  # type: ignore[arg-type]
        return type(self)(**columns)


@dataclass(frozen=True, slots=True, eq=False)
class Lines(Columns):
    """By contract, then day, then id: of lines of one day the last counts.

    `until`: exclusive, FAR without an end. `is_price`, `is_renewal`, `ends`: of which kind it is.
    """

    entity: Ints
    contract: Ints
    product: Ints
    begin: Ints
    until: Ints
    mrr: Ints
    currency: Ints
    id: Ints
    is_trial: Bools
    is_price: Bools
    is_renewal: Bools
    ends: Bools


@dataclass(frozen=True, slots=True, eq=False)
class Spans(Columns):
    """What a line pays for: the days [begin, end).

    `rise`: how much of it a line of kind price added on `begin`. `id`: the line that began it,
    `ended_by`: the one that ended it, itself where it ran out.
    """

    entity: Ints
    contract: Ints
    product: Ints
    begin: Ints
    end: Ints
    mrr: Ints
    currency: Ints
    rise: Ints
    id: Ints
    ended_by: Ints


def key(group: Ints, day: Ints) -> Ints:
    """One number that sorts by group, then day."""
    return (group << DAY_BITS) | day


def among(ascending: Ints, wanted: Ints) -> Bools:
    """Which of the wanted numbers are there."""
    if not len(ascending):
        return np.zeros(len(wanted), dtype=bool)
    place = np.minimum(np.searchsorted(ascending, wanted), len(ascending) - 1)
    result: Bools = ascending[place] == wanted
    return result


def first_of_each(sorted_by: Ints) -> Bools:
    """Which rows are the first of equal ones."""
    is_first = np.ones(len(sorted_by), dtype=bool)
    is_first[1:] = sorted_by[1:] != sorted_by[:-1]
    return is_first


def last_of_each(sorted_by: Ints) -> Bools:
    """Which rows are the last of equal ones."""
    is_last = np.ones(len(sorted_by), dtype=bool)
    is_last[:-1] = sorted_by[1:] != sorted_by[:-1]
    return is_last


def spans_of(lines: Lines) -> Spans:
    """What the lines pay for: each up to its end, or to its contract's next line if that is sooner.

    Trials pay nothing; lines that another of the same day replaces cover no day.
    """
    if not len(lines):
        return Spans(*(lines.begin for _ in fields(Spans)))
    goes_on = np.append(lines.contract[1:] == lines.contract[:-1], False)
    next_begin = np.where(goes_on, np.append(lines.begin[1:], FAR), FAR)
    end = np.minimum(lines.until, next_begin)
    cut_off = goes_on & (next_begin <= lines.until)
    ended_by = np.where(cut_off, np.append(lines.id[1:], 0), lines.id)
    spans = Spans(
        entity=lines.entity,
        contract=lines.contract,
        product=lines.product,
        begin=lines.begin,
        end=end,
        mrr=lines.mrr,
        currency=lines.currency,
        rise=_rises(lines, np.insert(goes_on[:-1], 0, False)),
        id=lines.id,
        ended_by=ended_by,
    )
    return spans.where(~lines.is_trial & ~lines.ends & (end > lines.begin))


def _rises(lines: Lines, follows: Bools) -> Ints:
    """By how much each line of kind price raised what the line before it still paid."""
    before = np.insert(np.where(lines.is_trial, 0, lines.mrr)[:-1], 0, 0)
    still_paid = follows & (np.insert(lines.until[:-1], 0, 0) >= lines.begin)
    raised = np.maximum(lines.mrr - before, 0)
    return np.where(lines.is_price & still_paid, raised, 0)


def standing(
    group: Ints, begin: Ints, end: Ints, amount: Ints, groups: int, days: Sequence[int]
) -> Ints:
    """The sum of `amount` of what covers each day, by group: an array [group, day].

    `days` ascend. Costs a cell for every group and day.
    """
    at = np.asarray(days, dtype=np.int64)
    width = len(at) + 1
    cells = np.zeros(groups * width, dtype=np.int64)
    row = group * width
    np.add.at(cells, row + np.searchsorted(at, begin, "left"), amount)
    np.add.at(cells, row + np.searchsorted(at, end, "left"), -amount)
    return np.cumsum(cells.reshape(groups, width), axis=1)[:, :-1]
