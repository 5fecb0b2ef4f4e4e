"""The SQL of `store` and `runs`, which alone import it."""

INCOMING = {
    "customer_id": "uuid",
    "contact_id": "uuid",
    "person_key": "text",
    "feature": "text",
    "at": "timestamptz",
    "message_id": "text",
}
HISTORY = {
    "customer_id": "uuid",
    "contact_id": "uuid",
    "person_key": "text",
    "feature": "text",
    "at": "timestamptz",
    "day": "date",
    "message_id": "text",
}
ANY_EVENT = "SELECT FROM usage_event WHERE workspace_id = %(workspace)s LIMIT 1"
TOUCHED = {"customer_id": "uuid", "day": "date"}
IMPORTED = {
    "source_id": "text",
    "line": "int4",
    "customer_id": "uuid",
    "contact_id": "uuid",
    "person_key": "text",
    "feature": "text",
    "day": "date",
    "events": "int8",
    "seconds": "int8",
    "errors": "int8",
    "import_run_id": "uuid",
}
# Exports number their rows: where nothing stands between the least and the most of the ids, they
# need not be looked for one by one.
KEPT_TOTALS = """
SELECT source_id, line, customer_id, contact_id, person_key, feature, day, events, seconds, errors
FROM usage_importedusage WHERE workspace_id = %(workspace)s AND source_id = ANY(%(ids)s::text[])
    AND EXISTS (
        SELECT FROM usage_importedusage WHERE workspace_id = %(workspace)s AND source_id
            BETWEEN (SELECT min(id) FROM unnest(%(ids)s::text[]) AS id)
            AND (SELECT max(id) FROM unnest(%(ids)s::text[]) AS id)
    )
"""
HOW_MANY_OURS = """
SELECT count(*) FROM customers_customer
WHERE workspace_id = %(workspace)s AND id = ANY(%(customers)s::uuid[])
"""

CUSTOMERS_OF_RUN = """
SELECT customer_id FROM usage_importedusage
WHERE workspace_id = %(workspace)s AND import_run_id = %(run)s
UNION SELECT customer_id FROM usage_event
WHERE workspace_id = %(workspace)s AND import_run_id = %(run)s AND customer_id IS NOT NULL
ORDER BY 1
"""
BROUGHT_EVENTS = """
SELECT EXISTS (SELECT FROM usage_event
    WHERE workspace_id = %(workspace)s AND import_run_id = %(run)s)
"""
LEARN_SIZE_OF_IMPORTS = "ANALYZE usage_importedusage"
LEARN_SIZE_OF_ROLLUPS = "ANALYZE usage_dailyusage (workspace_id, customer_id)"
FIRST_TOTALS = """
INSERT INTO usage_dailyusage (workspace_id, customer_id, day, feature, person_key, contact_id,
    events, seconds, errors)
SELECT %(workspace)s, customer_id, day, feature, person_key, min(contact_id::text)::uuid,
    sum(events), sum(seconds), sum(errors)
FROM usage_importedusage
WHERE workspace_id = %(workspace)s AND import_run_id = %(run)s
    AND customer_id = ANY(%(customers)s::uuid[])
GROUP BY customer_id, day, feature, person_key
"""
TOUCH_RUN = """
INSERT INTO usage_touched
SELECT customer_id, day FROM usage_importedusage
WHERE workspace_id = %(workspace)s AND import_run_id = %(run)s
    AND customer_id = ANY(%(customers)s::uuid[])
UNION SELECT customer_id, day FROM usage_event
WHERE workspace_id = %(workspace)s AND import_run_id = %(run)s
    AND customer_id = ANY(%(customers)s::uuid[])
"""

MONTHS = """
SELECT DISTINCT date_trunc('month', at AT TIME ZONE %(zone)s)::date
FROM usage_incoming WHERE %(workspace)s IS NOT NULL
"""

# 128 bits of SHA-256 over the workspace (of fixed length, so nothing can run into it) and the
# source's id: two workspaces with equal ids never meet.
KEY = """
encode(substr(sha256(convert_to(%(workspace)s::text || {id}, 'UTF8')), 1, 16), 'hex')::uuid
"""

