"""What a period's figures are beside their targets, how they changed, and what moved MRR."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import override

from banso.core.declarations import Words
from banso.core.scope import current_workspace
from banso.insight.metrics.asking import Counted, Figure
from banso.insight.metrics.asking.registry import MEASURES
from banso.insight.metrics.models import Target
from banso.insight.metrics.reviews.known import REVIEWED, may_have_target, with_targets
from banso.insight.metrics.reviews.ledger import Ledger
from banso.lib.periods import Period, period_of

MOST_MOVERS = 10
Key = tuple[str, str, str]  # KPI, kind of period, its first day


@dataclass(frozen=True, slots=True)
class Line:
    """One KPI: what it was, what it had been in the equal period before, and what was promised.

    `label` and `formula` are the words of the registry in the source language.
    """

    kpi: str
    label: str
    formula: str
    unit: str
    higher_is_better: bool | None
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    n: int
    currency: str
    before: Decimal | None
    target: Decimal | None
    notes: tuple[str, ...] = ()
    before_notes: tuple[str, ...] = ()

    @property
    def is_met(self) -> bool | None:
        """None where nothing was promised, nothing is known, or neither way is better."""
        if self.value is None or self.target is None or self.higher_is_better is None:
            return None
        if self.higher_is_better:
            return self.value >= self.target
        return self.value <= self.target

    @property
    def against_target(self) -> Decimal | None:
        return difference(self.value, self.target, self.unit)

    @property
    def change(self) -> Decimal | None:
        """None too while the period runs, and where one of both is a bound."""
        if "running" in self.notes or "capped" in (*self.notes, *self.before_notes):
            return None
        return difference(self.value, self.before, self.unit)


@dataclass(frozen=True, slots=True)
class Mover:
    """A customer and what it added to MRR or took from it, together and by kind."""

    entity: str
    amount: Decimal
    kinds: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Moves:
    """From the opening MRR to the closing one; None where nothing is known."""

    opening: Decimal | None
    closing: Decimal | None
    currency: str
    kinds: Mapping[str, Decimal] = field(default_factory=dict)
    movers: Sequence[Mover] = ()
    others: int = 0  # customers that moved it less
    exchanged: Decimal | None = None  # what rates alone made of MRR since the period before


@dataclass(frozen=True, slots=True)
class Promise:
    """A target of the next quarter."""

    kpi: str
    value: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Answers:
    """`promised`: for the quarter that follows, in the registry's order."""

    lines: Sequence[Line]
    moves: Moves
    promised: Sequence[Promise] = ()


def difference(value: Decimal | None, other: Decimal | None, unit: str) -> Decimal | None:
    """Of shares in points (hundredths), else in percent of `other`; None where that is nothing."""
    if value is None or other is None:
        return None
    if unit == "share":
        return (value - other) * 100
    return (value - other) / other * 100 if other else None


def answers_now(period: Period) -> Answers:
    """What the ledger says now of a period: what every review shows, and what has a target."""
    promised = targets_for(None, [period])
    also = [kpi for kpi, _kind, _start in promised if kpi not in REVIEWED]
    kpis = [*REVIEWED, *(kpi for kpi in MEASURES if kpi in also)]
    following = period_of(period.end, period.kind, period.fiscal_start)
    ledger = Ledger()
    lines = lines_of(kpis, period, promised, ledger)
    return Answers(lines, moves_of(period, ledger), promises(following))


def lines_of(
    kpis: Iterable[str], period: Period, promised: Mapping[Key, Target], ledger: Ledger
) -> list[Line]:
    """One line for each of the KPIs that the registry has."""
    known = [kpi for kpi in kpis if may_have_target(kpi)]
    return [_line(kpi, period, promised, ledger) for kpi in known]


def targets_for(kpis: Iterable[str] | None, periods: Iterable[Period]) -> dict[Key, Target]:
    """The targets that stand for these KPIs (None: all) in these periods. 1 query."""
    starts = {(one.kind, one.start.isoformat()) for one in periods}
    rows = Target.objects.filter(voided_at=None, starts_on__in={day for _kind, day in starts})
    if kpis is not None:
        rows = rows.filter(kpi__in=list(kpis))
    found = {(one.kpi, one.kind, one.starts_on.isoformat()): one for one in rows.order_by("pk")}
    return {key: one for key, one in found.items() if key[1:] in starts}


def promises(period: Period) -> list[Promise]:
    """The targets of the period, in the registry's order. 1 query."""
    found = targets_for(None, [period])
    rows = (found.get(key_of(kpi, period)) for kpi in with_targets())
    return [Promise(one.kpi, one.value, one.currency) for one in rows if one]


def target_of(figure: Figure, promised: Mapping[Key, Target]) -> Decimal | None:
    """What was promised of just its period; in another currency it is no measure of it."""
    found = promised.get(key_of(figure.kpi, figure.period))
    if found is None or (found.currency and figure.currency not in ("", found.currency)):
        return None
    return found.value


def key_of(kpi: str, period: Period) -> Key:
    return (kpi, period.kind, period.start.isoformat())


def told_currency() -> str:
    """The currency in which the ledger's money is told now."""
    workspace = current_workspace()
    month = period_of(workspace.today(), "month", workspace.fiscal_start_month)
    return Ledger().figures("mrr", month)[0].currency or workspace.currency


def moves_of(period: Period, ledger: Ledger) -> Moves:
    """What moved MRR from the period's opening to its close, by kind and by customer."""
    moved, closing = (ledger.figures(kpi, period)[0] for kpi in ("movements", "mrr"))
    movers = movers_of(ledger.rows("movements", period))
    return Moves(
        None if closing.value is None else closing.value - sum(moved.parts.values(), Decimal(0)),
        closing.value,
        closing.currency or moved.currency or current_workspace().currency,
        {kind: amount for kind, amount in moved.parts.items() if amount},
        movers[:MOST_MOVERS],
        max(len(movers) - MOST_MOVERS, 0),
        ledger.exchanged(period),
    )


def movers_of(rows: Iterable[Counted]) -> list[Mover]:
    """Customers by how much they moved it, the most first; who moved it by nothing is left out."""
    sums: dict[str, dict[str, Decimal]] = {}
    for row in rows:
        kinds = sums.setdefault(row.entity, {})
        kinds[row.kind] = kinds.get(row.kind, Decimal(0)) + row.numerator
    movers = [
        Mover(entity, sum(kinds.values(), Decimal(0)), kinds) for entity, kinds in sums.items()
    ]
    moved = (one for one in movers if one.amount)
    return sorted(moved, key=lambda one: (-abs(one.amount), one.entity))


def _line(kpi: str, period: Period, promised: Mapping[Key, Target], ledger: Ledger) -> Line:
    entry = MEASURES[kpi]
    before, now = ledger.figures(kpi, period.before, period)
    return Line(
        kpi,
        in_source(entry.label),
        in_source(entry.formula),
        entry.unit,
        entry.higher_is_better,
        now.value,
        now.numerator,
        now.denominator,
        now.n,
        now.currency,
        before.value if before.currency == now.currency else None,
        target_of(now, promised),
        now.notes,
        before.notes,
    )


def in_source(words: Words) -> str:
    """As the words stand in the source, which is what they are looked up by."""
    with override("en"):
        return str(words)
