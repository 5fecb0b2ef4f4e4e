"""What was known then stays known, what is taken back leaves no trace, and strangers do not matter."""

from collections import defaultdict
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from banso.lib.ledger import kpis
from banso.lib.ledger.book import Book
from banso.lib.ledger.tests.ledgers import Line, a_history
from banso.lib.ledger.tests.test_ledger import a_book, many, periods, told
from banso.lib.periods import Period

NOW = 1000


@dataclass(frozen=True, slots=True)
class Recorded:
    """A line with the moments at which it was recorded and struck out."""

    line: Line
    at: int
    voided: int = NOW + 1


def known(ledger: list[Recorded], at: int) -> list[Line]:
    return [one.line for one in ledger if one.at <= at < one.voided]


def live(ledger: list[Recorded]) -> list[Line]:
    return [one.line for one in ledger if one.voided > NOW]


def corrected(ledger: list[Recorded], which: int, line: Line, at: int) -> list[Recorded]:
    """Struck out and standing again at the same moment, behind all others."""
    struck = replace(ledger[which], voided=at)
    return [*ledger[:which], struck, *ledger[which + 1 :], Recorded(line, at)]


def can_be_corrected(ledger: list[Recorded], which: int) -> bool:
    """No later line of its contract is of its day: it would come to stand behind that one."""
    line = ledger[which].line
    at = (line.contract, line.begin)
    return all((one.line.contract, one.line.begin) != at for one in ledger[which + 1 :])


def everything(book: Book, period: Period) -> dict[str, Any]:
    """Movements of all time and every figure of the period, but for the numbers of lines."""
    found: dict[str, Any] = {"told": told(book)}
    rates = ("logo_churn", "grr", "nrr", "renewal_rate", "renewal_count", "mrr")
    growth = ("upsell", "cross_sell")
    for kpi in (*rates, *growth):
        more = {"reversal": 10} if kpi in growth else {}
        rows = getattr(kpis, kpi)(book, period, **more)
        sums: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0])
        columns = (rows.entity, rows.currency, rows.numerator, rows.denominator)
        for entity, currency, numerator, denominator in zip(
            *(one.tolist() for one in columns), strict=True
        ):
            own = sums[entity, currency]
            own[:] = own[0] + numerator, own[1] + denominator, own[2] + 1
        found[kpi] = dict(sums)
    return found


@many
@given(st.integers(0, 2**48), periods())
def test_restated_and_put_right_again_nothing_has_changed(seed: int, period: Period) -> None:
    random, history = Random(~seed), a_history(seed)
    ledger = [Recorded(line, n) for n, line in enumerate(history)]
    first = everything(a_book(history), period)
    free = [n for n in range(len(ledger)) if can_be_corrected(ledger, n)]
    if free:
        which = random.choice(free)
        line = ledger[which].line
        wrong = replace(line, mrr=line.mrr + 1, until=line.until and line.until + 2)
        ledger = corrected(ledger, which, wrong, 500)
        ledger = corrected(ledger, len(ledger) - 1, line, 600)
        between = [*history[:which], *history[which + 1 :], wrong]
        assert everything(a_book(known(ledger, 550)), period) == everything(a_book(between), period)
    assert everything(a_book(known(ledger, 499)), period) == first
    assert everything(a_book(known(ledger, NOW)), period) == first
    assert everything(a_book(live(ledger)), period) == first


@many
@given(st.integers(0, 2**48), periods())
def test_news_of_other_customers_in_between_changes_nothing(seed: int, period: Period) -> None:
    random, history = Random(~seed), a_history(seed)
    queues = [[one for one in history if one.entity == entity] for entity in range(3)]
    shuffled: list[Line] = []
    while any(queues):
        shuffled.append(random.choice([queue for queue in queues if queue]).pop(0))
    assert everything(a_book(shuffled), period) == everything(a_book(history), period)