# A row's place in the staged table (ctid) is its place in the source: the first of an id wins. In
# the order of the keys, so that the index of usage_seen grows from left to right.
STORE_EVENTS = f"""
WITH keyed AS MATERIALIZED (
    SELECT DISTINCT ON (key) key, place FROM (
        SELECT {KEY.format(id="message_id")} AS key, ctid AS place FROM usage_incoming
    ) AS every ORDER BY key, place
), fresh AS (
    INSERT INTO usage_seen (key, day) SELECT key, %(today)s FROM keyed
    ON CONFLICT DO NOTHING RETURNING key
), firsts AS (
    SELECT place FROM keyed JOIN fresh USING (key)
)
INSERT INTO usage_event (workspace_id, customer_id, contact_id, person_key, feature, at, day,
    message_id, import_run_id)
SELECT %(workspace)s, customer_id, contact_id,
    CASE WHEN person_key <> '' THEN person_key ELSE coalesce('contact:' || contact_id, '') END,
    feature, at, (at AT TIME ZONE %(zone)s)::date, message_id, %(run)s
FROM usage_incoming JOIN firsts ON usage_incoming.ctid = firsts.place
"""  # noqa: S608  (built of our own words)

TOUCH_INCOMING = """
INSERT INTO usage_touched
SELECT DISTINCT customer_id, (at AT TIME ZONE %(zone)s)::date FROM usage_incoming
WHERE %(workspace)s IS NOT NULL
"""

STRANGERS = """
SELECT DISTINCT customer_id FROM usage_incoming
EXCEPT SELECT id FROM customers_customer WHERE workspace_id = %(workspace)s
"""

REMOVE_TOTALS = """
WITH gone AS (
    DELETE FROM usage_importedusage
    WHERE workspace_id = %(workspace)s AND import_run_id = %(run)s RETURNING customer_id, day
)
INSERT INTO usage_touched SELECT customer_id, day FROM gone
"""

REMOVE_EVENTS = f"""
WITH gone AS (
    DELETE FROM usage_event
    WHERE workspace_id = %(workspace)s AND import_run_id = %(run)s
    RETURNING customer_id, day, {KEY.format(id="message_id")} AS key
), forgotten AS (
    DELETE FROM usage_seen USING gone WHERE usage_seen.key = gone.key
)
INSERT INTO usage_touched SELECT customer_id, day FROM gone
"""  # noqa: S608  (built of our own words)

FORGET_EVENTS = f"""
WITH gone AS (
    DELETE FROM usage_event
    WHERE workspace_id = %(workspace)s AND customer_id = ANY(%(customers)s)
    RETURNING {KEY.format(id="message_id")} AS key
), forgotten AS (
    DELETE FROM usage_seen USING gone WHERE usage_seen.key = gone.key
)
SELECT key FROM gone
"""  # noqa: S608  (built of our own words)

# Requests hold this lock, shared, until they commit (`live_statements.BEGIN`).
NO_REQUESTS = """
SELECT pg_try_advisory_lock(hashtextextended('usage:in:' || %(workspace)s::text, 0))
    AND pg_advisory_unlock(hashtextextended('usage:in:' || %(workspace)s::text, 0))
"""

WAIT_FOR_REQUESTS = """
SELECT pg_advisory_lock(hashtextextended('usage:in:' || %(workspace)s::text, 0)),
    pg_advisory_unlock(hashtextextended('usage:in:' || %(workspace)s::text, 0))
"""

# Held to the end of the transaction: who comes second sums up what the first has stored, too.
ONE_ROLLS_UP = "SELECT pg_advisory_xact_lock(hashtextextended('usage:' || %(workspace)s::text, 0))"

CLEAR_ROLLUPS = """
DELETE FROM usage_dailyusage AS daily USING usage_touched AS touched
WHERE daily.workspace_id = %(workspace)s
    AND daily.customer_id = touched.customer_id AND daily.day = touched.day
"""

# A request's uses stand together in one row, as lists of one column each.
USES_DUE = """unnest(due.customers, due.days, due.features, due.people, due.contacts)
        AS use (customer_id, day, feature, person_key, contact_id)"""
_TAKE_FROM_DUE = """due AS (
    DELETE FROM usage_due WHERE workspace_id = %(workspace)s RETURNING *
), still_due AS (
    INSERT INTO usage_due (workspace_id, customers, days, features, people, contacts)
    SELECT workspace_id, rest.* FROM due CROSS JOIN LATERAL (
        SELECT array_agg(use.customer_id), array_agg(use.day), array_agg(use.feature),
            array_agg(use.person_key), array_agg(use.contact_id)
        FROM {uses} WHERE NOT {which} HAVING count(*) > 0
    ) AS rest
)"""
_IN_PAIRS = "EXISTS (SELECT FROM pairs WHERE (customer_id, day) = (use.customer_id, use.day))"
_OF_CUSTOMERS = "use.customer_id = ANY(%(customers)s::uuid[])"

