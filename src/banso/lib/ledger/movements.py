"""What moved, by customer, product and day; the sum of all is the change of MRR, always."""

from dataclasses import dataclass, fields, replace
from enum import IntEnum

import numpy as np

from banso.lib.ledger.columns import (
    DAY_BITS,
    FAR,
    Bools,
    Columns,
    Ints,
    Spans,
    among,
    first_of_each,
    key,
)
from banso.lib.ledger.spells import Runs, gaps_to_next, runs_of


class Kind(IntEnum):
    """Why MRR moved. docs/decisions/0033 defines each."""

    NEW = 0
    UPSELL = 1
    CROSS_SELL = 2
    PRICE = 3
    REACTIVATION = 4
    CONTRACTION = 5
    CHURN = 6
    GAP = 7
    MIGRATION = 8
    TRANSFER = 9


@dataclass(frozen=True, slots=True, eq=False)
class Movements(Columns):
    """Signed amounts, by customer, product and day. `line`: the ledger's line that caused it."""

    entity: Ints
    product: Ints
    currency: Ints
    day: Ints
    kind: Ints
    amount: Ints
    line: Ints


@dataclass(frozen=True, slots=True, eq=False)
class _Steps(Columns):
    """What MRR of a product does on a day, all its contracts together. By `at`: group, day."""

    at: Ints
    amount: Ints
    cover: Ints
    rise: Ints
    line: Ints


def movements_of(spans: Spans, *, runs: Runs, spells: Runs, grace: int) -> Movements:
    """Every movement of the ledger. `runs`, `spells`: of its customers. Costs two sorts of its lines.

    Of a customer's products the currency is part: nothing nets across currencies.
    """
    if not len(spans):
        return Movements(*(spans.begin for _ in fields(Movements)))
    products = int(spans.product.max()) + 1
    currencies = int(spans.currency.max()) + 1
    group = (spans.entity * products + spans.product) * currencies + spans.currency
    raw = _steps(group, spans)
    ghosts = _ghosts(
        raw, runs_of(group, spans.begin, spans.end), runs, products * currencies, grace
    )
    steps = _together(raw, ghosts)
    kinds = _classified(steps, spells, products, currencies)
    gaps = _part(ghosts, np.full(len(ghosts), Kind.GAP), -ghosts.amount)
    return _told([*kinds, gaps], products, currencies)


@dataclass(frozen=True, slots=True, eq=False)
class _Part(Columns):
    at: Ints
    kind: Ints
    amount: Ints
    line: Ints


def _steps(group: Ints, spans: Spans) -> _Steps:
    """Where a span goes on from the one before it, both are one step."""
    goes_on = np.zeros(len(spans), dtype=bool)
    goes_on[1:] = (spans.contract[1:] == spans.contract[:-1]) & (spans.begin[1:] == spans.end[:-1])
    before = np.where(goes_on, np.roll(spans.mrr, 1), 0)
    gone = (spans.end < FAR) & ~np.roll(goes_on, -1)
    ones = np.ones(gone.sum(), dtype=np.int64)
    return _summed(
        _Steps(
            at=np.concatenate([key(group, spans.begin), key(group[gone], spans.end[gone])]),
            amount=np.concatenate([spans.mrr - before, -spans.mrr[gone]]),
            cover=np.concatenate([1 - goes_on.astype(np.int64), -ones]),
            rise=np.concatenate([spans.rise, 0 * ones]),
            line=np.concatenate([spans.id, spans.ended_by[gone]]),
        )
    )


def _summed(steps: _Steps) -> _Steps:
    """One step for each group and day, in their order."""
    if not len(steps):
        return steps
    steps = steps.where(np.argsort(steps.at, kind="stable"))
    first = np.flatnonzero(first_of_each(steps.at))
    return _Steps(
        at=steps.at[first],
        amount=np.add.reduceat(steps.amount, first),
        cover=np.add.reduceat(steps.cover, first),
        rise=np.add.reduceat(steps.rise, first),
        line=np.maximum.reduceat(steps.line, first),
    )


def _together(steps: _Steps, ghosts: _Steps) -> _Steps:
    """Both summed. A ghost's line is told only where no line of the ledger is of that day."""
    both = (steps, replace(ghosts, line=-ghosts.line))
    summed = _summed(
        _Steps(
            at=np.concatenate([one.at for one in both]),
            amount=np.concatenate([one.amount for one in both]),
            cover=np.concatenate([one.cover for one in both]),
            rise=np.concatenate([one.rise for one in both]),
            line=np.concatenate([one.line for one in both]),
        )
    )
    return replace(summed, line=np.abs(summed.line))


def _levels(steps: _Steps, amounts: Ints) -> Ints:
    """The running sum of `amounts` within each group, after each step."""
    total = np.cumsum(amounts)
    group = steps.at >> DAY_BITS
    first = np.flatnonzero(first_of_each(group))
    base = total[first] - amounts[first]
    sizes = np.diff(np.append(first, len(group)))
    result: Ints = total - np.repeat(base, sizes)
    return result


