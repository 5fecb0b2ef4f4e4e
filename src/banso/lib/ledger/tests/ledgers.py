"""Ledgers for tests: short histories as people sign them, and columns made of them."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from hypothesis import strategies as st

from banso.lib.ledger.columns import FAR, Lines

DAY_ONE = date(2024, 1, 1).toordinal()
HORIZON = 60  # days that histories reach


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the ledger in plain values. Days count from DAY_ONE; `until` None: without an end."""

    entity: int
    contract: int
    product: int
    begin: int
    until: int | None
    mrr: int
    kind: str = "new"
    is_trial: bool = False
    currency: int = 0

    @property
    def sold(self) -> int:
        """Product and currency in one: nothing nets across currencies."""
        return 2 * self.product + self.currency


def columns(lines: list[Line]) -> Lines:
    """In the order that the ledger's columns come in; ids are places in the list, from 1 on."""
    numbered = sorted(
        enumerate(lines, 1), key=lambda pair: (pair[1].contract, pair[1].begin, pair[0])
    )
    ones = [one for _id, one in numbered]

    def ints(values: list[int]) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
        return np.array(values, dtype=np.int64)

    return Lines(
        entity=ints([one.entity for one in ones]),
        contract=ints([one.contract for one in ones]),
        product=ints([one.product for one in ones]),
        begin=ints([DAY_ONE + one.begin for one in ones]),
        until=ints([FAR if one.until is None else DAY_ONE + one.until for one in ones]),
        mrr=ints([one.mrr for one in ones]),
        currency=ints([one.currency for one in ones]),
        id=ints([number for number, _one in numbered]),
        is_trial=np.array([one.is_trial for one in ones], dtype=bool),
        is_price=np.array([one.kind == "price" for one in ones], dtype=bool),
        is_renewal=np.array([one.kind == "renewal" for one in ones], dtype=bool),
        ends=np.array([one.kind == "end" for one in ones], dtype=bool),
    )


@st.composite
def contract_lines(draw: st.DrawFn, entity: int, contract: int) -> list[Line]:
    """One contract's history: signed, changed, renewed early, late or never, ended or run out."""
    product, is_trial = draw(st.integers(0, 2)), draw(st.integers(0, 9)) == 0
    currency = int(draw(st.integers(0, 5)) == 0)
    day = draw(st.integers(0, 44))
    until = day + draw(st.integers(1, 18)) if draw(st.booleans()) else None
    amounts = st.integers(0, 5)
    lines = [Line(entity, contract, product, day, until, draw(amounts), "new", is_trial, currency)]
    for _step in range(draw(st.integers(0, 4))):
        kind = draw(st.sampled_from(["expansion", "contraction", "price", "renewal", "end"]))
        latest = lines[-1]
        last = latest.until if latest.until is not None else HORIZON - 8
        if kind == "renewal":
            day = max(latest.begin, last + draw(st.integers(-3, 8)))
            until = day + draw(st.integers(1, 18))
            lines.append(replace(latest, begin=day, until=until, kind=kind, is_trial=False))
            continue
        if latest.begin > last:
            break
        day = draw(st.integers(latest.begin, last))
        if kind == "end":
            lines.append(replace(latest, begin=day, until=day, mrr=0, kind=kind, is_trial=False))
            break
        if latest.until is not None and day >= latest.until:
            break
        lines.append(replace(latest, begin=day, mrr=draw(amounts), kind=kind))
    return lines


@st.composite
def histories(draw: st.DrawFn) -> list[Line]:
    """Ledgers of up to three customers with up to three contracts each."""
    lines: list[Line] = []
    for number in range(draw(st.integers(0, 6))):
        lines += draw(contract_lines(draw(st.integers(0, 2)), number))
    return lines
