import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import banso.core.scope
import banso.lib.uuid7

# Forms asked for the external id as the number of the contract.
NUMBERED = "UPDATE customers_contract SET number = external_id WHERE external_id <> ''"
PARTIES = ("signer", "payer", "reseller")


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0010_rows_of_bulk"),
        ("customers", "0008_worth_of_a_customer"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Charge",
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
        ),
        migrations.AddField(
            model_name="contract",
            name="minimum_months",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="contract",
            name="notice_days",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="contract",
            name="notice_months",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="contract",
            name="number",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="contract",
            name="payment",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name="contractchange",
            name="minimum_months",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="contractchange",
            name="notice_days",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="contractchange",
            name="notice_months",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name="contract",
            index=models.Index(
                condition=models.Q(("number", ""), _negated=True),
                fields=["workspace", "number"],
                name="contract_by_number",
            ),
        ),
        migrations.AddIndex(
            model_name="charge",
            index=models.Index(fields=["workspace", "contract"], name="charges_of_contract"),
        ),
        *(
            migrations.AddField(
                model_name="contract",
                name=party,
                field=models.ForeignKey(
                    blank=True,
                    db_index=False,
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to="customers.customer",
                ),
            )
            for party in PARTIES
        ),
        *(
            migrations.AddIndex(
                model_name="contract",
                index=models.Index(
                    fields=[party],
                    condition=models.Q((f"{party}__isnull", False)),
                    name=f"contract_by_{party}",
                ),
            )
            for party in PARTIES
        ),
        migrations.AddField(
            model_name="contract",
            name="first_support",
            field=models.CharField(
                blank=True,
                choices=[
                    ("ours", "Ourselves"),
                    ("reseller", "The reseller"),
                    ("customer", "The customer's own people"),
                ],
                max_length=10,
            ),
        ),
        migrations.RunSQL(NUMBERED, migrations.RunSQL.noop),
    ]
