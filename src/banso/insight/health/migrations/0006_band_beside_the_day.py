from django.db import migrations, models


class Migration(migrations.Migration):
    """A band is read from the index that finds the score; as dear to write as before."""

    dependencies = [("health", "0005_scores_without_foreign_keys")]

    operations = [
        migrations.RemoveConstraint(model_name="score", name="one_score_a_day"),
        migrations.AddConstraint(
            model_name="score",
            constraint=models.UniqueConstraint(
                fields=["workspace", "customer", "day"], include=["band"], name="one_score_a_day"
            ),
        ),
    ]
