"""BG/NBD: who buys without a contract, how often again, and whether they still do.

While alive a buyer buys at a rate of their own (gamma r, alpha); after each purchase they stop for
good with a chance of their own (beta a, b). Source: P. Fader, B. Hardie & K. L. Lee, "Counting Your
Customers" the Easy Way: An Alternative to the Pareto/NBD Model, Marketing Science 24 (2005), 275-284.
"""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from banso.lib.purchase_histories import Histories

Floats = NDArray[np.float64]
FAR = 14.0  # parameters between e^-14 and e^14: beyond, the likelihood is flat
AT_ONE = 1e-6
ONE_RATE = 10_000  # an r from which on rates differ by less than a hundredth


class NoFit(ValueError):
    """The data do not tell the parameters."""


@dataclass(frozen=True, slots=True)
class Buying:
    """The parameters; alpha in weeks."""

    r: float
    alpha: float
    a: float
    b: float

    def alive(self, of: Histories[Any]) -> Floats:
        """The chance that each of them still buys: 1 for who bought once (nobody stops before)."""
        return 1 / (1 + self._stopped(of))

    def expected(self, of: Histories[Any], weeks: float) -> Floats:
        """How many more purchases each of them is expected to make in so many weeks: formula (10).

        Its 2F1 is taken by Euler's transformation, which stays finite for who buys often; where all
        buy at one rate (a large r), by its confluent limit, 2F1(−r, b; c; z/r) → 1F1(b; c; −z).
        """
        from scipy.special import hyp1f1, hyp2f1  # noqa: PLC0415 - 110 MB, for who asks for models

        a = self.a if abs(self.a - 1) > AT_ONE else 1 + AT_ONE  # a pole that cancels out
        total = a + self.b + of.again - 1
        ahead = weeks / (self.alpha + of.known + weeks)
        first = a + self.b - 1 - self.r
        if self.r < ONE_RATE:
            series = hyp2f1(first, a - 1, total, ahead)
        else:
            series = hyp1f1(a - 1, total, first * ahead)
        grown = total / (a - 1) * (1 - (1 - ahead) ** (a - 1) * series)
        return cast("Floats", grown / (1 + self._stopped(of)))

    def log_likelihood(self, of: Histories[Any]) -> float:
        """Formula (6), summed over all of them, without its factor that has no parameter in it."""
        return _likelihood(np.log([self.r, self.alpha, self.a, self.b]), of)[0]

    def _stopped(self, of: Histories[Any]) -> Floats:
        """The odds that each of them has stopped after the last purchase."""
        slower = np.log((self.alpha + of.known) / (self.alpha + of.last))
        chance = self.a / np.where(of.again > 0, self.b + of.again - 1, 1.0)
        return np.where(of.again > 0, chance * np.exp((self.r + of.again) * slower), 0.0)


def fit_buying(of: Histories[Any]) -> Buying:
    """The parameters that make these histories likeliest. NoFit where nobody bought again."""
    from scipy.optimize import minimize  # noqa: PLC0415 - 110 MB, for who asks for models only

    if not np.any(of.again > 0):
        raise NoFit("nobody bought again")

    def worse(logs: Floats) -> tuple[float, Floats]:
        value, slope = _likelihood(logs, of)
        return -value / len(of), -slope / len(of)

    start = np.log([1.0, max(float(of.known.mean()), 1.0), 1.0, 1.0])
    found = minimize(
        worse, start, jac=True, method="L-BFGS-B", bounds=[(-FAR, FAR)] * 4,
        options={"maxiter": 1000, "ftol": 1e-13, "gtol": 1e-8},
    )  # fmt: skip
    if not np.isfinite(found.fun):
        raise NoFit(str(found.message))
    return Buying(*(float(one) for one in np.exp(found.x)))


def _likelihood(logs: Floats, of: Histories[Any]) -> tuple[float, Floats]:
    """The log-likelihood, and its slope along the logarithms of r, alpha, a and b.

    With two ways to have come here: still alive (A3 of the paper), or stopped after the last (A4).
    """
    from scipy.special import digamma, gammaln  # noqa: PLC0415 - as above

    (r, alpha, a, b), x = np.exp(logs), of.again
    bought = x > 0
    at_last = np.where(bought, b + x - 1, 1.0)
    living = -(r + x) * np.log(alpha + of.known)
    stopped = np.log(a) - np.log(at_last) - (r + x) * np.log(alpha + of.last)
    either = np.where(bought, np.logaddexp(living, stopped), living)
    rate = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    staying = gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
    gone = np.where(bought, np.exp(stopped - either), 0.0)
    here = 1 - gone
    waited = here * np.log(alpha + of.known) + gone * np.log(alpha + of.last)
    slower = here / (alpha + of.known) + gone / (alpha + of.last)
    both = digamma(a + b) - digamma(a + b + x)
    slope = np.array([
        (digamma(r + x) - digamma(r) + np.log(alpha) - waited).sum(),
        (r / alpha - (r + x) * slower).sum(),
        (both + gone / a).sum(),
        (both + digamma(b + x) - digamma(b) - gone / at_last).sum(),
    ])  # fmt: skip
    return float((rate + staying + either).sum()), slope * np.exp(logs)
