import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import banso.core.models.workspace
import banso.core.scope
import banso.core.snapshots
import banso.lib.uuid7
from banso.core.ground import GROUND
from banso.core.squashed import CreateTables

# Failed jobs are counted at every look at the installation, among millions that are done.
FAILED = "CREATE INDEX jobs_failed ON procrastinate_jobs (queue_name) WHERE status = 'failed'"

TABLES = [
    migrations.CreateModel(
        name="Person",
        fields=[
            ("password", models.CharField(max_length=128, verbose_name="password")),
            ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("email", models.EmailField(max_length=254, unique=True)),
            ("name", models.CharField(max_length=120)),
            ("name_reading", models.CharField(blank=True, max_length=120)),
            ("language", models.CharField(blank=True, max_length=5)),
            ("is_active", models.BooleanField(default=True)),
            ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
        ],
        options={
            "abstract": False,
        },
    ),
    migrations.CreateModel(
        name="Workspace",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("name", models.CharField(max_length=200)),
            (
                "zone",
                models.CharField(
                    default="Asia/Tokyo",
                    max_length=64,
                    validators=[banso.core.models.workspace.known_zone],
                ),
            ),
            ("country", models.CharField(default="JP", max_length=2)),
            ("currency", models.CharField(default="JPY", max_length=3)),
            (
                "fiscal_start_month",
                models.PositiveSmallIntegerField(
                    default=4,
                    validators=[
                        django.core.validators.MinValueValidator(1),
                        django.core.validators.MaxValueValidator(12),
                    ],
                ),
            ),
            ("business_week", models.JSONField(default=banso.core.models.workspace.usual_week)),
            ("fixed_today", models.DateField(blank=True, null=True)),
            ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("only_provider", models.BooleanField(default=False)),
            (
                "second_step_roles",
                django.contrib.postgres.fields.ArrayField(
                    base_field=models.CharField(max_length=10), blank=True, default=list, size=None
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="ImportRun",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("mapping", models.CharField(max_length=100)),
            ("source", models.CharField(max_length=200)),
            (
                "state",
                models.CharField(
                    choices=[
                        ("draft", "Draft"),
                        ("running", "Running"),
                        ("done", "Done"),
                        ("failed", "Failed"),
                        ("undoing", "Undoing"),
                        ("undone", "Undone"),
                    ],
                    default="draft",
                    max_length=10,
                ),
            ),
            ("settings", models.JSONField(default=dict)),
            ("report", models.JSONField(default=dict)),
            ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("finished_at", models.DateTimeField(null=True)),
            ("undone_at", models.DateTimeField(null=True)),
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
            "indexes": [models.Index(fields=["workspace", "-created_at"], name="import_latest")],
        },
    ),
    migrations.CreateModel(
        name="ImportedRow",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("table", models.CharField(max_length=60)),
            ("line", models.PositiveIntegerField()),
            ("object_id", models.CharField(max_length=40)),
            ("before", models.JSONField(null=True)),
            (
                "run",
                models.ForeignKey(
                    db_constraint=False,
                    db_index=False,
                    on_delete=django.db.models.deletion.DO_NOTHING,
                    related_name="rows",
                    to="core.importrun",
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
                models.Index(fields=["workspace", "run", "table"], name="imported_row_by_run")
            ],
        },
    ),
    migrations.CreateModel(
        name="Event",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("name", models.CharField(max_length=80)),
            ("subject_type", models.CharField(max_length=60)),
            ("subject_id", models.CharField(max_length=40)),
            ("customer_id", models.UUIDField(null=True)),
            ("by", models.UUIDField(null=True)),
            ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ("facts", models.JSONField(default=dict)),
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
                "tx",
                banso.core.snapshots.TransactionId(
                    db_default=models.Func(
                        function="pg_current_xact_id", output_field=models.TextField()
                    ),
                    editable=False,
                ),
            ),
        ],
        options={
            "indexes": [
                models.Index(fields=["workspace", "customer_id", "-at"], name="event_by_customer"),
                models.Index(fields=["workspace", "name", "-id"], name="event_by_name"),
                models.Index(fields=["workspace", "-id"], name="event_latest"),
                models.Index(fields=["workspace", "tx"], name="event_by_transaction"),
            ],
        },
    ),
    migrations.CreateModel(
        name="CompanyDay",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("day", models.DateField()),
            ("name", models.CharField(max_length=60)),
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
                models.UniqueConstraint(fields=("workspace", "day"), name="one_company_day")
            ],
        },
    ),
    migrations.CreateModel(
        name="ApiKey",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("name", models.CharField(max_length=100)),
            ("prefix", models.CharField(max_length=12)),
            ("hash", models.CharField(max_length=64, unique=True)),
            (
                "scopes",
                django.contrib.postgres.fields.ArrayField(
                    base_field=models.CharField(max_length=60), size=None
                ),
            ),
            ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("last_used_at", models.DateTimeField(null=True)),
            ("revoked_at", models.DateTimeField(null=True)),
            (
                "by",
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
        ],
        options={
            "indexes": [models.Index(fields=["workspace", "-created_at"], name="api_key_latest")],
        },
    ),
    migrations.CreateModel(
        name="Membership",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            (
                "role",
                models.CharField(
                    choices=[
                        ("owner", "Owner"),
                        ("manager", "Manager"),
                        ("csm", "CSM"),
                        ("agent", "Support agent"),
                        ("viewer", "Viewer"),
                    ],
                    max_length=10,
                ),
            ),
            ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
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
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("workspace", "person"), name="one_membership_each")
            ],
        },
    ),
    migrations.CreateModel(
        name="SignInProvider",
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
                    choices=[("oidc", "OpenID Connect"), ("saml", "SAML 2.0")],
                    default="oidc",
                    max_length=8,
                ),
            ),
            ("label", models.CharField(max_length=60)),
            ("issuer", models.CharField(max_length=500)),
            ("client_id", models.CharField(blank=True, max_length=300)),
            ("secret", models.TextField(blank=True)),
            (
                "domains",
                django.contrib.postgres.fields.ArrayField(
                    base_field=models.CharField(max_length=253), size=None
                ),
            ),
            ("trusts_addresses", models.BooleanField(default=False)),
            ("adds_people", models.BooleanField(default=False)),
            (
                "new_role",
                models.CharField(
                    choices=[
                        ("owner", "Owner"),
                        ("manager", "Manager"),
                        ("csm", "CSM"),
                        ("agent", "Support agent"),
                        ("viewer", "Viewer"),
                    ],
                    default="viewer",
                    max_length=10,
                ),
            ),
            ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
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
                "certificates",
                django.contrib.postgres.fields.ArrayField(
                    base_field=models.TextField(), blank=True, default=list, size=None
                ),
            ),
            ("entry_url", models.CharField(blank=True, max_length=1000)),
        ],
        options={
            "indexes": [
                models.Index(fields=["workspace", "created_at"], name="provider_by_workspace")
            ],
        },
    ),
    migrations.CreateModel(
        name="Session",
        fields=[
            (
                "session_key",
                models.CharField(
                    max_length=40, primary_key=True, serialize=False, verbose_name="session key"
                ),
            ),
            ("session_data", models.TextField(verbose_name="session data")),
            ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
            (
                "handle",
                models.UUIDField(default=banso.lib.uuid7.uuid7, editable=False, unique=True),
            ),
            ("ip", models.GenericIPAddressField(null=True)),
            ("agent", models.CharField(blank=True, max_length=400)),
            ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("last_used_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "person",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "provider",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to="core.signinprovider",
                ),
            ),
        ],
        options={
            "indexes": [models.Index(fields=["person", "-last_used_at"], name="session_by_person")],
        },
    ),
    migrations.CreateModel(
        name="Identity",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("subject", models.CharField(max_length=255)),
            ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
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
                "provider",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to="core.signinprovider",
                ),
            ),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(
                    fields=("workspace", "provider", "subject"), name="one_identity_a_subject"
                )
            ],
        },
    ),
    migrations.CreateModel(
        name="SamlAnswer",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("request_id", models.CharField(max_length=100)),
            ("assertion_id", models.CharField(max_length=255)),
            ("subject", models.CharField(blank=True, max_length=255)),
            ("email", models.CharField(blank=True, max_length=254)),
            ("name", models.CharField(blank=True, max_length=120)),
            ("taken_at", models.DateTimeField(null=True)),
            ("kept_until", models.DateTimeField()),
            (
                "provider",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to="core.signinprovider",
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
                    fields=("workspace", "provider", "request_id"), name="one_answer_a_request"
                ),
                models.UniqueConstraint(
                    fields=("workspace", "provider", "assertion_id"), name="one_answer_an_assertion"
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="KeptAnswer",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("caller", models.CharField(max_length=45)),
            ("key", models.CharField(max_length=64)),
            ("request", models.CharField(max_length=64)),
            ("status", models.PositiveSmallIntegerField()),
            ("kind", models.CharField(max_length=100)),
            ("body", models.TextField(blank=True)),
            ("at", models.DateTimeField(default=django.utils.timezone.now)),
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
            "indexes": [models.Index(fields=["workspace", "at"], name="kept_answer_by_age")],
            "constraints": [
                models.UniqueConstraint(
                    fields=("workspace", "caller", "key"), name="one_answer_a_caller_and_key"
                )
            ],
        },
    ),
    migrations.CreateModel(
        name="OutgoingMail",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            (
                "purpose",
                models.CharField(
                    choices=[
                        ("notice", "Notice"),
                        ("reset", "Link to set a password"),
                        ("invitation", "Invitation"),
                    ],
                    default="notice",
                    max_length=10,
                ),
            ),
            ("language", models.CharField(blank=True, max_length=10)),
            ("to", models.CharField(max_length=254)),
            ("subject", models.TextField(blank=True)),
            ("text", models.TextField(blank=True)),
            (
                "state",
                models.CharField(
                    choices=[
                        ("queued", "Waiting"),
                        ("sending", "Being sent"),
                        ("sent", "Sent"),
                        ("failed", "Not sent"),
                        ("unsure", "Unclear"),
                    ],
                    default="queued",
                    max_length=7,
                ),
            ),
            ("tries", models.PositiveSmallIntegerField(default=0)),
            ("answer", models.CharField(blank=True, max_length=200)),
            ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("settled_at", models.DateTimeField(null=True)),
            (
                "person",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "settled_by",
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
                    condition=models.Q(("settled_at", None), ("state__in", ["failed", "unsure"])),
                    fields=["workspace", "-made_at"],
                    name="mail_in_trouble",
                ),
                models.Index(
                    condition=models.Q(("state__in", ["queued", "sending"])),
                    fields=["workspace", "changed_at"],
                    name="mail_under_way",
                ),
                models.Index(fields=["workspace", "state", "changed_at"], name="mail_by_state"),
            ],
        },
    ),
    migrations.CreateModel(
        name="ListExport",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("list", models.CharField(max_length=80)),
            ("query", models.TextField(blank=True)),
            (
                "kind",
                models.CharField(
                    choices=[("xlsx", "Xlsx"), ("csv", "Csv"), ("pptx", "Pptx"), ("pdf", "Pdf")],
                    default="xlsx",
                    max_length=4,
                ),
            ),
            ("language", models.CharField(max_length=5)),
            (
                "state",
                models.CharField(
                    choices=[("waiting", "Waiting"), ("done", "Done"), ("failed", "Failed")],
                    default="waiting",
                    max_length=10,
                ),
            ),
            ("rows", models.PositiveIntegerField(default=0)),
            ("trouble", models.TextField(blank=True)),
            ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                models.Index(fields=["workspace", "created_at"], name="list_export_by_age")
            ],
        },
    ),
    migrations.CreateModel(
        name="RepeatedImport",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("name", models.CharField(max_length=80)),
            ("place", models.CharField(max_length=200)),
            ("folder", models.CharField(blank=True, max_length=200)),
            ("pattern", models.CharField(max_length=120)),
            ("table", models.CharField(max_length=60)),
            ("mapping", models.JSONField(null=True)),
            ("mapped_like", models.CharField(blank=True, max_length=200)),
            ("source", models.CharField(blank=True, max_length=40)),
            ("is_whole", models.BooleanField(default=True)),
            ("at_hour", models.PositiveSmallIntegerField(null=True)),
            ("every_hours", models.PositiveSmallIntegerField(null=True)),
            (
                "weekdays",
                django.contrib.postgres.fields.ArrayField(
                    base_field=models.PositiveSmallIntegerField(),
                    blank=True,
                    default=list,
                    size=None,
                ),
            ),
            ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("since", models.DateTimeField(default=django.utils.timezone.now)),
            ("paused_at", models.DateTimeField(null=True)),
            ("arrived_for", models.DateTimeField(null=True)),
            ("missed_for", models.DateTimeField(null=True)),
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
                "tells",
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
            ("asked_at", models.DateTimeField(null=True)),
            ("asked_found", models.PositiveSmallIntegerField(null=True)),
        ],
        options={
            "abstract": False,
        },
    ),
    migrations.CreateModel(
        name="ArrivedFile",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("name", models.CharField(max_length=255)),
            ("size", models.BigIntegerField()),
            ("changed_ns", models.BigIntegerField()),
            ("content", models.CharField(max_length=64)),
            ("trouble", models.CharField(blank=True, max_length=500)),
            ("vanished", models.PositiveIntegerField(default=0)),
            ("arrived_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("told_at", models.DateTimeField(null=True)),
            (
                "run",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to="core.importrun",
                ),
            ),
            (
                "same_as",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to="core.arrivedfile",
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
                "repeated",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="files",
                    to="core.repeatedimport",
                ),
            ),
            ("is_lapsed", models.BooleanField(default=False)),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(
                    fields=("workspace", "repeated", "name", "size", "changed_ns"),
                    name="one_arrival_per_file",
                ),
                models.UniqueConstraint(
                    condition=models.Q(("is_lapsed", False), ("same_as", None)),
                    fields=("workspace", "repeated", "content"),
                    name="one_import_per_content",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="VanishedRow",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("object_id", models.CharField(max_length=40)),
            ("since", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "repeated",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="vanished",
                    to="core.repeatedimport",
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
            "indexes": [models.Index(fields=["workspace", "object_id"], name="vanished_by_object")],
            "constraints": [
                models.UniqueConstraint(
                    fields=("workspace", "repeated", "object_id"), name="vanished_once"
                )
            ],
        },
    ),
]


class Migration(migrations.Migration):
    replaces = [
        ("core", "0001_initial"),
        ("core", "0002_event_transaction"),
        ("core", "0003_sign_in"),
        ("core", "0004_providers_speak_oidc"),
        ("core", "0005_saml"),
        ("core", "0006_kept_answer"),
        ("core", "0007_outgoing_mail"),
        ("core", "0008_failed_jobs"),
        ("core", "0009_import_undoing"),
        ("core", "0010_rows_of_bulk"),
        ("core", "0011_list_export"),
        ("core", "0012_repeated_imports"),
        ("core", "0013_asked_looks"),
        ("core", "0014_documents"),
    ]

    initial = True

    dependencies = [
        ("procrastinate", "0041_post_retry_failed_job"),
    ]

    operations = [
        *GROUND,
        CreateTables(TABLES),
        migrations.RunSQL(FAILED, "DROP INDEX jobs_failed"),
    ]
