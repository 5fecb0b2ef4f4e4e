from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0005_current_triggers")]

    operations = [
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                fields=["workspace", "name_reading", "name", "id"], name="contact_by_reading"
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("deleted_at", None)),
                fields=["workspace", "tier", "id"],
                name="customer_by_tier",
            ),
        ),
    ]
