"""Single uses, with their time, from files."""

from collections.abc import Hashable, Iterator, Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from banso.core.imports.declarations import Column, ImportTable, Row, Values
from banso.core.imports.loading import Loading
from banso.core.models import ImportedRow, ImportRun
from banso.core.scope import current_workspace
from banso.touchpoints.usage import services, store
from banso.touchpoints.usage.imports.owners import (
    CONTRACT,
    CUSTOMER,
    FEATURE,
    PERSON,
    Owners,
)

COLUMNS = (
    Column(
        "message_id",
        _("ID of the event"),
        required=True,
        aliases=("messageid", "event_id", "id", "イベントid"),
        max_length=200,
    ),
    CUSTOMER,
    CONTRACT,
    PERSON,
    FEATURE,
    Column(
        "at",
        _("Time"),
        "moment",
        required=True,
        aliases=("timestamp", "time", "occurred_at", "日時", "発生日時"),
        example="2026-11-20 09:30",
    ),
)


def key(values: Values) -> Hashable:
    """The event's own id: the first row with it is kept."""
    return str(values["message_id"])


def load(rows: Sequence[Row], loading: Loading) -> None:
    """Events never seen are counted on their local day."""
    owners, events = loading.kept(Owners), list[store.Event]()
    said: dict[UUID, list[str]] = {}
    owners.learn(rows)
    latest = current_workspace().today().year + 1
    for row in rows:
        customer = owners.customer(row, loading)
        if customer is None:
            continue
        at = row.values["at"]
        if not store.FIRST_YEAR < at.year < latest + 1:
            loading.refuse(row.line, "at", "out_of_range", value=at.isoformat())
            continue
        contact, person = owners.person(customer, row)
        event = (customer, contact, person, row.values["feature"], at, row.values["message_id"])
        events.append(store.Event(*event))
        if (merged := owners.said_of(row)) is not None:
            said.setdefault(merged, []).append(event[-1])
    outcome = store.load_events(events, run=loading.run, rolls_up=False)
    for merged, ids in said.items():
        services.said_of_merged(loading.run, ids, merged=merged)
    loading.report.created += outcome.created
    loading.report.unchanged += outcome.unchanged


def undo(run: ImportRun, rows: Sequence[ImportedRow]) -> None:
    """Gone already: the totals' undo takes all that a run brought to usage."""


def exported() -> Iterator[dict[str, str]]:
    """Raw events are not exported: daily totals are, and the source keeps its events."""
    return iter(())


EVENTS = ImportTable(
    name="usage_events",
    label=_("Usage events"),
    order=60,
    columns=COLUMNS,
    key=key,
    load=load,
    settle=services.settle_import,
    undo=undo,
    rows=exported,
    goes_out=False,
    aliases=("events", "イベント", "利用ログ"),
)
