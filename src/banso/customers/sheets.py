"""Fields of many customers read set by set: a few statements for all, not a look-up for each."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, pairwise, repeat
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import BoolOr
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Max, Q, QuerySet

from banso.customers import current
from banso.customers import expressions as sql
from banso.customers.fields import (
    Field,
    Sheet,
    Span,
    Those,
    Told,
    annotate,
    known_field,
    with_needs,
)
from banso.customers.models import Customer

Values = dict[str, Any]
PART, FIRST_PART = 1000, 250  # for the first one we wait
NO_SHEET = Sheet((), ())


def among(those: Those, column: str = "customer_id") -> Q:
    """Rows of these customers."""
    if isinstance(those, Span):
        return Q(**{f"{column}__gte": those.first, f"{column}__lte": those.last})
    return Q(**{f"{column}__in": list(those)})


def next_customers(after: UUID | None, limit: int) -> Span:
    """The next live customers by id, at most `limit` of them. 1 query."""
    rest = Customer.objects.order_by("pk")
    if after is not None:
        rest = rest.filter(pk__gt=after)
    return Span(list(rest.values_list("pk", flat=True)[:limit]))


def values_of(keys: Iterable[str], those: Those, *, on: date) -> Iterator[tuple[UUID, Values]]:
    """Each live customer of those, by id, with the values of these Fields as of the day `on`.

    By the Fields' sheets where they have one, by their expressions where not, and by what is kept
    of today where that holds: the same values. One sheet at most is read part by part, the server
    being ahead of the caller by one: no other query may be made between customers. 2 queries, one
    or two for each sheet, and one for each 1,000 customers. Keys nobody declares are left out.
    """
    fields, kept = with_needs(key for key in keys if known_field(key)), current.is_kept(on)
    sheet_of = {field.key: None if kept and field.now else field.sheet for field in fields}
    sheets = dict.fromkeys(sheet for sheet in sheet_of.values() if sheet)
    still = [sheet for sheet in sheets if sheet.read]
    ahead = next((sheet for sheet in sheets if sheet.read_each), NO_SHEET)
    plain = [field for field in fields if not sheet_of[field.key] and not field.follows]
    names = [*(key for sheet in (*still, ahead) for key in sheet.keys), *(one.key for one in plain)]
    following = [(field.key, field.follows) for field in fields if field.follows]
    told = [(sheet.read(on, those), sheet.otherwise) for sheet in still if sheet.read]
    for customers, used in _by_part(_plain(plain, those, on), those, ahead, on):
        said_of = [*told, (used, ahead.otherwise)]
        for pk, *row in customers:
            said = [values.get(pk, otherwise) for values, otherwise in said_of]
            facts = dict(zip(names, chain(*said, row), strict=True))
            for key, follows in following:
                facts[key] = follows(facts)
            yield pk, facts


def _by_part(
    rows: list[Any], those: Those, ahead: Sheet, on: date
) -> Iterator[tuple[list[Any], Told]]:
    """The customers of each part, beside what the sheet that is ahead says of them."""
    parts, start = list(_parts(those)), 0
    told: Iterator[Told] = ahead.read_each(on, parts) if ahead.read_each else repeat({})
    for part, values in zip(parts, told, strict=False):
        last = part.last if isinstance(part, Span) else part[-1]
        end = bisect_right(rows, last, lo=start, key=itemgetter(0))
        yield rows[start:end], values
        start = end


def _parts(those: Those) -> Iterator[Those]:
    if isinstance(those, Span):
        yield from (Span(ids) for ids in _slices(those.ids))
    else:
        yield from _slices(sorted(those))


def _slices(ids: Sequence[UUID]) -> list[Sequence[UUID]]:
    starts = [0, *range(FIRST_PART, len(ids), PART)]
    return [ids[start:end] for start, end in pairwise([*starts, len(ids)])]


def _plain(fields: Sequence[Field], those: Those, on: date) -> list[Any]:
    customers = Customer.objects.filter(among(those, "pk")).order_by("pk")
    known = annotate(customers, [field.key for field in fields], on=on)
    return list(known.values_list("pk", *(field.alias for field in fields)))


def _ledger(on: date, those: Those) -> dict[UUID, tuple[Any, ...]]:
    of = among(those)
    standing = _summed(sql.standing_lines(on, of), sql.MRR, sql.SEATS, sql.STATE)
    agreed = _summed(sql.agreed_lines(on, of), sql.RENEWAL, sql.NOTICE)
    leaving = set(sql.standing_notices(on, of).values_list("customer_id", flat=True))
    nothing = (None, None, "none")
    return {
        pk: (*_state(standing.get(pk, nothing), pk in leaving), *agreed.get(pk, (None, None)))
        for pk in standing.keys() | agreed.keys() | leaving
    }


def _state(standing: tuple[Any, ...], is_leaving: bool) -> tuple[Any, ...]:
    mrr, seats, state = standing
    return mrr, seats, "noticed" if is_leaving and state == "active" else state


def _summed(lines: QuerySet[Any], *aggregates: str) -> dict[UUID, tuple[Any, ...]]:
    """One row a customer; the aggregates are SQL of ours over `line`."""
    inner, params = lines.query.sql_with_params()
    listed = ", ".join(aggregates)
    statement = f"SELECT line.customer_id, {listed} FROM ({inner}) line GROUP BY 1"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return {row[0]: row[1:] for row in cursor.fetchall()}


def _champions(on: date, those: Those) -> dict[UUID, tuple[Any, ...]]:
    of = among(those)
    told = {pk: row for pk, *row in _presences(sql.champions(of), on, "")}
    for pk, here, gone, went in _presences(sql.champions_beside(of), on, sql.BESIDE):
        own_here, own_gone, own_went = told.get(pk, (False, False, None))
        latest = max(filter(None, (own_went, went)), default=None)
        told[pk] = [own_here or here, own_gone or gone, latest]
    return {pk: _champion(*row) for pk, row in told.items()}


def _presences(rows: QuerySet[Any], on: date, of: str) -> list[tuple[Any, ...]]:
    here, gone = sql.is_here(on, of), sql.is_gone(on, of)
    found = rows.values("customer_id").annotate(
        here=BoolOr(ExpressionWrapper(here, BooleanField())),
        gone=BoolOr(ExpressionWrapper(gone, BooleanField())),
        went=Max(f"{of}presence_since", filter=gone),
    )
    return list(found.order_by().values_list(*COLUMNS))


COLUMNS = ("customer_id", "here", "gone", "went")


def _champion(here: bool | None, gone: bool | None, went: date | None) -> tuple[Any, ...]:
    if here:
        return "here", None
    return ("gone", went) if gone else ("none", None)


LEDGER = Sheet(
    (
        "customers.mrr",
        "customers.seats",
        "customers.contract_state",
        "customers.renewal_on",
        "customers.notice_on",
    ),
    (None, None, "none", None, None),
    read=_ledger,
)
CHAMPIONS = Sheet(
    ("customers.champion", "customers.champion_gone_on"), ("none", None), read=_champions
)
