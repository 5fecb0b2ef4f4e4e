"""Customers who buy without a contract: what is expected of them, as it was worked out last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.utils import timezone
from pydantic import TypeAdapter

from banso.insight.metrics.boards.kept import is_true
from banso.insight.metrics.models import KeptBoard

ASKED = "buyers"
KEPT = 1000  # of each currency, those of the greatest value; files hold all


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


@dataclass(frozen=True, slots=True)
class Shown:
    """`worths`: one a currency, None before they were worked out for the first time."""

    worths: tuple[Worth, ...] | None
    made_at: datetime
    is_current: bool


def shown() -> Shown:
    """As it was worked out last, and whether that is still true. At most 2 queries."""
    kept = KeptBoard.objects.filter(asked=ASKED).first()
    if kept is None:
        return Shown(None, timezone.now(), False)
    return Shown(_adapter().validate_python(kept.board), kept.made_at, is_true(kept))


def as_json(worths: Sequence[Worth]) -> Any:
    """As a JSON row keeps it."""
    return _adapter().dump_python(tuple(worths), mode="json")


@cache
def _adapter() -> TypeAdapter[tuple[Worth, ...]]:
    return TypeAdapter(tuple[Worth, ...])
