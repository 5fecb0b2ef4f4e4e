"""What is expected of renewals, in and out of files: a file plans them, and closes none."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from banso.core.errors import Refused
from banso.core.imports.declarations import Column, ImportTable, Row, Seen, Values
from banso.core.imports.loading import Loading
from banso.core.models import ImportedRow, ImportRun
from banso.customers import services
from banso.customers.imports import showing
from banso.customers.imports.contract_columns import NUMBER
from banso.customers.imports.money import minor
from banso.customers.imports.references import ID, restored, same_text, stored, text_of
from banso.customers.models import Contract, Forecast, Renewal, Step
from banso.customers.services.renewal_plans import PLANNED
from banso.lib.money import to_major
from banso.lib.months import day_after, last_day
from banso.lib.uuid7 import as_uuid

COLUMNS = (
    ID,
    Column(
        "contract",
        _("Contract (external ID)"),
        aliases=("contract_id", "external_id", "subscription_id", "契約id"),
        max_length=120,
    ),
    NUMBER,
    Column("product", _("Product"), aliases=("product_name", "製品", "商品", "サービス")),
    Column("last_day", _("Last day"), "date", aliases=("契約満了日", "last_day_of_term")),
    Column(
        "forecast",
        _("Forecast"),
        "choice",
        aliases=("更新見込", "更新見込み"),
        choices=lambda: Forecast.choices,
        example="renew",
    ),
    Column(
        "expected_amount",
        _("Expected amount"),
        "amount",
        aliases=("見込金額",),
        example="1200000",
    ),
    Column("currency", _("Currency"), max_length=3, aliases=("通貨",), example="JPY"),
    Column("step", _("Step"), "choice", choices=lambda: Step.choices, example="quoted"),
    Column(
        "expected_on",
        _("They decide on"),
        "date",
        aliases=("decision_on", "意思決定予定日"),
        example="2027-02-15",
    ),
    Column("note", _("Note"), aliases=("備考",), max_length=5_000),
)
NAMES = ("id", "contract", "number")


def key(values: Values) -> Hashable:
    """The contract by our id, else by its external id, else by its number and product."""
    name = next((one for one in NAMES if one in values), None)
    if name is None:
        return None
    return (name, values[name], values.get("product", "") if name == "number" else "")


def load(rows: Sequence[Row], loading: Loading) -> None:
    """What the rows say is expected of the renewals that are due; an empty cell changes nothing."""
    signed = _Signed([row.values for row in rows])
    told: list[tuple[Row, services.RenewalPlan]] = []
    for row in rows:
        contract = _contract(row, signed, loading)
        plan = _plan(row, contract, signed, loading) if contract else None
        if plan is not None:
            told.append((row, plan))
    outcomes = services.plan_renewals([plan for _row, plan in told], by=loading.by)
    for (row, plan), outcome in zip(told, outcomes, strict=True):
        if isinstance(outcome, Refused):
            column = "last_day" if outcome.field == "due_on" else outcome.field or ""
            loading.refuse(row.line, column, "refused", reason=str(outcome.message))
        elif not outcome.before:
            loading.unchanged(row.line)
        else:
            loading.updated(row.line, plan.contract_id, _before(outcome))


def _before(change: services.PlanChange) -> dict[str, Any]:
    """By contract, of which later events tell: the row that holds the plan stands beside it."""
    was = {name: stored(value) for name, value in change.before.items()}
    return {"renewal": str(change.renewal.pk), "is_new": change.is_new, "plan": was}


class _Signed:
    """The contracts that a batch names, and what is expected of them already. 2 queries."""

    def __init__(self, rows: Sequence[Values]) -> None:
        living = Contract.objects.filter(customer__deleted_at=None).select_related("product")
        ids = {own for one in rows if (own := as_uuid(one.get("id", "")))}
        named = {name: {one[name] for one in rows if name in one} for name in NAMES[1:]}
        found = living.filter(pk__any=ids) | living.filter(external_id__any=named["contract"])
        found |= living.filter(number__any=named["number"])
        contracts = list(found)
        self.by_id = {one.pk: one for one in contracts}
        self.by_external = {one.external_id: one for one in contracts if one.external_id}
        self.by_number: dict[str, list[Contract]] = {}
        for one in contracts:
            self.by_number.setdefault(one.number, []).append(one)
        open_ones = Renewal.objects.filter(contract_id__any=list(self.by_id), closed_at=None)
        self.planned = {one.contract_id: one for one in open_ones}

    def find(self, values: Values) -> list[Contract]:
        """Whom the row may mean: none, the one, or several of one number."""
        if "id" in values:
            own = self.by_id.get(as_uuid(values["id"]))
        elif "contract" in values:
            own = self.by_external.get(values["contract"])
        else:
            return self._numbered(values)
        return [own] if own else []

    def _numbered(self, values: Values) -> list[Contract]:
        found = self.by_number.get(values["number"], [])
        product = values.get("product")
        named = [one for one in found if one.product.name == product]
        return named if product and named else found


def _contract(row: Row, signed: _Signed, loading: Loading) -> Contract | None:
    """The row's contract; None where there is none, or not one, which is told."""
    column = next((one for one in NAMES if one in row.values), None)
    if column is None:
        loading.refuse(row.line, "", "contract_needed")
        return None
    found = signed.find(row.values)
    if len(found) != 1:
        problem = "ambiguous_contract" if found else "unknown_contract"
        loading.refuse(row.line, column, problem, value=row.values[column][:60])
        return None
    return found[0]


