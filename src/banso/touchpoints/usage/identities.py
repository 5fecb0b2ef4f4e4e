"""SQL that finds who the companies and people of sources are. `store` reads what stands here."""

from collections.abc import Collection

from banso.core import sql

LOOK_AGAIN = """
INSERT INTO usage_moved (workspace_id, account_key, person_key)
SELECT %(workspace)s, unnest(%(accounts)s::text[]), ''
UNION ALL SELECT %(workspace)s, '', unnest(%(people)s::text[])
"""

# A customer in the bin keeps its accounts until a living one takes its key.
MATCH_ACCOUNTS = """
WITH waiting AS (
    SELECT account.id, account.key FROM usage_account AS account
    LEFT JOIN customers_customer AS known ON known.id = account.customer_id
    WHERE account.workspace_id = %(workspace)s AND account.ignored_at IS NULL
        AND (known.id IS NULL OR known.deleted_at IS NOT NULL)
        AND (%(keys)s::text[] IS NULL OR account.key = ANY(%(keys)s::text[]))
), living AS (
    SELECT id, external_id, source_id FROM customers_customer
    WHERE workspace_id = %(workspace)s AND deleted_at IS NULL
), candidates AS (
    SELECT waiting.id, living.id AS customer_id, 'external_id' AS how, 1 AS rank
    FROM waiting JOIN living ON living.external_id = waiting.key
    UNION ALL
    SELECT waiting.id, min(living.id::text)::uuid, 'source_id', 2
    FROM waiting JOIN living ON living.source_id = waiting.key
    GROUP BY waiting.id HAVING count(*) = 1
    UNION ALL
    SELECT waiting.id, living.id, 'id', 3
    FROM waiting JOIN living ON living.id::text = lower(waiting.key)
), found AS (
    SELECT DISTINCT ON (id) id, customer_id, how FROM candidates ORDER BY id, rank
), matched AS (
    UPDATE usage_account AS account SET customer_id = found.customer_id, matched_by = found.how
    FROM found WHERE account.id = found.id RETURNING account.key
)
INSERT INTO usage_moved (workspace_id, account_key) SELECT %(workspace)s, key FROM matched
"""

MATCH_VISITORS = """
WITH waiting AS (
    SELECT id, key, CASE WHEN email <> '' THEN email ELSE lower(key) END AS email
    FROM usage_visitor
    WHERE workspace_id = %(workspace)s AND contact_id IS NULL
        AND (email <> '' OR key NOT LIKE 'anon:%%')
        AND (%(keys)s::text[] IS NULL OR key = ANY(%(keys)s::text[]))
), living AS (
    SELECT contact.id, contact.external_id, contact.source_id, lower(contact.email) AS email
    FROM customers_contact AS contact JOIN customers_customer AS customer
        ON customer.id = contact.customer_id AND customer.deleted_at IS NULL
    WHERE contact.workspace_id = %(workspace)s AND contact.deleted_at IS NULL
), candidates AS (
    SELECT waiting.id, living.id AS contact_id, 'external_id' AS how, 1 AS rank
    FROM waiting JOIN living ON living.external_id = waiting.key
    UNION ALL
    SELECT waiting.id, min(living.id::text)::uuid, 'source_id', 2
    FROM waiting JOIN living ON living.source_id = waiting.key
    GROUP BY waiting.id HAVING count(*) = 1
    UNION ALL
    SELECT waiting.id, living.id, 'id', 3
    FROM waiting JOIN living ON living.id::text = lower(waiting.key)
    UNION ALL
    SELECT waiting.id, min(living.id::text)::uuid, 'email', 4
    FROM waiting JOIN living ON living.email = waiting.email AND living.email <> ''
    GROUP BY waiting.id HAVING count(*) = 1
), found AS (
    SELECT DISTINCT ON (id) id, contact_id, how FROM candidates ORDER BY id, rank
), matched AS (
    UPDATE usage_visitor AS visitor SET contact_id = found.contact_id, matched_by = found.how
    FROM found WHERE visitor.id = found.id RETURNING visitor.person_key
)
INSERT INTO usage_moved (workspace_id, person_key) SELECT %(workspace)s, person_key FROM matched
"""


def look_again(*, accounts: Collection[str] = (), people: Collection[str] = ()) -> None:
    """Whose the events of these accounts and people are is looked at again by the next rollup."""
    if accounts or people:
        sql.run(LOOK_AGAIN, {"accounts": list(accounts), "people": list(people)})


def match_accounts(keys: Collection[str] | None = None) -> int:
    """Waiting accounts (of these keys) whose key is a living customer's are matched; how many."""
    return sql.run(MATCH_ACCOUNTS, {"keys": None if keys is None else list(keys)})


def match_visitors(keys: Collection[str] | None = None) -> int:
    """Waiting people (of these keys) who are one living contact are matched; how many."""
    return sql.run(MATCH_VISITORS, {"keys": None if keys is None else list(keys)})
