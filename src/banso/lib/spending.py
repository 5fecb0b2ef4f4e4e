"""Gamma-Gamma: what a purchase of each buyer is worth, drawn to the mean where few are known.

Source: P. Fader & B. Hardie, The Gamma-Gamma Model of Monetary Value (2013), brucehardie.com/notes/025.
"""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from banso.lib.buying import Buying, NoFit
from banso.lib.purchase_histories import Histories

Floats = NDArray[np.float64]
FAR = 14.0
WEEKS_A_MONTH = 365.25 / 12 / 7


@dataclass(frozen=True, slots=True)
class Spending:
    """The parameters; v in the unit of the amounts."""

    p: float
    q: float
    v: float

    @property
    def mean(self) -> float:
        """What a purchase of somebody unknown is worth; infinite unless q > 1."""
        return self.p * self.v / (self.q - 1) if self.q > 1 else float("inf")

    def expected(self, of: Histories[Any]) -> Floats:
        """What a purchase of each of them is worth in the long run: formula (5)."""
        seen = _paying(of)
        weight = self.p * of.again + self.q - 1
        own = self.p * (self.v + of.again * of.spent) / np.where(seen, weight, 1.0)
        return cast("Floats", np.where(seen & (weight > 0), own, self.mean))

    def log_likelihood(self, of: Histories[Any]) -> float:
        """Formula (1a), summed over who paid for something again."""
        seen = _paying(of)
        logs = np.log([self.p, self.q, self.v])
        return _likelihood(logs, of.again[seen], of.spent[seen])[0]


def fit_spending(of: Histories[Any]) -> Spending:
    """The parameters that make these amounts likeliest. NoFit where nobody paid again."""
    from scipy.optimize import minimize  # noqa: PLC0415 - 110 MB, for who asks for models only

    seen = _paying(of)
    x, z = of.again[seen], of.spent[seen]
    if not x.size:
        raise NoFit("nobody paid again")
    unit = float(z.mean())  # so that yen and dollars are alike

    def worse(logs: Floats) -> tuple[float, Floats]:
        value, slope = _likelihood(logs, x, z / unit)
        return -value / x.size, -slope / x.size

    found = minimize(
        worse, np.zeros(3), jac=True, method="L-BFGS-B", bounds=[(-FAR, FAR)] * 3,
        options={"maxiter": 1000, "ftol": 1e-13, "gtol": 1e-8},
    )  # fmt: skip
    if not np.isfinite(found.fun):
        raise NoFit(str(found.message))
    p, q, v = (float(one) for one in np.exp(found.x))
    return Spending(p, q, v * unit)


def customer_values(
    buying: Buying,
    spending: Spending,
    of: Histories[Any],
    *,
    months: int,
    monthly_discount: float = 0.0,
    margin: float = 1.0,
) -> Floats:
    """What each of them will still bring in so many months, each month's at its end discounted.

    Purchases expected x what one is worth x margin, which the two models hold to be independent.
    Source: Fader, Hardie & Lee, RFM and CLV: Using Iso-Value Curves, JMR 42 (2005), 415-430.
    """
    each = spending.expected(of) * margin
    if not monthly_discount:
        return buying.expected(of, months * WEEKS_A_MONTH) * each
    worth, before = np.zeros(len(of)), np.zeros(len(of))
    for month in range(1, months + 1):
        by_then = buying.expected(of, month * WEEKS_A_MONTH)
        worth += (by_then - before) / (1 + monthly_discount) ** month
        before = by_then
    return worth * each


def _paying(of: Histories[Any]) -> NDArray[np.bool_]:
    """Who came again and paid for it: the model knows no purchase of nothing."""
    return (of.again > 0) & (of.spent > 0)


def _likelihood(logs: Floats, x: Floats, z: Floats) -> tuple[float, Floats]:
    """The log-likelihood, and its slope along the logarithms of p, q and v."""
    from scipy.special import digamma, gammaln  # noqa: PLC0415 - as above

    p, q, v = np.exp(logs)
    px, all_of = p * x, np.log(v + x * z)
    value = (
        gammaln(px + q) - gammaln(px) - gammaln(q) + q * np.log(v)
        + (px - 1) * np.log(z) + px * np.log(x) - (px + q) * all_of
    )  # fmt: skip
    both = digamma(px + q)
    slope = np.array([
        (x * (both - digamma(px) + np.log(x * z) - all_of)).sum(),
        (both - digamma(q) + np.log(v) - all_of).sum(),
        (q / v - (px + q) / (v + x * z)).sum(),
    ])  # fmt: skip
    return float(value.sum()), slope * np.array([p, q, v])
