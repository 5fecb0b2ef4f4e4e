"""Every figure with how it stands: of the last month that is over, against the one before."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from banso.core.declarations import Words
from banso.core.scope import current_workspace
from banso.insight.metrics import answers, queries
from banso.insight.metrics.asking import Asked, Figure
from banso.insight.metrics.asking.registry import MEASURES, Measure
from banso.insight.metrics.boards.corrections import Correction, correction
from banso.insight.metrics.boards.dashboard import Chosen, Reported
from banso.insight.metrics.boards.links import rows_url
from banso.insight.metrics.queries import Closed
from banso.lib.periods import Period, period_of

if TYPE_CHECKING:
    from banso.insight.metrics.making.reading import Reading

GROUPS: Mapping[Words, tuple[str, ...]] = {
    _("Churn and retention"): (
        "logo_churn", "revenue_churn", "retention", "grr", "nrr", "cohort", "cohort_mrr",
        "churn_timing",
    ),
    _("Renewals"): ("renewal_churn", "renewal_rate", "renewal_count", "renewals_due"),
    _("Revenue"): ("mrr", "movements"),
    _("Growth"): ("expansion", "upsell", "cross_sell"),
    _("What customers are worth"): ("ltv", "cac_payback"),
    _("Team"): ("accounts_per_csm", "arr_per_csm"),
}  # fmt: skip
Closings = Mapping[tuple[str, Period], Closed]
MONTHS, FEW_MONTHS = 13, 2


@dataclass(frozen=True, slots=True)
class Standing:
    """A KPI: its last figures, the latest one last, as it opens. None of what is only told by parts.

    `correction`: what the ledger says now of the latest one that was reported otherwise. `is_kept`:
    False where its month was closed and did not keep it.
    """

    measure: Measure
    figures: tuple[Figure, ...]
    href: str
    correction: Correction | None = None
    is_kept: bool = True

    @property
    def latest(self) -> Figure | None:
        return self.figures[-1] if self.figures else None

    @property
    def change(self) -> Decimal | None:
        """Against the month before; None where one of them has no value."""
        return self.figures[-1].since(self.figures[-2]) if len(self.figures) > 1 else None

    @property
    def trend(self) -> list[Decimal | None]:
        return [one.value for one in self.figures] if len(self.figures) > FEW_MONTHS else []


def standings() -> tuple[Period, list[tuple[Words, list[Standing]]]]:
    """The month, and every KPI by its group. Reads the ledger once, of a large one two months."""
    workspace = current_workspace()
    month = period_of(workspace.today(), "month", workspace.fiscal_start_month).before
    reading, months = answers.read_for(Asked("mrr", (month,))), [month]
    while len(months) < (MONTHS if queries.is_small_ledger() else FEW_MONTHS):
        months.append(months[-1].before)
    told = tuple(months[::-1])
    closed = queries.closed_figures(Asked("", told), list(MEASURES))
    is_closed = month in queries.closings_of(Asked("", (month,)))
    groups = [
        (name, [_standing(MEASURES[kpi], told, reading, closed, is_closed) for kpi in kpis])
        for name, kpis in GROUPS.items()
    ]
    return month, groups


def _standing(
    measure: Measure,
    months: tuple[Period, ...],
    reading: "Reading",
    closed: Closings,
    is_closed: bool,
) -> Standing:
    """Closed months as they were reported."""
    month, then = months[-1], closed.get((measure.id, months[-1]))
    closing = then.closing if then else None
    href = rows_url(measure.id, month, chosen=Chosen(month), closing=closing)
    if measure.always_by:
        return Standing(measure, (), href)
    found = answers.figures(Asked(measure.id, months), reading, without_rates=True)
    pairs = [(one, closed.get((measure.id, one.period))) for one in found]
    return Standing(
        measure,
        tuple(told.figure if told else one for one, told in pairs),
        href,
        correction(Reported(then.closing, then.figure, found[-1])) if then else None,
        bool(then) or not is_closed,
    )


def neighbours(kpi: str) -> list[Measure]:
    """The other figures of its group; churn has three rates that are read together."""
    group = next(kpis for kpis in GROUPS.values() if kpi in kpis)
    rates = THREE_RATES if kpi in THREE_RATES else ()
    return [MEASURES[one] for one in dict.fromkeys([*rates, *group]) if one != kpi]


THREE_RATES = ("logo_churn", "renewal_churn", "revenue_churn")
