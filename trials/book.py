"""A large book in seconds: rows made by PostgreSQL itself out of one that a service made."""

from datetime import timedelta
from pathlib import Path
from random import Random
from uuid import UUID

from django.db import connection

from banso.core.scope import open_workspace
from banso.core.sign_in import providers
from banso.core.tests.builders import TODAY
from banso.customers.services import create_customer
from banso.touchpoints.usage import store
from trials.ground import Ground

EVENTS = """
INSERT INTO usage_event (workspace_id, customer_id, person_key, feature, at, day, message_id,
    properties)
SELECT workspace_id, id, 'u' || n, 'feature ' || n %% 7, day + time '03:00', day, external_id || '-' || n,
    jsonb_build_object('number', n, 'note', '伴走 \\ "' || n)
FROM customers_customer, generate_series(1, %s) n, LATERAL (SELECT %s::date - (n * 9) %% 90 AS day) d
WHERE external_id LIKE 'B%%'
"""
SEEN = "INSERT INTO usage_seen SELECT md5(message_id)::uuid, day FROM usage_event"
ROLLUPS = """
INSERT INTO usage_dailyusage (workspace_id, customer_id, day, feature, person_key, events, seconds,
    errors)
SELECT workspace_id, customer_id, day, feature, person_key, count(*), 0, 0 FROM usage_event
GROUP BY 1, 2, 3, 4, 5
"""


def fill(place: Ground, *, customers: int, events_each: int, secret: str) -> None:
    """Ours has that many customers with `events_each` events over 90 days, and a sealed secret."""
    with open_workspace(place.ours.workspace):
        one = create_customer(name="会社", external_id="B0", by=place.ours.owner)
        providers.add_provider(
            by=place.ours.owner,
            label="社内",
            issuer="https://idp.invalid",
            client_id="banso",
            secret=secret,
            domains=["acme.example"],
        )
        store.ensure_partitions(TODAY - timedelta(days=n) for n in range(91))
    _multiply(one.pk, customers)
    with connection.cursor() as cursor:
        cursor.execute(EVENTS, [events_each, TODAY])
        cursor.execute(SEEN)
        cursor.execute(ROLLUPS)
        cursor.execute("ANALYZE")


def _multiply(customer: UUID, times: int) -> None:
    """`times` - 1 more customers as this one, but for what tells them apart."""
    own = {
        "id": "gen_random_uuid()",
        "name": "'会社' || n",
        "name_folded": "'会社' || n",
        "external_id": "'B' || n",
        "attributes": "jsonb_build_object('n', n, 'tab', E'a\\tb\\nc\\\\d')",
    }
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, "customers_customer")
        columns = [f'"{column.name}"' for column in described]
        values = [own.get(column.name, f'"{column.name}"') for column in described]
        cursor.execute(
            f"INSERT INTO customers_customer ({', '.join(columns)})"  # noqa: S608 (our own columns)
            f" SELECT {', '.join(values)} FROM customers_customer, generate_series(1, {times - 1}) n"
            " WHERE id = %s",
            [customer],
        )


def uploads(folder: Path, number: int, luck: Random) -> None:
    """`number` files of all sizes up to a megabyte, one empty, one with a Japanese name."""
    for n in range(number):
        path = folder / "imports" / str(n % 17) / ("顧客 一覧.csv" if n == 1 else f"{n:032x}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(luck.randbytes(int(1_000_000 * luck.random() ** 3)) if n else b"")
