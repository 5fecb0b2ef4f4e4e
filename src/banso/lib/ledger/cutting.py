"""Where customers stand in a cut, day by day, and what passes from one part to another."""

from dataclasses import dataclass, fields

import numpy as np

from banso.lib.ledger.book import Book
from banso.lib.ledger.columns import (
    DAY_BITS,
    FAR,
    Columns,
    Floats,
    Ints,
    first_of_each,
    key,
    last_of_each,
)
from banso.lib.ledger.kpis import Rows
from banso.lib.ledger.movements import Kind
from banso.lib.periods import Period


@dataclass(frozen=True, slots=True, eq=False)
class History(Columns):
    """From which day on each customer stands where. By customer, then day; each begins on day 0."""

    entity: Ints
    since: Ints
    code: Ints

    def on(self, entity: Ints, day: Ints) -> Ints:
        """The code of each customer on its day."""
        place = np.searchsorted(key(self.entity, self.since), key(entity, day), "right") - 1
        result: Ints = self.code[place]
        return result


def history_of(entities: int, first: Ints, changes: History) -> History:
    """Who stood where: `first` by customer until their first change, the last of a day counting."""
    everybody = np.arange(entities, dtype=np.int64)
    zeros = np.zeros(entities, dtype=np.int64)
    both = History(
        entity=np.concatenate([everybody, changes.entity]),
        since=np.concatenate([zeros, changes.since]),
        code=np.concatenate([first, changes.code]),
    )
    both = both.where(np.argsort(key(both.entity, both.since), kind="stable"))
    both = both.where(last_of_each(key(both.entity, both.since)))
    return both.where(first_of_each(both.entity) | first_of_each(both.code))


def transfers(book: Book, history: History, period: Period) -> tuple[Rows, Ints]:
    """What passed from part to part in the period because customers did; and the codes of rows.

    A movement of the same day counts where the customer stands from that day on.
    """
    start, end = period.start.toordinal(), period.end.toordinal()
    moved = np.flatnonzero((history.since >= max(start, 1)) & (history.since < end))
    moves = history.where(moved)
    out = history.code[moved - 1]
    row, account = _accounts_of(book, moves.entity)
    moves, out = moves.where(row), out[row]
    amount = _mrr_before(book, account, moves.since)
    kept = amount != 0
    moves, out, account, amount = moves.where(kept), out[kept], account[kept], amount[kept]
    rows = _rows(
        np.concatenate([moves.entity, moves.entity]),
        np.concatenate([book.accounts.currency[account]] * 2),
        np.concatenate([-amount, amount]),
        np.concatenate([moves.since, moves.since]),
    )
    return rows, np.concatenate([out, moves.code])


def _accounts_of(book: Book, entity: Ints) -> tuple[Ints, Ints]:
    """For each of the customers all its accounts: the place in `entity`, and the account."""
    first = np.searchsorted(book.accounts.entity, entity, "left")
    count = np.searchsorted(book.accounts.entity, entity, "right") - first
    place = np.repeat(np.arange(len(entity)), count)
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return place, np.repeat(first, count) + within


def _mrr_before(book: Book, account: Ints, day: Ints) -> Ints:
    """MRR of accounts at the close of the day before each day."""
    at, total = book.steps()
    upto = np.searchsorted(at, key(account, day), "left")
    first = np.searchsorted(at, key(account, np.zeros_like(day)), "left")
    padded = np.insert(total, 0, 0)
    result: Ints = padded[upto] - padded[first]
    return result


def by_line_transfers(
    book: Book, code_of_contract: Ints, moved: Rows, codes: Ints, period: Period
) -> tuple[Rows, Ints]:
    """What movements of several contracts on one day leave in the wrong part, signed.

    `moved` are the movements of the period, `codes` where their lines stand. With these rows every
    part's movements add up to the change of its own MRR.
    """
    start, end = period.start.toordinal(), period.end.toordinal()
    spans = book.spans
    came = spans.where((spans.begin >= start) & (spans.begin < end))
    went = spans.where((spans.end >= start) & (spans.end < end))
    entity = np.concatenate([came.entity, went.entity, moved.entity])
    currency = np.concatenate([came.currency, went.currency, moved.currency])
    day = np.concatenate([came.begin, went.end, moved.day])
    amount = np.concatenate([came.mrr, -went.mrr, -moved.numerator])
    where = np.concatenate(
        [code_of_contract[came.contract], code_of_contract[went.contract], codes]
    )
    order = np.lexsort((where, currency, day, entity))
    sorted_by = [one[order] for one in (entity, currency, day, where)]
    first = np.flatnonzero(np.logical_or.reduce([first_of_each(one) for one in sorted_by]))
    if not len(first):
        return _rows(entity, currency, amount, day), where
    left = np.add.reduceat(amount[order], first)
    entity, currency, day, where = (one[first][left != 0] for one in sorted_by)
    return _rows(entity, currency, left[left != 0], day), where


def largest_part(book: Book, code_of_contract: Ints, day: int, worth: Floats | None = None) -> Ints:
    """By customer: where most of its MRR stood at the close of a day; −1 for who paid nothing.

    Of equal parts the first by code. `worth`: of one in each currency, by its code; None: alike.
    """
    spans = book.spans
    spans = spans.where((spans.begin <= day) & (spans.end > day))
    codes = code_of_contract[spans.contract]
    parts, inverse = np.unique(key(spans.entity, codes + 1), return_inverse=True)
    amounts = spans.mrr if worth is None else spans.mrr * worth[spans.currency]
    sums = np.zeros(len(parts), dtype=amounts.dtype)
    np.add.at(sums, inverse, amounts)
    order = np.lexsort((-parts, sums))  # the largest last, of equals the first code
    largest = np.full(book.entities, -1, dtype=np.int64)
    largest[parts[order] >> DAY_BITS] = (parts[order] & FAR) - 1
    return largest


def _rows(entity: Ints, currency: Ints, amount: Ints, day: Ints) -> Rows:
    zeros = np.zeros(len(entity), dtype=np.int64)
    kind = np.full(len(entity), Kind.TRANSFER, dtype=np.int64)
    return Rows(entity, currency, amount, zeros, kind, day, zeros)


def joined(one: Rows, other: Rows) -> Rows:
    """The rows of both."""
    columns = (
        np.concatenate([getattr(one, column.name), getattr(other, column.name)])
        for column in fields(Rows)
    )
    return Rows(*columns)
