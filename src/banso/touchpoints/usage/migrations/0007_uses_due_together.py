from django.db import migrations

# What is due of a request stands in one row: a hundred uses cost a tenth less to store, and the
# rollup deletes one row instead of a hundred. Too long for a page, and written once: not compressed.
TOGETHER = """
ALTER TABLE usage_due RENAME TO usage_due_apart;
CREATE TABLE usage_due (
    workspace_id uuid NOT NULL,
    customers uuid[] NOT NULL,
    days date[] NOT NULL,
    features text[] NOT NULL,
    people text[] NOT NULL,
    contacts uuid[] NOT NULL
);
ALTER TABLE usage_due
    ALTER customers SET STORAGE EXTERNAL,
    ALTER days SET STORAGE EXTERNAL,
    ALTER features SET STORAGE EXTERNAL,
    ALTER people SET STORAGE EXTERNAL,
    ALTER contacts SET STORAGE EXTERNAL;
INSERT INTO usage_due
SELECT workspace_id, array_agg(customer_id), array_agg(day), array_agg(feature::text),
    array_agg(person_key::text), array_agg(contact_id)
FROM usage_due_apart CROSS JOIN generate_series(1, events)
GROUP BY workspace_id, customer_id, day;
DROP TABLE usage_due_apart;
"""
APART = """
ALTER TABLE usage_due RENAME TO usage_due_together;
CREATE TABLE usage_due (
    workspace_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    day date NOT NULL,
    feature varchar(120) NOT NULL,
    person_key varchar(120) NOT NULL,
    contact_id uuid,
    events integer NOT NULL
);
INSERT INTO usage_due
SELECT workspace_id, use.customer_id, use.day, use.feature, use.person_key, use.contact_id, 1
FROM usage_due_together CROSS JOIN
    unnest(customers, days, features, people, contacts)
        AS use (customer_id, day, feature, person_key, contact_id);
DROP TABLE usage_due_together;
"""


class Migration(migrations.Migration):
    dependencies = [("usage", "0006_gone_together")]

    operations = [migrations.RunSQL(TOGETHER, APART)]
