"""Terms that came to their end: which were renewed, which were lost, which nobody knows yet."""

from dataclasses import dataclass, fields
from enum import IntEnum

import numpy as np

from banso.lib.ledger.columns import (
    FAR,
    Bools,
    Columns,
    Ints,
    Lines,
    first_of_each,
    key,
    last_of_each,
)


class Outcome(IntEnum):
    LOST = 0
    RENEWED = 1  # the contract itself went on
    FOLLOWED = 2  # another contract of the same product came after it
    OPEN = 3  # the end is still to come, or its grace still runs


@dataclass(frozen=True, slots=True, eq=False)
class Dues(Columns):
    """By day. `day`: the last day of the term (満了日). `mrr`: what was paid at its end. `line`: what
    renewed or ended it, else what agreed it.
    """

    entity: Ints
    contract: Ints
    product: Ints
    currency: Ints
    day: Ints
    mrr: Ints
    outcome: Ints
    line: Ints


def dues_of(lines: Lines, *, grace: int, today: int) -> Dues:
    """Every term of a paid contract that ends, or ended. Open-ended contracts have none.

    The end that was agreed counts, also where the contract was renewed early or ended before it.
    What was ended on its own first day never was: neither a term, nor a renewal of the one before.
    """
    withdrawn = _withdrawn(lines)
    lines = lines.where(~withdrawn) if withdrawn.any() else lines
    if not len(lines):
        return Dues(*(lines.begin for _ in fields(Dues)))
    goes_on = np.append(lines.contract[1:] == lines.contract[:-1], False)
    decided = goes_on & np.append(lines.is_renewal[1:] | lines.ends[1:], False)
    is_due = ~lines.is_trial & ~lines.ends & (lines.until < FAR) & (decided | ~goes_on)
    next_begin = np.where(goes_on, np.append(lines.begin[1:], FAR), FAR)
    renewed = goes_on & np.append(lines.is_renewal[1:], False) & (next_begin <= lines.until + grace)
    still_open = ~decided & (lines.until + grace >= today)
    outcome = np.select([renewed, still_open], [Outcome.RENEWED, Outcome.OPEN], Outcome.LOST)
    left_on = np.where(decided, np.minimum(next_begin, lines.until), lines.until)
    outcome = np.where(
        _followed(lines, is_due & (outcome != Outcome.RENEWED), left_on, grace),
        Outcome.FOLLOWED,
        outcome,
    )
    dues = Dues(
        entity=lines.entity,
        contract=lines.contract,
        product=lines.product,
        currency=lines.currency,
        day=lines.until - 1,
        mrr=lines.mrr,
        outcome=outcome,
        line=np.where(decided, np.append(lines.id[1:], 0), lines.id),
    )
    dues = dues.where(is_due)
    return dues.where(np.argsort(dues.day, kind="stable"))


def _withdrawn(lines: Lines) -> Bools:
    """Lines on whose day their contract was ended after all."""
    closes = last_of_each(key(lines.contract, lines.begin))
    last_of_day: Ints = np.cumsum(closes) - closes
    result: Bools = ~lines.ends & lines.ends[closes][last_of_day]
    return result


def _followed(lines: Lines, unresolved: Bools, left_on: Ints, grace: int) -> Bools:
    """Whether a contract that begins within the grace after the end took the product on.

    Each begins for one end only: the earliest that it fits.
    """
    first = first_of_each(lines.contract)
    starts = np.flatnonzero(first & ~lines.is_trial & ~lines.ends)
    ends = np.flatnonzero(unresolved)
    followed = np.zeros(len(lines), dtype=bool)
    if not (len(starts) and len(ends)):
        return followed
    line = lines.entity * (int(lines.product.max()) + 1) + lines.product
    begins = np.sort(key(line[starts], lines.begin[starts]))
    earliest = np.searchsorted(begins, key(line[ends], left_on[ends]))
    latest = np.searchsorted(begins, key(line[ends], left_on[ends] + grace), "right")
    fits = np.flatnonzero(earliest < latest)
    taken: set[int] = set()
    for place in fits[np.argsort(left_on[ends[fits]], kind="stable")].tolist():
        for begin in range(int(earliest[place]), int(latest[place])):
            if begin not in taken:
                taken.add(begin)
                followed[ends[place]] = True
                break
    return followed
