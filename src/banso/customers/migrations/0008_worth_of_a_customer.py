from django.db import migrations, models


class Migration(migrations.Migration):
    """What a list is in order of is found where its filters look: MRR was read from all rows."""

    dependencies = [("customers", "0007_current_of_customer")]

    operations = [
        migrations.RemoveIndex(model_name="currentstate", name="current_of_customer"),
        migrations.AddIndex(
            model_name="currentstate",
            index=models.Index(
                fields=["customer"],
                include=[
                    "workspace",
                    "mrr",
                    "worth",
                    "seats",
                    "renewal_on",
                    "notice_on",
                    "deadline_on",
                    "contract_state",
                ],
                name="current_of_customer",
            ),
        ),
    ]
