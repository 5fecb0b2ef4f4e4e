"""What customers without a contract are worth, as it was worked out last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from banso.insight.metrics.boards.kept import is_true
from banso.insight.metrics.buyers.worth import Worth
from banso.insight.metrics.models import KeptBoard

if TYPE_CHECKING:
    from pydantic import TypeAdapter

ASKED = "buyers.2"  # another number whenever what is kept of them becomes another
KEPT = 1000  # of each currency, the first ones; files hold all


@dataclass(frozen=True, slots=True)
class Shown:
    """`worths`: one a currency, None before they were worked out for the first time."""

    worths: tuple[Worth, ...] | None
    made_at: datetime
    is_current: bool


def shown() -> Shown:
    """As it was worked out last, and whether that is still true. At most 2 queries."""
    kept = KeptBoard.objects.filter(asked=ASKED).first()
    if kept is None:
        return Shown(None, timezone.now(), False)
    return Shown(_adapter().validate_python(kept.board), kept.made_at, is_true(kept))


def as_json(worths: Sequence[Worth]) -> Any:
    """As a JSON row keeps it."""
    return _adapter().dump_python(tuple(worths), mode="json")


@cache
def _adapter() -> "TypeAdapter[tuple[Worth, ...]]":
    from pydantic import TypeAdapter  # noqa: PLC0415  (commands that read no board start sooner)

    return TypeAdapter(tuple[Worth, ...])
