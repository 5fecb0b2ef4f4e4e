from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0015_segments")]

    operations = [
        migrations.AddField(
            model_name="merge",
            name="contacted_before",
            field=models.DateField(null=True),
        ),
    ]
