"""Sample rows, checksums and request bodies for the probes."""

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models
from pydantic import BaseModel

from banso.core.models import Workspace
from banso.core.scope import ScopedModel, open_workspace
from tests import doors

CANARY = "カナリア9f3c"
NOT_CONTENT = {"core.Event", "core.ReadLog"}


def scoped_models() -> list[type[ScopedModel]]:
    return [m for m in apps.get_models() if issubclass(m, ScopedModel)]


def one_of_each(workspace: Workspace) -> dict[str, str]:
    """An id for every parameter of every door, each of a fresh row of `workspace`."""
    params = {param for door in doors.doors() for param in door.params}
    with open_workspace(workspace):
        made = {param: doors.builder(doors.noun(param)) for param in sorted(params)}
        return {param: str(make().pk) for param, make in made.items() if make}


def plant_canaries(workspace: Workspace) -> None:
    """Every free text of the workspace's rows holds the canary."""
    for model in scoped_models():
        texts = [
            field
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField)
            and field.name in {"name", "title", "note", "goals", "detail", "department"}
        ]
        for field in texts:
            limit = getattr(field, "max_length", None) or 100
            rows = model.anywhere.filter(workspace=workspace)
            for row in rows:
                value = f"{CANARY} {str(row.pk)[-12:]}"[:limit]
                model.anywhere.filter(pk=row.pk).update(**{field.name: value})


def checksum(workspace: Workspace, *, without: frozenset[str] = frozenset()) -> str:
    """One hash over every scoped row of the workspace, ids and all, but events and `without`."""
    parts = []
    with connection.cursor() as cursor:
        for model in scoped_models():
            if model._meta.label in NOT_CONTENT | without:
                continue
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), ''))"  # noqa: S608 (our table names)
                f' FROM "{model._meta.db_table}" t WHERE workspace_id = %s',
                [workspace.pk],
            )
            parts.append(f"{model._meta.label} {cursor.fetchone()[0]}")
    return "\n".join(parts)


def rows_that_reach_outside() -> list[str]:
    """Foreign keys that lead from one workspace's row to another's: there must be none."""
    found = []
    with connection.cursor() as cursor:
        for model in scoped_models():
            for field in model._meta.concrete_fields:
                target = field.related_model
                if not (isinstance(target, type) and issubclass(target, ScopedModel)):
                    continue
                cursor.execute(
                    f'SELECT count(*) FROM "{model._meta.db_table}" a'  # noqa: S608 (our table names)
                    f' JOIN "{target._meta.db_table}" b ON b.id = a."{field.column}"'
                    " WHERE a.workspace_id <> b.workspace_id"
                )
                if cursor.fetchone()[0]:
                    found.append(f"{model._meta.label}.{field.name}")
    return found


def body_for(schema: type[BaseModel] | None, ids: dict[str, str]) -> dict[str, Any]:
    """A body that the schema takes, with ids from `ids` wherever an id is asked."""
    if schema is None:
        return {}
    spec = schema.model_json_schema()
    return {
        name: _value(name, part, spec, ids)
        for name, part in spec.get("properties", {}).items()
        if name in spec.get("required", []) or _wants_id(part)
    }


def id_fields(schema: type[BaseModel] | None) -> list[str]:
    """Names of the body's fields that hold an id, optional ones too."""
    if schema is None:
        return []
    properties = schema.model_json_schema().get("properties", {})
    return [name for name, part in properties.items() if _wants_id(part)]


def _wants_id(part: dict[str, Any]) -> bool:
    text = json.dumps(part)
    return '"uuid"' in text


def _value(name: str, part: dict[str, Any], spec: dict[str, Any], ids: dict[str, str]) -> Any:
    for choice in part.get("anyOf", []):
        if choice.get("type") != "null":
            return _value(name, choice, spec, ids)
    if "$ref" in part:
        return _value(name, spec["$defs"][part["$ref"].rsplit("/", 1)[1]], spec, ids)
    if "enum" in part or "const" in part:
        return part.get("const", part.get("enum", [None])[0])
    if part.get("format") == "uuid":
        return ids.get(name) or ids.get(f"{name}_id") or next(iter(ids.values()))
    if part.get("format") == "date":
        return date(2026, 11, 20).isoformat()
    if part.get("format") == "date-time":
        return datetime.fromisoformat("2026-11-20T00:00:00+00:00").isoformat()
    return _plain(part, spec, ids)


def _plain(part: dict[str, Any], spec: dict[str, Any], ids: dict[str, str]) -> Any:
    match part.get("type"):
        case "integer" | "number":
            return part.get("minimum", 1)
        case "boolean":
            return True
        case "array":
            return []
        case "object":
            required = part.get("required", [])
            inner = part.get("properties", {})
            return {key: _value(key, inner[key], spec, ids) for key in required}
        case _:
            return "x" * max(int(part.get("minLength", 1)), 1)


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
