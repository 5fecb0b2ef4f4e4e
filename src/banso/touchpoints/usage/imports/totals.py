"""Daily totals in and out of files."""

from collections.abc import Hashable, Iterator, Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from banso.core.imports.declarations import Column, ImportTable, Row, Values
from banso.core.imports.loading import Loading
from banso.core.models import ImportedRow, ImportRun
from banso.touchpoints.usage import services, store
from banso.touchpoints.usage.imports.owners import (
    CONTRACT,
    CUSTOMER,
    FEATURE,
    PERSON,
    Owners,
)
from banso.touchpoints.usage.models import ImportedUsage

COLUMNS = (
    Column("source_id", _("ID of the row"), aliases=("usage_id", "id", "行id"), max_length=120),
    CUSTOMER,
    CONTRACT,
    PERSON,
    FEATURE,
    Column(
        "day",
        _("Day"),
        "date",
        required=True,
        aliases=("date", "usage_date", "日付", "利用日"),
        example="2026-11-20",
    ),
    Column(
        "events",
        _("Times used"),
        "whole",
        required=True,
        aliases=("count", "usage_count", "回数", "利用回数", "件数"),
        example="12",
    ),
    Column("seconds", _("Seconds used"), "whole", aliases=("usage_duration_secs", "秒数")),
    Column("errors", _("Errors"), "whole", aliases=("error_count", "エラー数")),
)


def key(values: Values) -> Hashable:
    """The row's own id; else what it counts."""
    return ("source_id", source_id(values))


def source_id(values: Values) -> str:
    """The row's own id, or one made of what it counts, so that a second import finds it."""
    if "source_id" in values:
        return str(values["source_id"])
    whose = values.get("contract") or values.get("customer", "")
    parts = (whose, values.get("person", ""), values["feature"], values["day"].isoformat())
    return "/".join(parts)[:120]


def load(rows: Sequence[Row], loading: Loading) -> None:
    """Rows with new ids are counted; the first row of an id is kept, another one with it is told."""
    known = loading.kept(_Known)
    known.owners.learn(rows)
    totals = [one for row in rows if (one := _total(row, known.owners, loading)) is not None]
    outcome = store.add_imported(totals, run=loading.run, ours=known.ours, rolls_up=False)
    said = {source_id(row.values): merged for row in rows if (merged := known.owners.said_of(row))}
    services.totals_said_of_merged(loading.run, said)
    loading.report.created += outcome.created
    loading.report.unchanged += outcome.unchanged
    for reused in outcome.duplicates:
        loading.duplicate(reused.line, reused.first_line, reused.source_id)


class _Known:
    """What a batch has found out, for the batches after it."""

    def __init__(self) -> None:
        self.owners, self.ours = Owners(), set[UUID]()


def _total(row: Row, owners: Owners, loading: Loading) -> store.Total | None:
    customer = owners.customer(row, loading)
    if customer is None:
        return None
    contact, person = owners.person(customer, row)
    values = row.values
    return store.Total(
        source_id(values),
        row.line,
        customer,
        values["feature"],
        values["day"],
        values["events"],
        contact,
        person,
        values.get("seconds", 0),
        values.get("errors", 0),
    )


def undo(run: ImportRun, rows: Sequence[ImportedRow]) -> None:
    """Nothing that the run brought is counted any more, totals and events alike."""
    store.remove_imported(run)


def exported() -> Iterator[dict[str, str]]:
    """Every imported total as it came."""
    known = ImportedUsage.objects.filter(customer__deleted_at=None)
    for one in known.select_related("customer").order_by("pk").iterator(chunk_size=5000):
        yield {
            "source_id": one.source_id,
            "customer": one.customer.external_id or str(one.customer_id),
            "person": one.person_key,
            "feature": one.feature,
            "day": one.day.isoformat(),
            "events": str(one.events),
            "seconds": str(one.seconds),
            "errors": str(one.errors),
        }


TOTALS = ImportTable(
    name="usage",
    label=_("Usage by day"),
    order=50,
    columns=COLUMNS,
    key=key,
    load=load,
    settle=services.settle_import,
    undo=undo,
    rows=exported,
    aliases=("feature_usage", "daily_usage", "利用状況", "利用実績"),
)
