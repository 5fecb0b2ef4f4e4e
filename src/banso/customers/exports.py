"""The customer list as a file: the columns on the screen, and our id, by which it comes back."""

from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from banso.core.lists.declarations import Cell, List, Sheet
from banso.customers import queries
from banso.customers.fields import Field, known_field
from banso.customers.forms.fields import people
from banso.customers.imports.references import ID
from banso.customers.models import Customer
from banso.customers.views import asked as asking
from banso.customers.views.asked import NAME
from banso.lib.money import to_major

Writer = Callable[[Any, Customer], Cell]


def read(query: QueryDict, permits: frozenset[str]) -> Sheet:
    """Customers as the list's address asks for them. Refused as the list."""
    asked = asking.read(query, permits)
    name = known_field(NAME)
    shown = [*([name] if name else []), *asked.shown(permits)]
    rows = queries.every_customer(
        q=asked.q,
        conditions=asked.conditions,
        sort=asked.sort or NAME,
        columns=[one.key for one in shown],
        permits=permits,
    )
    return Sheet([str(ID.label), *(str(one.label) for one in shown)], _rows(rows, shown))


def _rows(rows: Iterator[queries.CustomerRow], shown: list[Field]) -> Iterator[list[Cell]]:
    writers = [(one.key, _writer(one)) for one in shown]
    for row in rows:
        cells = (write(row.values.get(key), row.customer) for key, write in writers)
        yield [str(row.customer.pk), *cells]


def _writer(field: Field) -> Writer:
    """From a Field's value to what a spreadsheet keeps of it."""
    match field.kind:
        case "money":
            return lambda value, customer: _money(value, customer.currency)
        case "person":
            names = _names()
            return lambda value, _customer: names.get(value, "")
        case "choice":
            words = {code: str(label) for code, label in field.choices()} if field.choices else {}
            return lambda value, _customer: words.get(value, value or "")
        case "text":
            return lambda value, _customer: "" if value is None else str(field.shown(value))
    return lambda value, _customer: value


def _money(value: Any, currency: str) -> Decimal | None:
    """Rounded as the list shows it."""
    return None if value is None else to_major(round(value), currency)


def _names() -> dict[UUID, str]:
    """By name; where two have one name, by address. An import finds them by either."""
    known = list(people().values_list("pk", "name", "email"))
    times = Counter(name for _pk, name, _email in known)
    return {pk: name if name and times[name] == 1 else email for pk, name, email in known}


CUSTOMER_LIST = List("customers", _("Customers"), "customers.read", "customers", read)
