"""Ids of other systems' records, each written in one way."""

from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.lib.bad_value import BadValue
from banso.lib.salesforce_ids import long_id
from banso.lib.text import as_code

SALESFORCE = "salesforce"


def record_id(source: str, source_id: str) -> str:
    """The id as it is kept. Of sources whose name begins with salesforce, 15 characters become 18.

    Raises BadValue for 18 characters that contradict themselves.
    """
    if not source_id or not as_code(source).startswith(SALESFORCE):
        return source_id
    return long_id(source_id)


def checked_id(source: str, source_id: str) -> str:
    """As `record_id`, Refused in words for an id that contradicts itself."""
    try:
        return record_id(source, source_id)
    except BadValue as error:
        words = _(
            "The last three characters of the Salesforce ID do not fit the others. Copy it anew."
        )
        raise Refused(words, code="invalid", field="source_id") from error


def looked_up(source: str, source_id: str) -> str:
    """As `record_id`; an id that contradicts itself stays as it is: nobody has it."""
    try:
        return record_id(source, source_id)
    except BadValue:
        return source_id
