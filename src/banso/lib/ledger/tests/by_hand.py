"""The same figures day by day, in plain Python: slow, and written from the definitions alone."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

from banso.lib.ledger.tests.ledgers import HORIZON, Line

Key = tuple[int, int]  # customer, product and currency
DAYS = range(HORIZON + 30)


def in_force(lines: list[Line], day: int) -> list[tuple[int, Line]]:
    """The line that pays on a day, of each contract, with its id."""
    latest: dict[int, tuple[int, int, Line]] = {}
    for number, one in enumerate(lines, 1):
        if one.begin <= day and latest.get(one.contract, (-1, 0))[:2] < (one.begin, number):
            latest[one.contract] = (one.begin, number, one)
    return [
        (number, one)
        for _begin, number, one in latest.values()
        if one.kind != "end" and not one.is_trial and (one.until is None or one.until > day)
    ]


def gaps(covered: list[bool], grace: int) -> list[tuple[int, int]]:
    """Days [from, to) without cover between two covered ones, of at most `grace` days."""
    days = [day for day in DAYS if covered[day]]
    return [(a + 1, b) for a, b in pairwise(days) if b - a > 1 and b - a - 1 <= grace]


class Days:
    """What stood on every day."""

    def __init__(self, lines: list[Line], grace: int) -> None:
        self.grace = grace
        self.mrr: dict[Key, list[int]] = defaultdict(lambda: [0] * len(DAYS))
        self.covered: dict[Key, list[bool]] = defaultdict(lambda: [False] * len(DAYS))
        self.active: dict[int, list[bool]] = defaultdict(lambda: [False] * len(DAYS))
        for day in DAYS:
            for _number, one in in_force(lines, day):
                self.mrr[one.entity, one.sold][day] += one.mrr
                self.covered[one.entity, one.sold][day] = True
                self.active[one.entity][day] = True
        self.stays = {entity: list(days) for entity, days in self.active.items()}
        for entity, days in self.active.items():
            for start, stop in gaps(days, grace):
                self.stays[entity][start:stop] = [True] * (stop - start)
        self.smooth = {at: self._bridged(at) for at in self.mrr}

    def _bridged(self, at: Key) -> list[tuple[int, bool]]:
        """MRR and cover as if bridged gaps were none."""
        amounts, covered = list(self.mrr[at]), list(self.covered[at])
        own = gaps(self.covered[at], self.grace)
        whole = gaps(self.active[at[0]], self.grace)
        begun = {start for start, _stop in own}
        ended = {start: stop for start, stop in whole if start not in begun}
        for start, stop in [*own, *ended.items()]:
            if start and self.covered[at][start - 1]:
                for day in range(start, stop):
                    amounts[day], covered[day] = self.mrr[at][start - 1], True
        return list(zip(amounts, covered, strict=True))

    def total(self, entity: int, day: int, currency: int | None = None) -> int:
        own = (at for at in self.mrr if at[0] == entity and currency in (None, at[1] % 2))
        return sum(self.mrr[at][day] for at in own)

    def entities(self) -> Iterable[int]:
        return sorted(self.active)


def movements(lines: list[Line], grace: int) -> dict[tuple[int, int, int, str], int]:
    """(customer, product, day, kind) → amount, zero ones left out."""
    days = Days(lines, grace)
    told: dict[tuple[int, int, int, str], int] = defaultdict(int)
    for entity in days.entities():
        for day in range(1, HORIZON + 1):
            for (product, kind), amount in _of_day(days, lines, entity, day).items():
                told[entity, product, day, kind] += amount
    return {at: amount for at, amount in told.items() if amount}


def _of_day(days: Days, lines: list[Line], entity: int, day: int) -> dict[tuple[int, str], int]:
    told: dict[tuple[int, str], int] = defaultdict(int)
    steps: dict[int, int] = {}
    dropped, taken = [], []
    for (one, product), smooth in sorted(days.smooth.items()):
        if one != entity:
            continue
        real = days.mrr[one, product]
        step = smooth[day][0] - smooth[day - 1][0]
        told[product, "gap"] += (real[day] - real[day - 1]) - step
        steps[product] = step
        if step < 0 and not smooth[day][1]:
            dropped.append(product)
        if step > 0 and not smooth[day - 1][1]:
            taken.append(product)
    stays, was_paid = days.stays[entity], any(days.total(entity, d) > 0 for d in range(day))
    outer = "churn" if stays[day - 1] and not stays[day] else ""
    if any(step > 0 for step in steps.values()) and not was_paid:
        outer = outer or "new"
    elif stays[day] and not stays[day - 1]:
        outer = outer or "reactivation"
    if outer:
        for product, step in steps.items():
            told[product, outer] += step
        return told
    _within(days, lines, entity, day, steps, (dropped, taken), told)
    return told


def _within(
    days: Days,
    lines: list[Line],
    entity: int,
    day: int,
    steps: dict[int, int],
    swap: tuple[list[int], list[int]],
    told: dict[tuple[int, str], int],
) -> None:
    rest = dict(steps)
    for currency in (0, 1):
        dropped, taken = ([p for p in side if p % 2 == currency] for side in swap)
        total = min(-sum(steps[p] for p in dropped), sum(steps[p] for p in taken))
        for products, sign in ((dropped, -1), (taken, 1)):
            left = total
            for product in products:
                moved = min(left, abs(steps[product]))
                told[product, "migration"] += sign * moved
                rest[product] -= sign * moved
                left -= moved
    for product, step in rest.items():
        held = any(days.mrr[entity, product][d] > 0 for d in range(day))
        swapped = rest[product] != steps[product]
        if step < 0:
            told[product, "contraction"] += step
        elif step > 0 and not held and not swapped:
            told[product, "cross_sell"] += step
        elif step > 0:
            rise = min(step, _price(lines, entity, product, day))
            told[product, "price"] += rise
            told[product, "upsell"] += step - rise


def _price(lines: list[Line], entity: int, product: int, day: int) -> int:
    """What lines of kind price added on a day to what their contracts still paid."""
    raised = 0
    for number, one in in_force(lines, day):
        if (one.entity, one.sold, one.kind, one.begin) != (entity, product, "price", day):
            continue
        of_contract = [
            (o.begin, n, o) for n, o in enumerate(lines, 1) if o.contract == one.contract
        ]
        before = [
            o for o in sorted(of_contract, key=lambda o: o[:2]) if o[:2] < (one.begin, number)
        ]
        line = before[-1][2] if before else None
        if line and (line.until is None or line.until >= day):
            raised += max(one.mrr - (0 if line.is_trial else line.mrr), 0)
    return raised
