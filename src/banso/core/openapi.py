"""The API's schema, read into what the reference page shows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext

from banso.core import declarations

PERMISSION = "x-permission"
Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Value:
    """One thing an operation takes or answers: where it stands, and of what kind it is."""

    name: str
    place: str  # path, query, header or body
    kind: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    permission: str
    right: str | Promise
    takes: list[Value]
    answers: list[Value]


def by_room(document: Schema) -> dict[str, list[Operation]]:
    """Every operation of an OpenAPI document under its tag, in the document's order.

    Titles are in the reader's language.
    """
    rooms: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            tag = told.get("tags", [""])[0]
            rooms.setdefault(tag, []).append(_operation(document, path, method, told))
    return rooms


def _operation(document: Schema, path: str, method: str, told: Schema) -> Operation:
    permission, title = told.get(PERMISSION, ""), told.get("summary", "")
    return Operation(
        id=told["operationId"],
        method=method.upper(),
        path=path,
        summary=gettext(title) if title else "",
        description=told.get("description", ""),
        permission=permission,
        right=declarations.permission(permission).label if permission else "",
        takes=[*_parameters(document, told), *_body(document, told)],
        answers=list(_answers(document, told)),
    )


def _parameters(document: Schema, told: Schema) -> Iterator[Value]:
    for part in told.get("parameters", []):
        kind = _kind(document, part.get("schema", {}))
        yield Value(part["name"], part["in"], kind, bool(part.get("required")))


def _body(document: Schema, told: Schema) -> Iterator[Value]:
    for content in told.get("requestBody", {}).get("content", {}).values():
        yield from _fields(document, content.get("schema", {}))


def _answers(document: Schema, told: Schema) -> Iterator[Value]:
    for status, answer in told.get("responses", {}).items():
        if str(status).startswith("2"):
            for content in answer.get("content", {}).values():
                yield from _fields(document, content.get("schema", {}))


def _fields(document: Schema, schema: Schema) -> Iterator[Value]:
    schema = _resolved(document, schema)
    if schema.get("type") == "array":
        schema = _resolved(document, schema.get("items", {}))
    required = schema.get("required", [])
    for name, part in schema.get("properties", {}).items():
        yield Value(name, "body", _kind(document, part), name in required)


def _kind(document: Schema, part: Schema) -> str:
    """A type as a reader says it: `string (uuid)`, `array of string`, `one of a, b`, `X or null`."""
    if "$ref" in part:
        resolved = _resolved(document, part)
        name = str(part["$ref"]).rsplit("/", 1)[1]
        return name if "properties" in resolved else _kind(document, resolved)
    if choices := part.get("anyOf"):
        return " | ".join(_kind(document, choice) for choice in choices)
    if "enum" in part:
        return " | ".join(f'"{choice}"' for choice in part["enum"])
    if "const" in part:
        return f'"{part["const"]}"'
    if part.get("type") == "array":
        return f"[{_kind(document, part.get('items', {}))}]"
    kind, form = str(part.get("type", "any")), part.get("format", "")
    return f"{kind} ({form})" if form else kind


def _resolved(document: Schema, part: Schema) -> Schema:
    if "$ref" not in part:
        return part
    found: Any = document
    for step in str(part["$ref"]).removeprefix("#/").split("/"):
        found = found[step]
    return _resolved(document, found)
