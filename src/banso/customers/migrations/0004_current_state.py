import django.db.models.deletion
from django.db import migrations, models

import banso.core.scope


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0007_outgoing_mail"),
        ("customers", "0003_bulk_edits"),
    ]

    operations = [
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
                    models.Index(
                        fields=["workspace", "worth", "customer"], name="current_by_worth"
                    ),
                    models.Index(
                        fields=["workspace", "renewal_on", "customer"], name="current_by_renewal"
                    ),
                    models.Index(
                        fields=["workspace", "deadline_on", "customer"], name="current_by_deadline"
                    ),
                ],
            },
        ),
    ]
