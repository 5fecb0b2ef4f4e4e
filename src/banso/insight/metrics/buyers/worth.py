"""Customers who buy without a contract, and what is expected of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Buyer:
    """One customer who buys without a contract, and what is expected of them in the months ahead.

    Money in major units. `again`: days on which they bought after the first; `alive`: the chance
    that they still buy; `purchases`: how many are expected; `spend`: what one of them is worth.
    """

    customer_id: UUID
    again: int
    last_on: date
    alive: float
    purchases: float
    spend: Decimal
    value: Decimal


@dataclass(frozen=True, slots=True)
class Worth:
    """What buyers in one currency will still bring, the greatest value first.

    `value`: the sum of theirs ÷ `n`. None, without buyers, where the models tell nothing, which is
    noted: low_n = too few came again, no_fit = what they paid has no mean, or the models no answer.
    """

    currency: str
    until: date
    n: int
    n_again: int
    value: Decimal | None = None
    buyers: Sequence[Buyer] = ()
    notes: tuple[str, ...] = ()


def in_currency(worths: Sequence[Worth], currency: str) -> Worth | None:
    """What they are worth in that currency, else in the first one; None where nobody buys."""
    asked = (one for one in worths if one.currency == currency)
    return next(asked, worths[0] if worths else None)
