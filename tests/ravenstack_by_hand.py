"""Figures of RavenStack from its CSV files alone: plain Python, written from the definitions.

A subscription that is no trial pays [start_date, end_date). The files agree no end of a term:
`end_date` is only known once it has come. So nothing is ever due for renewal, and no price line
tells rises from growth. There is one product, so nothing is ever sold across.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

GRACE, REVERSAL = 30, 90
DAY = timedelta(days=1)
FAR = date(9999, 1, 1)


@dataclass(frozen=True, slots=True)
class Subscription:
    """`at`: its place in the file, in which the ledger's lines were written."""

    at: int
    account: str
    plan: str
    start: date
    end: date
    mrr: int

    def pays(self, day: date) -> bool:
        return self.start <= day < self.end


@dataclass(frozen=True, slots=True)
class Moved:
    """What MRR of an account did on a day; `plan`: of whose line it was."""

    account: str
    day: date
    kind: str
    amount: int
    plan: str


@dataclass(frozen=True, slots=True)
class Told:
    """A figure; `parts` of a denominator are left out, as those without a value are."""

    numerator: int
    denominator: int | None
    n: int

    @property
    def value(self) -> Fraction | None:
        if self.denominator is None:
            return Fraction(self.numerator)
        return Fraction(self.numerator, self.denominator) if self.denominator else None


def subscriptions(folder: Path) -> list[Subscription]:
    """Those that pay for at least a day."""
    with (folder / "ravenstack_subscriptions.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    found = [
        Subscription(
            at=at,
            account=row["account_id"],
            plan=row["plan_tier"],
            start=date.fromisoformat(row["start_date"]),
            end=date.fromisoformat(row["end_date"]) if row["end_date"] else FAR,
            mrr=int(row["mrr_amount"]),
        )
        for at, row in enumerate(rows)
        if row["is_trial"] == "FALSE"
    ]
    return [one for one in found if one.start < one.end]


class Account:
    """One account: what paid on which day, and between which days it was a customer."""

    def __init__(self, own: list[Subscription]) -> None:
        self.own = own
        self.runs = runs(own)
        self.gaps = {
            gone: back
            for (_, gone), (back, _) in pairwise(self.runs)
            if (back - gone).days <= GRACE
        }
        self.spells = [
            (start, end)
            for start, end in zip(
                [start for start, _end in self.runs if start not in self.gaps.values()],
                [end for _start, end in self.runs if end not in self.gaps],
                strict=True,
            )
        ]

    def mrr(self, day: date, plan: str = "") -> int:
        return sum(one.mrr for one in self.own if one.pays(day) and plan in ("", one.plan))

    def is_active(self, day: date) -> bool:
        return any(start <= day < end for start, end in self.runs)

    def stays(self, day: date) -> bool:
        return any(start <= day < end for start, end in self.spells)

    def moved(self) -> list[Moved]:
        """Every movement, by day."""
        days = {one.start for one in self.own} | {one.end for one in self.own} - {FAR}
        return [one for day in sorted(days) for one in self._on(day)]

    def _on(self, day: date) -> list[Moved]:
        """A gap takes all away and gives all back; what differs then is growth or loss."""
        account, plan = self.own[0].account, self._plan_of(day)
        step, found = self.mrr(day) - self.mrr(day - DAY), list[Moved]()
        if day in self.gaps:
            return [Moved(account, day, "gap", step, plan)]
        for gone, back in self.gaps.items():
            if back == day:
                before, of = self.mrr(gone - DAY), self._plan_of(gone)
                found.append(Moved(account, day, "gap", before, of))
                step -= before
        if step:
            found.append(Moved(account, day, self._kind(day, step), step, plan))
        return found

    def _kind(self, day: date, step: int) -> str:
        if day == self.runs[0][0]:
            return "new"
        if any(day == start for start, _end in self.spells):
            return "reactivation"
        if any(day == end for _start, end in self.spells):
            return "churn"
        return "upsell" if step > 0 else "contraction"

    def _plan_of(self, day: date) -> str:
        """Of the last line of the day: by the file's rows, the end after the beginning."""
        lines = [(one.at, 0, one.plan) for one in self.own if one.start == day]
        lines += [(one.at, 1, one.plan) for one in self.own if one.end == day]
        return max(lines)[2]


def runs(own: list[Subscription]) -> list[tuple[date, date]]:
    """Days [from, to) on which anything pays, without a break."""
    found: list[tuple[date, date]] = []
    for one in sorted(own, key=lambda one: one.start):
        if found and one.start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], one.end))
        else:
            found.append((one.start, one.end))
    return found