# What is due of these pairs is counted with them, so it is due no more: one statement sees both
# at the same moment.
ROLL_UP = f"""
WITH pairs AS (
    SELECT DISTINCT customer_id, day FROM usage_touched
), {_TAKE_FROM_DUE.format(uses=USES_DUE, which=_IN_PAIRS)}, facts AS (
    SELECT event.customer_id, event.day, event.feature,
        coalesce(visitor.person_key, event.person_key) AS person_key,
        min(event.contact_id::text) AS contact_id,
        count(*) AS events, 0 AS seconds, 0 AS errors
    FROM usage_event AS event JOIN pairs USING (customer_id, day)
    LEFT JOIN usage_visitor AS visitor ON event.source_id IS NOT NULL
        AND visitor.workspace_id = %(workspace)s AND visitor.key = event.person_key
    WHERE event.workspace_id = %(workspace)s
    GROUP BY event.customer_id, event.day, event.feature,
        coalesce(visitor.person_key, event.person_key)
    UNION ALL
    SELECT customer_id, day, feature, person_key, contact_id::text, events, seconds, errors
    FROM usage_importedusage JOIN pairs USING (customer_id, day)
    WHERE workspace_id = %(workspace)s
)
INSERT INTO usage_dailyusage (workspace_id, customer_id, day, feature, person_key, contact_id,
    events, seconds, errors)
SELECT %(workspace)s, customer_id, day, feature, person_key, min(contact_id)::uuid,
    sum(events), sum(seconds), sum(errors)
FROM facts GROUP BY customer_id, day, feature, person_key
"""  # noqa: S608  (built of our own words)

# A past that nobody has told before, in the order of the index that it goes into.
ADD_HISTORY = """
INSERT INTO usage_dailyusage (workspace_id, customer_id, day, feature, person_key, contact_id,
    events, seconds, errors)
SELECT %(workspace)s, customer_id, day, feature, person_key, min(contact_id::text)::uuid,
    count(*), 0, 0
FROM usage_event WHERE workspace_id = %(workspace)s
GROUP BY customer_id, day, feature, person_key
ORDER BY customer_id, day, feature, person_key
"""

TOUCH_PERSON = """
INSERT INTO usage_touched SELECT DISTINCT customer_id, day FROM usage_dailyusage
WHERE workspace_id = %(workspace)s AND customer_id = %(customer)s AND contact_id = %(contact)s
"""

_RENAME = """
UPDATE {table} SET person_key = %(name)s, contact_id = NULL
WHERE workspace_id = %(workspace)s AND customer_id = %(customer)s AND person_key IN (
    SELECT person_key FROM usage_dailyusage
    WHERE workspace_id = %(workspace)s AND customer_id = %(customer)s AND contact_id = %(contact)s
)
"""
RENAME_IN_EVENTS = _RENAME.format(table="usage_event")
RENAME_IN_TOTALS = _RENAME.format(table="usage_importedusage")

# Of a person whose keys were sent by sources.
KEYS_OF_CONTACT = """
SELECT visitor.key FROM usage_visitor AS visitor WHERE workspace_id = %(workspace)s
    AND person_key IN (SELECT person_key FROM usage_visitor
        WHERE workspace_id = %(workspace)s AND contact_id = %(contact)s)
"""
FORGET_WORDS = """
WITH renamed AS (
    UPDATE usage_event SET person_key = %(name)s, contact_id = NULL, properties = NULL
    WHERE workspace_id = %(workspace)s AND source_id IS NOT NULL
        AND person_key = ANY(%(keys)s::text[])
    RETURNING customer_id, day
)
INSERT INTO usage_touched SELECT DISTINCT customer_id, day FROM renamed
WHERE customer_id IS NOT NULL
"""
FORGET_PERSON = (
    """
DELETE FROM usage_belonging
WHERE workspace_id = %(workspace)s AND visitor_key = ANY(%(keys)s::text[])
""",
    """
UPDATE usage_visitor SET same_as_id = NULL WHERE workspace_id = %(workspace)s AND same_as_id IN (
    SELECT id FROM usage_visitor
    WHERE workspace_id = %(workspace)s AND key = ANY(%(keys)s::text[])
)
""",
    """
DELETE FROM usage_visitor WHERE workspace_id = %(workspace)s AND key = ANY(%(keys)s::text[])
""",
    """
DELETE FROM usage_moved WHERE workspace_id = %(workspace)s AND person_key = ANY(%(keys)s::text[])
""",
)
# Nobody can tell in which of them a person stands, and they are gone within the day.
FORGET_BODIES = """
UPDATE usage_arrival SET body = '' WHERE workspace_id = %(workspace)s AND body <> ''
"""
EVENTS_OF_KEYS = """
SELECT at, feature, kind, account_key, properties FROM usage_event
WHERE workspace_id = %(workspace)s AND source_id IS NOT NULL
    AND person_key = ANY(%(keys)s::text[])
ORDER BY at
"""

