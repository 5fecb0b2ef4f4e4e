import django.db.models.deletion
from django.db import migrations, models

FROM_CUSTOMERS = """
UPDATE customers_offer offer SET currency = customer.currency
FROM customers_customer customer WHERE customer.id = offer.customer_id
"""
LAST_DAYS = """
UPDATE customers_currentstate SET deadline_on = least(notice_on, renewal_on - 1)
"""

# The planner believes no statistics of a partial index: it took 10,000 deadlines for 500.
DECIDED = """
CREATE STATISTICS contract_decided ON (coalesce(notice_on, end_on)) FROM customers_contract
"""


class Migration(migrations.Migration):
    """An offer stays in its currency; a deadline without notice is the last day of the term.

    What is due is summed from fewer pages: contracts that ended have an index of their own, and
    the planner knows how many deadlines a window holds.
    """

    dependencies = [("core", "0010_rows_of_bulk"), ("customers", "0018_current_by_index")]

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
        migrations.RunSQL(DECIDED, "DROP STATISTICS contract_decided"),
        migrations.AddIndex(
            model_name="contractchange",
            index=models.Index(
                condition=models.Q(("kind", "end"), ("voided_at", None)),
                fields=["workspace", "contract"],
                name="ledger_ends",
            ),
        ),
    ]
