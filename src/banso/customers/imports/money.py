"""Amounts of a row in the currency of what it is about."""

from banso.core.imports.declarations import Row
from banso.core.imports.loading import Loading
from banso.lib.bad_value import BadValue
from banso.lib.money import to_minor


def minor(row: Row, column: str, currency: str, loading: Loading) -> int | None:
    """Minor units; None where the row counts in another currency, or too finely, which is told."""
    said = row.values.get("currency", "").upper()
    if said and said != currency:
        loading.refuse(row.line, "currency", "amount_in", value=said, currency=currency)
        return None
    try:
        return to_minor(row.values[column], currency)
    except BadValue as error:
        loading.refuse_value(row.line, column, error, str(row.values[column]))
        return None
