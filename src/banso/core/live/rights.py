"""Whether the rights that streams were opened with still hold: one query for all of them."""

from collections.abc import Sequence

from django.conf import settings
from psycopg import AsyncConnection
from psycopg.sql import SQL, Identifier

from banso.core.live.tokens import Right, stamp
from banso.core.models import Membership, Person, Session

# Crosses workspaces: every row asked for names its own.
STILL = SQL(
    """
    SELECT asked.n, membership.role, person.password
    FROM unnest(%s::text[], %s::uuid[], %s::uuid[])
        WITH ORDINALITY AS asked(session, person, workspace, n)
    JOIN {sessions} session ON session.session_key = asked.session
        AND session.person_id = asked.person AND session.expire_date > now()
    JOIN {people} person ON person.id = asked.person AND person.is_active
    JOIN {memberships} membership ON membership.person_id = asked.person
        AND membership.workspace_id = asked.workspace
    """
).format(
    sessions=Identifier(Session._meta.db_table),
    people=Identifier(Person._meta.db_table),
    memberships=Identifier(Membership._meta.db_table),
)


async def lost(connection: AsyncConnection, asked: Sequence[tuple[str, Right]]) -> set[int]:
    """Positions of the (session key, right) pairs that do not hold any more. 1 query.

    A right holds while its session lives, its person is active and a member with the same role,
    and the password is the one it was given under.
    """
    columns = [
        [key for key, _right in asked],
        [right.person for _key, right in asked],
        [right.workspace for _key, right in asked],
    ]
    cursor = await connection.execute(STILL, columns)
    stamps: dict[str, str] = {}
    holding = set()
    for n, role, password in await cursor.fetchall():
        right = asked[n - 1][1]
        known = stamps.setdefault(password, stamp(password))
        if role == right.role and known == right.stamp:
            holding.add(n - 1)
    return set(range(len(asked))) - holding


def address() -> dict[str, str]:
    """The configured database as psycopg wants it, with a watch over dead connections."""
    facts = settings.DATABASES["default"]
    words = {
        "dbname": "NAME",
        "host": "HOST",
        "port": "PORT",
        "user": "USER",
        "password": "PASSWORD",
    }
    known = {word: str(facts[name]) for word, name in words.items() if facts[name]}
    options = {k: str(v) for k, v in facts["OPTIONS"].items() if k != "pool"}
    patience = {"connect_timeout": "5", "keepalives_idle": "20", "tcp_user_timeout": "10000"}
    return {**patience, **options, **known, "application_name": "banso live"}
