import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """So that lists can join the scores of a day; nothing changes in the database."""

    dependencies = [("health", "0003_opportunity")]

    operations = [
        migrations.AlterField(
            model_name="score",
            name="customer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="scores",
                to="customers.customer",
            ),
        ),
    ]
