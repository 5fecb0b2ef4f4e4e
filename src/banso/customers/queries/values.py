"""Values of declared Fields for customers that are on a page already."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from banso.core.scope import current_workspace
from banso.customers.fields import annotate, known_field, prepare
from banso.customers.models import Customer


def values_of(ids: Sequence[UUID], keys: Sequence[str]) -> dict[UUID, dict[str, Any]]:
    """Values of declared Fields by key, today, for a page of customers.

    1 query, and those by which Fields make the values of the day exist.
    """
    fields = {key: field for key in keys if (field := known_field(key))}
    if not fields:
        return {}
    on = current_workspace().today()
    kept = prepare(fields.values(), on=on)
    rows = annotate(Customer.objects.filter(pk__in=ids), fields, on=on, kept=kept)
    found = rows.values_list("pk", *(field.alias for field in fields.values()))
    return {pk: dict(zip(fields, values, strict=True)) for pk, *values in found}
