"""Every staff page's address in a served house, found by the resolver; ids from its own database."""

import re
from collections.abc import Iterator

import psycopg
from django.db.models import Model
from psycopg import sql

from banso.core.scope import ScopedModel
from tests import doors

# Pages that need a state of their own; visited in journeys, or once a sign-in is under way.
NOT_HERE = {
    "/accounts/2fa/authenticate/": "only between password and code",
    "/accounts/2fa/recovery-codes/": "only after two-step sign-in is on",
    "/accounts/login/": "leads on whoever is signed in",
    "/accounts/logout/": "a visitor who is signed in would be signed out",
}
# Addresses with what makes their page full.
QUERIES = {
    "/customers/bulk-edit/": "?all=1",
    "/customers/hand-overs/new/": "?all=1",
    "/search": "?q=株式会社",
    "/segments/new/": "?f=customers.tier:is:high",
}
ERRORS = ["/no-such-page", "/customers/?sort=nonsense"]
NO_PAGE = re.compile(r"\.csv/?$|\.json$|^/(healthz|readyz|metrics)$|/download/$|^/live")


def addresses(url: str) -> list[str]:
    """One address of each page that can be opened by GET with what the house's demo holds."""
    with psycopg.connect(url) as connection:
        workspace = connection.execute("SELECT id FROM core_workspace LIMIT 1").fetchone()
        assert workspace
        found = [*_addresses(connection, str(workspace[0])), *ERRORS]
    return found


def _addresses(
    connection: "psycopg.Connection[tuple[object, ...]]", workspace: str
) -> Iterator[str]:
    known: dict[str, str] = {}
    for door in doors.pages():
        if door.method != "GET" or door.path in NOT_HERE or NO_PAGE.search(door.path):
            continue
        for param in door.params:
            known.setdefault(param, _sample(connection, workspace, doors.noun(param)))
        if all(known[param] for param in door.params):
            yield door.address(known) + QUERIES.get(door.path, "")


def _sample(connection: "psycopg.Connection[tuple[object, ...]]", workspace: str, noun: str) -> str:
    """The id of a row that lives; "" where the house has none of this noun."""
    model = _model(noun)
    if not issubclass(model, ScopedModel):
        return ""  # a person's own, such as a passkey: journeys make theirs
    columns = {field.column for field in model._meta.concrete_fields}
    gone = [name for name in ("deleted_at", "voided_at") if name in columns]
    query = sql.SQL("SELECT id FROM {} WHERE workspace_id = %s {} ORDER BY id LIMIT 1").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(" ").join(sql.SQL("AND {} IS NULL").format(sql.Identifier(one)) for one in gone),
    )
    row = connection.execute(query, [workspace]).fetchone()
    return str(row[0]) if row else ""


def _model(noun: str) -> type[Model]:
    made = doors.builder(noun)
    assert made, noun
    answer = made.__annotations__["return"]
    assert isinstance(answer, type) and issubclass(answer, Model)
    return answer
