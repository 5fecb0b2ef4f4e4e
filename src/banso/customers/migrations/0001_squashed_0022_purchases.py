import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import banso.core.scope
import banso.core.snapshots
import banso.lib.uuid7
from banso.core.squashed import CreateTables

# What makes a customer's current state stale: triggers, so that no way of writing passes by. Imports
# copy, undo deletes, a corrected line is two rows: each statement tells once, for all its rows. In
# order of ids, so that two writers of many cannot wait for each other. Rows are locked though they
# look stale: somebody may be making one true at this moment, without having seen the change. A line
# makes a state where there was none; taking lines away never does: the customer may go too. By its
# index, whatever the planner believes: a table filled in this very transaction looks empty to it.
_FUNCTIONS = """
CREATE FUNCTION customers_current_made() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off AS $$
DECLARE ids uuid[] := ARRAY(SELECT DISTINCT customer_id FROM changed);
BEGIN
    INSERT INTO customers_currentstate (customer_id, workspace_id)
    SELECT DISTINCT customer_id, workspace_id FROM changed ORDER BY customer_id
    ON CONFLICT (customer_id) DO NOTHING;
    PERFORM FROM customers_currentstate WHERE customer_id = ANY(ids) ORDER BY customer_id FOR UPDATE;
    UPDATE customers_currentstate SET until = NULL WHERE customer_id = ANY(ids) AND until IS NOT NULL;
    RETURN NULL;
END $$;
CREATE FUNCTION customers_current_stale() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off AS $$
DECLARE ids uuid[] := ARRAY(SELECT DISTINCT customer_id FROM changed);
BEGIN
    PERFORM FROM customers_currentstate WHERE customer_id = ANY(ids) ORDER BY customer_id FOR UPDATE;
    UPDATE customers_currentstate SET until = NULL WHERE customer_id = ANY(ids) AND until IS NOT NULL;
    RETURN NULL;
END $$;
CREATE FUNCTION customers_current_currency() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE customers_currentstate SET until = NULL
    WHERE customer_id = NEW.id AND until IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER current_currency AFTER UPDATE OF currency ON customers_customer FOR EACH ROW
WHEN (OLD.currency IS DISTINCT FROM NEW.currency) EXECUTE FUNCTION customers_current_currency();
"""
_TRIGGER = """
CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {side} TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION {function}();
"""
_TOLD = [
    ("customers_contractchange", "INSERT", "NEW", "customers_current_made"),
    ("customers_contractchange", "UPDATE", "NEW", "customers_current_made"),
    ("customers_contractchange", "UPDATE", "OLD", "customers_current_stale"),
    ("customers_contractchange", "DELETE", "OLD", "customers_current_stale"),
    ("customers_contract", "UPDATE", "NEW", "customers_current_stale"),
    ("customers_cancellationnotice", "INSERT", "NEW", "customers_current_stale"),
    ("customers_cancellationnotice", "UPDATE", "NEW", "customers_current_stale"),
    ("customers_cancellationnotice", "UPDATE", "OLD", "customers_current_stale"),
    ("customers_cancellationnotice", "DELETE", "OLD", "customers_current_stale"),
]
CURRENT = _FUNCTIONS + "".join(
    _TRIGGER.format(
        name=f"current_{event.lower()}_{side.lower()}",
        event=event,
        table=table,
        side=side,
        function=function,
    )
    for table, event, side, function in _TOLD
)
NOT_CURRENT = """
DROP FUNCTION customers_current_made() CASCADE;
DROP FUNCTION customers_current_stale() CASCADE;
DROP FUNCTION customers_current_currency() CASCADE;
"""

