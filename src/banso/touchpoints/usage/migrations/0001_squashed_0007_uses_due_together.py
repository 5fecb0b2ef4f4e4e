import datetime

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import banso.core.scope
import banso.lib.uuid7
from banso.core.squashed import CreateTables

# Raw usage events, by month, and the keys by which a repeated event is known. By hand, for Django
# knows no partitions. Without foreign keys: a million events a load would ask them a million times,
# and `store` writes only customers it was given. An index that only sent events are in costs
# imports nothing.
EVENTS = """
CREATE TABLE usage_event (
    workspace_id uuid NOT NULL,
    customer_id uuid,
    contact_id uuid,
    person_key varchar(120) NOT NULL,
    feature varchar(120) NOT NULL,
    at timestamptz NOT NULL,
    day date NOT NULL,
    message_id text NOT NULL,
    import_run_id uuid,
    source_id uuid,
    account_key text NOT NULL DEFAULT '',
    kind varchar(10) NOT NULL DEFAULT 'track',
    properties jsonb
) PARTITION BY RANGE (day);
CREATE INDEX usage_event_by_day ON usage_event (workspace_id, customer_id, day);
CREATE INDEX usage_event_by_run ON usage_event USING brin (import_run_id);
CREATE INDEX usage_event_by_person ON usage_event (workspace_id, person_key)
    WHERE source_id IS NOT NULL;
CREATE INDEX usage_event_by_account ON usage_event (workspace_id, account_key)
    WHERE account_key <> '';
CREATE TABLE usage_seen (key uuid PRIMARY KEY, day date NOT NULL);
CREATE INDEX usage_seen_by_day ON usage_seen USING brin (day);
"""

# What is stored and not yet rolled up; and whose attribution must be looked at again. Written by
# every request, emptied by one job, read whole: an index would cost both and serve neither. What is
# due of a request stands in one row: a hundred uses cost a tenth less to store, and the rollup
# deletes one row instead of a hundred. Too long for a page, and written once: not compressed.
DUE = """
CREATE TABLE usage_due (
    workspace_id uuid NOT NULL,
    customers uuid[] NOT NULL,
    days date[] NOT NULL,
    features text[] NOT NULL,
    people text[] NOT NULL,
    contacts uuid[] NOT NULL
);
ALTER TABLE usage_due
    ALTER customers SET STORAGE EXTERNAL,
    ALTER days SET STORAGE EXTERNAL,
    ALTER features SET STORAGE EXTERNAL,
    ALTER people SET STORAGE EXTERNAL,
    ALTER contacts SET STORAGE EXTERNAL;
CREATE TABLE usage_moved (
    workspace_id uuid NOT NULL,
    account_key text NOT NULL DEFAULT '',
    person_key text NOT NULL DEFAULT '',
    id bigint GENERATED ALWAYS AS IDENTITY
);
"""

