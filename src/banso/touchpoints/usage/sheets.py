"""The usage of many customers in one pass over their rollups: what `fields` says one by one."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from banso.core import sql
from banso.customers.fields import Sheet, Span, Those, Told
from banso.touchpoints.usage import windows
from banso.touchpoints.usage.fields import FIRST_WEEK
from banso.touchpoints.usage.windows import Compared, compared

# Customer by customer, for so the index gives each one's rollups in order, and what is counted once
# is sorted among a few dozen. Older ones are looked up only where the windows leave the answer open.
USED = """
SELECT one.id,
    coalesce(last_on, (
        SELECT day FROM usage_dailyusage
        WHERE workspace_id = %(workspace)s AND customer_id = one.id AND day < %(before)s
            AND events > 0 ORDER BY day DESC LIMIT 1
    )),
    events, features, people, people_before, recent, previous,
    coalesce(tells_people, false) OR EXISTS (
        SELECT FROM usage_dailyusage
        WHERE workspace_id = %(workspace)s AND customer_id = one.id AND day < %(before)s
            AND person_key <> ''
    ),
    coalesce(first_on < %(first_week)s, false) OR EXISTS (
        SELECT FROM usage_dailyusage
        WHERE workspace_id = %(workspace)s AND customer_id = one.id AND day < %(before)s
    ),
    first_on IS NOT NULL
FROM customers_customer AS one CROSS JOIN LATERAL (
    SELECT min(day) AS first_on, max(day) FILTER (WHERE events > 0) AS last_on,
        sum(events) FILTER (WHERE day >= %(start)s)::int8 AS events,
        sum(events) FILTER (WHERE day = ANY(%(recent)s::date[]))::int8 AS recent,
        sum(events) FILTER (WHERE day = ANY(%(previous)s::date[]))::int8 AS previous,
        count(DISTINCT feature) FILTER (WHERE events > 0 AND day >= %(start)s) AS features,
        count(DISTINCT person_key)
            FILTER (WHERE events > 0 AND day >= %(start)s AND person_key <> '') AS people,
        count(DISTINCT person_key)
            FILTER (WHERE events > 0 AND day < %(start)s AND person_key <> '') AS people_before,
        bool_or(person_key <> '') AS tells_people
    FROM usage_dailyusage
    WHERE workspace_id = %(workspace)s AND customer_id = one.id
        AND day >= %(before)s AND day <= %(on)s
) AS each
WHERE workspace_id = %(workspace)s AND {ones}
"""


def _usage(on: date, parts: Sequence[Those]) -> Iterator[Told]:
    known, broad = compared(on), windows.features_broad(on)
    start, before = known.window.start, known.window.previous.start
    days = {"start": start, "before": before, "on": on, "first_week": before + FIRST_WEEK}
    telling = {"recent": list(known.recent), "previous": list(known.previous)}
    named = SPAN if isinstance(parts[0], Span) else LIST
    statement = USED.format(ones=named.format("one.id"))
    sql.sort_what_is_counted()
    for rows in sql.each_ahead(statement, [{**days, **telling, **_names(one)} for one in parts]):
        yield {row[0]: _values(known, broad, *row[1:]) for row in rows if row[-1] or row[-2]}


SPAN, LIST = "{} BETWEEN %(first)s AND %(last)s", "{} = ANY(%(ids)s::uuid[])"


def _names(those: Those) -> dict[str, Any]:
    if isinstance(those, Span):
        return {"first": those.first, "last": those.last}
    return {"ids": list(those)}


def _values(
    known: Compared,
    broad: int,
    last_on: date | None,
    events: int | None,
    features: int | None,
    people: int | None,
    people_before: int | None,
    recent: int | None,
    previous: int | None,
    tells_people: bool,
    is_whole: bool,
    _is_recent: bool,
) -> tuple[Any, ...]:
    return (
        True,
        last_on,
        events or 0,
        features or 0,
        broad,
        (people or 0) if tells_people else None,
        (people_before or 0) if tells_people else None,
        _trend(known, recent or 0, previous or 0) if is_whole else None,
    )


def _trend(known: Compared, recent: int, previous: int) -> float | None:
    if not known.comparable or not previous:
        return None
    return recent / previous * (len(known.previous) / len(known.recent))


USAGE = Sheet(
    (
        "usage.ever",
        "usage.last_seen_on",
        "usage.events_28",
        "usage.features_28",
        "usage.features_broad",
        "usage.active_people_28",
        "usage.active_people_prev_28",
        "usage.trend_28",
    ),
    (False, *[None] * 7),
    read_each=_usage,
)


def seat_share(said: Mapping[str, Any]) -> float | None:
    """Active people in 28 days ÷ contracted seats."""
    people, seats = said["usage.active_people_28"], said["customers.seats"]
    return None if people is None or not seats else people / seats
