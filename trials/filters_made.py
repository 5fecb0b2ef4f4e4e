"""Filters for S9: sound ones, SQL in every part of one, and names that Django itself would obey."""

from dataclasses import dataclass
from random import Random
from typing import Any

from banso.customers.fields import Field, all_fields
from banso.customers.filters import OPERATORS
from tests import rubbish

INJECTIONS = [
    *("' OR '1'='1", "1 OR 1=1", "1; SELECT pg_sleep(9)", "1) UNION SELECT password FROM core_person --"),
    *("x' UNION ALL SELECT NULL --", '"; DROP TABLE core_person; --', "'; COMMIT; --", "/**/OR/**/1"),
    *("$$x$$", "E'\\x27'", "\\'; --", "%27 OR 1=1", "' || (SELECT version()) || '", "0x31", "1::text"),
    *("CAST(1 AS int)", "current_user", "pg_sleep(9)", "ARRAY[1]", "(SELECT 1)", "NULL", "DEFAULT"),
    *("' LIKE '%", "{1,2}", "ＯＲ １＝１"),
]  # fmt: skip
LOOKUPS = ("__contains", "__in", "__regex", "__password", "__isnull", "__gt", "__class__", "__")
OBEYED = ("_connector", "_negated", "extra", "pk__in", "workspace", "workspace_id", "Q", "F")


@dataclass(frozen=True, slots=True)
class Made:
    """One condition as somebody sends it; `sound` when it is meant to be taken."""

    field: Any
    op: Any
    value: Any
    sound: bool

    def as_json(self) -> dict[str, Any]:
        return {"field": self.field, "op": self.op, "value": self.value}

    def as_text(self) -> str:
        """As it stands in an address; lone halves of characters cannot."""
        value = self.value
        told = ",".join(map(str, value)) if isinstance(value, list) else str(value)
        text = f"{self.field}:{self.op}" + ("" if value is None else f":{told}")
        return text.encode("utf-8", "replace").decode()


def sql_forms(fields: list[Field]) -> list[Made]:
    """Each injection as a field, as an operator, as a value, and in a list of values."""
    one = next(field for field in fields if field.kind == "text")
    return [
        made
        for text in INJECTIONS
        for made in (
            Made(text, "is", "x", False),
            Made(f"{one.key} {text}", "is", "x", False),
            Made(one.key, f"is {text}", "x", False),
            Made(one.key, "contains", text, False),
            Made(one.key, "in", [text, "x"], False),
        )
    ]


def made(random: Random, fields: list[Field]) -> Made:
    """Half of them sound; the others have one thing wrong, or everything."""
    field = random.choice(fields)
    op = random.choice(OPERATORS[field.kind])
    value = _value(random, field, op)
    match random.randrange(8):
        case 0:
            name = random.choice((*LOOKUPS, *INJECTIONS))
            return Made(f"{field.key}{name}", op, value, False)
        case 1:
            return Made(random.choice((*OBEYED, *rubbish.FIELDS)), op, value, False)
        case 2:
            return Made(field.key, random.choice((*INJECTIONS, *rubbish.OPERATORS)), value, False)
        case 3:
            odd = [*INJECTIONS, *rubbish.VALUES, *rubbish.NUMBERS, *rubbish.DATES, *rubbish.TEXTS]
            wrong = random.choice(odd)
            return Made(
                field.key, op, [wrong] * random.randint(1, 3) if op == "in" else wrong, False
            )
        case _:
            return Made(field.key, op, value, True)


def _value(random: Random, field: Field, op: str) -> Any:
    if op in {"empty", "not_empty"}:
        return None
    if op in {"within_days", "past_days"}:
        return random.randrange(400)
    if op == "between":
        return [_one(random, field), _one(random, field)]
    if op == "in":
        return [_one(random, field) for _n in range(random.randint(1, 4))]
    return _one(random, field)


def _one(random: Random, field: Field) -> Any:
    match field.kind:
        case "choice":
            return random.choice(
                [code for code, _words in field.choices()] if field.choices else [""]
            )
        case "bool":
            return random.choice((True, False))
        case "date":
            return f"2026-{random.randint(1, 12):02}-{random.randint(1, 28):02}"
        case "person":
            return "00000000-0000-7000-8000-000000000000"
        case "text":
            return random.choice(("青葉", "a", "%", "_", "\\", "株式会社", "'"))
        case _:
            return random.choice((0, 1, -5, "0.5", 10**9, "100000"))


def filterable() -> list[Field]:
    """Every Field of the open workspace that lists offer for filtering."""
    return [one for one in all_fields() if one.filterable]
