"""What figures are in files: cells that workbooks show as a percentage or as money, and names."""

import re
from decimal import Decimal

from banso.core.lists.declarations import Cell, Money, Percentage
from banso.insight.metrics.asking.questions import code_of
from banso.insight.metrics.asking.registry import Unit
from banso.lib.periods import Period


def in_unit(value: Decimal | None, unit: Unit, currency: str) -> Cell:
    """With all its digits, as its unit is shown."""
    if value is None:
        return None
    if unit == "share":
        return Percentage(value)
    return Money(value, currency) if unit == "money" and currency else value


def file_named(kpi: str, *more: str, period: Period | None = None) -> str:
    """mrr_2026-11, nrr_by_tier_2025-12_2026-11: letters that every system takes in a name."""
    code = code_of(period) if period else ""
    return re.sub(r"[^A-Za-z0-9_-]+", "_", "_".join(filter(None, [kpi, *more, code])))
