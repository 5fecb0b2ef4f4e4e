"""Fields that nobody declared, each with a value that would stick, and be seen, if it were taken."""

import json
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from tests.worlds import World

MARK = "5eed-planted"
NUMBER, DAY = 987_654, "1999-09-09"
PRIVILEGES = {
    "id", "pk", "workspace", "workspace_id", "role", "roles", "is_staff", "is_superuser",
    "is_active", "is_admin", "verified", "email_verified", "person", "person_id", "user", "user_id",
    "owner", "owner_id", "by", "by_id", "permits", "permissions", "scopes", "password", "email",
    "created_at", "deleted_at", "hash", "key", "secret", "access",
}  # fmt: skip
TEXTS = {"role": "owner", "roles": "owner", "access": "owner", "email": f"{MARK}@planted.example"}


@dataclass(frozen=True, slots=True)
class Planted:
    """One undeclared field; `value` as JSON has it."""

    name: str
    value: Any

    @property
    def text(self) -> str:
        """The value as a form sends it."""
        if isinstance(self.value, str):
            return self.value
        return "on" if self.value is True else json.dumps(self.value)

    def is_in(self, cell: str) -> bool:
        """Whether a changed value (JSON) holds this one; what says little alone is not looked for."""
        return self.value is not True and len(self.text) > 5 and self.text in cell


def everything(world: World) -> dict[str, Planted]:
    """Every column of every model by both of its names, and the privileges."""
    strangers = _strangers(world)
    found = {name: Planted(name, TEXTS.get(name, _privilege(name, world))) for name in PRIVILEGES}
    for column in (column for model in apps.get_models() for column in model._meta.concrete_fields):
        for name in (column.name, column.attname):
            found.setdefault(name, Planted(name, _value(column, strangers)))
    return found


def columns_of(tables: set[str]) -> set[str]:
    """Every column of the models behind these tables, by both of its names."""
    behind = [model for model in apps.get_models() if model._meta.db_table in tables]
    columns = [column for model in behind for column in model._meta.concrete_fields]
    return {name for column in columns for name in (column.name, column.attname)}


def _strangers(world: World) -> dict[type[models.Model], str]:
    """The id of a row of theirs, by model."""
    return {type(row): str(row.pk) for row in world.their_rows.values()}


def _privilege(name: str, world: World) -> Any:
    if name.startswith(("workspace",)):
        return str(world.theirs.pk)
    if name.startswith(("person", "user", "owner", "by")):
        return str(world.people["viewer"].pk)
    if name.startswith(("is_", "verified", "email_")):
        return True
    if name in {"id", "pk"}:
        return str(world.their_rows["customer"].pk)
    return f"{DAY}T00:00:00Z" if name.endswith("_at") else MARK


def _value(column: "models.Field[Any, Any]", strangers: dict[type[models.Model], str]) -> Any:
    target = column.related_model
    if isinstance(target, type) and issubclass(target, models.Model):
        return strangers.get(target, MARK)
    match column:
        case models.BooleanField():
            return True
        case models.DateTimeField():
            return f"{DAY}T00:00:00Z"
        case models.DateField():
            return DAY
        case models.IntegerField() | models.DecimalField() | models.FloatField():
            return NUMBER
        case models.JSONField():
            return {MARK: MARK}
        case _:
            return MARK
