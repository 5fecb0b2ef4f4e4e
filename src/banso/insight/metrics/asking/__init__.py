"""What is asked of the ledger, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from banso.lib.periods import Period

CountedBy = Literal["user", "signer", "group"]  # 利用企業, 契約先, グループ
Standing = Literal["then", "today"]
NO_RATE = "no_rate"  # a note: no value for want of the rate of a currency on a day, which follow it


@dataclass(frozen=True, slots=True)
class Asked:
    """A figure for several periods. `by`: a cut's id, "" for the whole.

    `known_at`: as the ledger was known at that moment (aware), None: as it is known now.
    `attributes`: owner, tier, segment and stage as they were on the day that counts, or as they are
    today. `unit`: whom a customer is counted as.
    """

    kpi: str
    periods: tuple[Period, ...]
    by: str = ""
    known_at: datetime | None = None
    unit: CountedBy = "user"
    attributes: Standing = "then"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number: numerator ÷ denominator where it is a ratio, else the numerator itself.

    Money is in major units of `currency`; a ratio's value is a fraction of 1. None: there is
    nothing to divide by, or nothing is known, never 0. `n`: how many customers (or contracts) it is
    about. `cut`: the code and `cut_label` the words of its part, "" for the whole. `parts`: what
    the numerator is made of by name, where that is more than one thing. `notes`: codes of what a
    reader must know (low_n, capped, running, shared_currency, ...).
    """

    kpi: str
    period: Period
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    n: int
    currency: str = ""
    cut: str = ""
    cut_label: str = ""
    parts: Mapping[str, Decimal] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def lacks_rate(self) -> bool:
        """Whether it has no value for want of an exchange rate."""
        return any(code.startswith(NO_RATE) for code in self.notes)

    @property
    def is_bound(self) -> bool:
        """Whether all that is known is that it is at least so much."""
        return "capped" in self.notes

    def since(self, before: "Figure | None") -> Decimal | None:
        """By how much the value is another; None where one is not known, or of another currency,
        where this one's period still runs, or where one of them is a bound.
        """
        if before is None or before.currency != self.currency:
            return None
        if "running" in self.notes or self.is_bound or before.is_bound:
            return None
        if before.value is None or self.value is None:
            return None
        return self.value - before.value


@dataclass(frozen=True, slots=True)
class Counted:
    """One row of an opened figure: a customer and what it adds.

    The numerators of all rows add up to the figure's, and so do denominators. `lines`: the ids of
    the lines of the ledger behind it; `kind`: which part of the figure it adds to.
    """

    entity: str  # the id of the customer counted (of the signer, or of the group's head)
    name: str
    numerator: Decimal
    denominator: Decimal
    kind: str = ""
    on: date | None = None
    lines: tuple[int, ...] = ()
