"""The tile of a KPI: a figure, how it moved, whether its target is met, and what to know of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from django.template import Library
from django.utils.translation import gettext

from banso.core.ui.amounts import (
    amount,
    amount_change,
    amount_parts,
    exact,
    percent_change,
    points,
    rounded,
)
from banso.core.ui.marks import spaced
from banso.core.ui.wording import Number, even, number, percent, signed

register = Library()
Some = TypeVar("Some")
Step = tuple[object, Number | None, str]  # what it is called, its value, where it opens
KINDS = ("number", "rate", "money")


@dataclass(frozen=True, slots=True)
class _Reading:
    """How the values of one KPI are worded: of a kind, in a unit or a currency."""

    kind: str
    unit: str
    currency: str
    digits: int

    def parts(self, value: Number) -> tuple[str, str, str]:
        """The figure with what stands small before and after it."""
        if self.kind == "money":
            return amount_parts(value, self.currency)
        if self.kind == "rate":
            return "", even(exact(value) * 100, self.digits), "%"
        return "", number(value, self.digits), spaced(self.unit)

    def said(self, value: Number | None, *, capped: bool = False) -> str:
        words = self._said(value)
        return f"≥ {words}" if capped and value is not None else words

    def _said(self, value: Number | None) -> str:
        if self.kind == "money":
            return amount(value, self.currency)
        if self.kind == "rate":
            return percent(value, self.digits)
        return number(value, self.digits) + ("" if value is None else spaced(self.unit))

    def difference(self, change: Decimal) -> str:
        if self.kind == "money":
            return amount_change(change, self.currency)
        if self.kind == "rate":
            return points(change, self.digits)
        return f"{signed(rounded(change, self.digits), self.digits)}{spaced(self.unit)}"


@register.inclusion_tag("ui/kpi_tile.html")
def kpi_tile(
    label: object,
    value: Number | None,
    kind: str = "number",
    unit: str = "",
    *,
    currency: str = "JPY",
    digits: int | None = None,
    href: str = "",
    period: object = "",
    n: int | None = None,
    counted: object = "",
    before: Number | None = None,
    against: object = "",
    change_in: str = "",
    good: str = "up",
    trend: Sequence[Number | None] = (),
    target: Number | None = None,
    provisional: bool = False,
    capped: bool = False,
    notes: Sequence[object] = (),
    definition: object = "",
    before_href: str = "",
    before_capped: bool = False,
    steps: Sequence[Step] = (),
    bounds: Sequence[bool] = (),
) -> dict[str, object]:
    """A KPI that opens to its rows (`href`). None reads "No data", never 0.

    kind: number (of a `unit`), rate (a fraction of 1), money (major units of `currency`).
    `before`: of the equal period before, which `against` names; its change is in points for a rate,
    else in `change_in`: percent (usual for money) or difference. good: up | down | none. `trend`: up
    to this one, None a gap; `steps`: the same as a table, `bounds`: which are at least so much.
    `counted` says what `n` counts; `capped` writes ≥. That, and what is `provisional`, has no change.
    """
    reading = _reading(kind, unit, currency, digits)
    earlier = _Before(before, against, before_href, before_capped)
    compares = not (provisional or capped or before_capped)
    told = {"label": label, "period": period, "counted": counted, "notes": notes, "href": href}
    return told | {
        "value": None if value is None else reading.parts(value),
        "n": n,
        "moved": (_moved if compares else _beside)(value, earlier, reading, change_in),
        "good": good,
        **_over_time(trend, steps, reading, bounds),
        "target": _target(value, target, reading, good, provisional),
        "provisional": provisional,
        "capped": capped and value is not None,
        "definition": definition,
    }


def _over_time(
    trend: Sequence[Number | None],
    steps: Sequence[Step],
    reading: _Reading,
    bounds: Sequence[bool],
) -> dict[str, object]:
    """As a line and as a table, the latest first; what is not known opens to nothing."""
    told = [
        (name, reading.said(one, capped=capped), "" if one is None else way)
        for (name, one, way), capped in _paired(steps, bounds)
    ]
    return {"course": _course(trend, reading, bounds), "steps": told[::-1]}


def _paired(some: Sequence[Some], bounds: Sequence[bool]) -> list[tuple[Some, bool]]:
    """Each with whether it is at least so much; without a word it is not."""
    return list(zip(some, [*bounds, *[False] * len(some)], strict=False))


def _reading(kind: str, unit: str, currency: str, digits: int | None) -> _Reading:
    if kind not in KINDS:
        raise ValueError(f"unknown kind {kind!r}; one of {', '.join(KINDS)}")
    return _Reading(kind, unit, currency, int(kind == "rate") if digits is None else digits)


@dataclass(frozen=True, slots=True)
class _Before:
    """The value of the period before, what it is called, where it opens, and whether it is a bound."""

    value: Number | None
    against: object
    href: str
    capped: bool


Moved = tuple[Decimal | None, str, object, str] | None


def _moved(value: Number | None, before: _Before, reading: _Reading, change_in: str) -> Moved:
    """The change, its words, what it is measured against and where that opens; None where nothing
    is compared.
    """
    if value is None or (before.value is None and not before.against):
        return None
    change, words = _change(value, before.value, reading, change_in)
    opens = "" if before.value is None else before.href
    return change, words, _against(before.against, before.value, reading), opens


def _beside(value: Number | None, before: _Before, reading: _Reading, _change_in: str) -> Moved:
    """What stood before, where it does not compare."""
    if value is None or before.value is None:
        return None
    told = _against(before.against, before.value, reading, capped=before.capped)
    return None, "—", told, before.href


def _change(
    value: Number, before: Number | None, reading: _Reading, change_in: str
) -> tuple[Decimal | None, str]:
    """The change as far as it is shown, and its words. A share of nothing is told as a difference."""
    if before is None:
        return None, ""
    moved = exact(value) - exact(before)
    in_percent = (change_in or ("percent" if reading.kind == "money" else "")) == "percent"
    if reading.kind != "rate" and in_percent and before > 0:
        share = moved / exact(before)
        return rounded(share * 100, 1), percent_change(share)
    shown = reading.digits if reading.kind == "number" else reading.digits + 2
    return (moved if reading.kind == "money" else rounded(moved, shown)), reading.difference(moved)


def _against(
    against: object, before: Number | None, reading: _Reading, *, capped: bool = False
) -> object:
    if before is None:
        return against
    said = {
        "label": against or gettext("Period before"),
        "words": reading.said(before, capped=capped),
    }
    return gettext("%(label)s: %(words)s") % said


def _course(
    trend: Sequence[Number | None], reading: _Reading, bounds: Sequence[bool]
) -> tuple[object, str] | None:
    """The values that came before with their words; None where there is no course to draw."""
    pairs = [pair for pair in _paired(trend, bounds) if pair[0] is not None]
    known = [reading.said(value, capped=capped) for value, capped in pairs]
    return (trend, f"{known[0]} → {known[-1]}") if len(known) > 1 else None


def _target(
    value: Number | None, target: Number | None, reading: _Reading, good: str, provisional: bool
) -> dict[str, object] | None:
    """What was aimed at, whether it is met, and what is missing. While the period runs: so far."""
    if target is None:
        return None
    said: dict[str, object] = {"words": reading.said(target), "state": "", "missing": ""}
    if value is None or good == "none":
        return said
    is_met = value >= target if good == "up" else value <= target
    missing = "" if is_met else reading.difference(exact(value) - exact(target))
    state = "running" if provisional else "met" if is_met else "missed"
    return said | {"state": state, "verdict": _verdict(is_met, provisional), "missing": missing}


def _verdict(is_met: bool, provisional: bool) -> str:
    if provisional:
        return gettext("met so far") if is_met else gettext("not met so far")
    return gettext("met") if is_met else gettext("not met")
