"""Cancellation notices (解約申出) in and out of files."""

from collections.abc import Hashable, Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from banso.core.errors import Refused
from banso.core.imports.declarations import Column, ImportTable, Row, Values
from banso.core.imports.loading import Loading
from banso.core.models import ImportedRow, ImportRun
from banso.customers import services
from banso.customers.imports import showing
from banso.customers.imports.references import (
    CUSTOMER,
    EXTERNAL_ID,
    Customers,
    contracts_by_external,
    created_ids,
    text_of,
)
from banso.customers.models import CancellationNotice
from banso.lib.months import day_after

COLUMNS = (
    EXTERNAL_ID,
    CUSTOMER,
    Column("contract", _("Contract (external ID)"), aliases=("subscription_id", "契約id")),
    Column(
        "noticed_on",
        _("Noticed on"),
        "date",
        required=True,
        aliases=("notice_date", "churn_date", "cancelled_at", "申出日", "解約申出日"),
        example="2026-09-30",
    ),
    Column("effective_on", _("First day without contract"), "date"),
    Column(
        "last_day",
        _("Last day of the contract"),
        "date",
        aliases=("解約日", "契約終了日"),
        example="2027-03-31",
    ),
    Column("reason", _("Reason"), aliases=("reason_code", "解約理由", "理由"), max_length=60),
    Column(
        "detail",
        _("In their words"),
        aliases=("feedback", "feedback_text", "comment", "詳細", "コメント"),
        max_length=20_000,
    ),
)
PLAIN = ("noticed_on", "effective_on", "reason", "detail")
Natural = tuple[UUID, date]


def key(values: Values) -> Hashable:
    """The external id; else the customer and the day."""
    if "external_id" in values:
        return ("external_id", values["external_id"])
    return (values["customer"], values["noticed_on"])


def load(rows: Sequence[Row], loading: Loading) -> None:
    """New notices are recorded; one that says something else takes the old one's place."""
    companies = Customers((row.values["customer"] for row in rows), loading.source)
    signed = contracts_by_external(row.values.get("contract", "") for row in rows)
    known = _Known(rows, companies)
    new: list[tuple[Row, services.NewNotice, CancellationNotice | None]] = []
    for row in rows:
        notice = _notice(row, companies, signed, loading)
        if notice is None:
            continue
        standing = known.get(notice)
        if standing is not None and _says(standing) == _says(notice):
            loading.unchanged(row.line)
            continue
        if standing is not None:
            services.withdraw_notice(standing.pk, by=loading.by)
        new.append((row, notice, standing))
    told = _record(new, loading)
    companies.remember(CancellationNotice, told)


def _record(
    new: list[tuple[Row, services.NewNotice, CancellationNotice | None]], loading: Loading
) -> list[tuple[str, UUID]]:
    """How the file calls the customers of the notices that were recorded, and the notices."""
    made = services.record_notices(
        [notice for _row, notice, _old in new], by=loading.by, import_run=loading.run
    )
    for (row, _notice, old), outcome in zip(new, made, strict=True):
        if isinstance(outcome, Refused):
            if old is not None:
                raise outcome  # the withdrawn one must come back: the row is tried alone
            loading.refuse_row(row.line, outcome)
        elif old is None:
            loading.created(row.line, outcome.pk)
        else:
            loading.updated(row.line, outcome.pk, {"withdrawn": str(old.pk)})
    return [
        (row.values["customer"], outcome.pk)
        for (row, _notice, _old), outcome in zip(new, made, strict=True)
        if isinstance(outcome, CancellationNotice)
    ]


def _notice(
    row: Row, companies: Customers, signed: dict[str, tuple[UUID, UUID]], loading: Loading
) -> services.NewNotice | None:
    customer = companies.find(row.values["customer"])
    if customer is None:
        told = row.values["customer"][:60]
        loading.refuse(row.line, "customer", "unknown_customer", value=told)
        return None
    given: dict[str, Any] = {name: row.values[name] for name in PLAIN if name in row.values}
    if "last_day" in row.values:
        given.setdefault("effective_on", day_after(row.values["last_day"]))
    if name := row.values.get("contract"):
        if name not in signed:
            loading.refuse(row.line, "contract", "unknown_contract", value=name[:60])
            return None
        given["contract_id"] = signed[name][0]
    return services.NewNotice(
        customer_id=customer,
        external_id=row.values.get("external_id", ""),
        attributes=row.attributes,
        **given,
    )


class _Known:
    """Notices that stand, by external id, else by customer and day."""

    def __init__(self, rows: Sequence[Row], companies: Customers) -> None:
        external = {row.values.get("external_id", "") for row in rows} - {""}
        standing = CancellationNotice.objects.filter(voided_at=None)
        self.by_external = {
            one.external_id: one for one in standing.filter(external_id__in=external)
        }
        bare = [row.values for row in rows if "external_id" not in row.values]
        ids = {companies.find(values["customer"]) for values in bare} - {None}
        self.by_day: dict[Natural, CancellationNotice] = {
            (one.customer_id, one.noticed_on): one for one in standing.filter(customer_id__in=ids)
        }

    def get(self, notice: services.NewNotice) -> CancellationNotice | None:
        if notice.external_id:
            return self.by_external.get(notice.external_id)
        return self.by_day.get((notice.customer_id, notice.noticed_on))


def _says(notice: CancellationNotice | services.NewNotice) -> tuple[Any, ...]:
    plain = tuple(getattr(notice, name) for name in PLAIN)
    return (notice.customer_id, notice.contract_id, *plain, dict(notice.attributes))


def undo(run: ImportRun, rows: Sequence[ImportedRow]) -> None:
    """Notices that the run recorded are gone; those it replaced stand again."""
    replaced = [row for row in rows if row.before is not None]
    gone = [*created_ids(rows, NOTICES.name), *(row.object_id for row in replaced)]
    CancellationNotice.objects.filter(pk__in=gone).delete()
    again = [row.before["withdrawn"] for row in replaced if row.before]
    CancellationNotice.objects.filter(pk__in=again).update(voided_at=None)


def attribute_kinds() -> dict[str, str]:
    """Kinds as the notices that stand have them; nobody declares these."""
    found: dict[str, str] = {}
    for attributes in CancellationNotice.objects.exclude(attributes={}).values_list(
        "attributes", flat=True
    ):
        for name, value in attributes.items():
            found.setdefault(name, _kind(value))
    return found


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    return "number" if isinstance(value, int | float) else "text"


def exported() -> Iterator[dict[str, str]]:
    """Every notice that stands as an import would read it."""
    standing = CancellationNotice.objects.filter(voided_at=None, customer__deleted_at=None)
    for one in standing.select_related("customer", "contract").order_by("noticed_on", "pk"):
        row = {name: text_of(getattr(one, name)) for name in (*PLAIN, "external_id")}
        row["customer"] = one.customer.external_id or str(one.customer_id)
        row["contract"] = one.contract.external_id if one.contract else ""
        row |= {f"attributes.{name}": text_of(value) for name, value in one.attributes.items()}
        yield row


NOTICES = ImportTable(
    name="notices",
    label=_("Cancellation notices"),
    order=40,
    columns=COLUMNS,
    key=key,
    load=load,
    undo=undo,
    rows=exported,
    seen=showing.notices,
    aliases=("churn_events", "cancellations", "解約", "解約申出"),
    attribute_kinds=attribute_kinds,
)
