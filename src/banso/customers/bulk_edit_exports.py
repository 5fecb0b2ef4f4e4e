"""Changes of many customers at once as files: all of them, and what the undo of one left alone."""

from collections.abc import Iterator
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.core.lists.declarations import List, Sheet
from banso.core.lists.sheets import Headed, day_of, in_parts, sheet_of
from banso.customers.bulk_edits.words import Wording, wording
from banso.customers.models import BulkEdit, EditedCustomer
from banso.customers.views.bulk_edits import kept_rows, state_words
from banso.lib.uuid7 import as_uuid

Permits = frozenset[str]


def read(query: QueryDict, permits: Permits) -> Sheet:
    """What was changed in bulk, the latest first."""
    columns: list[Headed] = [
        (_("Change"), lambda one: one[0]),
        (_("State"), lambda one: state_words(one[1])),
        (_("Customers changed"), lambda one: one[1].report.get("changed")),
        (_("By"), lambda one: one[1].by.name if one[1].by else ""),
        (_("Changed on"), lambda one: day_of(one[1].created_at)),
    ]
    return sheet_of(_edits(), columns)


def _edits() -> Iterator[tuple[str, BulkEdit]]:
    edits = BulkEdit.objects.select_related("by").order_by("-created_at", "-pk")
    for part in in_parts(edits.iterator(chunk_size=1000)):
        words = wording([one.changes for one in part])
        yield from ((_changes(words, one), one) for one in part)


def _changes(words: Wording, edit: BulkEdit) -> str:
    return " · ".join(words.change(name, value)["line"] for name, value in edit.changes.items())


def read_kept(query: QueryDict, permits: Permits) -> Sheet:
    """What stayed when `?bulk_edit=` was undone. Raises BulkEdit.DoesNotExist."""
    found = BulkEdit.objects.get(pk=as_uuid(query.get("bulk_edit", "")))
    columns: list[Headed] = [
        (_("Customer"), lambda one: one[0].customer.name),
        (_("Customer's external ID"), lambda one: one[0].customer.external_id),
        (_("Field"), lambda one: str(one[1])),
        (_("Former value"), lambda one: str(one[2])),
    ]
    return sheet_of(_kept(found), columns)


def _kept(found: BulkEdit) -> Iterator[tuple[EditedCustomer, Any, Any]]:
    for part in in_parts(kept_rows(found).iterator(chunk_size=1000)):
        words = wording([found.changes, *(row.before for row in part)])
        for row in part:
            for name in row.kept:
                former = words.value(name, row.before[name]) if name in row.before else ""
                yield row, words.label(name), former


_EDIT = "customers.bulk_edit"
BULK_EDIT_LISTS = (
    List("bulk_edits", gettext_lazy("Bulk changes"), _EDIT, "bulk-changes", read),
    List("bulk_edit_kept", gettext_lazy("Not undone"), _EDIT, "not-undone", read_kept),
)
