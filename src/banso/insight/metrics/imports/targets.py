"""Targets in and out of files."""

from collections.abc import Hashable, Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from banso.core.imports.declarations import Column, ImportTable, Row, Values
from banso.core.imports.loading import Loading
from banso.insight.metrics.asking.registry import MEASURES
from banso.insight.metrics.imports.replacing import tell, undo_by
from banso.insight.metrics.models import TargetKind
from banso.insight.metrics.reviews import services
from banso.insight.metrics.reviews.known import with_targets
from banso.insight.metrics.reviews.queries import every_target

COLUMNS = (
    Column(
        "kpi",
        _("KPI"),
        "choice",
        required=True,
        aliases=("指標", "metric"),
        choices=lambda: [(kpi, MEASURES[kpi].label) for kpi in with_targets()],
        example="nrr",
    ),
    Column(
        "kind",
        _("For a"),
        "choice",
        required=True,
        aliases=("種類", "期間", "period"),
        choices=lambda: TargetKind.choices,
        example="quarter",
    ),
    Column(
        "starts_on",
        _("First day"),
        "date",
        required=True,
        aliases=("開始日", "期首", "start"),
        example="2026-07-01",
    ),
    Column(
        "value",
        _("Target"),
        "number",
        required=True,
        aliases=("目標値", "target_value"),
        example="1.05",
    ),
    Column("currency", _("Currency"), aliases=("通貨コード",), max_length=3, example=""),
)


def key(values: Values) -> Hashable:
    """The KPI and its period."""
    return values.get("kpi"), values.get("kind"), values.get("starts_on")


def load(rows: Sequence[Row], loading: Loading) -> None:
    """New targets are set; one that differs takes the place of the one of its period."""
    outcomes = services.put_targets([_new(row.values) for row in rows], by=loading.by)
    tell(rows, outcomes, loading)


def _new(values: Values) -> services.NewTarget:
    return services.NewTarget(
        kpi=values["kpi"],
        kind=values["kind"],
        starts_on=values["starts_on"],
        value=values["value"],
        currency=values.get("currency", ""),
    )


def exported() -> Iterator[dict[str, str]]:
    """Every target that stands as an import would read it. A rate is a fraction of 1."""
    for one in every_target(with_targets()).iterator(2000):
        yield {
            "kpi": one.kpi,
            "kind": one.kind,
            "starts_on": one.starts_on.isoformat(),
            "value": f"{one.value.normalize():f}",
            "currency": one.currency,
        }


TARGETS = ImportTable(
    name="targets",
    label=_("Targets"),
    order=60,
    columns=COLUMNS,
    key=key,
    load=load,
    undo=undo_by(services.take_back_targets),
    rows=exported,
    told_by=("value",),
    aliases=("目標", "kpi_targets"),
)
