"""What makes a customer's current state stale: triggers, so that no way of writing passes by.

Imports copy, undo deletes, a corrected line is two rows: each statement tells once, for all its
rows. In order of ids, so that two writers of many cannot wait for each other. Rows are locked though
they look stale: somebody may be making one true at this moment, without having seen the change.
"""

from django.db import migrations

# A line makes a state where there was none; taking lines away never does: the customer may go too.
_FUNCTIONS = """
CREATE FUNCTION customers_current_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO customers_currentstate (customer_id, workspace_id)
    SELECT DISTINCT customer_id, workspace_id FROM changed ORDER BY customer_id
    ON CONFLICT (customer_id) DO NOTHING;
    PERFORM FROM customers_currentstate
    WHERE customer_id IN (SELECT customer_id FROM changed) ORDER BY customer_id FOR UPDATE;
    UPDATE customers_currentstate SET until = NULL
    WHERE customer_id IN (SELECT customer_id FROM changed) AND until IS NOT NULL;
    RETURN NULL;
END $$;
CREATE FUNCTION customers_current_stale() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM customers_currentstate
    WHERE customer_id IN (SELECT customer_id FROM changed) ORDER BY customer_id FOR UPDATE;
    UPDATE customers_currentstate SET until = NULL
    WHERE customer_id IN (SELECT customer_id FROM changed) AND until IS NOT NULL;
    RETURN NULL;
END $$;
CREATE FUNCTION customers_current_currency() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE customers_currentstate SET until = NULL
    WHERE customer_id = NEW.id AND until IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER current_currency AFTER UPDATE OF currency ON customers_customer FOR EACH ROW
WHEN (OLD.currency IS DISTINCT FROM NEW.currency) EXECUTE FUNCTION customers_current_currency();
"""
_TRIGGER = """
CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {side} TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION {function}();
"""
_TOLD = [
    ("customers_contractchange", "INSERT", "NEW", "customers_current_made"),
    ("customers_contractchange", "UPDATE", "NEW", "customers_current_made"),
    ("customers_contractchange", "UPDATE", "OLD", "customers_current_stale"),
    ("customers_contractchange", "DELETE", "OLD", "customers_current_stale"),
    ("customers_contract", "UPDATE", "NEW", "customers_current_stale"),
    ("customers_cancellationnotice", "INSERT", "NEW", "customers_current_stale"),
    ("customers_cancellationnotice", "UPDATE", "NEW", "customers_current_stale"),
    ("customers_cancellationnotice", "UPDATE", "OLD", "customers_current_stale"),
    ("customers_cancellationnotice", "DELETE", "OLD", "customers_current_stale"),
]

CREATE = _FUNCTIONS + "".join(
    _TRIGGER.format(
        name=f"current_{event.lower()}_{side.lower()}",
        event=event,
        table=table,
        side=side,
        function=function,
    )
    for table, event, side, function in _TOLD
)
DROP = """
DROP FUNCTION customers_current_made() CASCADE;
DROP FUNCTION customers_current_stale() CASCADE;
DROP FUNCTION customers_current_currency() CASCADE;
"""
FILL = """
INSERT INTO customers_currentstate (customer_id, workspace_id)
SELECT DISTINCT customer_id, workspace_id FROM customers_contractchange;
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0004_current_state")]

    operations = [migrations.RunSQL(CREATE, DROP), migrations.RunSQL(FILL, migrations.RunSQL.noop)]
