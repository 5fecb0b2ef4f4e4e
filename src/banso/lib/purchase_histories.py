"""Purchases as the models of buying see them: how often again, how lately, how long known, how dear."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Key = TypeVar("Key", bound=Hashable)
DAYS_A_WEEK = 7
LAST_DAY = date.max.toordinal() + 1


@dataclass(frozen=True)
class Histories(Generic[Key]):
    """One place in each array per buyer of `keys`; times in weeks.

    `again`: days with a purchase after the first one (x); `last`: from the first to the last of them
    (t_x), 0 without; `known`: from the first to the day of asking (T); `spent`: the mean of a day
    bought again (z), 0 without. `paid`: all that they paid, the first day's too; no model asks it.
    """

    keys: list[Key]
    again: Floats
    last: Floats
    known: Floats
    spent: Floats
    paid: Floats = field(default_factory=lambda: np.zeros(0))

    def __len__(self) -> int:
        return len(self.keys)


def histories(bought: Iterable[tuple[Key, date, float]], until: date) -> Histories[Key]:
    """Of (buyer, day, amount) up to `until`, in any order. Purchases of one day are one purchase.

    Buyers stand in the order in which they first come. What a first purchase cost is not in
    `spent`: it says little of what comes (Fader, Hardie & Lee, JMR 42 (2005), 415-430).
    """
    place: dict[Key, int] = {}
    rows = [
        (place.setdefault(key, len(place)), day.toordinal(), amount)
        for key, day, amount in bought
        if day <= until
    ]
    codes = np.array([buyer * LAST_DAY + day for buyer, day, _amount in rows], dtype=np.int64)
    days, which = np.unique(codes, return_inverse=True)
    amounts = np.array([amount for _buyer, _day, amount in rows], dtype=float)
    spent = np.bincount(which, weights=amounts, minlength=days.size)
    who, day = np.divmod(days, LAST_DAY)
    first = np.searchsorted(who, np.arange(len(place)))  # days stand by buyer, then by day
    again = np.bincount(who, minlength=len(place)).astype(np.float64) - 1
    began = day[first]
    paid = np.bincount(who, weights=spent, minlength=len(place)).astype(np.float64)
    later = paid - spent[first]
    return Histories(
        keys=list(place),
        again=again,
        last=(day[first + again.astype(int)] - began) / DAYS_A_WEEK,
        known=(until.toordinal() - began) / DAYS_A_WEEK,
        spent=np.divide(later, again, out=np.zeros(len(place)), where=again > 0),
        paid=paid,
    )
