import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """So that lists can join the scores of a day, beginning with those in trouble."""

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
        migrations.AddIndex(
            model_name="score",
            index=models.Index(
                condition=models.Q(("band__in", ["danger", "watch"])),
                fields=["workspace", "day", "band", "customer"],
                name="scores_in_trouble",
            ),
        ),
    ]
