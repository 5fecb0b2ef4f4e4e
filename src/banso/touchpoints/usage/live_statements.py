"""The SQL of `live` and `settling`, which alone import it."""

from banso.touchpoints.usage.statements import USES_DUE

# Held by every request until it commits: `settling` waits for it, so that it misses no event, and
# the job that rolls up sees its rows (`core.once`). A statement of its own: the next one sees what
# is then.
BEGIN = """
SELECT pg_advisory_xact_lock_shared(hashtextextended('usage:in:' || %(workspace)s::text, 0)),
    pg_advisory_xact_lock_shared(hashtextextended('once:' || %(lock)s, 0))
"""
SEEN = "SELECT uuid_send(key) FROM usage_seen WHERE key = ANY(%(keys)s::uuid[])"

# All of a request in one statement. Texts come joined by the unit separator, which no name holds:
# the quickest list to write and to read.
_TAKE = """
WITH given AS (
    SELECT n, key, message_id, kind, coalesce(person, '') AS person,
        coalesce(account, '') AS account, coalesce(feature, '') AS feature,
        kind IN ('track', 'page', 'screen') AS used, at,
        nullif(properties, 'null') AS properties
    FROM ROWS FROM (
        unnest(%(keys)s::uuid[]),
        unnest(string_to_array(%(ids)s, chr(31))),
        unnest(string_to_array(%(kinds)s, chr(31))),
        unnest(string_to_array(%(people)s, chr(31))),
        unnest(string_to_array(%(accounts)s, chr(31))),
        unnest(string_to_array(%(features)s, chr(31))),
        unnest(%(times)s::timestamptz[]),
        jsonb_array_elements(%(properties)s::jsonb)
    ) WITH ORDINALITY
        AS given (key, message_id, kind, person, account, feature, at, properties, n)
    {of_which}
), waiting_job AS (
    SELECT FROM procrastinate_jobs
    WHERE queueing_lock = ANY(%(locks)s::text[]) AND status = 'todo' LIMIT 1
), {taken}
), stored AS (
    INSERT INTO usage_event (workspace_id, customer_id, contact_id, person_key, feature, at, day,
        message_id, source_id, account_key, kind, properties)
    SELECT %(workspace)s, customer_id, contact_id, person, feature, at, day,
        message_id, %(source)s, account, kind, properties
    FROM taken WHERE used
), due AS (
    INSERT INTO usage_due (workspace_id, customers, days, features, people, contacts)
    SELECT %(workspace)s, array_agg(customer_id), array_agg(day), array_agg(feature),
        array_agg(person), array_agg(contact_id)
    FROM taken WHERE used AND customer_id IS NOT NULL HAVING count(*) > 0
), outcome AS (
    SELECT count(*) AS new,
        count(*) FILTER (WHERE used AND customer_id IS NULL) AS waiting{more}
    FROM taken
    {if_usual}
), arrival AS (
    INSERT INTO usage_arrival (workspace_id, source_id, at, kind, count, new, duplicates, waiting,
        problem, params, body)
    SELECT %(workspace)s, %(source)s, %(now)s, %(kind)s, %(count)s, new, %(count)s - new, waiting,
        '', '{{}}', %(body)s
    FROM outcome RETURNING id
)
SELECT arrival.id, outcome.* FROM outcome CROSS JOIN arrival
"""
# With what is known by now of its owners. People one by one, which OFFSET 0 says: reading a thousand
# of them to join a hundred messages takes a seventh of a batch.
_KNOWN = """SELECT given.*, (given.at AT TIME ZONE %(zone)s)::date AS day,
        visitor.current_contact_id AS contact_id,
        CASE WHEN account.ignored_at IS NOT NULL THEN NULL
            WHEN given.account <> '' THEN coalesce(account.customer_id,
                CASE WHEN account.id IS NOT NULL THEN contact.customer_id END)
            WHEN given.at >= visitor.current_from THEN visitor.current_customer_id
        END AS customer_id,
        given.person <> '' AND visitor.id IS NULL AS new_person,
        given.account <> '' AND account.id IS NULL AS new_account,
        given.account = '' AND given.at < visitor.current_from AS unsettled,
        visitor.last_seen_at < %(hour)s AS person_long_ago,
        account.last_seen_at < %(hour)s AS account_long_ago
    FROM {given}
    LEFT JOIN LATERAL (
        SELECT * FROM usage_visitor AS one
        WHERE one.workspace_id = %(workspace)s AND one.key = given.person OFFSET 0
    ) AS visitor ON true
    LEFT JOIN usage_account AS account
        ON account.workspace_id = %(workspace)s AND account.key = given.account
    LEFT JOIN customers_contact AS contact ON contact.id = visitor.current_contact_id"""
