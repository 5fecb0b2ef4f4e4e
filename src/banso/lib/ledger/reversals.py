"""Growth that was taken back soon after: it was none."""

import numpy as np

from banso.lib.ledger.columns import Bools, Ints
from banso.lib.ledger.movements import Kind, Movements


def taken_back(moved: Movements, days: int, today: int) -> Ints:
    """How much of each growth the same product of the customer lost within so many days after.

    A loss takes back the growth right before it first, and no more than it lost; an end that is
    still to come takes nothing back, for it may be renewed. 0 for all other movements. Costs a sort; only who grew and lost within the days is looked at one by one.
    """
    taken = np.zeros(len(moved), dtype=np.int64)
    grew = np.isin(moved.kind, (Kind.UPSELL, Kind.CROSS_SELL))
    lost = np.isin(moved.kind, (Kind.CONTRACTION, Kind.CHURN)) & (moved.day <= today)
    rows = np.flatnonzero(grew | lost)
    products, currencies = (int(one.max(initial=0)) + 1 for one in (moved.product, moved.currency))
    group = (moved.entity * products + moved.product) * currencies + moved.currency
    rows = rows[np.lexsort((moved.day[rows], group[rows]))]
    soon = _soon_after(group[rows], moved.day[rows], grew[rows], days)
    rows = rows[np.isin(group[rows], group[rows][soon & lost[rows]])]
    edges = np.flatnonzero(np.diff(group[rows])) + 1
    for one in np.split(rows, edges) if len(rows) else []:
        _take_back(one.tolist(), moved, days, taken)
    return taken


def _soon_after(group: Ints, day: Ints, grew: Bools, days: int) -> Bools:
    """Whether growth of the same group stands at most so many days before."""
    place = np.where(grew, np.arange(len(group)), -1)
    latest = np.maximum.accumulate(place) if len(place) else place
    there = latest >= 0
    result: Bools = there & (group[latest] == group) & (day - day[latest] <= days)
    return result


def _take_back(rows: list[int], moved: Movements, days: int, taken: Ints) -> None:
    """Rows of one product of a customer, by day; of a day growth first."""
    standing: list[list[int]] = []  # row, what is left of it
    rows.sort(key=lambda row: (moved.day[row], moved.amount[row] < 0))
    for row in rows:
        amount, day = int(moved.amount[row]), int(moved.day[row])
        if amount > 0:
            standing.append([row, amount])
            continue
        left = -amount
        while left and standing and day - moved.day[standing[-1][0]] <= days:
            took = min(left, standing[-1][1])
            taken[standing[-1][0]] += took
            standing[-1][1] -= took
            left -= took
            if not standing[-1][1]:
                standing.pop()
