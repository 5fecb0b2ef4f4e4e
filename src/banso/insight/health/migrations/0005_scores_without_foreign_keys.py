import django.db.models.deletion
from django.db import migrations, models

import banso.core.scope


class Migration(migrations.Migration):
    """Scores are derived rows: writing 100,000 looked up and locked as many customers."""

    dependencies = [("health", "0004_scores_of_a_customer")]

    operations = [
        migrations.AlterField(
            model_name="score",
            name="workspace",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                default=banso.core.scope.current_workspace_id,
                editable=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="core.workspace",
            ),
        ),
        migrations.AlterField(
            model_name="score",
            name="customer",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="scores",
                to="customers.customer",
            ),
        ),
    ]
