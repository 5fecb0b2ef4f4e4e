"""The ledger as it was known at a moment, as columns. 3 statements, one pass over the lines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from banso.core.columns import one_moment
from banso.core.errors import Refused
from banso.core.scope import current_workspace
from banso.core.sql import reading_whole_tables, work_memory
from banso.customers.models import ChangeKind
from banso.insight.metrics.asking import CountedBy
from banso.insight.metrics.making.columns import Contracts, customers, ledger
from banso.lib.ledger.book import Book, book_of
from banso.lib.ledger.columns import FAR, Ints, Lines, first_of_each, key

MICRO = 1_000_000  # parts of a minor unit that columns count in
Known = TypeVar("Known")
DEEPEST = 50  # parents above each other; the doors allow fewer
MOST = 7e17  # of one customer; its ARR must fit into 64 bits
_KINDS = {ChangeKind.PRICE: 1, ChangeKind.RENEWAL: 2, ChangeKind.END: 3}


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A ledger and whose it is. Codes of customers count all of the workspace, by id."""

    book: Book
    unit: CountedBy
    known_at: datetime | None
    today: date
    customers: "NDArray[Any]"  # ids as bytes, ascending
    contracts: Contracts
    currencies: Sequence[str]
    counted_as: Ints  # by contract: the customer that it counts for
    lines: tuple[Ints, Ints]  # their ids and contracts
    _once: dict[Any, Any] = field(default_factory=dict)

    def once(self, name: Any, work_out: Callable[[], Known]) -> Known:
        """What `work_out` says of this reading, worked out the first time that `name` is asked."""
        if name not in self._once:
            self._once[name] = work_out()
        found: Known = self._once[name]
        return found

    def customer_id(self, code: int) -> UUID:
        return UUID(bytes=bytes(self.customers[code]).ljust(16, b"\0"))

    def codes_of(self, ids: "NDArray[Any]") -> Ints:
        """The code of each customer by its id as bytes; −1 for who is not in this reading."""
        if not len(self.customers):
            return np.full(len(ids), -1)
        place = np.searchsorted(self.customers, ids)
        place[place == len(self.customers)] = 0
        return np.where(self.customers[place] == ids, place, -1)

    def contract_of_line(self) -> tuple[Ints, Ints]:
        """The ids of all lines, ascending, and their contracts."""
        return self.once("lines", lambda: _by_first(*self.lines))

    def contracts_of(self, line: Ints) -> Ints:
        """The contracts that lines belong to."""
        ids, contracts = self.contract_of_line()
        result: Ints = contracts[np.searchsorted(ids, line)]
        return result


def read(*, grace: int, unit: CountedBy = "user", known_at: datetime | None = None) -> Reading:
    """The ledger as known at a moment (aware; None: now), worked out for whom customers count as.

    Raises Refused for amounts that are too large to be added exactly.
    """
    workspace = current_workspace()
    today = min(workspace.today(), workspace.day_of(known_at)) if known_at else workspace.today()
    with one_moment(), reading_whole_tables():
        work_memory("128MB")
        ids, parent = customers()
        contracts, found = ledger(known_at)
    counted_as = _counted_as(unit, contracts, parent)
    lines, currencies = _lines(found, contracts, counted_as)
    return Reading(
        book=book_of(lines, entities=len(ids), grace=grace, today=today),
        unit=unit,
        known_at=known_at,
        today=today,
        customers=ids,
        contracts=contracts,
        currencies=currencies,
        counted_as=counted_as,
        lines=(lines.id, lines.contract),
    )


def _by_first(ids: Ints, others: Ints) -> tuple[Ints, Ints]:
    order = np.argsort(ids)
    return ids[order], others[order]


def _counted_as(unit: CountedBy, contracts: Contracts, parent: Ints) -> Ints:
    """The customer that each contract counts for."""
    if unit == "signer":
        return contracts.signer
    if unit == "user":
        return contracts.customer
    result: Ints = np.append(_heads(parent), -1)[contracts.customer]
    return result


def _heads(parent: Ints) -> Ints:
    """The topmost of each customer's parents. Of a circle it is the first by id."""
    heads = np.arange(len(parent))
    for _step in range(DEEPEST):
        above = parent[heads]
        if not (above >= 0).any():
            return heads
        heads = np.where(above >= 0, above, heads)
    return _firsts_of_circles(heads, parent)


def _firsts_of_circles(heads: Ints, parent: Ints) -> Ints:
    firsts = at = heads
    for _step in range(DEEPEST):
        at = np.where(parent[at] >= 0, parent[at], at)
        firsts = np.where(parent[heads] >= 0, np.minimum(firsts, at), firsts)
    return firsts


def _lines(
    found: list["NDArray[Any]"], contracts: Contracts, counted_as: Ints
) -> tuple[Lines, list[str]]:
    contract, begin, until, mrr, number, flags = found
    codes, currency = _currencies(contracts.currency, contract)
    lines = Lines(
        entity=counted_as[contract],
        contract=contract,
        product=contracts.product[contract],
        begin=begin,
        until=np.minimum(until, FAR),
        mrr=mrr,
        currency=currency,
        id=number,
        is_trial=flags >= 4,
        is_price=flags % 4 == _KINDS[ChangeKind.PRICE],
        is_renewal=flags % 4 == _KINDS[ChangeKind.RENEWAL],
        ends=flags % 4 == _KINDS[ChangeKind.END],
    )
    lines = lines.where(np.lexsort((number, key(contract, begin))))
    _check_amounts(lines)
    return lines, [_currency(int(code)) for code in codes]


def _currencies(of_contract: Ints, contract: Ints) -> tuple[Ints, Ints]:
    """The currencies that lines are in, and the place among them of each line's own."""
    has_lines = np.zeros(len(of_contract), dtype=bool)
    has_lines[contract] = True
    codes = np.unique(of_contract[has_lines])
    result: Ints = np.searchsorted(codes, of_contract)[contract]
    return codes, result


def _check_amounts(lines: Lines) -> None:
    """Refused where a customer's contracts, each at its greatest, exceed what columns can count."""
    if not len(lines):
        return
    first = np.flatnonzero(first_of_each(lines.contract))
    greatest = np.maximum.reduceat(lines.mrr, first).astype(float)
    if np.bincount(lines.entity[first], weights=greatest).max() > MOST:
        raise Refused(
            _("The amounts of the contracts are too large to be added up."), code="too_large"
        )


def _currency(code: int) -> str:
    return "".join(chr(code >> shift & 255) for shift in (16, 8, 0))
