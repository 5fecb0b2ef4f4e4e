"""Why a request is not taken: a code for programs and the list of arrivals, words for people."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _


class NotTaken(Exception):
    """Nothing of the request is stored. `status` is HTTP's; `params` say what and where."""

    def __init__(self, status: int, code: str, **params: Any) -> None:
        super().__init__(code)
        self.status, self.code, self.params = status, code, params


def in_words(code: str, params: Mapping[str, Any]) -> str:
    """The refusal in the active language."""
    words = {
        "no_key": _("A source's write key is needed: by Basic authentication, or as writeKey."),
        "unknown_key": _("No source has this write key."),
        "too_many_keys": _(
            "Too many unknown write keys came from this address. Try again in %(seconds)s seconds."
        ),
        "too_many": _("This source sends too much. Try again in %(seconds)s seconds."),
        "not_gzip": _("The body is said to be gzip, but it cannot be unpacked."),
        "encoding": _("This content encoding is not taken. Send gzip, or nothing of the kind."),
        "body_too_large": _("The body is larger than %(limit)s KB."),
        "message_too_large": _("A message is larger than %(limit)s KB (at %(where)s)."),
        "batch_too_long": _("A batch holds at most %(limit)s messages."),
        "not_utf8": _("The body is not UTF-8."),
        "not_json": _("The body is not JSON: %(why)s"),
        "wrong_form": _("A value has the wrong form: %(why)s"),
        "too_deep": _("The body is nested too deep."),
        "type_missing": _("A message does not say what it is: its type is missing (at %(where)s)."),
        "type_unknown": _("There are no messages of the type “%(type)s” (at %(where)s)."),
        "event_missing": _("A track message needs the name of its event (at %(where)s)."),
        "group_missing": _("A group message needs a groupId (at %(where)s)."),
    }
    return words.get(code, code) % params
