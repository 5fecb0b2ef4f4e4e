"""The SQL of `merged`, which alone imports it."""

# Of merged customers. Events of sources follow their account; those of files were told whose they
# are, and keep in account_key whose they were before.
TAKE_OVER = """
WITH moved AS (
    UPDATE usage_event SET customer_id = %(survivor)s,
        account_key = CASE WHEN account_key = '' THEN %(mark)s ELSE account_key END
    WHERE workspace_id = %(workspace)s AND customer_id = %(merged)s AND source_id IS NULL
    RETURNING day
)
INSERT INTO usage_touched
SELECT unnest(ARRAY[%(survivor)s, %(merged)s]::uuid[]), day FROM (SELECT DISTINCT day FROM moved) AS days
"""
GIVE_BACK = """
WITH theirs AS MATERIALIZED (
    SELECT tableoid AS part, ctid AS place, customer_id AS holder FROM usage_event
    WHERE workspace_id = %(workspace)s
        AND account_key <> '' AND account_key = ANY(%(marks)s::text[])
        AND customer_id <> %(customer)s AND source_id IS NULL
), moved AS (
    UPDATE usage_event AS event SET customer_id = %(customer)s,
        account_key = CASE WHEN account_key = %(mark)s THEN '' ELSE account_key END
    FROM theirs WHERE event.tableoid = theirs.part AND event.ctid = theirs.place
    RETURNING theirs.holder, event.day
)
INSERT INTO usage_touched
SELECT DISTINCT holder, day FROM moved UNION SELECT %(customer)s, day FROM moved
"""
MARK = """
UPDATE usage_event SET account_key = %(mark)s
WHERE workspace_id = %(workspace)s AND import_run_id = %(run)s AND account_key = ''
    AND message_id = ANY(%(ids)s::text[])
"""
# Imported totals have moved already, with all that has a foreign key.
TOUCH_ALL_DAYS = """
INSERT INTO usage_touched
SELECT whose, day FROM (
    SELECT DISTINCT day FROM usage_dailyusage
    WHERE workspace_id = %(workspace)s AND customer_id = ANY(%(customers)s::uuid[])
) AS days CROSS JOIN unnest(%(customers)s::uuid[]) AS whose
"""
RETAKE_ACCOUNTS = """
UPDATE usage_account AS account SET customer_id = customer.id FROM customers_customer AS customer
WHERE account.workspace_id = %(workspace)s AND customer.id = ANY(%(customers)s::uuid[])
    AND customer.deleted_at IS NULL AND account.customer_id = ANY(%(customers)s::uuid[])
    AND account.customer_id <> customer.id AND account.matched_by <> 'hand'
    AND account.key IN (nullif(customer.external_id, ''), nullif(customer.source_id, ''),
        customer.id::text)
"""
