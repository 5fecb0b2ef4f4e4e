"""Terms that ended, judged one by one: renewed early, on time, late, ended, followed, still open."""

from collections import defaultdict
from datetime import date

from hypothesis import example, given
from hypothesis import strategies as st

from banso.lib.ledger import kpis
from banso.lib.ledger.book import book_of
from banso.lib.ledger.dues import Outcome
from banso.lib.ledger.tests.ledgers import DAY_ONE, HORIZON, Line, columns, histories
from banso.lib.ledger.tests.test_ledger import GRACE, many
from banso.lib.periods import Period

Due = tuple[int, int, int, str]  # contract, last day, MRR, outcome


def by_hand(lines: list[Line], today: int) -> list[Due]:
    """From the definitions of docs/decisions/0033, a contract at a time."""
    found: list[tuple[int, Line, int, str]] = []  # left on, what ended, contract's place, outcome
    starts: dict[tuple[int, int], list[int]] = defaultdict(list)
    for own in of_contracts(lines):
        if not own[0].is_trial and own[0].kind != "end":
            starts[own[0].entity, own[0].product].append(own[0].begin)
        for place, one in enumerate(own):
            after = own[place + 1] if place + 1 < len(own) else None
            if after and after.kind not in ("renewal", "end"):
                continue  # it goes on under other terms, which have their own end
            if one.is_trial or one.kind == "end" or one.until is None:
                continue
            left_on = min(after.begin, one.until) if after else one.until
            found.append((left_on, one, one.contract, _outcome(one, after, today)))
    told: list[Due] = []
    for left_on, one, contract, known in sorted(found, key=lambda row: (row[0], row[2])):
        outcome, others = known, starts[one.entity, one.product]
        follower = min((day for day in others if 0 <= day - left_on <= GRACE), default=None)
        if outcome != "renewed" and follower is not None:
            others.remove(follower)
            outcome = "followed"
        assert one.until is not None
        told.append((contract, one.until - 1, one.mrr, outcome))
    return sorted(told)


def of_contracts(lines: list[Line]) -> list[list[Line]]:
    """By contract and day; what was ended on its first day is left out."""
    found: dict[int, list[Line]] = defaultdict(list)
    for one in sorted(lines, key=lambda one: (one.contract, one.begin)):
        found[one.contract].append(one)
    for contract, own in found.items():
        last = {one.begin: one.kind for one in own}
        found[contract] = [one for one in own if one.kind == "end" or last[one.begin] != "end"]
    return list(found.values())


def _outcome(one: Line, after: Line | None, today: int) -> str:
    assert one.until is not None
    if after is None:
        return "open" if today <= one.until + GRACE else "lost"
    is_renewed = after.kind == "renewal" and after.begin <= one.until + GRACE
    return "renewed" if is_renewed else "lost"


SIGNED = Line(0, 0, 0, 0, 10, 3)
BEGUN_AS_A_TRIAL = Line(0, 0, 0, 0, 5, 3, is_trial=True)
PAID_SINCE = Line(0, 0, 0, 5, 15, 3, "renewal")


def renewed_on(day: int) -> list[Line]:
    return [SIGNED, Line(0, 0, 0, day, day + 10, 3, "renewal")]


@many
@given(histories(), st.integers(0, HORIZON))
@example(renewed_on(7), HORIZON)  # early
@example(renewed_on(10), HORIZON)  # on time
@example(renewed_on(10 + GRACE), HORIZON)  # late
@example(renewed_on(11 + GRACE), HORIZON)  # too late
@example([SIGNED, Line(0, 0, 0, 5, 5, 0, "end")], HORIZON)  # ended early
@example([*renewed_on(10), Line(0, 0, 0, 10, 10, 0, "end")], HORIZON)  # renewed, and not after all
@example([SIGNED, Line(0, 1, 0, 10, 20, 1)], HORIZON)  # followed by another contract
@example([SIGNED, Line(0, 1, 1, 10, 20, 1)], HORIZON)  # of another product: not followed
@example([SIGNED, Line(0, 1, 0, 11, 20, 1), Line(0, 2, 0, 12, 20, 1)], HORIZON)
@example([BEGUN_AS_A_TRIAL, PAID_SINCE, Line(0, 1, 0, 15, 25, 3)], HORIZON)
@example([SIGNED], 10 + GRACE)  # nobody knows yet
@example([SIGNED], 11 + GRACE)
def test_dues_and_their_outcomes_are_what_the_definitions_say(
    lines: list[Line], today: int
) -> None:
    day = date.fromordinal(DAY_ONE + today)
    book = book_of(columns(lines), entities=3, grace=GRACE, today=day)
    due = book.dues
    told = zip(
        due.contract.tolist(), due.day.tolist(), due.mrr.tolist(), due.outcome.tolist(), strict=True
    )
    expected = by_hand(lines, today)
    assert sorted((c, d - DAY_ONE, m, Outcome(o).name.lower()) for c, d, m, o in told) == expected
    whole = Period(date.fromordinal(DAY_ONE), date.fromordinal(DAY_ONE + 2 * HORIZON))
    known = [one for one in expected if one[3] != "open"]
    kept = [one for one in known if one[3] != "lost"]
    count, rate = kpis.renewal_count(book, whole), kpis.renewal_rate(book, whole)
    assert (count.numerator.sum(), count.denominator.sum()) == (len(kept), len(known))
    assert (rate.numerator.sum(), rate.denominator.sum()) == (mrr_of(kept), mrr_of(known))
    lost = kpis.renewal_churn(book, whole)
    assert lost.numerator.sum() == mrr_of(known) - mrr_of(kept)


def mrr_of(dues: list[Due]) -> int:
    return sum(mrr for _contract, _day, mrr, _outcome in dues)
