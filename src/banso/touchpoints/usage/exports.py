"""Companies and people of the product that wait for a customer, as files."""

from collections.abc import Callable, Iterator

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.core.lists.declarations import List, Sheet
from banso.core.lists.sheets import Headed, day_of, sheet_of
from banso.touchpoints.usage import waiting
from banso.touchpoints.usage.waiting import Cursor, Page, Row, Shown

TOGETHER = 500  # rows whose suggestions and events are looked up at once
Permits = frozenset[str]


def read_accounts(query: QueryDict, permits: Permits) -> Sheet:
    """Companies, those seen last first: `?show=` as their page. Refused as there."""
    shown = waiting.asked_shown(query.get("show", ""))
    columns: list[Headed] = [
        (_("Company"), lambda row: row.one.name),
        (_("Key"), lambda row: row.one.key),
        (_("Domain"), lambda row: row.domain),
    ]
    if shown is Shown.WAITING:
        columns.append((_("Perhaps"), _customers))
    if shown is Shown.MATCHED:
        columns.append((_("Customer"), lambda row: row.one.customer.name))
    rows = _every(lambda after: waiting.waiting_accounts(shown=shown, after=after, limit=TOGETHER))
    return sheet_of(rows, [*columns, *_seen(shown)])


def read_people(query: QueryDict, permits: Permits) -> Sheet:
    """People, likewise."""
    shown = waiting.asked_shown(query.get("show", ""))
    columns: list[Headed] = [
        (_("Person"), lambda row: row.one.name),
        (_("Key"), lambda row: row.one.key),
        (_("E-mail"), lambda row: row.one.email),
    ]
    if shown is Shown.WAITING:
        columns.append((_("Perhaps of"), _customers))
    if shown is Shown.MATCHED:
        columns += [
            (_("Contact"), lambda row: row.one.contact.name),
            (_("Customer"), lambda row: row.one.contact.customer.name),
        ]
    rows = _every(lambda after: waiting.waiting_visitors(shown=shown, after=after, limit=TOGETHER))
    return sheet_of(rows, [*columns, *_seen(shown)])


def _every(page: Callable[[Cursor], Page]) -> Iterator[Row]:
    """The rows of one page after the other."""
    after: Cursor = None
    while True:
        found = page(after)
        yield from found.rows
        if (after := found.after) is None:
            return


def _customers(row: Row) -> str:
    return _(", ").join(one.name for one in row.customers)


def _seen(shown: Shown) -> list[Headed]:
    """The columns that both have."""
    how: Headed = (_("Events waiting"), lambda row: row.events)
    if shown is Shown.MATCHED:
        how = (_("Matched by"), lambda row: row.one.get_matched_by_display())
    return [
        how,
        (_("Last seen on"), lambda row: day_of(row.one.last_seen_at)),
        (_("First seen on"), lambda row: day_of(row.one.first_seen_at)),
    ]


USAGE_LISTS = (
    List(
        "usage_companies",
        gettext_lazy("Companies of the product"),
        "usage.read",
        "usage-companies",
        read_accounts,
    ),
    List(
        "usage_people",
        gettext_lazy("People of the product"),
        "usage.read",
        "usage-people",
        read_people,
    ),
)