_UNSEEN = """fresh AS (
    INSERT INTO usage_seen (key, day) SELECT key, %(today)s FROM given ORDER BY key
    ON CONFLICT DO NOTHING RETURNING key
), taken AS MATERIALIZED (
    {known}"""
_IF_USUAL = """known AS MATERIALIZED (
    {known}
), usual AS (
    SELECT FROM known CROSS JOIN waiting_job
    HAVING bool_and(used AND NOT coalesce(
        new_person OR new_account OR unsettled OR person_long_ago OR account_long_ago, false))
), taken AS NOT MATERIALIZED (
    SELECT * FROM known WHERE EXISTS (SELECT FROM usual)
), fresh AS (
    INSERT INTO usage_seen (key, day) SELECT key, %(today)s FROM taken ORDER BY key"""
_TO_FOLLOW_UP = """,
        EXISTS (SELECT FROM waiting_job) AS roll_up_waits,
        array_agg(n) FILTER (WHERE NOT used) AS told,
        array_agg(person) FILTER (WHERE new_person AND used) AS new_people,
        array_agg(account) FILTER (WHERE new_account AND used) AS new_accounts,
        array_agg(person) FILTER (WHERE unsettled AND used) AS unsettled,
        array_agg(person) FILTER (WHERE person_long_ago) AS people_long_ago,
        array_agg(account) FILTER (WHERE account_long_ago) AS accounts_long_ago"""

TAKE = _TAKE.format(
    of_which="",
    taken=_UNSEEN.format(known=_KNOWN.format(given="given JOIN fresh USING (key)")),
    more=_TO_FOLLOW_UP,
    if_usual="",
)
# Of uses alone, never seen, of those met within the hour, while the job that rolls up waits: no
# row, and nothing is stored, where anything is otherwise. A unique violation where another than
# the first was seen: looking for all of them would cost a tenth.
TAKE_USUAL = _TAKE.format(
    of_which="WHERE NOT EXISTS (SELECT FROM usage_seen WHERE key = (%(keys)s::uuid[])[1])",
    taken=_IF_USUAL.format(known=_KNOWN.format(given="given")),
    more="",
    if_usual="HAVING EXISTS (SELECT FROM usual)",
)

# Of the messages of people or companies first met with this request, those whose owner was found
# at once wait no more. As `SETTLE` and `_ATTRIBUTED` will say of them.
MATCHED_AT_ONCE = """
WITH given AS (
    SELECT * FROM unnest(%(arrivals)s::bigint[], %(people)s::text[], %(accounts)s::text[],
        %(are_new)s::boolean[]) AS given (arrival, person, account, is_new)
), owned AS (
    SELECT given.arrival, count(*) AS n FROM given
    LEFT JOIN usage_visitor AS visitor
        ON visitor.workspace_id = %(workspace)s AND visitor.key = given.person
    LEFT JOIN customers_contact AS contact ON contact.id = visitor.contact_id
    LEFT JOIN LATERAL (
        SELECT account_key FROM usage_belonging AS belonging
        WHERE given.account = '' AND belonging.workspace_id = %(workspace)s
            AND belonging.visitor_key = given.person
        ORDER BY since DESC, account_key DESC LIMIT 1
    ) AS called ON true
    LEFT JOIN usage_account AS account ON account.workspace_id = %(workspace)s
        AND account.key = coalesce(nullif(given.account, ''), called.account_key)
    WHERE account.ignored_at IS NULL
        AND coalesce(account.customer_id, contact.customer_id) IS NOT NULL
        AND (given.account = '' OR given.is_new OR account.customer_id IS NULL)
    GROUP BY given.arrival
)
UPDATE usage_arrival AS arrival SET waiting = greatest(arrival.waiting - owned.n, 0)
FROM owned WHERE arrival.workspace_id = %(workspace)s AND arrival.id = owned.arrival
RETURNING arrival.id, arrival.waiting
"""

# Whoever is busy with the row notes it themselves: waiting here could be waiting in a circle.
NOTE_SEEN = """
UPDATE {table} SET last_seen_at = %(now)s WHERE id IN (
    SELECT id FROM {table}
    WHERE workspace_id = %(workspace)s AND key = ANY(%(keys)s::text[]) FOR UPDATE SKIP LOCKED
)
"""

