"""Owners, tier and parent keep what they were: a trigger, so that no way of writing passes by.

For each row, not each statement: only that can look at single columns first, so that whoever writes
others (imports, contacts, scores) pays nothing. A new customer has no past and writes no row.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import banso.core.scope
import banso.lib.uuid7

# banso.by and banso.on are set by core/signing.py; who writes past it is nobody, today. A day never
# falls behind an earlier row's: the rows of a customer are read in their order.
CREATE = """
CREATE FUNCTION customers_reassigned() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    who uuid := nullif(current_setting('banso.by', true), '');
    day date := nullif(current_setting('banso.on', true), '');
BEGIN
    IF day IS NULL THEN
        SELECT coalesce(fixed_today, (clock_timestamp() AT TIME ZONE zone)::date) INTO day
        FROM core_workspace WHERE id = NEW.workspace_id;
    END IF;
    INSERT INTO customers_reassignment
        (workspace_id, customer_id, what, before, after, effective_on, recorded_at, by_id)
    SELECT NEW.workspace_id, NEW.id, one.what, coalesce(one.was, ''), coalesce(one.goes, ''),
        greatest(day, (SELECT max(effective_on) FROM customers_reassignment
            WHERE customer_id = NEW.id AND what = one.what)),
        clock_timestamp(), who
    FROM (VALUES
        ('main_owner', OLD.main_owner_id::text, NEW.main_owner_id::text),
        ('sub_owner', OLD.sub_owner_id::text, NEW.sub_owner_id::text),
        ('tier', OLD.tier, NEW.tier),
        ('parent', OLD.parent_id::text, NEW.parent_id::text)
    ) AS one(what, was, goes) WHERE one.was IS DISTINCT FROM one.goes;
    RETURN NULL;
END $$;
CREATE TRIGGER reassigned AFTER UPDATE OF main_owner_id, sub_owner_id, tier, parent_id
ON customers_customer FOR EACH ROW WHEN (
    OLD.main_owner_id IS DISTINCT FROM NEW.main_owner_id
    OR OLD.sub_owner_id IS DISTINCT FROM NEW.sub_owner_id
    OR OLD.tier IS DISTINCT FROM NEW.tier
    OR OLD.parent_id IS DISTINCT FROM NEW.parent_id
) EXECUTE FUNCTION customers_reassigned();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0011_list_export"),
        ("customers", "0013_people_and_places"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="bulkedit",
            name="effective_on",
            field=models.DateField(null=True),
        ),
        migrations.CreateModel(
            name="HandOver",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=banso.lib.uuid7.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("done", "Handed over"),
                            ("cancelled", "Cancelled"),
                            ("failed", "Did not happen"),
                        ],
                        default="planned",
                        max_length=10,
                    ),
                ),
                ("on", models.DateField()),
                ("chosen", models.JSONField()),
                ("expected", models.PositiveIntegerField()),
                (
                    "former_owners",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, size=None
                    ),
                ),
                ("note", models.TextField(blank=True)),
                (
                    "list_for_old",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200), default=list, size=None
                    ),
                ),
                (
                    "list_for_new",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200), default=list, size=None
                    ),
                ),
                ("passes_tasks", models.BooleanField(default=True)),
                ("why_not", models.CharField(blank=True, max_length=40)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "bulk_edit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="hand_overs",
                        to="customers.bulkedit",
                    ),
                ),
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
                    "new_owner",
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
                    models.Index(fields=["workspace", "-on", "id"], name="hand_overs_by_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="Reassignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("main_owner", "Main owner"),
                            ("sub_owner", "Sub owner"),
                            ("tier", "Touch tier"),
                            ("parent", "Parent company"),
                        ],
                        max_length=12,
                    ),
                ),
                ("before", models.CharField(blank=True, max_length=40)),
                ("after", models.CharField(blank=True, max_length=40)),
                ("effective_on", models.DateField()),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reassignments",
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
                    models.Index(
                        fields=["customer", "what", "effective_on", "id"],
                        include=("before",),
                        name="reassignment_history",
                    )
                ],
            },
        ),
        migrations.RunSQL(CREATE, "DROP FUNCTION customers_reassigned() CASCADE"),
    ]
