"""Rows of `banso customers`."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from math import floor
from typing import Any

from rich.console import Console
from rich.table import Table

from banso.insight.health.queries import WatchRow, watchlist
from banso.insight.health.wording import reason_text
from banso.lib.money import format_money, to_major, to_minor
from banso.lib.spoken import language
from banso.lib.spoken import say as _


def rows(on: date, *, limit: int | None) -> list[dict[str, Any]]:
    """What Today shows for the whole team as of `on`, in its order; MRR in major units."""
    return [_row(row) for row in watchlist(on, limit=limit, renewals=True)]


def show(found: list[dict[str, Any]]) -> None:
    """The same rows as a table."""
    table = Table(_("Customer"), "MRR", _("Score"), _("Deadline"), _("Why"))
    for column in (table.columns[0], table.columns[-1]):
        column.overflow = "fold"
    for row in found:
        score = "—" if row["score"] is None else str(floor(row["score"]))
        table.add_row(row["name"], _money(row), score, row["deadline"] or "—", row["reason"])
    Console().print(table)


def _row(row: WatchRow) -> dict[str, Any]:
    minor = None if row.mrr is None else int(row.mrr.quantize(Decimal(1), ROUND_HALF_UP))
    return {
        "external_id": row.external_id,
        "name": row.name,
        "mrr": None if minor is None else float(to_major(minor, row.currency)),
        "currency": row.currency,
        "renewal_date": row.renewal_on.isoformat() if row.renewal_on else None,
        "deadline": row.deadline_on.isoformat() if row.deadline_on else None,
        "score": None if row.score is None else float(row.score),
        "band": row.band,
        "coverage": float(row.coverage),
        "measures_known": row.measures_known,
        "measures_all": row.measures_all,
        "reason": reason_text(row.reason),
    }


def _money(row: dict[str, Any]) -> str:
    if row["mrr"] is None:
        return "—"
    return format_money(to_minor(str(row["mrr"]), row["currency"]), row["currency"], language())
