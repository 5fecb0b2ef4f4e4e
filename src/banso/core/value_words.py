"""What is wrong with a value that a program sent, in the reader's language.

pydantic tells it in English alone; its codes and limits are what is worded here.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# By pydantic's code, else by the code's first word.
WORDS = {
    "missing": gettext_lazy("This is needed."),
    "extra_forbidden": gettext_lazy("There is no such field."),
    "string": gettext_lazy("Send a text."),
    "string_too_short": gettext_lazy("At least %(min_length)s characters are needed."),
    "string_too_long": gettext_lazy("At most %(max_length)s characters are taken."),
    "too_short": gettext_lazy("At least %(min_length)s entries are needed."),
    "too_long": gettext_lazy("At most %(max_length)s entries are taken."),
    "list": gettext_lazy("Send a list."),
    "dict": gettext_lazy("Send an object with fields."),
    "model": gettext_lazy("Send an object with fields."),
    "bool": gettext_lazy("Send true or false."),
    "int": gettext_lazy("Send a whole number."),
    "float": gettext_lazy("Send a number."),
    "finite": gettext_lazy("Send a number."),
    "decimal": gettext_lazy("Send a number."),
    "decimal_max_digits": gettext_lazy("At most %(max_digits)s digits are taken."),
    "greater_than": gettext_lazy("Send a number over %(gt)s."),
    "greater_than_equal": gettext_lazy("Send a number of %(ge)s or more."),
    "less_than": gettext_lazy("Send a number under %(lt)s."),
    "less_than_equal": gettext_lazy("Send a number of %(le)s or less."),
    "date": gettext_lazy("Send a day as YYYY-MM-DD."),
    "datetime": gettext_lazy("Send a moment with its time zone: 2026-11-22T14:05:00+09:00."),
    "timezone": gettext_lazy("Send a moment with its time zone: 2026-11-22T14:05:00+09:00."),
    "uuid": gettext_lazy("Send an id (UUID)."),
}


def told(wrong: Mapping[str, Any]) -> dict[str, str]:
    """`where` (body.name, query.limit, …) and `message` of one error as ninja lists it."""
    return {"where": _where(wrong["loc"]), "message": _message(wrong)}


def _where(steps: Sequence[str | int]) -> str:
    """ninja names the function's argument after the place: in a body called body that is twice."""
    doubled = len(steps) > 1 and steps[0] == steps[1] == "body"
    return ".".join(str(step) for step in (steps[1:] if doubled else steps))


def _message(wrong: Mapping[str, Any]) -> str:
    code, facts = str(wrong["type"]), wrong.get("ctx") or {}
    if code == "value_error":  # from a check of ours, which speaks for itself
        return str(facts.get("error", wrong["msg"]))
    words = WORDS.get(code) or WORDS.get(code.partition("_")[0])
    try:
        return str(words) % facts if words else _("This value cannot be taken.")
    except KeyError:
        return str(wrong["msg"])