NOTE_REFUSAL = """
INSERT INTO usage_arrival (workspace_id, source_id, at, kind, count, new, duplicates, waiting,
    problem, params, body)
VALUES (%(workspace)s, %(source)s, %(at)s, %(kind)s, 0, 0, 0, 0, %(problem)s, %(params)s::jsonb,
    %(body)s)
"""
NOTE_SOURCE = """
UPDATE usage_source SET last_seen_at = %(now)s WHERE id IN (
    SELECT id FROM usage_source WHERE workspace_id = %(workspace)s AND id = %(source)s
        AND (last_seen_at IS NULL OR last_seen_at < %(now)s - interval '1 minute')
    FOR UPDATE SKIP LOCKED
)
"""

MOVED = """
SELECT id, account_key, person_key FROM usage_moved WHERE workspace_id = %(workspace)s
"""
PEOPLE_OF_ACCOUNTS = """
SELECT DISTINCT visitor.person_key FROM usage_belonging AS belonging
JOIN usage_visitor AS visitor
    ON visitor.workspace_id = %(workspace)s AND visitor.key = belonging.visitor_key
WHERE belonging.workspace_id = %(workspace)s AND belonging.account_key = ANY(%(accounts)s::text[])
"""
TOGETHER = """
SELECT one.key, one.person_key, coalesce(other.key, '') FROM usage_visitor AS one
LEFT JOIN usage_visitor AS other ON other.id = one.same_as_id
WHERE one.workspace_id = %(workspace)s
    AND (one.key = ANY(%(keys)s::text[]) OR one.person_key = ANY(%(keys)s::text[]))
"""
LOCK_VISITORS = """
SELECT id FROM usage_visitor WHERE workspace_id = %(workspace)s AND key = ANY(%(keys)s::text[])
ORDER BY key FOR UPDATE
"""
NAME_PEOPLE = """
UPDATE usage_visitor AS visitor SET person_key = given.person
FROM unnest(%(keys)s::text[], %(people)s::text[]) AS given (key, person)
WHERE visitor.workspace_id = %(workspace)s AND visitor.key = given.key
    AND visitor.person_key <> given.person
"""

# What a person's next event is. Of equal times the account that sorts last: any order of arrival
# gives the same.
SETTLE = """
WITH members AS (
    SELECT key, person_key, contact_id FROM usage_visitor
    WHERE workspace_id = %(workspace)s AND person_key = ANY(%(people)s::text[])
), contacts AS (
    SELECT DISTINCT ON (person_key) person_key, contact.id, contact.customer_id
    FROM members JOIN customers_contact AS contact ON contact.id = members.contact_id
    ORDER BY person_key, members.key = person_key DESC, members.key
), calls AS (
    SELECT person_key, account_key, since FROM usage_belonging AS belonging
    JOIN members ON members.key = belonging.visitor_key
    WHERE belonging.workspace_id = %(workspace)s
), latest AS (
    SELECT DISTINCT ON (person_key) person_key, account_key, since FROM calls
    ORDER BY person_key, since DESC, account_key DESC
), several AS (
    SELECT person_key FROM calls GROUP BY person_key HAVING count(DISTINCT account_key) > 1
)
UPDATE usage_visitor AS visitor SET
    current_contact_id = contacts.id,
    current_account = coalesce(latest.account_key, ''),
    current_from = CASE WHEN several.person_key IS NULL THEN '2000-01-01 00:00+00'
        ELSE latest.since END,
    current_customer_id = CASE WHEN account.ignored_at IS NOT NULL THEN NULL
        ELSE coalesce(account.customer_id, contacts.customer_id) END
FROM members
LEFT JOIN contacts USING (person_key)
LEFT JOIN latest USING (person_key)
LEFT JOIN several USING (person_key)
LEFT JOIN usage_account AS account
    ON account.workspace_id = %(workspace)s AND account.key = latest.account_key
WHERE visitor.workspace_id = %(workspace)s AND visitor.key = members.key
"""

