"""Sample rows and checksums for the probes."""

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from banso.core.models import Membership, Person, Role, Workspace
from banso.core.scope import ScopedModel, open_workspace
from tests import doors

CANARY = "カナリア9f3c"
TEXTS = {"name", "title", "note", "goals", "detail", "department", "label"}
# What any request with a key may touch: when it was last used.
RESTLESS = ["last_used_at"]
# PostgreSQL counts what each table is made to hold, and forgets nothing before the transaction ends.
WRITTEN = """
    SELECT relname, pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
                    + pg_stat_get_xact_tuples_deleted(oid)
    FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


@cache
def scoped_models() -> tuple[type[ScopedModel], ...]:
    return tuple(m for m in apps.get_models() if issubclass(m, ScopedModel))


def parameters() -> list[str]:
    """Every parameter of every door."""
    return sorted({param for door in doors.doors() for param in door.params})


def rows_of(workspace: Workspace) -> dict[str, models.Model]:
    """A fresh row of `workspace` from every builder, by noun."""
    with open_workspace(workspace):
        rows = {
            name.partition("_")[2]: make()
            for name, make in sorted(doors.builders().items())
            if name != "a_workspace"
        }
        # A notice names a contract of its customer, a merge another contact of the same.
        return rows | {
            "contract": doors.builders()["a_contract"](rows["customer"]),
            "namesake": doors.builders()["a_contact"](rows["contact"].customer),
        }


def give_external_ids(rows: dict[str, models.Model]) -> None:
    """Every row that can have them is known outside as THEIRS-<noun>."""
    for noun, row in rows.items():
        known = {"external_id": f"THEIRS-{noun}", "source_id": f"THEIRS-{noun}", "source": "crm"}
        if hasattr(row, "external_id"):
            given = {name: value for name, value in known.items() if hasattr(row, name)}
            type(row)._base_manager.filter(pk=row.pk).update(**given)


def ids_of(rows: dict[str, models.Model]) -> dict[str, str]:
    """An id for every parameter of every door."""
    return {param: str(rows[doors.noun(param)].pk) for param in parameters()}


def binned_ids(workspace: Workspace, ids: dict[str, str]) -> dict[str, str]:
    """Ids of rows of `workspace` that were there and are deleted; softly where the noun can be."""
    rows = rows_of(workspace)
    found = dict(ids)
    for param in parameters():
        row = rows[doors.noun(param)]
        if hasattr(row, "deleted_at"):
            type(row)._base_manager.filter(pk=row.pk).update(deleted_at=timezone.now())
            found[param] = str(row.pk)
        else:
            found[param] = random_id(ids[param])
    return found


def wrong_kind(param: str, ids: dict[str, str]) -> str:
    """The id of another noun of the same form; a random one where there is none."""
    same_form = [
        other
        for name, other in sorted(ids.items())
        if doors.noun(name) != doors.noun(param)
        and other.isdigit() == ids[param].isdigit()
        and other != ids[param]  # counted ids of two nouns can be equal
    ]
    return same_form[0] if same_form else random_id(ids[param])


def random_id(like: str) -> str:
    return "998877665544332211" if like.isdigit() else str(uuid4())


def plant_canaries(workspace: Workspace, canary: str = CANARY) -> None:
    """Every free text of the workspace's rows holds the canary, its people's names too."""
    for model in scoped_models():
        texts = [field for field in model._meta.concrete_fields if _is_free_text(field)]
        for row in model.anywhere.filter(workspace=workspace) if texts else []:
            model.anywhere.filter(pk=row.pk).update(
                **{field.name: _canary(field, row.pk, canary) for field in texts}
            )
    people = models.Q(pk__in=members(workspace))
    for person in Person.objects.filter(people):
        Person.objects.filter(pk=person.pk).update(
            name=f"{canary} {person.pk}"[:120], email=f"{canary}.{person.pk}@canary.example"
        )


def _is_free_text(field: "models.Field[Any, Any]") -> bool:
    return isinstance(field, models.CharField | models.TextField) and field.name in TEXTS


def _canary(field: "models.Field[Any, Any]", pk: Any, canary: str) -> str:
    return f"{canary} {str(pk)[-12:]}"[: getattr(field, "max_length", None) or 100]


def members(workspace: Workspace) -> list[Any]:
    """Ids of the workspace's people."""
    return [person.pk for person in people_of(workspace)]


