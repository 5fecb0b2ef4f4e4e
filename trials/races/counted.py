"""What must be true of every figure when all hands have stopped."""

from datetime import date
from decimal import Decimal

from django.db.models import Sum

from banso.core.scope import current_workspace
from banso.customers.models import Contract, ContractChange, CurrentState
from banso.customers.services import keep_current
from banso.insight.metrics.answers import figures, opened
from banso.insight.metrics.asking import Asked
from banso.lib.periods import period_of, periods_between
from trials.report import Report


def check_figures(begun: date, report: Report) -> None:
    """The ledger's own sum is the MRR of lists, of figures and of their rows; movements lead to it."""
    today = current_workspace().today()
    summed = sum((_stands(one, today) for one in Contract.objects.all()), Decimal(0))
    keep_current()
    kept = CurrentState.objects.aggregate(mrr=Sum("mrr"))["mrr"]
    report.expect(kept == summed, f"lists say an MRR of {kept}, the ledger {summed}")
    month = period_of(today, "month")
    [figure] = figures(Asked("mrr", (month,)))
    report.expect(figure.value == summed, f"figures say {figure.value}, the ledger {summed}")
    rows = opened(Asked("mrr", (month,)), month)
    report.expect(sum(one.numerator for one in rows) == summed, "rows do not add up to the MRR")
    months = tuple(periods_between(begun, today, "month"))
    moved = [one.numerator or 0 for one in figures(Asked("movements", months))]
    report.expect(sum(moved) == summed, f"movements lead to {sum(moved)}, the ledger to {summed}")
    report.figure("MRR", float(summed))


def _stands(contract: Contract, on: date) -> Decimal:
    """What a contract pays on a day, by its lines."""
    lines = ContractChange.objects.filter(contract=contract, voided_at=None, effective_on__lte=on)
    line = lines.order_by("-effective_on", "-pk").first()
    pays = line and not line.is_trial and (line.covers_until is None or on < line.covers_until)
    return line.mrr if line and pays else Decimal(0)
