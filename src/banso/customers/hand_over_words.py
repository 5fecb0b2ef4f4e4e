"""Why a hand-over did not happen on its day, in words."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from banso.core.declarations import Words

OTHER: Words = _("On the day it was refused. Plan it anew to see why.")
FILTER_GONE: Words = _(
    "On the day the filter by which the customers were chosen could not be read any more."
)
# By the codes with which what a hand-over does can be refused.
WHY_NOT: Mapping[str, Words] = {
    "no_change": _("On the day nobody was left to hand over."),
    "gone": _("On the day none of the customers was here any more."),
    "not_a_member": _("On the day the new owner was not in this workspace any more."),
    "mastered": _("On the day another system kept the main owner of all of these customers."),
    "unknown_field": FILTER_GONE,
    "unknown_operator": FILTER_GONE,
    "bad_filter": FILTER_GONE,
    "bad_value": FILTER_GONE,
    "none_chosen": OTHER,
    "too_many": OTHER,
    "other_count": OTHER,
    "invalid": OTHER,
}


def why_not(code: str) -> Words:
    """The sentence for the code that was kept; empty for none."""
    return WHY_NOT.get(code, OTHER) if code else ""
