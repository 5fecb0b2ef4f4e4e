"""How long customers stay, where most have not left yet: Kaplan-Meier."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Survival:
    """`share` of them still there right after each of `times` (ascending), at which somebody left.

    `at_risk` were there right before, `left` of them left. `followed` is the longest anybody was
    watched: beyond it nothing is known. `n`: how many were watched at all.
    """

    times: Floats
    at_risk: Floats
    left: Floats
    share: Floats
    followed: float
    n: int

    def at(self, time: float) -> float:
        """The share still there after `time`, 1 before anybody left."""
        known = int(np.searchsorted(self.times, time, side="right"))
        return float(self.share[known - 1]) if known else 1.0

    def error_at(self, time: float) -> float:
        """Standard error of `at`: M. Greenwood, The natural duration of cancer (1926).

        0 once nobody is left.
        """
        known = int(np.searchsorted(self.times, time, side="right"))
        return self.at(time) * float(np.sqrt(self._spread[:known].sum())) if known else 0.0

    def area(self, cap: float) -> float:
        """The mean stay, nobody counted for longer than `cap` nor than anybody was watched.

        At least so long, where somebody is still there then (`outlasts`).
        """
        return self._areas(cap)[1]

    def area_error(self, cap: float) -> float:
        """Standard error of `area`: Klein & Moeschberger, Survival Analysis (2003), (4.5.2)."""
        later, whole = self._areas(cap)
        behind = whole - later
        return float(np.sqrt((behind**2 * self._spread[: behind.size]).sum()))

    def outlasts(self, cap: float) -> bool:
        """Whether some are still there where `area` ends, so that the true mean is greater."""
        return self.n == 0 or self.at(min(cap, self.followed)) > 0

    def thin_from(self, few: int, cap: float) -> float | None:
        """The first time up to `cap` at which somebody left and fewer than `few` were there before:
        from there on the curve rests on too few. None where there is none.
        """
        thin = self.times[(self.at_risk < few) & (self.times <= cap)]
        return float(thin[0]) if thin.size else None

    def _areas(self, cap: float) -> tuple[Floats, float]:
        """The area up to each of the times before `area` ends, and up to there."""
        end = max(0.0, min(cap, self.followed))
        inside = self.times[self.times < end]
        steps = np.concatenate(([0.0], inside, [end]))
        heights = np.concatenate(([1.0], self.share[: inside.size]))
        grown = np.cumsum(np.diff(steps) * heights)
        return grown[:-1], float(grown[-1])

    @cached_property
    def _spread(self) -> Floats:
        """Greenwood's terms; 0 where the last one left: nothing is left to vary."""
        staying = self.at_risk - self.left
        known = staying > 0
        spread = np.zeros_like(staying)
        spread[known] = self.left[known] / (self.at_risk[known] * staying[known])
        return spread


def kaplan_meier(lengths: Sequence[float], ended: Sequence[bool]) -> Survival:
    """Of stays that ended after `lengths`, or that were still going on when last seen (not `ended`).

    Who is last seen on the very day somebody leaves was still there then. Raises ValueError for
    lengths that are negative or no numbers. Source: E. L. Kaplan & P. Meier, Nonparametric
    estimation from incomplete observations, JASA 53 (1958), 457-481.
    """
    stays, over = np.asarray(lengths, dtype=float), np.asarray(ended, dtype=bool)
    if stays.shape != over.shape or not np.all(np.isfinite(stays) & (stays >= 0)):
        raise ValueError("stays are finite and not negative, each with its end or without")
    times, left = np.unique(stays[over], return_counts=True)
    at_risk = stays.size - np.searchsorted(np.sort(stays), times, side="left")
    share = np.cumprod(1 - left / at_risk, dtype=np.float64)
    longest = float(stays.max()) if stays.size else 0.0
    return Survival(times, at_risk.astype(float), left.astype(float), share, longest, stays.size)
