import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import banso.core.scope
import banso.lib.uuid7
import banso.work.models.activities
from banso.core.squashed import CreateTables

# An index over these finds words of two letters, which trigrams cannot. Letters are taken apart once:
# substr would count from the first letter for each. Pairs with a space are in no word.
BIGRAMS = """
CREATE FUNCTION work_bigrams(told text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT pair), '{}') FROM (
        SELECT letter || lead(letter) OVER (ORDER BY place) AS pair
        FROM string_to_table(told, NULL) WITH ORDINALITY AS letters(letter, place)
    ) AS pairs
    WHERE pair IS NOT NULL AND strpos(pair, ' ') = 0
$$
"""

TABLES = [
    migrations.CreateModel(
        name="CallToAction",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            (
                "kind",
                models.CharField(
                    choices=[
                        ("complaint", "Open complaint"),
                        ("invoice_overdue", "Invoice overdue"),
                        ("onboarding_stuck", "Onboarding stuck"),
                        ("opportunity", "Opportunity"),
                        ("other", "Other"),
                    ],
                    max_length=20,
                ),
            ),
            ("since", models.DateField()),
            ("note", models.TextField(blank=True)),
            ("closed_on", models.DateField(blank=True, null=True)),
            ("outcome", models.CharField(blank=True, max_length=200)),
            ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            (
                "created_by_import",
                models.ForeignKey(
                    editable=False,
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to="core.importrun",
                ),
            ),
            (
                "customer",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="calls",
                    to="customers.customer",
                ),
            ),
            (
                "owner",
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
                models.Index(
                    fields=["workspace", "customer", "closed_on"], name="calls_of_customer"
                )
            ],
        },
    ),
    migrations.CreateModel(
        name="Task",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("title", models.CharField(blank=True, max_length=200)),
            ("note", models.TextField(blank=True)),
            ("code", models.CharField(blank=True, max_length=60)),
            ("params", models.JSONField(default=dict)),
            ("origin", models.CharField(blank=True, max_length=80)),
            ("due_on", models.DateField(blank=True, null=True)),
            ("done_at", models.DateTimeField(blank=True, null=True)),
            ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            (
                "customer",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="tasks",
                    to="customers.customer",
                ),
            ),
            (
                "done_by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "owner",
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
            (
                "contact",
                models.ForeignKey(
                    blank=True,
                    db_index=False,
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to="customers.contact",
                ),
            ),
            (
                "created_by_import",
                models.ForeignKey(
                    editable=False,
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to="core.importrun",
                ),
            ),
            ("external_id", models.CharField(blank=True, max_length=120)),
            ("source", models.CharField(blank=True, max_length=40)),
            ("source_id", models.CharField(blank=True, max_length=120)),
        ],
        options={
            "indexes": [
                models.Index(
                    fields=["workspace", "owner", "done_at", "due_on"], name="tasks_of_owner"
                ),
                models.Index(fields=["workspace", "customer", "done_at"], name="tasks_of_customer"),
                models.Index(
                    condition=models.Q(("contact__isnull", False)),
                    fields=["contact"],
                    name="tasks_of_contact",
                ),
            ],
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("origin", ""), _negated=True),
                    fields=("workspace", "origin"),
                    name="one_task_per_origin",
                ),
                models.UniqueConstraint(
                    condition=models.Q(("external_id", ""), _negated=True),
                    fields=("workspace", "external_id"),
                    name="one_task_per_external_id",
                ),
                models.UniqueConstraint(
                    condition=models.Q(("source_id", ""), _negated=True),
                    fields=("workspace", "source", "source_id"),
                    name="one_task_per_source_id",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="Activity",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            (
                "kind",
                models.CharField(
                    choices=[
                        ("call", "Call"),
                        ("visit", "Visit"),
                        ("meeting", "Web meeting"),
                        ("mail", "Mail note"),
                        ("memo", "Memo"),
                    ],
                    max_length=10,
                ),
            ),
            ("happened_at", models.DateTimeField()),
            ("title", models.CharField(max_length=200)),
            ("body", models.TextField(blank=True)),
            ("decisions", models.TextField(blank=True)),
            (
                "mood",
                models.CharField(
                    blank=True,
                    choices=[("good", "Good"), ("neutral", "Neutral"), ("bad", "Bad")],
                    max_length=10,
                ),
            ),
            ("folded", models.TextField(editable=False)),
            ("contacted", models.BigIntegerField(editable=False, null=True)),
            ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("deleted_at", models.DateTimeField(blank=True, editable=False, null=True)),
            (
                "customer",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="activities",
                    to="customers.customer",
                ),
            ),
            (
                "next_step",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to="work.task",
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
            (
                "written_by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "created_by_import",
                models.ForeignKey(
                    editable=False,
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to="core.importrun",
                ),
            ),
            ("external_id", models.CharField(blank=True, max_length=120)),
            ("source", models.CharField(blank=True, max_length=40)),
            ("source_id", models.CharField(blank=True, max_length=120)),
        ],
        options={
            "indexes": [
                models.Index(
                    condition=models.Q(("deleted_at", None)),
                    fields=["workspace", "customer", "-happened_at"],
                    include=("kind",),
                    name="activities_of_customer",
                ),
                models.Index(
                    condition=models.Q(("deleted_at", None)),
                    fields=["workspace", "-happened_at", "-id"],
                    name="activities_by_time",
                ),
                django.contrib.postgres.indexes.GinIndex(
                    django.contrib.postgres.indexes.OpClass(models.F("workspace"), name="uuid_ops"),
                    django.contrib.postgres.indexes.OpClass(
                        banso.work.models.activities.Bigrams("folded"), name="array_ops"
                    ),
                    name="activity_search",
                ),
            ],
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(
                        ("deleted_at", None), models.Q(("external_id", ""), _negated=True)
                    ),
                    fields=("workspace", "external_id"),
                    name="one_activity_per_external_id",
                ),
                models.UniqueConstraint(
                    condition=models.Q(
                        ("deleted_at", None), models.Q(("source_id", ""), _negated=True)
                    ),
                    fields=("workspace", "source", "source_id"),
                    name="one_activity_per_source_id",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="Attendee",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            (
                "activity",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="attendees",
                    to="work.activity",
                ),
            ),
            (
                "contact",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to="customers.contact",
                ),
            ),
            (
                "member",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.CASCADE,
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
                models.Index(fields=["workspace", "contact"], name="attendees_by_contact"),
                models.Index(fields=["workspace", "member"], name="attendees_by_member"),
            ],
            "constraints": [
                models.UniqueConstraint(
                    fields=("workspace", "activity", "contact"), name="one_attendee_per_contact"
                ),
                models.UniqueConstraint(
                    fields=("workspace", "activity", "member"), name="one_attendee_per_member"
                ),
                models.CheckConstraint(
                    condition=models.Q(("contact", None), ("member", None), _connector="XOR"),
                    name="attendee_of_one_side",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="Cadence",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            (
                "tier",
                models.CharField(
                    choices=[("high", "High touch"), ("low", "Low touch"), ("tech", "Tech touch")],
                    max_length=10,
                ),
            ),
            ("days", models.PositiveSmallIntegerField()),
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
                models.UniqueConstraint(fields=("workspace", "tier"), name="one_cadence_per_tier")
            ],
        },
    ),
    migrations.CreateModel(
        name="Absence",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("from_on", models.DateField()),
            ("until_on", models.DateField()),
            ("ended_on", models.DateField(null=True)),
            ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
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
                "person",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "stand_in",
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
                models.Index(fields=["workspace", "until_on", "person"], name="absences_by_end")
            ],
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(("until_on__gte", models.F("from_on"))),
                    name="absence_ends_not_before_start",
                )
            ],
        },
    ),
]


class Migration(migrations.Migration):
    replaces = [
        ("work", "0001_initial"),
        ("work", "0002_activities"),
        ("work", "0003_absences"),
        ("work", "0004_task_contact"),
        ("work", "0005_brought_in"),
    ]

    initial = True

    dependencies = [
        ("core", "0012_repeated_imports"),
        ("customers", "0017_master"),
    ]

    operations = [
        migrations.RunSQL(BIGRAMS, "DROP FUNCTION work_bigrams"),
        CreateTables(TABLES),
    ]
