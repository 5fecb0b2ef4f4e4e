"""What the parts of a cut are called that have codes and no names of their own."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.core.declarations import Words
from banso.customers.loss_reasons import reason_labels
from banso.customers.models import Stage, Tier

NOT_SET = gettext_lazy("Not set")
TENURES: tuple[tuple[int, str, Words], ...] = (  # months since the first paid day, code, words
    (0, "1-3", gettext_lazy("3 months or less")),
    (3, "4-6", gettext_lazy("4 to 6 months")),
    (6, "7-12", gettext_lazy("7 to 12 months")),
    (12, "13-", gettext_lazy("13 months or more")),
)


def part_words(by: str) -> Mapping[str, str]:
    """By code, in the language of whoever reads; nothing of cuts whose parts have names. 1 query
    at most.
    """
    return {"none": str(NOT_SET), **{code: str(words) for code, words in _coded(by).items()}}


def _coded(by: str) -> Mapping[str, Words]:
    match by:
        case "tier":
            return dict(Tier.choices)
        case "stage":
            return dict(Stage.choices)
        case "tenure":
            return {code: words for _months, code, words in TENURES}
        case "reason":
            return {**reason_labels(), "not_stated": _("Not stated")}
    return {}
