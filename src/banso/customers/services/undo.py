"""Taking back what one import brought into this room."""

from django.db import transaction
from django.utils import timezone

from banso.core.models import ImportRun
from banso.customers.models import (
    CancellationNotice,
    Contact,
    Contract,
    ContractChange,
    Customer,
)
from banso.customers.services import ledger


@transaction.atomic
def remove_imported(run: ImportRun) -> dict[str, int]:
    """Nothing that the run created is in any list; returns how many of each table went.

    Its ledger lines and notices are voided, its contracts, contacts and customers binned, so
    that the answer to "what was known then" stays. Contracts that the run only added lines to
    follow their ledger again. Rows that it only updated are the importer's to restore.
    Six statements and two per such contract.
    """
    now = timezone.now()
    gone = {
        "contracts": Contract.objects.filter(created_by_import=run).update(deleted_at=now),
        "notices": CancellationNotice.objects.filter(created_by_import=run, voided_at=None).update(
            voided_at=now
        ),
        "contacts": Contact.objects.filter(created_by_import=run).update(deleted_at=now),
        "customers": Customer.objects.filter(created_by_import=run).update(deleted_at=now),
    }
    lines = ContractChange.objects.filter(import_run=run, voided_at=None)
    grown = list(lines.filter(contract__deleted_at=None).values_list("contract_id", flat=True))
    ContractChange.objects.filter(contract__created_by_import=run, voided_at=None).update(
        voided_at=now
    )
    gone["changes"] = lines.update(voided_at=now)
    for contract in Contract.objects.filter(pk__in=grown):
        _follow_again(contract)
    return gone


def _follow_again(contract: Contract) -> None:
    ledger.follow(contract, ledger.live_lines(contract))
    contract.save(update_fields=list(ledger.FOLLOWS))