# Accounts go with their customer.
FORGET_BELONGINGS = """
DELETE FROM usage_belonging AS belonging WHERE workspace_id = %(workspace)s AND NOT EXISTS (
    SELECT 1 FROM usage_account AS account
    WHERE account.workspace_id = %(workspace)s AND account.key = belonging.account_key
)
"""
FORGET_DUE = f"""
WITH {_TAKE_FROM_DUE.format(uses=USES_DUE, which=_OF_CUSTOMERS)}
SELECT count(*) FROM due
"""  # noqa: S608  (built of our own words)

PARTITIONS = """
SELECT child.relname FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
WHERE inhparent = 'usage_event'::regclass
"""
ONE_MAKES_PARTITIONS = "SELECT pg_advisory_xact_lock(hashtextextended('usage:partitions', 0))"
MAKE_PARTITION = """
CREATE TABLE IF NOT EXISTS {name} PARTITION OF usage_event
FOR VALUES FROM ('{start}') TO ('{end}')
"""
FORGET_OLD = "DELETE FROM usage_seen WHERE day < %(before)s"

# The customers are a sample of 300 by the random end of their ids: enough for a median.
MEDIANS = """
WITH days AS (SELECT unnest(%(days)s::date[]) AS day), everybody AS MATERIALIZED (
    SELECT id AS customer_id FROM customers_customer
    WHERE workspace_id = %(workspace)s ORDER BY right(id::text, 12)
), usual AS MATERIALIZED (
    SELECT customer_id, theirs.* FROM everybody CROSS JOIN LATERAL (
        SELECT sum(n) / cardinality(%(days)s::date[]) AS mean,
            array_agg(day) AS on_days, array_agg(n) AS counts
        FROM (
            SELECT day, sum(events) AS n FROM usage_dailyusage AS used
            WHERE workspace_id = %(workspace)s AND used.customer_id = everybody.customer_id
                AND day = ANY(%(days)s) GROUP BY day
        ) AS daily
    ) AS theirs
    WHERE mean > 0 LIMIT 300
), daily AS MATERIALIZED (
    SELECT customer_id, day, n
    FROM usual CROSS JOIN LATERAL unnest(on_days, counts) AS one (day, n)
)
SELECT day, percentile_cont(0.5) WITHIN GROUP (ORDER BY coalesce(n, 0) / mean)
FROM days CROSS JOIN usual LEFT JOIN daily USING (customer_id, day)
GROUP BY day HAVING count(*) >= %(fewest)s
"""

# DISTINCT first, counting after: a count(DISTINCT) would sort every row of each customer.
FEATURES_KNOWN = """
WITH used AS (
    SELECT DISTINCT feature, customer_id FROM usage_dailyusage
    WHERE workspace_id = %(workspace)s AND day >= %(start)s AND day < %(end)s AND events > 0
)
SELECT count(*) FROM (
    SELECT feature FROM used GROUP BY feature
    HAVING count(*) * %(share)s >= (SELECT count(DISTINCT customer_id) FROM used)
) AS known
"""

# The sample is by the random end of ids: the tenth of 2,000 that is broadest is then the tenth of
# all, give or take a fifteenth of it.
FEATURES_BROAD = """
WITH everybody AS MATERIALIZED (
    SELECT id AS customer_id FROM customers_customer
    WHERE workspace_id = %(workspace)s ORDER BY right(id::text, 12)
), active AS (
    SELECT used FROM everybody CROSS JOIN LATERAL (
        SELECT count(DISTINCT feature) AS used FROM usage_dailyusage AS daily
        WHERE workspace_id = %(workspace)s AND daily.customer_id = everybody.customer_id
            AND day >= %(start)s AND day < %(end)s AND events > 0
    ) AS theirs
    WHERE used > 0 LIMIT %(sample)s
)
SELECT coalesce(percentile_disc(0.9) WITHIN GROUP (ORDER BY used), 0) FROM active
"""

_OF_WORKSPACE = "DELETE FROM {table} WHERE workspace_id = %(workspace)s"
EMPTY = (
    f"""
DELETE FROM usage_seen USING usage_event
WHERE workspace_id = %(workspace)s AND usage_seen.key = {KEY.format(id="message_id")}
""",  # noqa: S608  (built of our own words)
    *(
        _OF_WORKSPACE.format(table=table)
        for table in (
            "usage_event",
            "usage_due",
            "usage_moved",
            "usage_arrival",
            "usage_belonging",
            "usage_visitor",
            "usage_account",
            "usage_importedusage",
            "usage_dailyusage",
            "usage_dayfigures",
        )
    ),
)