def _plan(
    row: Row, contract: Contract, signed: _Signed, loading: Loading
) -> services.RenewalPlan | None:
    """What the row says; None where its amount cannot be read, which is told."""
    changes = {name: row.values[name] for name in PLANNED if name in row.values}
    if "expected_amount" in changes:
        amount = minor(row, "expected_amount", contract.currency, loading)
        if amount is None:
            return None
        changes["expected_amount"] = amount
    standing = signed.planned.get(contract.pk)
    if standing and same_text(changes.get("note"), standing.note):
        del changes["note"]
    seen = row.values.get("last_day")
    return services.RenewalPlan(
        contract_id=contract.pk, changes=changes, due_on=day_after(seen) if seen else None
    )


def undo(run: ImportRun, rows: Sequence[ImportedRow]) -> None:
    """Expected is what was before; of what nothing was expected before, nothing is again."""
    known = {str(one.pk): one for one in Renewal.objects.filter(pk__any=_plans(rows))}
    gone: list[UUID] = []
    for row in rows:
        before = dict(row.before or {})
        if (renewal := known.get(before.get("renewal", ""))) is None:
            continue
        restored(renewal, before["plan"])
        if before["is_new"] and renewal.closed_at is None:
            gone.append(renewal.pk)
    Renewal.objects.bulk_update(known.values(), PLANNED, batch_size=1000)
    Renewal.objects.filter(pk__in=gone).delete()


def _plans(rows: Sequence[ImportedRow]) -> list[str]:
    return [row.before["renewal"] for row in rows if row.before]


def seen(befores: Mapping[str, Values]) -> Mapping[str, Seen]:
    """By customer, product and number, with what is expected now and was before."""
    plans = {str(one["renewal"]): one["plan"] for one in befores.values() if "plan" in one}
    found = Renewal.objects.filter(pk__in=plans)
    related = found.select_related("contract__customer", "contract__product")
    return {
        str(one.contract_id): Seen(
            _name(one.contract), showing.differences(one, plans[str(one.pk)])
        )
        for one in related
    }


def _name(contract: Contract) -> str:
    return " ".join(filter(None, (contract.number, f"{contract.customer} / {contract.product}")))


def exported() -> Iterator[dict[str, str]]:
    """Every renewal of which somebody expects something, as an import would read it."""
    open_ones = Renewal.objects.filter(
        closed_at=None, contract__deleted_at=None, contract__customer__deleted_at=None
    )
    for one in open_ones.select_related("contract__product").order_by("pk").iterator(2000):
        contract = one.contract
        row = {name: text_of(getattr(one, name)) for name in PLANNED}
        if one.expected_amount is not None:
            row["expected_amount"] = str(to_major(one.expected_amount, contract.currency))
        yield row | {
            "id": str(contract.pk),
            "contract": contract.external_id,
            "number": contract.number,
            "product": contract.product.name,
            "last_day": text_of(last_day(contract.end_on)),
            "currency": contract.currency,
        }


RENEWALS = ImportTable(
    name="renewals",
    label=_("Renewals"),
    order=45,
    columns=COLUMNS,
    key=key,
    load=load,
    undo=undo,
    rows=exported,
    seen=seen,
    told_by=("forecast", "step", "expected_on", "expected_amount"),
    aliases=("renewal_plans", "更新予定", "更新管理"),
)
