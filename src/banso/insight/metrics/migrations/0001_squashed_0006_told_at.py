from decimal import Decimal

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import banso.core.scope
import banso.lib.uuid7
from banso.core.squashed import CreateTables

TABLES = [
    migrations.CreateModel(
        name="KpiRules",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            (
                "grace_days",
                models.PositiveSmallIntegerField(
                    default=30, validators=[django.core.validators.MaxValueValidator(366)]
                ),
            ),
            (
                "reversal_days",
                models.PositiveSmallIntegerField(
                    default=90, validators=[django.core.validators.MaxValueValidator(366)]
                ),
            ),
            (
                "gross_margin",
                models.DecimalField(
                    blank=True,
                    decimal_places=4,
                    max_digits=5,
                    null=True,
                    validators=[
                        django.core.validators.MinValueValidator(Decimal("0")),
                        django.core.validators.MaxValueValidator(Decimal("1")),
                    ],
                ),
            ),
            (
                "sub_owner_weight",
                models.DecimalField(decimal_places=2, default=Decimal("0.30"), max_digits=3),
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
                "recorded_at",
                models.DateTimeField(default=django.utils.timezone.now, editable=False),
            ),
            ("voided_at", models.DateTimeField(editable=False, null=True)),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("voided_at", None)),
                    fields=("workspace",),
                    name="one_kpi_rules",
                )
            ],
        },
    ),
    migrations.CreateModel(
        name="ExchangeRate",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("currency", models.CharField(max_length=3)),
            ("into", models.CharField(max_length=3)),
            ("on", models.DateField()),
            ("rate", models.DecimalField(decimal_places=10, max_digits=20)),
            ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("voided_at", models.DateTimeField(editable=False, null=True)),
            (
                "by",
                models.ForeignKey(
                    editable=False,
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "import_run",
                models.ForeignKey(
                    editable=False,
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
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
                models.Index(fields=["workspace", "into", "currency", "on"], name="rates_by_day")
            ],
            "constraints": [
                models.CheckConstraint(condition=models.Q(("rate__gt", 0)), name="rate_over_zero"),
                models.UniqueConstraint(
                    condition=models.Q(("voided_at", None)),
                    fields=("workspace", "into", "currency", "on"),
                    name="one_rate_a_day",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="SalesCost",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("month", models.DateField()),
            ("amount", models.BigIntegerField()),
            ("currency", models.CharField(max_length=3)),
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
                "recorded_at",
                models.DateTimeField(default=django.utils.timezone.now, editable=False),
            ),
            ("voided_at", models.DateTimeField(editable=False, null=True)),
        ],
        options={
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(("month__day", 1)), name="cost_of_a_whole_month"
                ),
                models.UniqueConstraint(
                    condition=models.Q(("voided_at", None)),
                    fields=("workspace", "month"),
                    name="one_cost_a_month",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="TeamTime",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("since", models.DateField()),
            ("fte", models.DecimalField(decimal_places=2, max_digits=3)),
            (
                "person",
                models.ForeignKey(
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
            (
                "recorded_at",
                models.DateTimeField(default=django.utils.timezone.now, editable=False),
            ),
            ("voided_at", models.DateTimeField(editable=False, null=True)),
        ],
        options={
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(("since__day", 1)), name="fte_from_a_month_on"
                ),
                models.CheckConstraint(
                    condition=models.Q(("fte__gte", 0), ("fte__lte", 1)), name="fte_up_to_one"
                ),
                models.UniqueConstraint(
                    condition=models.Q(("voided_at", None)),
                    fields=("workspace", "person", "since"),
                    name="one_fte_per_person_and_month",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="Closing",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("month", models.DateField()),
            ("closed_at", models.DateTimeField(editable=False)),
            ("reopened_at", models.DateTimeField(editable=False, null=True)),
            (
                "closed_by",
                models.ForeignKey(
                    editable=False,
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "reopened_by",
                models.ForeignKey(
                    editable=False,
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
                models.Index(fields=["workspace", "-month", "-id"], name="closings_by_month")
            ],
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("reopened_at", None)),
                    fields=("workspace", "month"),
                    name="one_closing_a_month",
                ),
                models.CheckConstraint(
                    condition=models.Q(("month__day", 1)), name="closing_of_a_whole_month"
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="ClosedFigure",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("kpi", models.CharField(max_length=40)),
            ("by", models.CharField(blank=True, max_length=20)),
            ("cut", models.CharField(blank=True, max_length=80)),
            ("cut_label", models.CharField(blank=True, max_length=300)),
            ("numerator", models.DecimalField(decimal_places=20, max_digits=45, null=True)),
            ("denominator", models.DecimalField(decimal_places=20, max_digits=45, null=True)),
            ("value", models.DecimalField(decimal_places=20, max_digits=45, null=True)),
            ("n", models.PositiveIntegerField()),
            ("currency", models.CharField(blank=True, max_length=3)),
            ("parts", models.JSONField(default=dict)),
            ("notes", models.JSONField(default=list)),
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
                "closing",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="figures",
                    to="metrics.closing",
                ),
            ),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(
                    fields=("closing", "kpi", "by", "cut"), name="one_closed_figure_a_part"
                )
            ],
        },
    ),
    migrations.CreateModel(
        name="Review",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("starts_on", models.DateField()),
            ("fiscal_start", models.PositiveSmallIntegerField()),
            ("begun_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
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
            "constraints": [
                models.UniqueConstraint(
                    fields=("workspace", "starts_on"), name="one_review_a_quarter"
                )
            ],
        },
    ),
    migrations.CreateModel(
        name="Decision",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("text", models.CharField(max_length=200)),
            ("due_on", models.DateField(blank=True, null=True)),
            ("made_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("voided_at", models.DateTimeField(blank=True, null=True)),
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
                "owner",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "task",
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
                "review",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="decisions",
                    to="metrics.review",
                ),
            ),
        ],
        options={
            "indexes": [
                models.Index(fields=["workspace", "review", "id"], name="decision_by_review")
            ],
        },
    ),
    migrations.CreateModel(
        name="ReviewClosing",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("frozen", models.JSONField()),
            ("closed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("reopened_at", models.DateTimeField(blank=True, null=True)),
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
                "reopened_by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "review",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="closings",
                    to="metrics.review",
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
            "indexes": [models.Index(fields=["workspace", "review"], name="closing_by_review")],
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("reopened_at", None)),
                    fields=("workspace", "review"),
                    name="one_standing_closing",
                )
            ],
        },
    ),
    migrations.CreateModel(
        name="ReviewNote",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("kpi", models.CharField(blank=True, max_length=40)),
            ("text", models.TextField(blank=True)),
            ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                "review",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="notes",
                    to="metrics.review",
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
                    fields=("workspace", "review", "kpi"), name="one_note_a_kpi"
                )
            ],
        },
    ),
    migrations.CreateModel(
        name="Target",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("kpi", models.CharField(max_length=40)),
            (
                "kind",
                models.CharField(
                    choices=[
                        ("month", "Month"),
                        ("quarter", "Quarter"),
                        ("half", "Half-year"),
                        ("year", "Fiscal year"),
                    ],
                    max_length=8,
                ),
            ),
            ("starts_on", models.DateField()),
            ("value", models.DecimalField(decimal_places=8, max_digits=26)),
            ("currency", models.CharField(blank=True, max_length=3)),
            ("set_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("voided_at", models.DateTimeField(blank=True, null=True)),
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
                "voided_by",
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
            "indexes": [models.Index(fields=["workspace", "starts_on"], name="target_by_start")],
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("voided_at", None)),
                    fields=("workspace", "kpi", "kind", "starts_on"),
                    name="one_live_target",
                )
            ],
        },
    ),
    migrations.CreateModel(
        name="Ask",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("month", models.DateField()),
            ("text", models.CharField(max_length=300)),
            ("made_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("voided_at", models.DateTimeField(blank=True, null=True)),
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
            "indexes": [models.Index(fields=["workspace", "month"], name="ask_by_month")],
        },
    ),
    migrations.CreateModel(
        name="KeptBoard",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("asked", models.CharField(max_length=64)),
            ("on", models.DateField()),
            ("stamp", models.TextField()),
            ("board", models.JSONField()),
            ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("seconds", models.FloatField(default=0)),
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
                models.UniqueConstraint(fields=("workspace", "asked"), name="one_board_each")
            ],
        },
    ),
]


class Migration(migrations.Migration):
    replaces = [
        ("metrics", "0001_kpi_rules"),
        ("metrics", "0002_rates_and_costs"),
        ("metrics", "0003_closings"),
        ("metrics", "0004_targets_and_reviews"),
        ("metrics", "0005_kept_boards"),
        ("metrics", "0006_told_at"),
    ]

    initial = True

    dependencies = [
        ("core", "0014_documents"),
        ("work", "0005_brought_in"),
    ]

    operations = [
        CreateTables(TABLES),
    ]
