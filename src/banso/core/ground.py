"""What the first tables stand on: extensions, and the table of the shared cache."""

from django.contrib.postgres.operations import BtreeGinExtension, TrigramExtension
from django.db import migrations

GROUND = [
    TrigramExtension(),
    BtreeGinExtension(),
    migrations.RunSQL(
        """
        CREATE TABLE core_cache (
            cache_key varchar(255) PRIMARY KEY,
            value text NOT NULL,
            expires timestamptz NOT NULL
        );
        CREATE INDEX core_cache_expires ON core_cache (expires);
        """,
        "DROP TABLE core_cache",
    ),
]