def people_of(workspace: Workspace) -> list[Person]:
    """Its people, owners first."""
    with open_workspace(workspace):
        rows = Membership.objects.select_related("person")
        found = sorted(rows, key=lambda row: row.role != Role.OWNER)
        return [row.person for row in found]


@dataclass(frozen=True, slots=True)
class Standing:
    """What stood in the workspaces, a hash for each table, and what had been written by then."""

    workspaces: tuple[Workspace, ...]
    hashes: dict[str, str]
    written: "Counter[str]"

    def changed(self) -> dict[str, str]:
        """Tables that are not as they were. Where nobody has written, none need be read: 1 query."""
        if written() == self.written:
            return {}
        return dict(checksum(*self.workspaces).items() - self.hashes.items())


def written() -> "Counter[str]":
    """How many rows this transaction has written so far, by table; taken back ones too. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        return Counter(dict(cursor.fetchall()))


def checksum(*workspaces: Workspace) -> dict[str, str]:
    """One hash a table over every row of the workspaces, events, people and itself too. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(_checksum_sql(), {"ws": [one.pk for one in workspaces]})
        return dict(cursor.fetchall())


@cache
def _checksum_sql() -> str:
    members = "id IN (SELECT person_id FROM core_membership WHERE workspace_id = ANY(%(ws)s))"
    tables = {m._meta.db_table: "workspace_id = ANY(%(ws)s)" for m in scoped_models()}
    tables |= {"core_workspace": "id = ANY(%(ws)s)", "core_person": members}
    restless = {m._meta.db_table for m in scoped_models() if _restless(m)}
    left_out = ", ".join(f"'{name}'" for name in RESTLESS)
    without = f"(to_jsonb(t) - ARRAY[{left_out}])"
    return " UNION ALL ".join(
        f"SELECT '{table}', count(*) || ' ' || coalesce("  # noqa: S608 (our own table names)
        f"sum(hashtextextended({without if table in restless else 't'}::text, 0)), 0)"
        f' FROM "{table}" t WHERE {which}'
        for table, which in tables.items()
    )


def _restless(model: type[ScopedModel]) -> bool:
    return any(field.column in RESTLESS for field in model._meta.concrete_fields)


def rows_that_reach_outside() -> list[str]:
    """Links that lead from one workspace's row to another's, or to a stranger: there must be none."""
    with connection.cursor() as cursor:
        cursor.execute(_outside_sql())
        return [link for (link,) in cursor.fetchall()]


@cache
def _outside_sql() -> str:
    return " UNION ALL ".join(
        f"SELECT '{model._meta.label}.{column}' WHERE EXISTS (SELECT"  # noqa: S608 (our table names)
        f' FROM "{model._meta.db_table}" a JOIN "{target._meta.db_table}" b ON b.id = a."{column}"'
        f" WHERE {_outside(target)})"
        for model, column, target in _links()
    )


@cache
def _links() -> tuple[tuple[type[ScopedModel], str, type[models.Model]], ...]:
    return tuple(
        (model, field.column, target)
        for model in scoped_models()
        for field in model._meta.concrete_fields
        if isinstance(target := field.related_model, type)
        and (issubclass(target, ScopedModel) or target is Person)
        and field.column
    )


def _outside(target: type[models.Model]) -> str:
    if target is Person:
        return (
            "NOT EXISTS (SELECT 1 FROM core_membership m"
            " WHERE m.person_id = b.id AND m.workspace_id = a.workspace_id)"
        )
    return "a.workspace_id <> b.workspace_id"
