"""When somebody was a customer: runs of covered days, and spells that bridge short gaps."""

from dataclasses import dataclass

import numpy as np

from banso.lib.ledger.columns import FAR, Columns, Ints, key


@dataclass(frozen=True, slots=True, eq=False)
class Runs(Columns):
    """Days [begin, end) covered without a break, by group, then day. `end` FAR: without an end."""

    group: Ints
    begin: Ints
    end: Ints


def runs_of(group: Ints, begin: Ints, end: Ints) -> Runs:
    """The unions of overlapping or touching spans of each group."""
    order = np.argsort(key(group, begin), kind="stable")
    starts, ends = key(group, begin)[order], key(group, end)[order]
    reached = np.maximum.accumulate(ends) if len(ends) else ends
    opens = np.ones(len(starts), dtype=bool)
    opens[1:] = starts[1:] > reached[:-1]
    closes = np.roll(opens, -1)
    return Runs(group[order][opens], begin[order][opens], reached[closes] & FAR)


def gaps_to_next(runs: Runs) -> Ints:
    """Days from each run's end to the group's next run; FAR after the last."""
    gaps = np.full(len(runs), FAR, dtype=np.int64)
    follows = runs.group[1:] == runs.group[:-1]
    gaps[:-1] = np.where(follows, runs.begin[1:] - runs.end[:-1], FAR)
    return gaps


def bridged(runs: Runs, grace: int) -> Runs:
    """The same with gaps of `grace` days or fewer closed: whoever is back so soon never left."""
    goes_on = gaps_to_next(runs) <= grace
    opens = np.ones(len(runs), dtype=bool)
    opens[1:] = ~goes_on[:-1]
    return Runs(runs.group[opens], runs.begin[opens], runs.end[~goes_on])