# Owners, tier and parent keep what they were: a trigger, so that no way of writing passes by. For
# each row, not each statement: only that can look at single columns first, so that whoever writes
# others (imports, contacts, scores) pays nothing. A new customer has no past and writes no row.
# banso.by and banso.on are set by core/signing.py; who writes past it is nobody, today. A day never
# falls behind an earlier row's: the rows of a customer are read in their order.
REASSIGNED = """
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

# The planner believes no statistics of a partial index: it took 10,000 deadlines for 500.
DECIDED = """
CREATE STATISTICS contract_decided ON (coalesce(notice_on, end_on)) FROM customers_contract
"""

TABLES = [
    migrations.CreateModel(
        name="Customer",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("source", models.CharField(blank=True, max_length=40)),
            ("source_id", models.CharField(blank=True, max_length=120)),
            ("external_id", models.CharField(blank=True, max_length=120)),
            ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("deleted_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ("name", models.CharField(max_length=200)),
            ("name_reading", models.CharField(blank=True, max_length=200)),
            ("name_sort", models.CharField(db_collation="C", editable=False, max_length=900)),
            ("name_folded", models.CharField(editable=False, max_length=500)),
            ("domain", models.CharField(blank=True, max_length=253)),
            ("industry", models.CharField(blank=True, max_length=80)),
            ("country", models.CharField(blank=True, max_length=2)),
            ("employees", models.PositiveIntegerField(blank=True, null=True)),
            (
                "tier",
                models.CharField(
                    choices=[("high", "High touch"), ("low", "Low touch"), ("tech", "Tech touch")],
                    default="tech",
                    max_length=10,
                ),
            ),
            (
                "stage",
                models.CharField(
                    choices=[
                        ("trial", "Trial"),
                        ("onboarding", "Onboarding"),
                        ("adoption", "Adoption"),
                        ("established", "Established"),
                        ("leaving", "Leaving"),
                        ("churned", "Churned"),
                    ],
                    default="onboarding",
                    max_length=20,
                ),
            ),
            ("stage_since", models.DateField()),
            ("goals", models.TextField(blank=True)),
            ("since", models.DateField(blank=True, null=True)),
            ("last_contact_on", models.DateField(blank=True, null=True)),
            ("currency", models.CharField(max_length=3)),
            ("attributes", models.JSONField(default=dict)),
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
                "main_owner",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "parent",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="children",
                    to="customers.customer",
                ),
            ),
            (
                "sub_owner",
                models.ForeignKey(
                    blank=True,
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
            ("corporate_number", models.CharField(blank=True, max_length=13)),
            (
                "former_names",
                django.contrib.postgres.fields.ArrayField(
                    base_field=models.CharField(max_length=200), blank=True, default=list, size=None
                ),
            ),
            (
                "merged_into",
                models.ForeignKey(
                    blank=True,
                    db_index=False,
                    editable=False,
                    null=True,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to="customers.customer",
                ),
            ),
            ("approach", models.TextField(blank=True)),
            ("competitor", models.CharField(blank=True, max_length=120)),
            ("fiscal_month", models.PositiveSmallIntegerField(blank=True, null=True)),
            (
                "maturity",
                models.CharField(
                    blank=True,
                    choices=[
                        ("1", "1 Beginning"),
                        ("2", "2 Uses the basics"),
                        ("3", "3 Part of daily work"),
                        ("4", "4 Spreads to others"),
                        ("5", "5 A model for others"),
                    ],
                    max_length=1,
                ),
            ),
            ("purpose", models.CharField(blank=True, max_length=200)),
            ("switched_from", models.CharField(blank=True, max_length=120)),
        ],
        options={
            "indexes": [
                models.Index(fields=["workspace", "name_sort", "id"], name="customer_by_reading"),
                models.Index(fields=["workspace", "main_owner"], name="customer_by_owner"),
                django.contrib.postgres.indexes.GinIndex(
                    fields=["workspace", "name_folded"],
                    name="customer_search",
                    opclasses=["uuid_ops", "gin_trgm_ops"],
                ),
                models.Index(
                    condition=models.Q(("deleted_at", None)),
                    fields=["workspace", "tier", "id"],
                    name="customer_by_tier",
                ),
                models.Index(
                    condition=models.Q(("corporate_number", ""), _negated=True),
                    fields=["workspace", "corporate_number"],
                    name="customer_by_corporate_number",
                ),
                models.Index(
                    condition=models.Q(("merged_into__isnull", False)),
                    fields=["merged_into"],
                    name="customer_merged",
                ),
            ],
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(
                        models.Q(
                            ("deleted_at", None), ("merged_into__isnull", False), _connector="OR"
                        ),
                        models.Q(("external_id", ""), _negated=True),
                    ),
                    fields=("workspace", "external_id"),
                    name="one_customer_per_external_id",
                ),
                models.UniqueConstraint(
                    condition=models.Q(
                        models.Q(
                            ("deleted_at", None), ("merged_into__isnull", False), _connector="OR"
                        ),
                        models.Q(("source_id", ""), _negated=True),
                    ),
                    fields=("workspace", "source", "source_id"),
                    name="one_customer_per_source_id",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="Contract",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("source", models.CharField(blank=True, max_length=40)),
            ("source_id", models.CharField(blank=True, max_length=120)),
            ("external_id", models.CharField(blank=True, max_length=120)),
            ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("deleted_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ("start_on", models.DateField()),
            ("end_on", models.DateField(blank=True, null=True)),
            ("notice_on", models.DateField(blank=True, null=True)),
            ("amount", models.BigIntegerField(default=0)),
            ("term_months", models.PositiveSmallIntegerField(default=12)),
            ("currency", models.CharField(max_length=3)),
            ("seats", models.PositiveIntegerField(blank=True, null=True)),
            ("auto_renew", models.BooleanField(default=True)),
            ("is_trial", models.BooleanField(default=False)),
            ("billing", models.CharField(blank=True, max_length=20)),
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
                "customer",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="contracts",
                    to="customers.customer",
                ),
            ),
            (
                "plan",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to="customers.plan",
                ),
            ),
            (
                "product",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="customers.product",
                ),
            ),
            ("minimum_months", models.PositiveSmallIntegerField(blank=True, null=True)),
            ("notice_days", models.PositiveSmallIntegerField(blank=True, null=True)),
            ("notice_months", models.PositiveSmallIntegerField(blank=True, null=True)),
            ("number", models.CharField(blank=True, max_length=120)),
            ("payment", models.CharField(blank=True, max_length=20)),
            (
                "signer",
                models.ForeignKey(
                    blank=True,
                    db_index=False,
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to="customers.customer",
                ),
            ),
            (
                "payer",
                models.ForeignKey(
                    blank=True,
                    db_index=False,
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to="customers.customer",
                ),
            ),
            (
                "reseller",
                models.ForeignKey(
                    blank=True,
                    db_index=False,
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to="customers.customer",
                ),
            ),
            (
                "first_support",
                models.CharField(
                    blank=True,
                    choices=[
                        ("ours", "Ourselves"),
                        ("reseller", "The reseller"),
                        ("customer", "The customer's own people"),
                    ],
                    max_length=10,
                ),
            ),
        ],
        options={
            "indexes": [
                models.Index(
                    fields=["workspace", "customer", "start_on"], name="contract_by_customer"
                ),
                models.Index(fields=["workspace", "end_on"], name="contract_by_end"),
                models.Index(
                    condition=models.Q(("number", ""), _negated=True),
                    fields=["workspace", "number"],
                    name="contract_by_number",
                ),
                models.Index(
                    condition=models.Q(("signer__isnull", False)),
                    fields=["signer"],
                    name="contract_by_signer",
                ),
                models.Index(
                    condition=models.Q(("payer__isnull", False)),
                    fields=["payer"],
                    name="contract_by_payer",
                ),
                models.Index(
                    condition=models.Q(("reseller__isnull", False)),
                    fields=["reseller"],
                    name="contract_by_reseller",
                ),
                models.Index(
                    models.F("workspace"),
                    django.db.models.functions.comparison.Coalesce("notice_on", "end_on"),
                    condition=models.Q(
                        ("deleted_at", None), ("end_on__isnull", False), ("is_trial", False)
                    ),
                    name="contract_by_deadline",
                ),
            ],
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(
                        ("deleted_at", None), models.Q(("external_id", ""), _negated=True)
                    ),
                    fields=("workspace", "external_id"),
                    name="one_contract_per_external_id",
                ),
                models.UniqueConstraint(
                    condition=models.Q(
                        ("deleted_at", None), models.Q(("source_id", ""), _negated=True)
                    ),
                    fields=("workspace", "source", "source_id"),
                    name="one_contract_per_source_id",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("end_on", None), ("end_on__gte", models.F("start_on")), _connector="OR"
                    ),
                    name="contract_ends_not_before_start",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="Contact",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("source", models.CharField(blank=True, max_length=40)),
            ("source_id", models.CharField(blank=True, max_length=120)),
            ("external_id", models.CharField(blank=True, max_length=120)),
            ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("deleted_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ("name", models.CharField(max_length=120)),
            ("name_reading", models.CharField(blank=True, max_length=120)),
            ("name_folded", models.CharField(editable=False, max_length=400)),
            ("email", models.EmailField(blank=True, max_length=254)),
            ("phone", models.CharField(blank=True, max_length=40)),
            ("department", models.CharField(blank=True, max_length=120)),
            ("title", models.CharField(blank=True, max_length=120)),
            (
                "roles",
                django.contrib.postgres.fields.ArrayField(
                    base_field=models.CharField(
                        choices=[
                            ("champion", "Champion"),
                            ("sponsor", "Sponsor"),
                            ("admin", "Administrator"),
                            ("user", "User"),
                            ("billing", "Billing"),
                        ],
                        max_length=10,
                    ),
                    default=list,
                    size=None,
                ),
            ),
            (
                "presence",
                models.CharField(
                    choices=[
                        ("here", "In post"),
                        ("moved", "Moved"),
                        ("left", "Left the company"),
                        ("unknown", "Not known"),
                    ],
                    default="here",
                    max_length=10,
                ),
            ),
            ("presence_since", models.DateField(blank=True, null=True)),
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
                "customer",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="contacts",
                    to="customers.customer",
                ),
            ),
            (
                "merged_into",
                models.ForeignKey(
                    blank=True,
                    db_index=False,
                    editable=False,
                    null=True,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to="customers.contact",
                ),
            ),
            ("checked_on", models.DateField(blank=True, editable=False, null=True)),
        ],
        options={
            "indexes": [
                models.Index(fields=["workspace", "customer"], name="contact_by_customer"),
                django.contrib.postgres.indexes.GinIndex(
                    fields=["workspace", "name_folded"],
                    name="contact_search",
                    opclasses=["uuid_ops", "gin_trgm_ops"],
                ),
                models.Index(
                    fields=["workspace", "name_reading", "name", "id"], name="contact_by_reading"
                ),
                models.Index(
                    condition=models.Q(("merged_into__isnull", False)),
                    fields=["merged_into"],
                    name="contact_merged",
                ),
            ],
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(
                        models.Q(
                            ("deleted_at", None), ("merged_into__isnull", False), _connector="OR"
                        ),
                        models.Q(("external_id", ""), _negated=True),
                    ),
                    fields=("workspace", "external_id"),
                    name="one_contact_per_external_id",
                ),
                models.UniqueConstraint(
                    condition=models.Q(
                        models.Q(
                            ("deleted_at", None), ("merged_into__isnull", False), _connector="OR"
                        ),
                        models.Q(("source_id", ""), _negated=True),
                    ),
                    fields=("workspace", "source", "source_id"),
                    name="one_contact_per_source_id",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="CancellationNotice",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("external_id", models.CharField(blank=True, max_length=120)),
            ("noticed_on", models.DateField()),
            ("effective_on", models.DateField(blank=True, null=True)),
            ("reason", models.CharField(blank=True, max_length=60)),
            ("detail", models.TextField(blank=True)),
            ("attributes", models.JSONField(default=dict)),
            ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("voided_at", models.DateTimeField(null=True)),
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
                "contract",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to="customers.contract",
                ),
            ),
            (
                "customer",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="notices",
                    to="customers.customer",
                ),
            ),
        ],
        options={
            "indexes": [
                models.Index(fields=["workspace", "customer", "-noticed_on"], name="notice_history")
            ],
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(
                        models.Q(("external_id", ""), _negated=True), ("voided_at", None)
                    ),
                    fields=("workspace", "external_id"),
                    name="one_notice_per_external_id",
                )
            ],
        },
    ),
    migrations.CreateModel(
        name="Plan",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("name", models.CharField(max_length=120)),
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
                "product",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="plans",
                    to="customers.product",
                ),
            ),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(
                    fields=("workspace", "product", "name"), name="one_plan_per_name"
                )
            ],
        },
    ),
    migrations.CreateModel(
        name="Product",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("name", models.CharField(max_length=120)),
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
                models.UniqueConstraint(fields=("workspace", "name"), name="one_product_per_name")
            ],
        },
    ),
    migrations.CreateModel(
        name="ContractChange",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            (
                "kind",
                models.CharField(
                    choices=[
                        ("new", "New"),
                        ("renewal", "Renewal"),
                        ("expansion", "Expansion"),
                        ("contraction", "Contraction"),
                        ("price", "Price change"),
                        ("end", "End"),
                    ],
                    max_length=12,
                ),
            ),
            ("effective_on", models.DateField()),
            ("covers_until", models.DateField(null=True)),
            ("notice_on", models.DateField(null=True)),
            ("quantity", models.PositiveIntegerField(null=True)),
            ("amount", models.BigIntegerField()),
            ("term_months", models.PositiveSmallIntegerField()),
            ("mrr", models.DecimalField(decimal_places=6, max_digits=20)),
            ("currency", models.CharField(max_length=3)),
            ("is_trial", models.BooleanField(default=False)),
            ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("voided_at", models.DateTimeField(null=True)),
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
                "contract",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="changes",
                    to="customers.contract",
                ),
            ),
            (
                "import_run",
                models.ForeignKey(
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
            (
                "customer",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to="customers.customer",
                ),
            ),
            (
                "product",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="customers.product",
                ),
            ),
            ("minimum_months", models.PositiveSmallIntegerField(null=True)),
            ("notice_days", models.PositiveSmallIntegerField(null=True)),
            ("notice_months", models.PositiveSmallIntegerField(null=True)),
        ],
        options={
            "indexes": [
                models.Index(
                    condition=models.Q(("voided_at", None)),
                    fields=["workspace", "customer", "contract", "product", "-effective_on", "-id"],
                    include=("mrr", "covers_until", "is_trial"),
                    name="ledger_by_line",
                ),
                models.Index(
                    condition=models.Q(("kind", "end"), ("voided_at", None)),
                    fields=["workspace", "contract"],
                    name="ledger_ends",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="Segment",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("name", models.CharField(max_length=120)),
            ("conditions", models.JSONField(default=list)),
            ("sort", models.CharField(blank=True, max_length=80)),
            ("columns", models.JSONField(default=list)),
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
            ("edition", models.BigIntegerField(default=0, editable=False)),
            ("filled_at", models.DateTimeField(editable=False, null=True)),
            (
                "permissions",
                django.contrib.postgres.fields.ArrayField(
                    base_field=models.CharField(max_length=60),
                    default=list,
                    editable=False,
                    size=None,
                ),
            ),
            ("size", models.PositiveIntegerField(default=0, editable=False)),
            (
                "tier",
                models.CharField(
                    blank=True,
                    choices=[("high", "High touch"), ("low", "Low touch"), ("tech", "Tech touch")],
                    default="",
                    max_length=10,
                ),
            ),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("workspace", "name"), name="one_segment_per_name")
            ],
        },
    ),
    migrations.CreateModel(
        name="StageChange",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            (
                "stage",
                models.CharField(
                    choices=[
                        ("trial", "Trial"),
                        ("onboarding", "Onboarding"),
                        ("adoption", "Adoption"),
                        ("established", "Established"),
                        ("leaving", "Leaving"),
                        ("churned", "Churned"),
                    ],
                    max_length=20,
                ),
            ),
            ("entered_on", models.DateField()),
            ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                    related_name="stage_changes",
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
                models.Index(fields=["workspace", "customer", "-entered_on"], name="stage_history")
            ],
        },
    ),
    migrations.CreateModel(
        name="CustomAttribute",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("key", models.SlugField(db_index=False, max_length=40)),
            ("label", models.CharField(max_length=80)),
            (
                "kind",
                models.CharField(
                    choices=[
                        ("text", "Text"),
                        ("number", "Number"),
                        ("date", "Date"),
                        ("bool", "Yes or no"),
                        ("choice", "Choice"),
                    ],
                    max_length=10,
                ),
            ),
            ("choices", models.JSONField(default=list)),
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
                models.UniqueConstraint(fields=("workspace", "key"), name="one_attribute_per_key")
            ],
        },
    ),
    migrations.CreateModel(
        name="Touch",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("customer_id", models.UUIDField()),
            ("at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "tx",
                banso.core.snapshots.TransactionId(
                    db_default=models.Func(
                        function="pg_current_xact_id", output_field=models.TextField()
                    ),
                    editable=False,
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
            ("derived", models.BooleanField(db_default=False, default=False)),
        ],
        options={
            "indexes": [
                models.Index(fields=["workspace", "tx"], name="touch_by_transaction"),
                models.Index(fields=["workspace", "at"], name="touch_by_time"),
            ],
        },
    ),
    migrations.CreateModel(
        name="BulkEdit",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            (
                "state",
                models.CharField(
                    choices=[
                        ("running", "Running"),
                        ("done", "Done"),
                        ("undoing", "Undoing"),
                        ("undone", "Undone"),
                    ],
                    default="running",
                    max_length=10,
                ),
            ),
            ("chosen", models.JSONField()),
            ("changes", models.JSONField()),
            ("total", models.PositiveIntegerField(null=True)),
            ("done", models.PositiveIntegerField(default=0)),
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
                "undone_by",
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
            ("effective_on", models.DateField(null=True)),
        ],
        options={
            "indexes": [models.Index(fields=["workspace", "-created_at"], name="bulk_edit_latest")],
        },
    ),
    migrations.CreateModel(
        name="EditedCustomer",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            (
                "outcome",
                models.CharField(
                    choices=[
                        ("waiting", "Waiting"),
                        ("changed", "Changed"),
                        ("same", "Same"),
                        ("gone", "Gone"),
                    ],
                    default="waiting",
                    max_length=8,
                ),
            ),
            ("before", models.JSONField(default=dict)),
            ("stage_change", models.BigIntegerField(null=True)),
            ("told_upto", models.BigIntegerField(default=0)),
            ("undone_at", models.DateTimeField(null=True)),
            (
                "kept",
                django.contrib.postgres.fields.ArrayField(
                    base_field=models.CharField(max_length=60), default=list, size=None
                ),
            ),
            (
                "customer",
                models.ForeignKey(
                    db_constraint=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to="customers.customer",
                ),
            ),
            (
                "edit",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="rows",
                    to="customers.bulkedit",
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
                    fields=["workspace", "edit", "outcome", "id"], name="edited_by_outcome"
                )
            ],
            "constraints": [
                models.UniqueConstraint(
                    fields=("workspace", "edit", "customer"), name="edited_once_by_an_edit"
                )
            ],
        },
    ),
    migrations.CreateModel(
        name="CurrentState",
        fields=[
            (
                "customer",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.CASCADE,
                    primary_key=True,
                    related_name="now",
                    serialize=False,
                    to="customers.customer",
                ),
            ),
            ("mrr", models.DecimalField(decimal_places=6, max_digits=20, null=True)),
            ("worth", models.DecimalField(decimal_places=9, max_digits=23, null=True)),
            ("seats", models.IntegerField(null=True)),
            ("renewal_on", models.DateField(null=True)),
            ("notice_on", models.DateField(null=True)),
            ("deadline_on", models.DateField(null=True)),
            ("contract_state", models.CharField(max_length=10, null=True)),
            ("since", models.DateField(null=True)),
            ("until", models.DateField(null=True)),
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
                models.Index(fields=["workspace", "until"], name="current_until"),
                models.Index(fields=["workspace", "-since"], name="current_since"),
                models.Index(fields=["workspace", "worth", "customer"], name="current_by_worth"),
                models.Index(
                    fields=["workspace", "renewal_on", "customer"], name="current_by_renewal"
                ),
                models.Index(
                    fields=["workspace", "deadline_on", "customer"], name="current_by_deadline"
                ),
                models.Index(
                    fields=["customer"],
                    include=(
                        "workspace",
                        "mrr",
                        "worth",
                        "seats",
                        "renewal_on",
                        "notice_on",
                        "deadline_on",
                        "contract_state",
                    ),
                    name="current_of_customer",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="Charge",
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
                        ("setup", "Initial fee"),
                        ("onboarding", "Onboarding support"),
                        ("custom", "Custom work"),
                        ("other", "Other one-off charge"),
                    ],
                    max_length=12,
                ),
            ),
            ("name", models.CharField(blank=True, max_length=120)),
            ("amount", models.BigIntegerField()),
            ("charged_on", models.DateField(blank=True, null=True)),
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
                "contract",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="charges",
                    to="customers.contract",
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
            "indexes": [models.Index(fields=["workspace", "contract"], name="charges_of_contract")],
        },
    ),
    migrations.CreateModel(
        name="Likeness",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("score", models.PositiveSmallIntegerField()),
            ("reasons", models.JSONField(default=list)),
            ("found_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("told_apart_at", models.DateTimeField(null=True)),
            (
                "first",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to="customers.customer",
                ),
            ),
            (
                "second",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to="customers.customer",
                ),
            ),
            (
                "told_apart_by",
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
                models.Index(fields=["workspace", "-score", "id"], name="likeness_by_score")
            ],
            "constraints": [
                models.UniqueConstraint(
                    fields=("workspace", "first", "second"), name="one_likeness_per_pair"
                )
            ],
        },
    ),
    migrations.CreateModel(
        name="SilentDomain",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("domain", models.CharField(max_length=253)),
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
                models.UniqueConstraint(fields=("workspace", "domain"), name="one_silent_domain")
            ],
        },
    ),
    migrations.CreateModel(
        name="Merge",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            (
                "noun",
                models.CharField(
                    choices=[("customer", "Customer"), ("contact", "Contact")], max_length=10
                ),
            ),
            ("survivor_id", models.UUIDField()),
            ("merged_id", models.UUIDField()),
            ("taken", models.JSONField(default=dict)),
            ("stages", models.JSONField(default=list)),
            ("moved", models.JSONField(default=dict)),
            ("stayed", models.JSONField(default=dict)),
            ("upto", models.BigIntegerField(default=0)),
            ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ("undone_at", models.DateTimeField(null=True)),
            ("returned", models.JSONField(default=dict)),
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
                "undone_by",
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
            ("contacted_before", models.DateField(null=True)),
        ],
        options={
            "indexes": [
                models.Index(fields=["workspace", "-at"], name="merge_latest"),
                models.Index(fields=["workspace", "survivor_id"], name="merge_by_survivor"),
            ],
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("undone_at", None)),
                    fields=("workspace", "merged_id"),
                    name="merged_into_one_at_a_time",
                )
            ],
        },
    ),
    migrations.CreateModel(
        name="MergedRow",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("link", models.CharField(max_length=100)),
            ("row", models.CharField(max_length=40)),
            (
                "merge",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="rows",
                    to="customers.merge",
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
                models.Index(fields=["workspace", "link", "row"], name="merged_row_by_row")
            ],
            "constraints": [
                models.UniqueConstraint(
                    fields=("workspace", "merge", "link", "row"), name="moved_once_by_a_merge"
                )
            ],
        },
    ),
    migrations.CreateModel(
        name="Loss",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("main_reason", models.CharField(max_length=40)),
            ("second_reason", models.CharField(blank=True, max_length=40)),
            ("detail", models.TextField(blank=True)),
            ("competitor", models.CharField(blank=True, max_length=120)),
            ("noticed_on", models.DateField(blank=True, null=True)),
            ("told_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            (
                "line",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="loss",
                    to="customers.contractchange",
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
            "indexes": [models.Index(fields=["workspace", "main_reason"], name="loss_by_reason")],
        },
    ),
    migrations.CreateModel(
        name="LossReason",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("code", models.CharField(max_length=40)),
            ("name", models.CharField(blank=True, max_length=60)),
            ("retired_at", models.DateTimeField(null=True)),
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
                    fields=("workspace", "code"), name="one_loss_reason_per_code"
                )
            ],
        },
    ),
    migrations.CreateModel(
        name="Offer",
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
                    choices=[("upsell", "Upsell"), ("cross_sell", "Cross-sell")], max_length=10
                ),
            ),
            ("title", models.CharField(max_length=200)),
            ("mrr", models.BigIntegerField(blank=True, null=True)),
            ("offered_on", models.DateField()),
            (
                "state",
                models.CharField(
                    choices=[
                        ("offered", "Offered"),
                        ("accepted", "Accepted"),
                        ("declined", "Declined"),
                        ("withdrawn", "Withdrawn"),
                    ],
                    default="offered",
                    max_length=10,
                ),
            ),
            ("decided_on", models.DateField(blank=True, null=True)),
            ("why", models.TextField(blank=True)),
            (
                "by",
                models.ForeignKey(
                    blank=True,
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
                    related_name="offers",
                    to="customers.customer",
                ),
            ),
            (
                "product",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to="customers.product",
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
                "created_by_import",
                models.ForeignKey(
                    editable=False,
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to="core.importrun",
                ),
            ),
            ("currency", models.CharField(editable=False, max_length=3)),
        ],
        options={
            "indexes": [
                models.Index(fields=["workspace", "-offered_on", "-id"], name="offer_by_day")
            ],
        },
    ),
    migrations.CreateModel(
        name="Renewal",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            (
                "forecast",
                models.CharField(
                    choices=[
                        ("undecided", "Undecided"),
                        ("renew", "Renews as is"),
                        ("expand", "Grows"),
                        ("contract", "Shrinks"),
                        ("churn", "Leaves"),
                    ],
                    default="undecided",
                    max_length=10,
                ),
            ),
            (
                "step",
                models.CharField(
                    blank=True,
                    choices=[
                        ("", "Not begun"),
                        ("sounded", "Sounded out"),
                        ("quoted", "Quoted"),
                        ("in_review", "In their approval"),
                        ("agreed", "Agreed informally"),
                        ("ordered", "Order received"),
                        ("renewed", "Renewed"),
                    ],
                    max_length=10,
                ),
            ),
            ("expected_on", models.DateField(blank=True, null=True)),
            ("expected_amount", models.BigIntegerField(blank=True, null=True)),
            ("note", models.TextField(blank=True)),
            ("due_on", models.DateField(editable=False, null=True)),
            (
                "outcome",
                models.CharField(
                    blank=True,
                    choices=[
                        ("renewed", "Renewed as it was"),
                        ("expanded", "Renewed, larger"),
                        ("contracted", "Renewed, smaller"),
                        ("declined", "Not renewed"),
                    ],
                    editable=False,
                    max_length=10,
                ),
            ),
            ("closed_at", models.DateTimeField(editable=False, null=True)),
            (
                "adjustment",
                models.ForeignKey(
                    editable=False,
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to="customers.contractchange",
                ),
            ),
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
                "contract",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="renewals",
                    to="customers.contract",
                ),
            ),
            (
                "line",
                models.ForeignKey(
                    editable=False,
                    null=True,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to="customers.contractchange",
                ),
            ),
            (
                "notice",
                models.ForeignKey(
                    editable=False,
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to="customers.cancellationnotice",
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
                models.Index(fields=["contract"], name="renewals_of_contract"),
                models.Index(
                    condition=models.Q(("closed_at", None), _negated=True),
                    fields=["workspace", "-closed_at"],
                    name="renewal_by_closing",
                ),
            ],
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("closed_at", None)),
                    fields=("workspace", "contract"),
                    name="one_open_renewal_each",
                )
            ],
        },
    ),
    migrations.CreateModel(
        name="Affiliation",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("department", models.CharField(blank=True, max_length=120)),
            ("title", models.CharField(blank=True, max_length=120)),
            (
                "roles",
                django.contrib.postgres.fields.ArrayField(
                    base_field=models.CharField(
                        choices=[
                            ("champion", "Champion"),
                            ("sponsor", "Sponsor"),
                            ("admin", "Administrator"),
                            ("user", "User"),
                            ("billing", "Billing"),
                        ],
                        max_length=10,
                    ),
                    default=list,
                    size=None,
                ),
            ),
            ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                "contact",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="affiliations",
                    to="customers.contact",
                ),
            ),
            (
                "customer",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="affiliations",
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
                models.Index(fields=["workspace", "customer"], name="affiliations_by_customer")
            ],
            "constraints": [
                models.UniqueConstraint(
                    fields=("workspace", "contact", "customer"), name="one_affiliation_per_company"
                )
            ],
        },
    ),
    migrations.CreateModel(
        name="FormerPost",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("department", models.CharField(blank=True, max_length=120)),
            ("title", models.CharField(blank=True, max_length=120)),
            (
                "roles",
                django.contrib.postgres.fields.ArrayField(
                    base_field=models.CharField(
                        choices=[
                            ("champion", "Champion"),
                            ("sponsor", "Sponsor"),
                            ("admin", "Administrator"),
                            ("user", "User"),
                            ("billing", "Billing"),
                        ],
                        max_length=10,
                    ),
                    default=list,
                    size=None,
                ),
            ),
            (
                "presence",
                models.CharField(
                    choices=[
                        ("here", "In post"),
                        ("moved", "Moved"),
                        ("left", "Left the company"),
                        ("unknown", "Not known"),
                    ],
                    max_length=10,
                ),
            ),
            ("presence_since", models.DateField(null=True)),
            ("until", models.DateField()),
            (
                "passed",
                django.contrib.postgres.fields.ArrayField(
                    base_field=models.CharField(
                        choices=[
                            ("champion", "Champion"),
                            ("sponsor", "Sponsor"),
                            ("admin", "Administrator"),
                            ("user", "User"),
                            ("billing", "Billing"),
                        ],
                        max_length=10,
                    ),
                    default=list,
                    size=None,
                ),
            ),
            ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                "contact",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="former_posts",
                    to="customers.contact",
                ),
            ),
            (
                "import_run",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to="core.importrun",
                ),
            ),
            (
                "successor",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to="customers.contact",
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
            ("is_told", models.BooleanField(default=False)),
        ],
        options={
            "indexes": [
                models.Index(fields=["workspace", "contact", "-until"], name="posts_of_contact")
            ],
        },
    ),
    migrations.CreateModel(
        name="HandOver",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
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
            ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
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
            "indexes": [models.Index(fields=["workspace", "-on", "id"], name="hand_overs_by_day")],
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
    migrations.CreateModel(
        name="SegmentMemory",
        fields=[
            (
                "customer",
                models.OneToOneField(
                    db_constraint=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    primary_key=True,
                    related_name="+",
                    serialize=False,
                    to="customers.customer",
                ),
            ),
            ("held", models.JSONField(default=dict)),
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
            "abstract": False,
        },
    ),
    migrations.CreateModel(
        name="SegmentMember",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("since", models.DateField()),
            (
                "customer",
                models.ForeignKey(
                    db_constraint=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to="customers.customer",
                ),
            ),
            (
                "segment",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="members",
                    to="customers.segment",
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
                models.Index(fields=["workspace", "customer"], name="segments_of_customer"),
                models.Index(fields=["workspace", "segment", "-id"], name="latest_members"),
            ],
            "constraints": [
                models.UniqueConstraint(
                    fields=("workspace", "segment", "customer"), name="one_stay_at_a_time"
                )
            ],
        },
    ),
    migrations.CreateModel(
        name="SegmentMove",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("entered", models.BooleanField()),
            (
                "cause",
                models.CharField(
                    choices=[("values", "Values"), ("edited", "Edited"), ("book", "Book")],
                    max_length=8,
                ),
            ),
            ("changed", models.JSONField(default=list)),
            ("on", models.DateField()),
            ("at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "customer",
                models.ForeignKey(
                    db_constraint=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to="customers.customer",
                ),
            ),
            (
                "segment",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="moves",
                    to="customers.segment",
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
                models.Index(fields=["workspace", "segment", "-id"], name="moves_of_segment"),
                models.Index(fields=["workspace", "customer", "-id"], name="moves_of_customer"),
                models.Index(
                    fields=["workspace", "on"], include=("segment", "entered"), name="moves_by_day"
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="SegmentRun",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("stamp", models.TextField(blank=True)),
            ("day", models.DateField(null=True)),
            ("testing", models.JSONField(default=list)),
            ("reached", models.UUIDField(null=True)),
            ("is_done", models.BooleanField(default=True)),
            ("editions", models.BigIntegerField(default=0)),
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
            "constraints": [models.UniqueConstraint(fields=("workspace",), name="one_segment_run")],
        },
    ),
    migrations.CreateModel(
        name="TierProposal",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("stay", models.BigIntegerField()),
            (
                "before",
                models.CharField(
                    choices=[("high", "High touch"), ("low", "Low touch"), ("tech", "Tech touch")],
                    max_length=10,
                ),
            ),
            (
                "tier",
                models.CharField(
                    choices=[("high", "High touch"), ("low", "Low touch"), ("tech", "Tech touch")],
                    max_length=10,
                ),
            ),
            (
                "state",
                models.CharField(
                    choices=[
                        ("open", "Open"),
                        ("approved", "Approved"),
                        ("refused", "Refused"),
                        ("lapsed", "Lapsed"),
                    ],
                    default="open",
                    max_length=8,
                ),
            ),
            ("proposed_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("decided_at", models.DateTimeField(null=True)),
            (
                "customer",
                models.ForeignKey(
                    db_constraint=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to="customers.customer",
                ),
            ),
            (
                "decided_by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "segment",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="proposals",
                    to="customers.segment",
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
                    condition=models.Q(("state", "open")),
                    fields=["workspace", "segment", "id"],
                    name="open_tier_proposals",
                ),
                models.Index(fields=["workspace", "customer"], name="tier_proposals_of_customer"),
            ],
            "constraints": [
                models.UniqueConstraint(
                    fields=("workspace", "stay", "tier"), name="one_proposal_a_stay"
                )
            ],
        },
    ),
    migrations.CreateModel(
        name="Master",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("code", models.CharField(max_length=40)),
            ("name", models.CharField(max_length=80)),
            ("url", models.CharField(blank=True, max_length=500)),
            (
                "fields",
                django.contrib.postgres.fields.ArrayField(
                    base_field=models.CharField(max_length=60), blank=True, default=list, size=None
                ),
            ),
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
                models.UniqueConstraint(fields=("workspace", "code"), name="one_master_per_code")
            ],
        },
    ),
    migrations.CreateModel(
        name="Purchase",
        fields=[
            (
                "id",
                models.UUIDField(
                    default=banso.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("external_id", models.CharField(blank=True, max_length=120)),
            ("bought_on", models.DateField()),
            ("amount", models.BigIntegerField()),
            ("currency", models.CharField(max_length=3)),
            ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("voided_at", models.DateTimeField(editable=False, null=True)),
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
                    related_name="purchases",
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
                    fields=["workspace", "customer", "-bought_on", "-id"], name="purchase_history"
                )
            ],
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(
                        models.Q(("external_id", ""), _negated=True), ("voided_at", None)
                    ),
                    fields=("workspace", "external_id"),
                    name="one_purchase_per_external_id",
                )
            ],
        },
    ),
]


class Migration(migrations.Migration):
    replaces = [
        ("customers", "0001_initial"),
        ("customers", "0002_touch"),
        ("customers", "0003_bulk_edits"),
        ("customers", "0004_current_state"),
        ("customers", "0005_current_triggers"),
        ("customers", "0006_indexes_of_lists"),
        ("customers", "0007_current_of_customer"),
        ("customers", "0008_worth_of_a_customer"),
        ("customers", "0009_contract_terms"),
        ("customers", "0010_one_company"),
        ("customers", "0011_merges"),
        ("customers", "0012_renewals"),
        ("customers", "0013_people_and_places"),
        ("customers", "0014_how_we_moved"),
        ("customers", "0015_segments"),
        ("customers", "0016_contacted_before"),
        ("customers", "0017_master"),
        ("customers", "0018_current_by_index"),
        ("customers", "0019_currency_of_an_offer"),
        ("customers", "0020_sources_in_small_letters"),
        ("customers", "0021_former_posts_told"),
        ("customers", "0022_purchases"),
    ]

    initial = True

    dependencies = [
        ("core", "0013_asked_looks"),
    ]

    operations = [
        CreateTables(TABLES),
        migrations.RunSQL(CURRENT, NOT_CURRENT),
        migrations.RunSQL(REASSIGNED, "DROP FUNCTION customers_reassigned() CASCADE"),
        migrations.RunSQL(DECIDED, "DROP STATISTICS contract_decided"),
    ]
