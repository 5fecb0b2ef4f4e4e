"""SQL that finds who the companies and people of sources are. `store` reads what stands here."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from banso.core import sql
from banso.core.quick import quick
from banso.lib.uuid7 import uuid7

# In the order of keys, as everybody inserts and locks them: nobody waits in a circle.
ADD_ACCOUNTS = """
INSERT INTO usage_account (id, workspace_id, key, name, traits, trait_times, matched_by,
    first_seen_at, last_seen_at)
SELECT id, %(workspace)s, key, '', '{}', '{}', '', %(now)s, %(now)s
FROM unnest(%(ids)s::uuid[], %(keys)s::text[]) AS given (id, key) ORDER BY key
ON CONFLICT DO NOTHING RETURNING key
"""
ADD_VISITORS = """
INSERT INTO usage_visitor (id, workspace_id, key, person_key, name, email, traits, trait_times,
    matched_by, current_account, current_from, first_seen_at, last_seen_at)
SELECT id, %(workspace)s, key, key, '', '', '{}', '{}', '', '', '2000-01-01 00:00+00', %(now)s,
    %(now)s
FROM unnest(%(ids)s::uuid[], %(keys)s::text[]) AS given (id, key) ORDER BY key
ON CONFLICT DO NOTHING RETURNING key
"""

ADD_BELONGINGS = """
INSERT INTO usage_belonging (workspace_id, visitor_key, account_key, since)
SELECT %(workspace)s, person, account, since
FROM unnest(%(people)s::text[], %(accounts)s::text[], %(times)s::timestamptz[])
    AS given (person, account, since)
ORDER BY person, since, account ON CONFLICT DO NOTHING
"""

LOOK_AGAIN = """
INSERT INTO usage_moved (workspace_id, account_key, person_key)
SELECT %(workspace)s, unnest(%(accounts)s::text[]), ''
UNION ALL SELECT %(workspace)s, '', unnest(%(people)s::text[])
"""

# A customer in the bin keeps its accounts until a living one takes its key. Keys of those that were
# merged into another lead there.
MATCH_ACCOUNTS = """
WITH waiting AS (
    SELECT account.id, account.key FROM usage_account AS account
    LEFT JOIN customers_customer AS known ON known.id = account.customer_id
    WHERE account.workspace_id = %(workspace)s AND account.ignored_at IS NULL
        AND (known.id IS NULL OR known.deleted_at IS NOT NULL)
        AND (%(keys)s::text[] IS NULL OR account.key = ANY(%(keys)s::text[]))
    ORDER BY account.key FOR UPDATE OF account
), living AS (
    SELECT id, id::text AS own, external_id, source_id FROM customers_customer
    WHERE workspace_id = %(workspace)s AND deleted_at IS NULL
    UNION ALL
    SELECT heir.id, merged.id::text, merged.external_id, merged.source_id
    FROM customers_customer AS merged
    JOIN customers_customer AS heir ON heir.id = merged.merged_into_id AND heir.deleted_at IS NULL
    WHERE merged.workspace_id = %(workspace)s AND merged.merged_into_id IS NOT NULL
), candidates AS (
    SELECT waiting.id, living.id AS customer_id, 'external_id' AS how, 1 AS rank
    FROM waiting JOIN living ON living.external_id = waiting.key
    UNION ALL
    SELECT waiting.id, min(living.id::text)::uuid, 'source_id', 2
    FROM waiting JOIN living ON living.source_id = waiting.key
    GROUP BY waiting.id HAVING count(DISTINCT living.id) = 1
    UNION ALL
    SELECT waiting.id, living.id, 'id', 3
    FROM waiting JOIN living ON living.own = lower(waiting.key)
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
    WHERE workspace_id = %(workspace)s AND contact_id IS NULL AND ignored_at IS NULL
        AND (email <> '' OR key NOT LIKE 'anon:%%')
        AND (%(keys)s::text[] IS NULL OR key = ANY(%(keys)s::text[]))
    ORDER BY key FOR UPDATE
), living AS (
    SELECT contact.id, contact.id::text AS own, contact.external_id, contact.source_id,
        lower(contact.email) AS email
    FROM customers_contact AS contact JOIN customers_customer AS customer
        ON customer.id = contact.customer_id AND customer.deleted_at IS NULL
    WHERE contact.workspace_id = %(workspace)s AND contact.deleted_at IS NULL
    UNION ALL
    SELECT heir.id, merged.id::text, merged.external_id, merged.source_id, lower(merged.email)
    FROM customers_contact AS merged JOIN customers_contact AS heir
        ON heir.id = merged.merged_into_id AND heir.deleted_at IS NULL
    WHERE merged.workspace_id = %(workspace)s AND merged.merged_into_id IS NOT NULL
), candidates AS (
    SELECT waiting.id, living.id AS contact_id, 'external_id' AS how, 1 AS rank
    FROM waiting JOIN living ON living.external_id = waiting.key
    UNION ALL
    SELECT waiting.id, min(living.id::text)::uuid, 'source_id', 2
    FROM waiting JOIN living ON living.source_id = waiting.key
    GROUP BY waiting.id HAVING count(DISTINCT living.id) = 1
    UNION ALL
    SELECT waiting.id, living.id, 'id', 3
    FROM waiting JOIN living ON living.own = lower(waiting.key)
    UNION ALL
    SELECT waiting.id, min(living.id::text)::uuid, 'email', 4
    FROM waiting JOIN living ON living.email = waiting.email AND living.email <> ''
    GROUP BY waiting.id HAVING count(DISTINCT living.id) = 1
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


def meet(*, accounts: Collection[str], people: Collection[str], now: datetime) -> None:
    """There are rows of these accounts and people; those that are new are matched."""
    if accounts:
        made = quick(ADD_ACCOUNTS, _new(accounts, now))
        match_accounts([key for (key,) in made])
    if people:
        made = quick(ADD_VISITORS, _new(people, now))
        match_visitors([key for (key,) in made])


def add_belongings(rows: Collection[tuple[str, str, datetime]]) -> None:
    """Each (person, account, since) is remembered. Twice is once."""
    if rows:
        people, accounts, times = map(list, zip(*rows, strict=True))
        sql.run(ADD_BELONGINGS, {"people": people, "accounts": accounts, "times": times})


def match_accounts(keys: Collection[str] | None = None) -> int:
    """Waiting accounts (of these keys) whose key is a living customer's are matched; how many."""
    if keys is not None and not keys:
        return 0
    return sql.run(MATCH_ACCOUNTS, {"keys": None if keys is None else list(keys)})


def match_visitors(keys: Collection[str] | None = None) -> int:
    """Waiting people (of these keys) who are one living contact are matched; how many."""
    if keys is not None and not keys:
        return 0
    return sql.run(MATCH_VISITORS, {"keys": None if keys is None else list(keys)})


def _new(keys: Collection[str], now: datetime) -> dict[str, Any]:
    return {"ids": [uuid7() for _key in keys], "keys": list(keys), "now": now}
