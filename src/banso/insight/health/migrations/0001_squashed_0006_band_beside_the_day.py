import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import banso.core.scope
import banso.lib.uuid7
from banso.core.squashed import CreateTables

TABLES = [
    migrations.CreateModel(
        name="Alert",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("opened_on", models.DateField()),
            ("closed_on", models.DateField(blank=True, null=True)),
            ("from_score", models.DecimalField(decimal_places=1, max_digits=4, null=True)),
            ("to_score", models.DecimalField(decimal_places=1, max_digits=4)),
            (
                "band",
                models.CharField(
                    choices=[
                        ("healthy", "Healthy"),
                        ("watch", "Watch"),
                        ("danger", "In danger"),
                        ("withheld", "Withheld (not enough data)"),
                    ],
                    max_length=10,
                ),
            ),
            ("reason", models.JSONField(default=dict)),
            (
                "customer",
                models.ForeignKey(
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
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("closed_on", None)),
                    fields=("workspace", "customer"),
                    name="one_open_alert_each",
                )
            ],
        },
    ),
    migrations.CreateModel(
        name="Judgement",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            (
                "mood",
                models.CharField(
                    choices=[("good", "Good"), ("neutral", "Neutral"), ("bad", "Bad")],
                    max_length=10,
                ),
            ),
            ("note", models.TextField(blank=True)),
            ("made_on", models.DateField()),
            ("expires_on", models.DateField()),
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
                "customer",
                models.ForeignKey(
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
                models.Index(fields=["workspace", "customer", "-made_on"], name="judgements_latest")
            ],
        },
    ),
    migrations.CreateModel(
        name="Score",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("day", models.DateField()),
            ("scorecard", models.CharField(max_length=40)),
            ("version", models.PositiveSmallIntegerField()),
            ("score", models.DecimalField(decimal_places=1, max_digits=4, null=True)),
            (
                "band",
                models.CharField(
                    choices=[
                        ("healthy", "Healthy"),
                        ("watch", "Watch"),
                        ("danger", "In danger"),
                        ("withheld", "Withheld (not enough data)"),
                    ],
                    max_length=10,
                ),
            ),
            ("measures_known", models.PositiveSmallIntegerField()),
            ("measures_all", models.PositiveSmallIntegerField()),
            ("coverage", models.DecimalField(decimal_places=3, max_digits=4)),
            ("ceiling", models.PositiveSmallIntegerField(null=True)),
            ("measures", models.JSONField(default=list)),
            ("reason", models.JSONField(default=dict)),
            ("mrr", models.DecimalField(decimal_places=6, max_digits=20, null=True)),
            ("deadline_on", models.DateField(null=True)),
            ("deadline_kind", models.CharField(blank=True, max_length=10)),
            ("priority", models.FloatField(default=0)),
            (
                "customer",
                models.ForeignKey(
                    db_constraint=False,
                    db_index=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="scores",
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
                models.Index(fields=["workspace", "day", "-priority"], name="scores_by_priority"),
                models.Index(
                    condition=models.Q(("band__in", ["danger", "watch"])),
                    fields=["workspace", "day", "band", "customer"],
                    name="scores_in_trouble",
                ),
            ],
            "constraints": [
                models.UniqueConstraint(
                    fields=("workspace", "customer", "day"),
                    include=("band",),
                    name="one_score_a_day",
                )
            ],
        },
    ),
    migrations.CreateModel(
        name="ScoreRun",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("day", models.DateField()),
            ("stamp", models.TextField()),
            ("known", models.JSONField(default=list)),
            ("customers", models.PositiveIntegerField(default=0)),
            ("finished_at", models.DateTimeField(null=True)),
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
            ("reached", models.UUIDField(null=True)),
            ("stale_since", models.DateField(null=True)),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("workspace", "day"), name="one_run_a_day")
            ],
        },
    ),
    migrations.CreateModel(
        name="Opportunity",
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
                        ("seats_filling", "Seats are filling up"),
                        ("seats_full", "All seats are in use"),
                        ("trial_succeeds", "A trial succeeds"),
                    ],
                    max_length=20,
                ),
            ),
            ("opened_on", models.DateField()),
            ("closed_on", models.DateField(blank=True, null=True)),
            ("params", models.JSONField(default=dict)),
            (
                "customer",
                models.ForeignKey(
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
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("closed_on", None)),
                    fields=("workspace", "customer", "kind"),
                    name="one_open_opportunity_each",
                )
            ],
        },
    ),
]


class Migration(migrations.Migration):
    replaces = [
        ("health", "0001_initial"),
        ("health", "0002_live_runs"),
        ("health", "0003_opportunity"),
        ("health", "0004_scores_of_a_customer"),
        ("health", "0005_scores_without_foreign_keys"),
        ("health", "0006_band_beside_the_day"),
    ]

    initial = True

    dependencies = [
        ("core", "0003_sign_in"),
        ("customers", "0002_touch"),
    ]

    operations = [
        CreateTables(TABLES),
    ]
