"""Where customers and contracts stand in a cut."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from banso.insight.metrics.making.cut_words import NOT_SET
from banso.lib.ledger.columns import Ints
from banso.lib.ledger.cutting import History
from banso.lib.ledger.kpis import Rows

NOBODY = ("none", NOT_SET)

Parts = Mapping[int, tuple[str, str]]
"""Code → id and words. What has a code without a part is not told, as whoever is in no segment."""


@dataclass(frozen=True, slots=True, eq=False)
class ByCustomer:
    """Customers stand in parts that exclude each other, day by day. `since`: before that day nobody
    knows where they stood.
    """

    history: History
    parts: Parts
    since: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class ByContract:
    """Contracts stand in parts that exclude each other, for good."""

    of_contract: Ints
    parts: Parts


@dataclass(frozen=True, slots=True, eq=False)
class ByReason:
    """Ends of stays stand by why."""

    codes: Callable[[Rows], Ints]
    parts: Parts


Layer = ByCustomer | ByContract | ByReason
