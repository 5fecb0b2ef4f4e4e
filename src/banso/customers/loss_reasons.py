"""Why customers leave or shrink: the usual reasons, and what a workspace makes of them."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from banso.core.declarations import Words
from banso.customers.models import LossReason

USUAL: dict[str, Words] = {
    "price": _("Price or budget"),
    "features": _("Missing features"),
    "adoption": _("It was not taken up"),
    "results": _("No results to show"),
    "people": _("Their people changed"),
    "competitor": _("Moved to a competitor"),
    "support": _("Unhappy with our support"),
    "in_house": _("Built in-house"),
    "fewer_people": _("Fewer people or offices"),
    "merger": _("Merger or reorganisation"),
    "closure": _("Business closed"),
    "other": _("Other"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason as people choose it; `code` is what is stored."""

    code: str
    label: Words
    is_retired: bool = False


def loss_reasons() -> list[Reason]:
    """Every reason of the open workspace, retired ones too: the usual ones, then its own. 1 query."""
    kept = {one.code: one for one in LossReason.objects.order_by("pk")}
    usual = [_reason(code, kept.pop(code, None)) for code in USUAL]
    return [*usual, *(_reason(code, one) for code, one in kept.items())]


def reasons_in_use() -> list[tuple[str, Words]]:
    """Those that can be given, as choices. 1 query."""
    return [(one.code, one.label) for one in loss_reasons() if not one.is_retired]


def reason_labels() -> dict[str, Words]:
    """Every code in words. 1 query."""
    return {one.code: one.label for one in loss_reasons()}


def _reason(code: str, kept: LossReason | None) -> Reason:
    if kept is None:
        return Reason(code, USUAL[code])
    return Reason(code, kept.name or USUAL.get(code, code), kept.retired_at is not None)