def _ghosts(steps: _Steps, runs: Runs, entities: Runs, per_entity: int, grace: int) -> _Steps:
    """What would have gone on being paid through gaps that are bridged: steps +X and −X.

    A product's own gap, or else the customer's, in which all that stood before it goes on.
    """
    until = np.where(gaps_to_next(runs) <= grace, np.append(runs.begin[1:], FAR), FAR)
    away = gaps_to_next(entities) <= grace
    gone_at = key(entities.group[away], entities.end[away])
    back_on = np.append(entities.begin[1:], FAR)[away]
    at = key(runs.group // per_entity, runs.end)
    place = np.minimum(np.searchsorted(gone_at, at), max(len(gone_at) - 1, 0))
    if len(gone_at):
        returns = np.where(gone_at[place] == at, back_on[place], FAR)
        until = np.where(until < FAR, until, returns)
    lasting = (until < FAR) & (runs.end < FAR)
    start, stop = key(runs.group, runs.end)[lasting], key(runs.group, until)[lasting]
    where = np.searchsorted(steps.at, start)
    worth = -steps.amount[where]
    line = steps.line[where]
    ones, zeros = np.ones(len(start), dtype=np.int64), np.zeros(2 * len(start), dtype=np.int64)
    return _Steps(
        at=np.concatenate([start, stop]),
        amount=np.concatenate([worth, -worth]),
        cover=np.concatenate([ones, -ones]),
        rise=zeros,
        line=np.concatenate([line, line]),
    )


def _classified(steps: _Steps, spells: Runs, products: int, currencies: int) -> list[_Part]:
    group, day = steps.at >> DAY_BITS, steps.at & FAR
    entity = group // (products * currencies)
    on = key(entity, day)
    gone = among(key(spells.group, spells.end), on)
    came = among(key(spells.group, spells.begin), on)
    first_of_entity = day == _first_paid(entity, day, steps.amount)
    first_of_product = day == _first_paid(group, day, steps.amount)
    kind = np.where(steps.amount > 0, Kind.UPSELL, Kind.CONTRACTION)
    kind = np.where(first_of_product & (steps.amount > 0), Kind.CROSS_SELL, kind)
    within = ~(gone | came | first_of_entity)
    kind = np.where(came, Kind.REACTIVATION, kind)
    kind = np.where(first_of_entity, Kind.NEW, kind)
    kind = np.where(gone, Kind.CHURN, kind)
    swapped = _swapped(steps, key(entity * currencies + group % currencies, day), within)
    rest = steps.amount - swapped
    kind = np.where((swapped > 0) & (rest > 0), Kind.UPSELL, kind)
    price = np.where(within & (kind == Kind.UPSELL), np.minimum(steps.rise, rest), 0)
    return [
        _part(steps, np.full(len(steps), Kind.MIGRATION), swapped),
        _part(steps, np.full(len(steps), Kind.PRICE), price),
        _part(steps, kind, rest - price),
    ]


def _part(steps: _Steps, kind: Ints, amount: Ints) -> _Part:
    return _Part(steps.at, kind, amount, steps.line).where(amount != 0)


def _first_paid(group: Ints, day: Ints, amount: Ints) -> Ints:
    """For each step the first day on which something came in to its group; FAR for none."""
    edges = np.flatnonzero(first_of_each(group))
    first = np.minimum.reduceat(np.where(amount > 0, day, FAR), edges)
    result: Ints = np.repeat(first, np.diff(np.append(edges, len(group))))
    return result


def _swapped(steps: _Steps, on: Ints, within: Bools) -> Ints:
    """Signed: what a customer dropped on a day and took up again as another product on that day.

    `on`: customer, currency and day of each step.
    """
    covered = _levels(steps, steps.cover)
    dropped = within & (covered == 0) & (steps.amount < 0)
    taken = within & (covered == steps.cover) & (steps.cover > 0) & (steps.amount > 0)
    swapped = np.zeros(len(steps), dtype=np.int64)
    both = np.intersect1d(on[dropped], on[taken])
    there = np.flatnonzero(dropped | taken)
    there = there[np.isin(on[there], both)]
    there = there[np.argsort(on[there], kind="stable")]
    edges = np.flatnonzero(np.diff(on[there])) + 1
    for rows in np.split(there, edges) if len(there) else []:
        out, into = rows[dropped[rows]], rows[taken[rows]]
        moved = min(int(-steps.amount[out].sum()), int(steps.amount[into].sum()))
        swapped[out] = -_filled(-steps.amount[out], moved)
        swapped[into] = _filled(steps.amount[into], moved)
    return swapped


def _filled(amounts: Ints, total: int) -> Ints:
    """`total` poured into the amounts, the first to the brim before the next."""
    upto = np.minimum(np.cumsum(amounts), total)
    return np.diff(upto, prepend=0)


def _told(parts: list[_Part], products: int, currencies: int) -> Movements:
    at = np.concatenate([one.at for one in parts])
    group = at >> DAY_BITS
    told = Movements(
        entity=group // (products * currencies),
        product=group // currencies % products,
        currency=group % currencies,
        day=at & FAR,
        kind=np.concatenate([one.kind for one in parts]).astype(np.int64),
        amount=np.concatenate([one.amount for one in parts]),
        line=np.concatenate([one.line for one in parts]),
    )
    by_group = np.argsort(at, kind="stable")
    return told.where(by_group[np.argsort(told.day[by_group], kind="stable")])
