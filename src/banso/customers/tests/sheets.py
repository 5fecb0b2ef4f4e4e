"""Whether sheets say what expressions say."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from banso.customers.fields import annotate, known_field
from banso.customers.models import Customer
from banso.customers.sheets import next_customers, values_of

Said = dict[str, Any]


def differences(keys: Iterable[str], on: date) -> dict[UUID, tuple[Said, Said]]:
    """Customers whose Fields, read together, are other than read one by one: both."""
    fields = {key: field.alias for key in keys if (field := known_field(key))}
    everybody = next_customers(None, 100_000)
    together = {pk: {key: said[key] for key in fields} for pk, said in _read(fields, on)}
    assert list(together) == list(everybody.ids)
    single = annotate(Customer.objects.all(), fields, on=on).values("pk", *fields.values())
    alone = {one["pk"]: {key: one[alias] for key, alias in fields.items()} for one in single}
    return {pk: (alone[pk], said) for pk, said in together.items() if said != alone[pk]}


def _read(fields: Iterable[str], on: date) -> Iterable[tuple[UUID, Said]]:
    """As one span, which must say the same as some that are named."""
    everybody = next_customers(None, 100_000)
    spanned = list(values_of(fields, everybody, on=on)) if everybody.ids else []
    assert spanned == list(values_of(fields, everybody.ids, on=on))
    return spanned
