"""What a customer is worth while they stay, and when they have paid for winning them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from banso.lib.survival import Survival

CAP = 60  # months: further no contract book can see
FEW = 30


@dataclass(frozen=True, slots=True)
class LifetimeValue:
    """`amount` in the unit of the ARPA it was made of, over so many `months` of staying.

    `notes`: capped = it is at least so much (shown with ≥); low_n = too few to rely on;
    revenue_only = the margin is unknown, so it is revenue. `error`: its standard error.
    """

    amount: Decimal
    months: Decimal
    error: Decimal | None = None
    notes: tuple[str, ...] = ()

    @property
    def is_at_least(self) -> bool:
        return "capped" in self.notes


def formula_value(
    *, arpa: Decimal, churn: Decimal, n: int, margin: Decimal | None = None
) -> LifetimeValue:
    """ARPA x margin ÷ revenue churn, all of a month; `n` customers the churn was counted of.

    It supposes that churn stays as it is. Without churn, or of fewer than FEW, no more than CAP
    months are counted, and it says so. Raises ValueError unless churn is a share of 1. Source:
    D. Skok, SaaS Metrics 2.0 (2010); the cap is ours.
    """
    if not 0 <= churn <= 1:
        raise ValueError("churn is a share")
    few = n < FEW
    stay = 1 / churn if churn else Decimal(CAP)
    notes: list[str] = [*_few(n), *(["capped"] if few or not churn else [])]
    return _worth(arpa, margin, min(stay, Decimal(CAP)) if few else stay, None, notes)


def survival_value(
    *, arpa: Decimal, survival: "Survival", margin: Decimal | None = None
) -> LifetimeValue:
    """The area under the survival curve up to CAP months x ARPA x margin. Stays are in months.

    Nothing is supposed of what nobody has seen: where the longest stay is shorter than CAP, the area
    ends there, and it is at least so much.
    """
    notes: list[str] = [*_few(survival.n), *(["capped"] if survival.outlasts(CAP) else [])]
    months, error = (Decimal(repr(one)) for one in (survival.area(CAP), survival.area_error(CAP)))
    return _worth(arpa, margin, months, error, notes)


def payback_months(*, cac: Decimal, arpa: Decimal, margin: Decimal | None = None) -> Decimal | None:
    """CAC ÷ (ARPA x margin): months until winning a customer is paid. None: it never is."""
    monthly = _monthly(arpa, margin)
    return cac / monthly if monthly > 0 else None


def _few(n: int) -> list[str]:
    return ["low_n"] if n < FEW else []


def _worth(
    arpa: Decimal, margin: Decimal | None, months: Decimal, error: Decimal | None, notes: list[str]
) -> LifetimeValue:
    monthly = _monthly(arpa, margin)
    if margin is None:
        notes.append("revenue_only")
    spread = None if error is None else abs(monthly) * error
    return LifetimeValue(monthly * months, months, spread, tuple(notes))


def _monthly(arpa: Decimal, margin: Decimal | None) -> Decimal:
    return arpa if margin is None else arpa * margin
