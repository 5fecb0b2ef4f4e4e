"""Customers who buy without a contract, and what is expected of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Buyer:
    """One customer who buys without a contract, and what is expected of them in the months ahead.

    Money in major units. `days`: on how many they bought; `paid`: what, in all. What the models
    foretell is None where they tell nothing: `alive`, the chance that they still buy, also of who
    bought on one day (BG/NBD lets nobody leave before they came again); `purchases`: how many are
    expected; `spend`: what one of them is worth.
    """

    customer_id: UUID
    days: int
    last_on: date
    paid: Decimal
    alive: float | None = None
    purchases: float | None = None
    spend: Decimal | None = None
    value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Worth:
    """What buyers in one currency will still bring, the greatest value first; last, also by value,
    those of one day, of whom less is known than of anybody else.

    `value`: the sum of theirs ÷ `n`. None where the models tell nothing, which is noted: low_n = too
    few came again, no_fit = what they paid has no mean, or the models no answer. Then the buyers
    stand by the day on which they bought last, the latest first.
    """

    currency: str
    until: date
    n: int
    n_again: int
    value: Decimal | None = None
    buyers: Sequence[Buyer] = ()
    notes: tuple[str, ...] = ()


def in_currency(worths: Sequence[Worth], currency: str) -> tuple[Worth | None, str]:
    """What they are worth in that currency, else in the first one (None where nobody buys); and the
    currency that was asked for where nobody bought in it, else "".
    """
    code = currency.strip().upper()[:10]
    found = next((one for one in worths if one.currency == code), None)
    if found or not worths:
        return found, ""
    return worths[0], code
