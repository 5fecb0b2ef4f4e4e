"""Why a line of the ledger lost us something, and the list of reasons to choose from."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import Person, Workspace
from banso.core.scope import current_workspace_id
from banso.customers.loss_reasons import USUAL, loss_reasons, reasons_in_use
from banso.customers.models import ContractChange, Loss, LossReason
from banso.customers.services.checks import check_day, check_row, check_text, id_of
from banso.customers.services.contracts import locked_contract
from banso.customers.services.ledger import refused

MOST_REASONS, LONGEST = 60, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLoss:
    """Why: codes of `loss_reasons`, words, who they go to, and the day they said so (申出日)."""

    main_reason: str
    second_reason: str = ""
    detail: str = ""
    competitor: str = ""
    noticed_on: date | None = None


@transaction.atomic
def tell_loss(change_id: int, *, loss: NewLoss, by: Person | None) -> Loss:
    """The line says why it ended the contract or made it smaller; what was told before is replaced.

    Raises ContractChange.DoesNotExist, Refused for lines that lost nothing, voided ones, and
    reasons that cannot be given. Publishes customers.loss_told.
    """
    line = ContractChange.objects.get(pk=change_id)
    contract = locked_contract(line.contract_id)
    line.refresh_from_db()
    if line.voided_at:
        raise Refused(_("This line has been voided already."), code="voided")
    if not line.loses:
        raise Refused(_("This line neither ends nor shrinks the contract."), code="no_loss")
    told = keep_loss(line, loss)
    publish("customers.loss_told", contract, by=id_of(by), change=line.pk, reason=loss.main_reason)
    return told


def keep_loss(line: ContractChange, loss: NewLoss) -> Loss:
    """The row of a saved line, checked and stored. Publishes nothing."""
    before = Loss.objects.filter(line=line).first()
    check_reasons(loss, standing=before)
    told = before or Loss(line=line)
    for name, value in asdict(loss).items():
        setattr(told, name, value)
    if told.second_reason == told.main_reason:  # said twice is said once
        told.second_reason = ""
    check_row(told)
    told.save()
    return told


def check_reasons(loss: NewLoss, *, standing: Loss | None = None) -> None:
    """Refused, naming the field, unless the reasons can be given; what stands may stay. 1 query."""
    known = {code for code, _label in reasons_in_use()}
    if standing:
        known |= {standing.main_reason, standing.second_reason}
    if loss.main_reason not in known or not loss.main_reason:
        raise refused(_("Choose the main reason from the list."), "main_reason", "unknown_reason")
    if loss.second_reason and loss.second_reason not in known:
        raise refused(_("Choose one of the offered values."), "second_reason", "unknown_reason")
    check_day(loss.noticed_on, field="noticed_on")


@transaction.atomic
def set_loss_reasons(
    *,
    names: Mapping[str, str],
    in_use: Iterable[str],
    added: Iterable[str] = (),
    by: Person | None,
) -> None:
    """The list is as told: `names` by code ("" gives a usual one its own name back), those
    `in_use`, and `added` ones after them. Codes that are left out of `names` stay as they are.

    Lines keep what they were given. Refused for unknown codes, empty or doubled names, and when
    nothing is in use. Publishes customers.loss_reasons_set.
    """
    ours = Workspace.objects.select_for_update(no_key=True).get(pk=current_workspace_id())
    stand = {one.code: one for one in loss_reasons()}
    used = set(in_use)
    if unknown := sorted((set(names) | used) - set(stand)):
        raise refused(_("Choose one of the offered values."), unknown[0])
    rows = [_row(code, name.strip(), code in used) for code, name in names.items()]
    rows += [_row(uuid4().hex, name.strip(), True) for name in added if name.strip()]
    _check_list(rows, {code for code, one in stand.items() if not one.is_retired} - set(names))
    for row in rows:
        row.save()
    publish("customers.loss_reasons_set", ours, by=id_of(by), in_use=len(used))


def _row(code: str, name: str, is_used: bool) -> LossReason:
    row: LossReason = LossReason.objects.filter(code=code).first() or LossReason(code=code)
    row.name = "" if name == str(USUAL.get(code, "")) else name
    row.retired_at = None if is_used else row.retired_at or timezone.now()
    return row


def _check_list(rows: list[LossReason], others_in_use: set[str]) -> None:
    names = [row.name or str(USUAL.get(row.code, "")) for row in rows]
    for row, name in zip(rows, names, strict=True):
        check_text(name, field=row.code)
        if not name or len(name) > LONGEST:
            raise refused(_("Give a name of at most 60 characters."), row.code)
        if names.count(name) > 1:
            raise refused(_("Two reasons have this name."), row.code, "taken")
    if len(rows) > MOST_REASONS:
        raise refused(_("At most 60 reasons can be kept."), "added")
    if not others_in_use and all(row.retired_at for row in rows):
        raise refused(_("At least one reason must stay in use."), "added")
