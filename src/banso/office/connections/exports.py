"""Rows that a source's latest file does not hold any more, as a file."""

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.core.lists.declarations import List, Sheet
from banso.core.lists.sheets import Headed, day_of, sheet_of
from banso.core.models import RepeatedImport
from banso.lib.uuid7 import as_uuid
from banso.office.connections import vanished


def read_vanished(query: QueryDict, permits: frozenset[str]) -> Sheet:
    """Who is missing in `?repeated=`. Raises RepeatedImport.DoesNotExist."""
    one = RepeatedImport.objects.get(pk=as_uuid(query.get("repeated", "")))
    columns: list[Headed] = [
        (_("Banso ID"), lambda each: each["row"].object_id),
        (_("Name"), lambda each: each["name"]),
        (_("Missing since the day"), lambda each: day_of(each["row"].since)),
    ]
    return sheet_of(vanished.every(one), columns)


VANISHED_LIST = List(
    "vanished", gettext_lazy("Not in the latest file"), "imports.read", "vanished", read_vanished
)