class Book:
    """All accounts, and every figure of any period [start, end), whole or of one plan."""

    def __init__(self, folder: Path) -> None:
        by_account: dict[str, list[Subscription]] = defaultdict(list)
        for one in subscriptions(folder):
            by_account[one.account].append(one)
        self.accounts = [Account(own) for own in by_account.values()]
        with (folder / "ravenstack_subscriptions.csv").open(newline="") as file:
            self.plans = list(dict.fromkeys(row["plan_tier"] for row in csv.DictReader(file)))
        self.known: dict[date, list[tuple[Account, bool, str]]] = {}
        self.moved = [one for account in self.accounts for one in account.moved()]
        self.kept = {id(one): one.amount for one in self.moved if one.kind == "upsell"}
        for account in self.accounts:
            self._take_back([one for one in self.moved if one.account == account.own[0].account])

    def _take_back(self, moved: list[Moved]) -> None:
        """A loss takes back what grew within the days before it, the latest first."""
        for place, loss in enumerate(moved):
            left = -loss.amount if loss.kind in ("contraction", "churn") else 0
            for rise in reversed(moved[:place]):
                if id(rise) in self.kept and (loss.day - rise.day).days <= REVERSAL:
                    took = min(left, self.kept[id(rise)])
                    self.kept[id(rise)] -= took
                    left -= took

    def told(self, kpi: str, start: date, end: date, plan: str | None = None) -> Told:
        found: Told = getattr(self, kpi)(start - DAY, end - DAY, plan)
        return found

    def _standing(self, day: date) -> list[tuple[Account, bool, str]]:
        """Who is a customer on a day, whether it pays then, and in which plan it counts."""
        if day not in self.known:
            there = [one for one in self.accounts if one.stays(day)]
            self.known[day] = [(one, one.is_active(day), self._plan(one, day)) for one in there]
        return self.known[day]

    def _plan(self, account: Account, day: date) -> str:
        """Where most of its MRR is; of equal ones the first; "" in a gap."""
        sums = {plan: account.mrr(day, plan) for plan in self.plans}
        most = max(sums.values())
        in_order = (plan for plan in self.plans if sums[plan] == most)
        return next(in_order) if account.is_active(day) else ""

    def _there(self, day: date, plan: str | None, *, paying: bool) -> list[Account]:
        return [
            one
            for one, is_paying, stands in self._standing(day)
            if (is_paying or not paying) and plan in (None, stands)
        ]

    def logo_churn(self, before: date, last: date, plan: str | None) -> Told:
        there = self._there(before, plan, paying=False)
        return Told(sum(not one.stays(last) for one in there), len(there), len(there))

    def retention(self, before: date, last: date, plan: str | None) -> Told:
        there = self._there(before, plan, paying=False)
        return Told(sum(one.stays(last) for one in there), len(there), len(there))

    def nrr(self, before: date, last: date, plan: str | None) -> Told:
        there = self._there(before, plan, paying=True)
        start = sum(one.mrr(before) for one in there)
        return Told(sum(one.mrr(last) for one in there), start, len(there))

    def grr(self, before: date, last: date, plan: str | None) -> Told:
        there = self._there(before, plan, paying=True)
        kept = sum(min(one.mrr(before), one.mrr(last)) for one in there)
        return Told(kept, sum(one.mrr(before) for one in there), len(there))

    def revenue_churn(self, before: date, last: date, plan: str | None) -> Told:
        there = self._there(before, plan, paying=True)
        lost = sum(max(one.mrr(before) - one.mrr(last), 0) for one in there)
        return Told(lost, sum(one.mrr(before) for one in there), len(there))

    def _nothing_is_due(self, _before: date, _last: date, _plan: str | None) -> Told:
        return Told(0, 0, 0)

    renewal_churn = renewal_rate = renewal_count = _nothing_is_due

    def mrr(self, _before: date, last: date, plan: str | None) -> Told:
        paid = [one.mrr(last, plan or "") for one in self.accounts]
        return Told(sum(paid), None, sum(one > 0 for one in paid))

    def upsell(self, before: date, last: date, plan: str | None) -> Told:
        inside = [one for one in self.moved if before < one.day <= last and id(one) in self.kept]
        kept = [self.kept[id(one)] for one in inside if plan in (None, one.plan)]
        return Told(sum(kept), None, sum(one > 0 for one in kept))

    def cross_sell(self, _before: date, _last: date, _plan: str | None) -> Told:
        """There is one product: its first MRR is its account's first."""
        return Told(0, None, 0)

    def movements(self, before: date, last: date, plan: str | None = None) -> dict[str, int]:
        """Amounts by kind. In a plan, what its lines do not say of its own MRR is a transfer."""
        inside = [one for one in self.moved if before < one.day <= last]
        amounts: dict[str, int] = defaultdict(int)
        for one in inside:
            if plan in (None, one.plan):
                amounts[one.kind] += one.amount
        if plan:
            change = sum(one.mrr(last, plan) - one.mrr(before, plan) for one in self.accounts)
            amounts["transfer"] = change - sum(amounts.values())
        return {kind: amount for kind, amount in amounts.items() if amount}


def days(rows: Iterable[dict[str, Any]]) -> Iterable[tuple[dict[str, Any], date, date]]:
    """Objects of `banso kpi` with the days [start, end) that they tell of."""
    for row in rows:
        yield row, date.fromisoformat(row["start"]), date.fromisoformat(row["end"])
