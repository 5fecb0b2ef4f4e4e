"""How a contract stands on a day, read from its ledger. No queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from django.utils.translation import gettext_lazy as _

from banso.core.declarations import Words
from banso.customers.models import CancellationNotice, ChangeKind, Contract, ContractChange
from banso.customers.queries.card import ContractCard
from banso.customers.services.ledger import in_order

State = Literal["ahead", "trial", "active", "ending", "ended"]
WORDS: dict[State, tuple[Words, str]] = {
    "ahead": (_("Begins later"), "info"),
    "trial": (_("On trial"), "info"),
    "active": (_("Under contract"), "good"),
    "ending": (_("Ends"), "watch"),
    "ended": (_("Contract ended"), "neutral"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A contract on a day. `mrr`: minor units, 0 for trials, None where nothing is in force.

    `lines` still count, `voided` no longer do; both newest first. `signed` holds the terms of the
    day, `ahead` what is recorded already for later days, soonest first. `notice` is the latest
    cancellation notice that stands and concerns this contract.
    """

    contract: Contract
    state: State
    mrr: Decimal | None
    signed: Contract | ContractChange
    ahead: list[ContractChange]
    lines: list[ContractChange]
    voided: list[ContractChange]
    notice: CancellationNotice | None = None

    @property
    def label(self) -> Words:
        return WORDS[self.state][0]

    @property
    def tone(self) -> str:
        return WORDS[self.state][1]

    @property
    def runs(self) -> bool:
        """Whether it can still be changed, renewed or ended."""
        return self.state != "ended" and not self.is_closed

    @property
    def renews(self) -> bool:
        """Whether it goes on by itself after its term: agreed so, and nobody has said otherwise."""
        agreed = self.contract.auto_renew and not self.contract.is_trial
        return agreed and self.runs and self.notice is None

    @property
    def is_closed(self) -> bool:
        """Whether its end has been recorded."""
        return any(one.kind == ChangeKind.END for one in self.lines)


def standing(
    card: ContractCard, on: date, *, notices: Iterable[CancellationNotice] = ()
) -> Standing:
    """How the contract of `card` stands on the day `on`; `notices` are its customer's."""
    live = [one for one in card.lines if one.voided_at is None]
    so_far = [one for one in in_order(live) if one.effective_on <= on]
    line = so_far[-1] if so_far else None
    later = in_order(live)[len(so_far) :] if so_far else []
    return Standing(
        contract=card.contract,
        state=_state(line, live, on),
        mrr=_mrr(line, on),
        signed=card.contract if line is None or line.kind == ChangeKind.END else line,
        ahead=_last_of_days([one for one in later if one.kind != ChangeKind.END]),
        lines=live,
        voided=[one for one in card.lines if one.voided_at is not None],
        notice=_notice(card.contract, notices, on),
    )


def _last_of_days(lines: list[ContractChange]) -> list[ContractChange]:
    """Of lines of one day only the last is ever in force: renewed as it was, then smaller."""
    return list({one.effective_on: one for one in lines}.values())


def _notice(
    contract: Contract, notices: Iterable[CancellationNotice], on: date
) -> CancellationNotice | None:
    """A notice that names no contract concerns all of them."""
    told = [
        one
        for one in notices
        if one.voided_at is None and one.noticed_on <= on and one.contract_id in (None, contract.pk)
    ]
    return max(told, key=lambda one: (one.noticed_on, one.pk), default=None)


def _covered(line: ContractChange, on: date) -> bool:
    return line.covers_until is None or line.covers_until > on


def _state(line: ContractChange | None, live: list[ContractChange], on: date) -> State:
    if line is None:
        return "ahead" if live else "ended"
    if line.kind == ChangeKind.END or not _covered(line, on):
        return "ended"
    if any(one.kind == ChangeKind.END for one in live):
        return "ending"
    return "trial" if line.is_trial else "active"


def _mrr(line: ContractChange | None, on: date) -> Decimal | None:
    if line is None or not _covered(line, on):
        return None
    return Decimal(0) if line.is_trial else line.mrr
