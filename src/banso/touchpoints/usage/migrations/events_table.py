"""Raw usage events, by month, and the keys by which a repeated event is known.

By hand, for Django knows no partitions. Without foreign keys: a million events a load would ask
them a million times, and `store` writes only customers it was given. Stands on no other migration.
"""

from django.db import migrations

EVENTS = """
CREATE TABLE usage_event (
    workspace_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    contact_id uuid,
    person_key varchar(120) NOT NULL,
    feature varchar(120) NOT NULL,
    at timestamptz NOT NULL,
    day date NOT NULL,
    message_id text NOT NULL,
    import_run_id uuid
) PARTITION BY RANGE (day);
CREATE INDEX usage_event_by_day ON usage_event (workspace_id, customer_id, day);
CREATE INDEX usage_event_by_run ON usage_event USING brin (import_run_id);
"""

SEEN = """
CREATE TABLE usage_seen (key uuid PRIMARY KEY, day date NOT NULL);
CREATE INDEX usage_seen_by_day ON usage_seen USING brin (day);
"""


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(EVENTS, "DROP TABLE usage_event"),
        migrations.RunSQL(SEEN, "DROP TABLE usage_seen"),
    ]
