"""Lines of the ledger that were known at one of two moments only, and what MRR each of them moved."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from uuid import UUID

import numpy as np

from banso.customers.models import ChangeKind, ContractChange
from banso.insight.metrics import queries
from banso.insight.metrics.making.reading import Reading
from banso.insight.metrics.queries import voided_by
from banso.lib.ledger.columns import Ints
from banso.lib.money import minor_digits
from banso.lib.periods import Period


@dataclass(frozen=True, slots=True)
class LineMoved:
    """A line that was recorded, or voided, between the two moments.

    `moved`: by how much it changed the MRR at the period's close, in major units of `currency`;
    lines of a contract are taken one after the other, as they were written.
    """

    id: int
    customer_id: UUID
    customer: str
    contract_id: UUID
    product: str
    kind: str
    effective_on: date
    is_voided: bool
    at: datetime | None
    by: str
    moved: Decimal
    currency: str


class Changes:
    """All lines that only one of two readings knows. They are read when a customer is asked for."""

    def __init__(self, then: Reading, now: Reading) -> None:
        known = [one.contract_of_line()[0] for one in (then, now)]
        self.voided = np.setdiff1d(known[0], known[1], assume_unique=True)
        self.recorded = np.setdiff1d(known[1], known[0], assume_unique=True)
        self.ids = np.concatenate([self.voided, self.recorded])
        self.entity = np.concatenate([_whose(then, self.voided), _whose(now, self.recorded)])
        self.today, self.then_ids = now.today, known[0]
        self.lines: dict[UUID, list[ContractChange]] = {}
        self.contract: dict[int, UUID] = {}
        self.voiders: dict[int, str] = {}
        rules = queries.rules()
        self.reach = timedelta(days=max(rules.grace_days, rules.reversal_days))

    def of(self, entities: Sequence[int], period: Period) -> dict[int, list[LineMoved]]:
        """By customer: its lines dated before the period's end, or so soon after that they count.

        Within the grace a return, within the reversal a loss bears on the period. 3 queries for
        customers that nobody asked for before.
        """
        chosen = np.isin(self.entity, np.array(entities, dtype=np.int64))
        owners = dict(zip(self.ids[chosen].tolist(), self.entity[chosen].tolist(), strict=True))
        self._load([one for one in owners if one not in self.contract])
        day, until = min(period.last_day, self.today), period.end + self.reach
        found: dict[int, list[LineMoved]] = {}
        for contract in dict.fromkeys(self.contract[one] for one in owners):
            for one in self._replayed(self.lines[contract], owners.keys(), day):
                if one.effective_on < until:
                    found.setdefault(owners[one.id], []).append(one)
        return found

    def _load(self, ids: Sequence[int]) -> None:
        """All lines of these lines' contracts."""
        if not ids:
            return
        wanted = ContractChange.objects.filter(pk__in=ids).values("contract_id")
        every = ContractChange.objects.filter(contract_id__in=wanted)
        related = every.select_related("customer", "product", "by").order_by("contract_id", "pk")
        voided = []
        for contract, group in groupby(related, key=lambda one: one.contract_id):
            self.lines[contract] = list(group)
            self.contract |= {one.pk: contract for one in self.lines[contract]}
            voided += [one for one in self.lines[contract] if one.voided_at]
        self.voiders |= {pk: person.name for pk, person in voided_by(voided).items()}

    def _replayed(
        self, lines: list[ContractChange], changed: Collection[int], day: date
    ) -> Iterator[LineMoved]:
        """One contract's changed lines, in the order of the moments at which they changed."""
        by_id = {one.pk: one for one in lines}
        then = self._known_then(by_id)
        known, mrr = set(then), _mrr((by_id[pk] for pk in then), day)
        changed_lines = (one for one in lines if one.pk in changed)
        for one in sorted(changed_lines, key=lambda one: _step(one, one.pk in then)):
            is_voided = one.pk in then
            known ^= {one.pk}
            after = _mrr((by_id[pk] for pk in known), day)
            by = self.voiders.get(one.pk, "") if is_voided else (one.by.name if one.by else "")
            yield _line(one, is_voided, by, after - mrr)
            mrr = after

    def _known_then(self, ids: Iterable[int]) -> set[int]:
        listed = np.array(list(ids), dtype=np.int64)
        return set(listed[np.isin(listed, self.then_ids)].tolist())


def _step(one: ContractChange, is_voided: bool) -> tuple[datetime, bool, int]:
    """When the line changed; a correction voids before it records."""
    at = (one.voided_at or one.recorded_at) if is_voided else one.recorded_at
    return at, not is_voided, one.pk


def _whose(reading: Reading, lines: Ints) -> Ints:
    """The customers that the lines count for."""
    result: Ints = reading.counted_as[reading.contracts_of(lines)]
    return result


def _mrr(lines: Iterable[ContractChange], day: date) -> Decimal:
    """What a contract of these lines pays on the day, in minor units."""
    so_far = [one for one in lines if one.effective_on <= day]
    if not so_far:
        return Decimal(0)
    last = max(so_far, key=lambda one: (one.effective_on, one.pk))
    is_over = last.covers_until is not None and last.covers_until <= day
    if last.is_trial or is_over or last.kind == ChangeKind.END:
        return Decimal(0)
    return Decimal(last.mrr)


def _line(one: ContractChange, is_voided: bool, by: str, moved: Decimal) -> LineMoved:
    return LineMoved(
        id=one.pk,
        customer_id=one.customer_id,
        customer=one.customer.name,
        contract_id=one.contract_id,
        product=one.product.name,
        kind=one.kind,
        effective_on=one.effective_on,
        is_voided=is_voided,
        at=one.voided_at if is_voided else one.recorded_at,
        by=by,
        moved=moved.scaleb(-minor_digits(one.currency)),
        currency=one.currency,
    )
