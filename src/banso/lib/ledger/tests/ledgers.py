"""Ledgers for tests: short histories as people sign them, and columns made of them."""

from dataclasses import dataclass, replace
from datetime import date
from random import Random

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


def contract_lines(random: Random, entity: int, contract: int) -> list[Line]:
    """One contract's history: signed, changed, renewed early, late or never, ended or run out."""
    product, is_trial = random.randint(0, 2), random.random() < 0.1
    currency, day = int(random.random() < 0.2), random.randint(0, 44)
    until = day + random.randint(1, 18) if random.random() < 0.6 else None
    mrr = random.randint(0, 5)
    lines = [Line(entity, contract, product, day, until, mrr, "new", is_trial, currency)]
    for _step in range(random.randint(0, 4)):
        kind = random.choice(["expansion", "contraction", "price", "renewal", "end"])
        latest = lines[-1]
        last = latest.until if latest.until is not None else HORIZON - 8
        if kind == "renewal":
            day = max(latest.begin, last + random.randint(-3, 8))
            until = day + random.randint(1, 18)
            lines.append(replace(latest, begin=day, until=until, kind=kind, is_trial=False))
            continue
        if latest.begin > last:
            break
        day = random.randint(latest.begin, last)
        if kind == "end":
            lines.append(replace(latest, begin=day, until=day, mrr=0, kind=kind, is_trial=False))
            break
        if latest.until is not None and day >= latest.until:
            break
        lines.append(replace(latest, begin=day, mrr=random.randint(0, 5), kind=kind))
    return lines


def a_history(seed: int) -> list[Line]:
    """A ledger of up to three customers with up to six contracts among them."""
    random, lines = Random(seed), list[Line]()
    for number in range(random.randint(0, 6)):
        lines += contract_lines(random, random.randint(0, 2), number)
    return lines


def histories() -> st.SearchStrategy[list[Line]]:
    """Made of one number each: drawing every day of a thousand ledgers takes most of a test."""
    return st.integers(0, 2**48).map(a_history)
