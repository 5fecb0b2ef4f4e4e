"""Fields of many customers read set by set: a few statements for all, not a look-up for each."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import BoolOr
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Max, QuerySet

from banso.customers import expressions as sql
from banso.customers.fields import Field, Sheet, annotate, known_field, with_needs
from banso.customers.models import Customer

Values = dict[str, Any]


def values_of(
    keys: Iterable[str], customer_ids: Sequence[UUID], *, on: date
) -> Iterator[tuple[UUID, Values]]:
    """Each live customer of these, by id, with the values of these Fields as of the day `on`.

    By the Fields' sheets where they have one, by their expressions where not: the same values.
    1 query, and what each sheet needs (1 or 2). Keys that nobody declares are left out.
    """
    fields = with_needs(key for key in keys if known_field(key))
    sheets = list(dict.fromkeys(field.sheet for field in fields if field.sheet))
    told = [(sheet.read(on, customer_ids), sheet.otherwise) for sheet in sheets]
    plain = [field for field in fields if not field.sheet and not field.follows]
    names = [field.key for field in plain] + [key for sheet in sheets for key in sheet.keys]
    following = [(field.key, field.follows) for field in fields if field.follows]
    for pk, *row in _plain(plain, customer_ids, on):
        rest = [values.get(pk, otherwise) for values, otherwise in told]
        said = dict(zip(names, chain(row, *rest), strict=True))
        for key, follows in following:
            said[key] = follows(said)
        yield pk, said


def _plain(fields: Sequence[Field], customer_ids: Sequence[UUID], on: date) -> Iterable[Any]:
    customers = Customer.objects.filter(pk__in=customer_ids).order_by("pk")
    known = annotate(customers, [field.key for field in fields], on=on)
    return known.values_list("pk", *(field.alias for field in fields))


def _ledger(on: date, customer_ids: Sequence[UUID]) -> dict[UUID, tuple[Any, ...]]:
    standing = _summed(sql.standing_lines(on, customer_ids), sql.MRR, sql.SEATS, sql.STATE)
    agreed = _summed(sql.agreed_lines(on, customer_ids), sql.RENEWAL, sql.NOTICE)
    leaving = set(sql.standing_notices(on, customer_ids).values_list("customer_id", flat=True))
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


def _champions(on: date, customer_ids: Sequence[UUID]) -> dict[UUID, tuple[Any, ...]]:
    here, gone = sql.is_here(on), sql.is_gone(on)
    found = sql.champions(customer_ids).values("customer_id")
    rows = found.annotate(
        here=BoolOr(ExpressionWrapper(here, BooleanField())),
        gone=BoolOr(ExpressionWrapper(gone, BooleanField())),
        went=Max("presence_since", filter=gone),
    )
    return {pk: _champion(*row) for pk, *row in rows.order_by().values_list(*COLUMNS)}


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
    _ledger,
    (None, None, "none", None, None),
)
CHAMPIONS = Sheet(("customers.champion", "customers.champion_gone_on"), _champions, ("none", None))