TABLES = [
    migrations.CreateModel(
        name="DailyUsage",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("person_key", models.CharField(blank=True, max_length=120)),
            ("feature", models.CharField(max_length=120)),
            ("day", models.DateField()),
            ("events", models.PositiveBigIntegerField(default=0)),
            ("seconds", models.PositiveBigIntegerField(default=0)),
            ("errors", models.PositiveBigIntegerField(default=0)),
            (
                "contact",
                models.ForeignKey(
                    db_constraint=False,
                    db_index=False,
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to="customers.contact",
                ),
            ),
            (
                "customer",
                models.ForeignKey(
                    db_constraint=False,
                    db_index=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to="customers.customer",
                ),
            ),
            (
                "workspace",
                models.ForeignKey(
                    db_constraint=False,
                    db_index=False,
                    default=banso.core.scope.current_workspace_id,
                    editable=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to="core.workspace",
                ),
            ),
        ],
        options={
            "indexes": [
                models.Index(fields=["workspace", "day"], name="usage_by_day"),
                models.Index(
                    condition=models.Q(("contact__isnull", False)),
                    fields=["contact"],
                    name="usage_by_contact",
                ),
            ],
            "constraints": [
                models.UniqueConstraint(
                    fields=("workspace", "customer", "day", "feature", "person_key"),
                    name="one_rollup_each",
                )
            ],
        },
    ),
    migrations.CreateModel(
        name="ImportedUsage",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("source_id", models.CharField(max_length=120)),
            ("line", models.PositiveIntegerField(default=0)),
            ("person_key", models.CharField(blank=True, max_length=120)),
            ("feature", models.CharField(max_length=120)),
            ("day", models.DateField()),
            ("events", models.PositiveBigIntegerField(default=0)),
            ("seconds", models.PositiveBigIntegerField(default=0)),
            ("errors", models.PositiveBigIntegerField(default=0)),
            (
                "contact",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to="customers.contact",
                ),
            ),
            (
                "customer",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to="customers.customer",
                ),
            ),
            (
                "import_run",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to="core.importrun",
                ),
            ),
            (
                "workspace",
                models.ForeignKey(
                    db_index=False,
                    default=banso.core.scope.current_workspace_id,
                    editable=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to="core.workspace",
                ),
            ),
        ],
        options={
            "indexes": [
                models.Index(fields=["workspace", "customer", "day"], name="imported_usage_by_day")
            ],
            "constraints": [
                models.UniqueConstraint(fields=("workspace", "source_id"), name="one_usage_per_id")
            ],
        },
    ),
    migrations.CreateModel(
        name="Source",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("name", models.CharField(max_length=120)),
            (
                "kind",
                models.CharField(
                    choices=[
                        ("server", "Server"),
                        ("browser", "Browser"),
                        ("mobile", "Mobile app"),
                        ("other", "Other"),
                    ],
                    default="server",
                    max_length=10,
                ),
            ),
            ("key_prefix", models.CharField(max_length=12)),
            ("key_hash", models.CharField(max_length=64, unique=True)),
            ("previous_hash", models.CharField(blank=True, max_length=64)),
            ("previous_until", models.DateTimeField(null=True)),
            ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("last_seen_at", models.DateTimeField(null=True)),
            ("ended_at", models.DateTimeField(null=True)),
            (
                "by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "workspace",
                models.ForeignKey(
                    db_index=False,
                    default=banso.core.scope.current_workspace_id,
                    editable=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to="core.workspace",
                ),
            ),
        ],
        options={
            "indexes": [
                models.Index(fields=["workspace", "-created_at"], name="usage_source_latest"),
                models.Index(
                    condition=models.Q(("previous_hash", ""), _negated=True),
                    fields=["previous_hash"],
                    name="usage_source_previous",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="Arrival",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ("kind", models.CharField(max_length=10)),
            ("count", models.PositiveIntegerField(default=0)),
            ("new", models.PositiveIntegerField(default=0)),
            ("duplicates", models.PositiveIntegerField(default=0)),
            ("waiting", models.PositiveIntegerField(default=0)),
            ("problem", models.CharField(blank=True, max_length=40)),
            ("params", models.JSONField(default=dict)),
            ("body", models.TextField(blank=True)),
            (
                "workspace",
                models.ForeignKey(
                    db_constraint=False,
                    db_index=False,
                    default=banso.core.scope.current_workspace_id,
                    editable=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to="core.workspace",
                ),
            ),
            (
                "source",
                models.ForeignKey(
                    db_constraint=False,
                    db_index=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to="usage.source",
                ),
            ),
        ],
        options={
            "indexes": [
                models.Index(fields=["workspace", "-id"], name="arrival_latest"),
                models.Index(fields=["source", "-id"], name="arrival_of_source"),
            ],
        },
    ),
    migrations.CreateModel(
        name="Visitor",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("key", models.CharField(max_length=120)),
            ("person_key", models.CharField(max_length=120)),
            ("name", models.CharField(blank=True, max_length=200)),
            ("email", models.CharField(blank=True, max_length=254)),
            ("traits", models.JSONField(default=dict)),
            ("trait_times", models.JSONField(default=dict)),
            (
                "matched_by",
                models.CharField(
                    blank=True,
                    choices=[
                        ("external_id", "External ID"),
                        ("source_id", "ID in the source"),
                        ("id", "ID"),
                        ("email", "E-mail address"),
                        ("hand", "By hand"),
                    ],
                    max_length=12,
                ),
            ),
            ("same_since", models.DateTimeField(null=True)),
            ("first_seen_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("last_seen_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "contact",
                models.ForeignKey(
                    db_index=False,
                    null=True,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to="customers.contact",
                ),
            ),
            (
                "same_as",
                models.ForeignKey(
                    db_index=False,
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to="usage.visitor",
                ),
            ),
            (
                "workspace",
                models.ForeignKey(
                    db_index=False,
                    default=banso.core.scope.current_workspace_id,
                    editable=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to="core.workspace",
                ),
            ),
            ("current_account", models.CharField(blank=True, max_length=120)),
            (
                "current_contact",
                models.ForeignKey(
                    db_index=False,
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to="customers.contact",
                ),
            ),
            (
                "current_customer",
                models.ForeignKey(
                    db_index=False,
                    null=True,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to="customers.customer",
                ),
            ),
            (
                "current_from",
                models.DateTimeField(
                    default=datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.UTC)
                ),
            ),
            ("ignored_at", models.DateTimeField(null=True)),
        ],
        options={
            "indexes": [
                models.Index(fields=["workspace", "person_key"], name="visitor_by_person"),
                models.Index(
                    condition=models.Q(("email", ""), _negated=True),
                    fields=["workspace", "email"],
                    name="visitor_by_email",
                ),
                models.Index(
                    condition=models.Q(("contact", None)),
                    fields=["workspace", "-last_seen_at"],
                    name="visitor_waiting",
                ),
                models.Index(
                    condition=models.Q(("contact__isnull", False)),
                    fields=["contact"],
                    name="visitor_by_contact",
                ),
                models.Index(
                    condition=models.Q(("same_as__isnull", False)),
                    fields=["same_as"],
                    name="visitor_by_same_as",
                ),
                models.Index(
                    condition=models.Q(("current_customer__isnull", False)),
                    fields=["current_customer"],
                    name="visitor_by_customer",
                ),
            ],
            "constraints": [
                models.UniqueConstraint(fields=("workspace", "key"), name="one_visitor_per_key")
            ],
        },
    ),
    migrations.CreateModel(
        name="Account",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("key", models.CharField(max_length=120)),
            ("name", models.CharField(blank=True, max_length=200)),
            ("traits", models.JSONField(default=dict)),
            ("trait_times", models.JSONField(default=dict)),
            (
                "matched_by",
                models.CharField(
                    blank=True,
                    choices=[
                        ("external_id", "External ID"),
                        ("source_id", "ID in the source"),
                        ("id", "ID"),
                        ("email", "E-mail address"),
                        ("hand", "By hand"),
                    ],
                    max_length=12,
                ),
            ),
            ("ignored_at", models.DateTimeField(null=True)),
            ("first_seen_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("last_seen_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "customer",
                models.ForeignKey(
                    db_index=False,
                    null=True,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to="customers.customer",
                ),
            ),
            (
                "workspace",
                models.ForeignKey(
                    db_index=False,
                    default=banso.core.scope.current_workspace_id,
                    editable=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to="core.workspace",
                ),
            ),
        ],
        options={
            "indexes": [
                models.Index(
                    condition=models.Q(("customer", None), ("ignored_at", None)),
                    fields=["workspace", "-last_seen_at"],
                    name="account_waiting",
                ),
                models.Index(
                    condition=models.Q(("customer__isnull", False)),
                    fields=["customer"],
                    name="account_by_customer",
                ),
            ],
            "constraints": [
                models.UniqueConstraint(fields=("workspace", "key"), name="one_account_per_key")
            ],
        },
    ),
    migrations.CreateModel(
        name="Belonging",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("visitor_key", models.CharField(max_length=120)),
            ("account_key", models.CharField(max_length=120)),
            ("since", models.DateTimeField()),
            (
                "workspace",
                models.ForeignKey(
                    db_index=False,
                    default=banso.core.scope.current_workspace_id,
                    editable=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to="core.workspace",
                ),
            ),
        ],
        options={
            "indexes": [
                models.Index(fields=["workspace", "account_key"], name="belonging_by_account")
            ],
            "constraints": [
                models.UniqueConstraint(
                    fields=("workspace", "visitor_key", "since", "account_key"),
                    name="one_belonging_each",
                )
            ],
        },
    ),
    migrations.CreateModel(
        name="DayFigures",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("day", models.DateField()),
            ("broad", models.PositiveIntegerField()),
            ("quiet", models.JSONField(default=list)),
            (
                "workspace",
                models.ForeignKey(
                    db_index=False,
                    default=banso.core.scope.current_workspace_id,
                    editable=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to="core.workspace",
                ),
            ),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(
                    fields=("workspace", "day"), name="one_set_of_figures_a_day"
                )
            ],
        },
    ),
]


class Migration(migrations.Migration):
    replaces = [
        ("usage", "events_table"),
        ("usage", "0001_initial"),
        ("usage", "0002_tracking"),
        ("usage", "0003_day_figures"),
        ("usage", "0004_persons"),
        ("usage", "0005_ignored_visitors"),
        ("usage", "0006_gone_together"),
        ("usage", "0007_uses_due_together"),
    ]

    initial = True

    dependencies = [
        ("core", "0002_event_transaction"),
        ("customers", "0002_touch"),
    ]

    operations = [
        CreateTables(TABLES),
        migrations.RunSQL(EVENTS, "DROP TABLE usage_event, usage_seen"),
        migrations.RunSQL(DUE, "DROP TABLE usage_due, usage_moved"),
    ]
