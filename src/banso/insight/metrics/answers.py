"""Figures for pages and programs. numpy is imported when the first one is asked for."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from banso.insight.metrics import queries
from banso.insight.metrics.asking import Asked, Counted, Figure
from banso.insight.metrics.asking.questions import Question, code_of
from banso.insight.metrics.figure_words import value_told
from banso.lib.periods import Period

if TYPE_CHECKING:
    from banso.insight.metrics.buyers.lifetimes import PurchaseLifetimes
    from banso.insight.metrics.making.movers import Movers
    from banso.insight.metrics.making.notions import Notions
    from banso.insight.metrics.making.posts import Post
    from banso.insight.metrics.making.reading import Reading
    from banso.insight.metrics.making.won import Won
    from banso.insight.metrics.restatements.then_and_now import Restated


def read_for(asked: Asked) -> "Reading":
    """As `making.figures.read_for`: the ledger, for several questions about it."""
    from banso.insight.metrics.making import figures  # noqa: PLC0415  (pages that ask nothing stay small)

    return figures.read_for(asked)


def figures(
    asked: Asked, reading: "Reading | None" = None, *, without_rates: bool = False
) -> list[Figure]:
    """As `making.figures.figures`: one for each period and part. Reads the whole ledger, unless given."""
    from banso.insight.metrics.making import figures  # noqa: PLC0415  (as above)

    return figures.figures(asked, reading, without_rates=without_rates)


def opened(
    asked: Asked, period: Period, cut: str = "", reading: "Reading | None" = None
) -> list[Counted]:
    """As `making.figures.opened`: the rows whose sum is one figure. Reads the ledger, unless given."""
    from banso.insight.metrics.making import figures  # noqa: PLC0415  (as above)

    return figures.opened(asked, period, cut, reading)


def restated(question: Question, most: int | None = None) -> "list[Restated]":
    """As `then_and_now.restated`: figures then beside figures now. Reads the whole ledger twice."""
    from banso.insight.metrics.restatements import then_and_now  # noqa: PLC0415  (as above)

    return then_and_now.restated(
        question.kpi,
        question.periods,
        question.then,
        question.now,
        question.by,
        question.unit,
        then_and_now.MOST if most is None else most,
    )


def movers(asked: Asked, period: Period, reading: "Reading") -> "Movers | None":
    """As `making.movers.movers`: which customers moved a figure most."""
    from banso.insight.metrics.making import movers  # noqa: PLC0415  (as above)

    return movers.movers(asked, period, reading)


def exchange_differences(
    pairs: Sequence[tuple[Period, Period]], reading: "Reading"
) -> list[Decimal | None]:
    """As `making.exchanged.exchange_differences`: what rates alone made of MRR between periods."""
    from banso.insight.metrics.making import exchanged  # noqa: PLC0415  (as above)

    return exchanged.exchange_differences(reading, pairs)


def posts(asked: Asked, period: Period, cut: str, reading: "Reading") -> "list[Post]":
    """As `making.posts.posts`: whose posts a figure per head is divided by."""
    from banso.insight.metrics.making import posts  # noqa: PLC0415  (as above)

    return posts.posts(asked, period, cut, reading)


def won(period: Period, reading: "Reading") -> "list[Won]":
    """As `making.won.won`: whose first paid day is in a period."""
    from banso.insight.metrics.making import won  # noqa: PLC0415  (as above)

    return won.won(period, reading)


def churn_notions(periods: Sequence[Period], reading: "Reading") -> "Notions | None":
    """As `making.notions.notions`: who left by contract, by notice and by flag."""
    from banso.insight.metrics.making import notions  # noqa: PLC0415  (as above)

    return notions.notions(periods, reading)


def purchase_lifetimes() -> "list[PurchaseLifetimes]":
    """As `lifetimes.purchase_lifetimes`, by the workspace's margin. Jobs ask for it."""
    from banso.insight.metrics.buyers import lifetimes  # noqa: PLC0415  (scipy: a second and 110 MB)

    ahead = lifetimes.Ahead(margin=queries.rules().gross_margin)
    return lifetimes.purchase_lifetimes(ahead=ahead)


def as_object(figure: Figure) -> dict[str, Any]:
    """One figure of a period and part. `by` is what people call the part, `cut` its id."""
    return {
        "kpi": figure.kpi,
        "period": code_of(figure.period),
        "start": figure.period.start.isoformat(),
        "end": figure.period.end.isoformat(),
        "by": figure.cut_label or None,
        "cut": figure.cut or None,
        "numerator": number(figure.numerator),
        "denominator": number(figure.denominator),
        "value": number(value_told(figure)),
        "n": figure.n,
        "currency": figure.currency or None,
        "parts": {name: number(amount) for name, amount in figure.parts.items()},
        "notes": list(figure.notes),
    }


def row_as_object(row: Counted) -> dict[str, Any]:
    """One row of an opened figure."""
    return {
        "customer_id": row.entity,
        "name": row.name,
        "numerator": number(row.numerator),
        "denominator": number(row.denominator),
        "kind": row.kind or None,
        "on": row.on.isoformat() if row.on else None,
        "lines": list(row.lines),
    }


def number(value: Decimal | None) -> int | float | None:
    """As JSON has it: whole where it is whole."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
