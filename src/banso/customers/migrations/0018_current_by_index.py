"""What a change makes stale is looked up by its index, whatever the planner believes of the tables.

It believed for a while that a table filled in this very transaction is empty, and compared every
state with every changed row: 100,000 contracts at once took many minutes.
"""

from django.db import migrations

# Undone, it stays: it does the same.
REPLACE = """
CREATE OR REPLACE FUNCTION customers_current_made() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off AS $$
DECLARE ids uuid[] := ARRAY(SELECT DISTINCT customer_id FROM changed);
BEGIN
    INSERT INTO customers_currentstate (customer_id, workspace_id)
    SELECT DISTINCT customer_id, workspace_id FROM changed ORDER BY customer_id
    ON CONFLICT (customer_id) DO NOTHING;
    PERFORM FROM customers_currentstate WHERE customer_id = ANY(ids) ORDER BY customer_id FOR UPDATE;
    UPDATE customers_currentstate SET until = NULL WHERE customer_id = ANY(ids) AND until IS NOT NULL;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION customers_current_stale() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off AS $$
DECLARE ids uuid[] := ARRAY(SELECT DISTINCT customer_id FROM changed);
BEGIN
    PERFORM FROM customers_currentstate WHERE customer_id = ANY(ids) ORDER BY customer_id FOR UPDATE;
    UPDATE customers_currentstate SET until = NULL WHERE customer_id = ANY(ids) AND until IS NOT NULL;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0017_master")]

    operations = [migrations.RunSQL(REPLACE, migrations.RunSQL.noop)]
