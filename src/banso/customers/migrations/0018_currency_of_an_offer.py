import django.db.models.deletion
from django.db import migrations, models

FROM_CUSTOMERS = """
UPDATE customers_offer offer SET currency = customer.currency
FROM customers_customer customer WHERE customer.id = offer.customer_id
"""
LAST_DAYS = """
UPDATE customers_currentstate SET deadline_on = least(notice_on, renewal_on - 1)
"""


class Migration(migrations.Migration):
    """An offer stays in its currency; a deadline without notice is the last day of the term."""

    dependencies = [("core", "0010_rows_of_bulk"), ("customers", "0017_master")]

    operations = [
        migrations.AddField(
            model_name="offer",
            name="created_by_import",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="core.importrun",
            ),
        ),
        migrations.AddField(
            model_name="offer",
            name="currency",
            field=models.CharField(default="", editable=False, max_length=3),
            preserve_default=False,
        ),
        migrations.RunSQL(FROM_CUSTOMERS, migrations.RunSQL.noop),
        migrations.RunSQL(LAST_DAYS, migrations.RunSQL.noop),
    ]