# Whose an event is: its own account's, else the account's of the person's latest group call at or
# before it, else of the earliest after it; of an account nobody knows, or none, the contact's.
_ATTRIBUTED = """
WITH facts AS (
    SELECT event.tableoid AS part, event.ctid AS place, event.day,
        event.customer_id AS customer_before, event.contact_id AS contact_before,
        contact.id AS contact_id,
        CASE WHEN account.ignored_at IS NOT NULL THEN NULL
            ELSE coalesce(account.customer_id, contact.customer_id) END AS customer_id
    FROM usage_event AS event
    LEFT JOIN usage_visitor AS visitor
        ON visitor.workspace_id = %(workspace)s AND visitor.key = event.person_key
    LEFT JOIN customers_contact AS contact ON contact.id = visitor.current_contact_id
    LEFT JOIN LATERAL (
        SELECT belonging.account_key FROM usage_belonging AS belonging
        JOIN usage_visitor AS member
            ON member.workspace_id = %(workspace)s AND member.key = belonging.visitor_key
        WHERE event.account_key = '' AND belonging.workspace_id = %(workspace)s
            AND member.person_key = visitor.person_key
        ORDER BY belonging.since <= event.at DESC,
            abs(extract(epoch FROM event.at - belonging.since)), belonging.account_key DESC
        LIMIT 1
    ) AS called ON true
    LEFT JOIN usage_account AS account ON account.workspace_id = %(workspace)s
        AND account.key = coalesce(nullif(event.account_key, ''), called.account_key)
    WHERE event.workspace_id = %(workspace)s AND {which}
), moved AS (
    UPDATE usage_event AS event
    SET customer_id = facts.customer_id, contact_id = facts.contact_id
    FROM facts WHERE event.tableoid = facts.part AND event.ctid = facts.place
        AND (facts.customer_id, facts.contact_id)
            IS DISTINCT FROM (facts.customer_before, facts.contact_before)
)
INSERT INTO usage_touched
SELECT customer_before, day FROM facts WHERE customer_before IS NOT NULL
UNION SELECT customer_id, day FROM facts WHERE customer_id IS NOT NULL
"""
ATTRIBUTE_BY_PERSON = _ATTRIBUTED.format(
    which="event.source_id IS NOT NULL AND event.person_key = ANY(%(people)s::text[])"
)
ATTRIBUTE_BY_ACCOUNT = _ATTRIBUTED.format(
    which="event.account_key <> '' AND event.account_key = ANY(%(accounts)s::text[])"
)

LOOKED_AT = (
    "DELETE FROM usage_moved WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s::bigint[])"
)
ANY_OF = """
SELECT 1 FROM usage_moved WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s::bigint[]) LIMIT 1
"""
CUSTOMERS = """
SELECT customer_id FROM usage_touched
UNION SELECT unnest(customers) FROM usage_due WHERE workspace_id = %(workspace)s
"""
ANY_TOUCHED = "SELECT 1 FROM usage_touched WHERE %(workspace)s IS NOT NULL LIMIT 1"

ADD_DUE = f"""
WITH due AS (
    DELETE FROM usage_due WHERE workspace_id = %(workspace)s RETURNING *
)
INSERT INTO usage_dailyusage AS daily (workspace_id, customer_id, day, feature, person_key,
    contact_id, events, seconds, errors)
SELECT %(workspace)s, use.customer_id, use.day, use.feature,
    coalesce(visitor.person_key, use.person_key), min(use.contact_id::text)::uuid, count(*), 0, 0
FROM due CROSS JOIN {USES_DUE} LEFT JOIN usage_visitor AS visitor
    ON visitor.workspace_id = %(workspace)s AND visitor.key = use.person_key
GROUP BY use.customer_id, use.day, use.feature, coalesce(visitor.person_key, use.person_key)
ON CONFLICT (workspace_id, customer_id, day, feature, person_key) DO UPDATE
SET events = daily.events + excluded.events,
    contact_id = coalesce(daily.contact_id, excluded.contact_id)
"""  # noqa: S608  (built of our own words)

# The last 1,000 of a source, and none over a day old.
FORGET_ARRIVALS = """
WITH edges AS (
    SELECT source.id AS source_id, coalesce((
        SELECT latest.id FROM usage_arrival AS latest WHERE latest.source_id = source.id
        ORDER BY latest.id DESC OFFSET 999 LIMIT 1
    ), 0) AS edge
    FROM usage_source AS source WHERE source.workspace_id = %(workspace)s
)
DELETE FROM usage_arrival AS arrival USING edges
WHERE arrival.workspace_id = %(workspace)s AND arrival.source_id = edges.source_id
    AND (arrival.id < edges.edge OR arrival.at < %(before)s)
"""

# A product says with every page whom somebody belongs to. Of calls that repeat the one before
# them, the first of a day is kept: enough for calls that come even later.
FORGET_REPEATED_CALLS = """
DELETE FROM usage_belonging AS belonging USING (
    SELECT called.id,
        lag((called.account_key, called.since::date)) OVER calls
            = (called.account_key, called.since::date) AS repeats
    FROM usage_belonging AS called JOIN usage_visitor AS visitor
        ON visitor.workspace_id = %(workspace)s AND visitor.key = called.visitor_key
    WHERE called.workspace_id = %(workspace)s AND called.since < %(before)s
    WINDOW calls AS (PARTITION BY visitor.person_key ORDER BY called.since, called.account_key)
) AS known
WHERE belonging.id = known.id AND known.repeats
"""
