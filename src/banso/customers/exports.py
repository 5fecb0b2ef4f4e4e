"""The customer list as a file: the columns on the screen, and our id, by which it comes back."""

from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from banso.core.errors import Refused
from banso.core.lists.declarations import Cell, List, Sheet
from banso.core.lists.sheets import Headed
from banso.customers import queries
from banso.customers.fields import Field, known_field
from banso.customers.forms.fields import people
from banso.customers.imports.references import ID
from banso.customers.models import Customer
from banso.customers.queries import Owned, owned_by
from banso.customers.views import asked as asking
from banso.customers.views.asked import NAME
from banso.lib.money import to_major
from banso.lib.uuid7 import as_uuid

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


def known_by(pk: Callable[[Any], UUID], name: Callable[[Any], str]) -> tuple[Headed, Headed]:
    """The first columns of rows that are customers: by these a file comes back as an update."""
    return (ID.label, lambda row: str(pk(row))), (_("Customer name"), name)


def owner_in(query: QueryDict) -> Owned | None:
    """Whose customers `?owner=` asks for; None where it names nobody. Refused for what is no id."""
    if not (asked := query.get("owner", "")):
        return None
    if (owner := as_uuid(asked)) is None:
        raise Refused(_("Choose one of the offered values."), code="invalid", field="owner")
    return owned_by(owner)


def _rows(rows: Iterator[queries.CustomerRow], shown: list[Field]) -> Iterator[list[Cell]]:
    writers = [(one.key, writer(one)) for one in shown]
    for row in rows:
        cells = (write(row.values.get(key), row.customer) for key, write in writers)
        yield [str(row.customer.pk), *cells]


def writer(field: Field) -> Writer:
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
