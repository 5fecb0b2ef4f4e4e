"""The figures of a review as JSON, and back: numbers as texts, exact."""

from dataclasses import asdict, fields
from decimal import Decimal
from typing import Any

from banso.insight.metrics.reviews.answers import Answers, Line, Mover, Moves, Promise

NUMBERS = {"value", "numerator", "denominator", "before", "target"}
NOTES = ("notes", "before_notes")


def to_json(answers: Answers) -> dict[str, Any]:
    kept: dict[str, Any] = _plain(asdict(answers))
    return kept


def from_json(kept: dict[str, Any]) -> Answers:
    moves = kept["moves"]
    return Answers(
        [_line(one) for one in kept["lines"]],
        Moves(
            _number(moves["opening"]),
            _number(moves["closing"]),
            moves["currency"],
            _numbers(moves["kinds"]),
            [
                Mover(one["entity"], Decimal(one["amount"]), _numbers(one["kinds"]))
                for one in moves["movers"]
            ],
            moves["others"],
            _number(moves.get("exchanged")),
        ),
        [Promise(o["kpi"], Decimal(o["value"]), o["currency"]) for o in kept["promised"]],
    )


def _line(kept: dict[str, Any]) -> Line:
    known = {one.name for one in fields(Line)}
    told = {name: value for name, value in kept.items() if name in known}
    numbers = {name: _number(told[name]) for name in NUMBERS}
    return Line(**{**told, **numbers, **{name: tuple(told.get(name, ())) for name in NOTES}})


def _plain(value: Any) -> Any:
    """Decimals as texts, however deep they stand."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _numbers(kept: dict[str, str]) -> dict[str, Decimal]:
    return {kind: Decimal(text) for kind, text in kept.items()}
