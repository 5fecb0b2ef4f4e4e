"""How lines enter the ledger: appended or voided, never changed; the contract row follows.

Lines are worked out in memory first (`later_line`), so that one contract or ten thousand take
the same path.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.new_rows import unsaved
from banso.customers.models import ChangeKind, Contract, ContractChange
from banso.customers.services.checks import check_day
from banso.customers.services.inputs import NewChange
from banso.customers.terms import DEADLINE, Terms, next_term, terms_of

MAX_AMOUNT = 10**13  # minor units; its MRR has room in numeric(20, 6)
MAX_MONTHS = 600
MAX_SEATS = 2**31 - 1
MAX_NOTICE = {"notice_months": 60, "notice_days": 1830}
FOLLOWS = (
    "end_on", "notice_on", "amount", "term_months", "seats", "is_trial", "start_on", *DEADLINE,
)  # fmt: skip


def refused(words: str, field: str, code: str = "invalid") -> Refused:
    return Refused(words, code=code, field=field)


def check_terms(terms: Terms, effective_on: date) -> None:
    """Refused, naming the field, unless the terms can hold from `effective_on` on."""
    if not 0 <= terms.amount <= MAX_AMOUNT:
        raise refused(_("The amount is out of range."), "amount")
    check_months(terms.term_months)
    if terms.seats is not None and not 0 <= terms.seats <= MAX_SEATS:
        raise refused(_("The number of seats is out of range."), "seats")
    check_day(effective_on, field="effective_on")
    check_day(terms.covers_until, field="end_on")
    if terms.covers_until and terms.covers_until <= effective_on:
        raise refused(_("The end must come after the start."), "end_on")
    _check_deadline(terms)


def check_months(months: int, field: str = "term_months") -> None:
    """Refused, naming the field, unless a contract can be agreed for so many months."""
    if not 1 <= months <= MAX_MONTHS:
        raise refused(_("A term is 1 to 600 months."), field)


def _check_deadline(terms: Terms) -> None:
    if terms.minimum_months is not None:
        check_months(terms.minimum_months, "minimum_months")
    for name, most in MAX_NOTICE.items():
        if (count := getattr(terms, name)) is not None and not 0 <= count <= most:
            words = _("Give a whole number from %(least)s to %(most)s.")
            raise refused(words % {"least": 0, "most": f"{most:,}"}, name)
    if terms.notice_months is not None and terms.notice_days is not None:
        raise refused(_("Count the deadline in months or in days, not both."), "notice_days")


def with_deadline(
    terms: Terms, start_on: date, *, told: date | None, before: Terms | None = None
) -> Terms:
    """The terms with the deadline that was `told`, else counted; Refused for what cannot be counted.

    `start_on`: the contract's first day; `before`: the terms that these change.
    """
    if told is not None:
        return terms
    check_day(start_on, field="start_on")
    check_day(terms.covers_until, field="end_on")
    _check_deadline(terms)
    return terms.counted(start_on, before=before)


def _check_notice(terms: Terms, start_on: date) -> None:
    check_day(terms.notice_on, field="notice_on")
    leaves = terms.leaves_from(start_on)
    if leaves and terms.notice_on and terms.notice_on > leaves:
        raise refused(_("The notice date must not come after the end."), "notice_on")


def line(
    contract: Contract, kind: str, effective_on: date, terms: Terms, **origin: Any
) -> ContractChange:
    """An unsaved line: `terms` hold from `effective_on` on. `origin`: by_id, import_run_id, recorded_at."""
    check_terms(terms, effective_on)
    _check_notice(terms, contract.start_on)
    return unsaved(
        ContractChange,
        contract_id=contract.pk,
        customer_id=contract.customer_id,
        product_id=contract.product_id,
        kind=kind,
        effective_on=effective_on,
        covers_until=terms.covers_until,
        notice_on=terms.notice_on,
        quantity=terms.seats,
        notice_months=terms.notice_months,
        notice_days=terms.notice_days,
        minimum_months=terms.minimum_months,
        amount=terms.amount,
        term_months=terms.term_months,
        mrr=terms.mrr,
        currency=contract.currency,
        is_trial=terms.is_trial,
        **origin,
    )


def renewal_steps(
    contract: Contract, lines: Sequence[ContractChange], change: NewChange
) -> list[NewChange]:
    """The lines by which a renewal enters the ledger: one, or two of the same day.

    Where the MRR becomes another, the contract is renewed as it stood and then made larger or
    smaller, so that every sum of growth and reduction finds a line of its own. Trials had no MRR.
    Refused as `later_line`.
    """
    stood = standing(lines, change.effective_on)
    after = terms_of(later_line(contract, lines, change))
    if stood is None or stood.is_trial or after.mrr == stood.mrr:
        return [change]
    renewed = replace(
        change,
        amount=None,
        term_months=None,
        seats=None,
        end_on=after.covers_until,
        notice_on=after.notice_on,
    )
    kind = ChangeKind.EXPANSION if after.mrr > stood.mrr else ChangeKind.CONTRACTION
    adjusted = NewChange(
        kind=kind,
        effective_on=change.effective_on,
        amount=after.amount,
        term_months=after.term_months,
        seats=after.seats,
    )
    return [renewed, adjusted]


def end_line(contract: Contract, effective_on: date, **origin: Any) -> ContractChange:
    """An unsaved line that closes coverage: nothing is owed from `effective_on` on."""
    check_day(effective_on, field="effective_on")
    return unsaved(
        ContractChange,
        contract_id=contract.pk,
        customer_id=contract.customer_id,
        product_id=contract.product_id,
        kind=ChangeKind.END,
        effective_on=effective_on,
        covers_until=effective_on,
        amount=0,
        term_months=1,
        mrr=0,
        currency=contract.currency,
        **origin,
    )


def in_order(lines: Sequence[ContractChange]) -> list[ContractChange]:
    """Live lines from first to last in force. Lines not yet saved stand behind their equals."""
    return sorted(lines, key=lambda one: (one.effective_on, one.pk or float("inf")))


def standing(lines: Sequence[ContractChange], on: date) -> ContractChange | None:
    """The live line in force on a day: the latest that took effect; it may have run out."""
    so_far = [one for one in in_order(lines) if one.effective_on <= on]
    return so_far[-1] if so_far else None


def later_line(
    contract: Contract,
    lines: Sequence[ContractChange],
    change: NewChange,
    *,
    is_trial: bool | None = None,
    **origin: Any,
) -> ContractChange:
    """The unsaved line that `change` adds to the live `lines` of a contract; Refused in words."""
    check_day(change.effective_on, field="effective_on")
    last = in_order(lines)[-1] if lines else None
    ends_by = last.covers_until if last else None
    if last is None or (last.kind == ChangeKind.END and change.effective_on >= last.effective_on):
        raise refused(_("The contract has ended. Sign a new one."), "effective_on", "ended")
    before = standing(lines, change.effective_on)
    # An end on the day of the start is a contract that was never in force: signed and withdrawn.
    too_soon = change.effective_on < contract.start_on or (
        change.kind != ChangeKind.END and change.effective_on == contract.start_on
    )
    if before is None or too_soon:
        raise refused(_("Choose a day after the start of the contract."), "effective_on")
    if change.kind == ChangeKind.RENEWAL:
        _check_renewal(last, change)
    elif ends_by and change.effective_on > ends_by:
        raise refused(_("The contract runs out before this day."), "effective_on", "ended")
    if change.kind == ChangeKind.END:
        if last.effective_on > change.effective_on:  # from its day on the contract would live again
            raise refused(_("Void the later lines first."), "effective_on", "later_lines")
        return end_line(contract, change.effective_on, **origin)
    terms = _changed_terms(contract, terms_of(before), change)
    if is_trial is not None:
        terms = replace(terms, is_trial=is_trial)
    _check_direction(change.kind, terms_of(before), terms)
    return line(contract, change.kind, change.effective_on, terms, **origin)


def _check_renewal(last: ContractChange, change: NewChange) -> None:
    """Early or late is well, also after days without cover; but a later line would cut it short."""
    if change.term_months is not None:
        check_months(change.term_months)
    if last.effective_on > change.effective_on:
        words = _(
            "Later lines stand in the ledger. Renew from a day after them, or void them first."
        )
        raise refused(words, "effective_on", "later_lines")


def _changed_terms(contract: Contract, before: Terms, change: NewChange) -> Terms:
    start_on, offered = contract.start_on, before
    if change.kind == ChangeKind.RENEWAL:
        begins_on, months = change.effective_on, change.term_months
        offered = next_term(start_on, before, term_months=months, begins_on=begins_on)
    terms = offered.but(**told(change))
    return with_deadline(terms, start_on, told=change.notice_on, before=offered)


def told(change: NewChange) -> dict[str, Any]:
    """What a change says of the terms, by the names that `Terms` has."""
    return {
        "amount": change.amount,
        "seats": change.seats,
        "covers_until": change.end_on,
        **{name: getattr(change, name) for name in ("term_months", "notice_on", *DEADLINE)},
    }


def _check_direction(kind: str, before: Terms, after: Terms) -> None:
    if kind not in ChangeKind.values or kind == ChangeKind.NEW:
        raise refused(_("Choose one of the offered values."), "kind")
    check_months(after.term_months)
    if kind == ChangeKind.EXPANSION and after.mrr < before.mrr:
        raise refused(_("An expansion does not lower the monthly amount."), "amount")
    if kind == ChangeKind.CONTRACTION and after.mrr > before.mrr:
        raise refused(_("A contraction does not raise the monthly amount."), "amount")


def follow(contract: Contract, lines: Sequence[ContractChange]) -> None:
    """Set the contract row to the state after its latest live line; an end keeps what was signed.

    Nothing is saved; the columns are FOLLOWS.
    """
    ordered = in_order(lines)
    signed = [one for one in ordered if one.kind != ChangeKind.END][-1]
    contract.start_on = ordered[0].effective_on
    contract.amount, contract.term_months = signed.amount, signed.term_months
    contract.seats, contract.is_trial = signed.quantity, signed.is_trial
    contract.notice_on = signed.notice_on
    for name in DEADLINE:
        setattr(contract, name, getattr(signed, name))
    contract.end_on = ordered[-1].covers_until


def live_lines(contract: Contract) -> list[ContractChange]:
    """The contract's lines that stand, in order. 1 query."""
    return in_order(list(ContractChange.objects.filter(contract=contract, voided_at=None)))


def void(change: ContractChange, at: datetime) -> None:
    """The line no longer counts from `at` on; what was known before stays known."""
    change.voided_at = at
    change.save(update_fields=["voided_at"])
