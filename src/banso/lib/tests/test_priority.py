from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from banso.lib.priority import nearness, priority, risk

scores = st.none() | st.floats(0, 100)
money = st.floats(0, 1e9)
days = st.none() | st.integers(0, 2000)
signals = st.floats(0, 1)


@given(scores, money, days, signals)
def test_priority_is_never_negative_nor_above_the_money(
    score: float | None, mrr: float, left: int | None, signal: float
) -> None:
    assert 0 <= priority(score, mrr=mrr, days_to_deadline=left, signal=signal) <= mrr + 1


@given(st.floats(0, 100), st.floats(0, 100), money, days, signals)
def test_a_lower_score_never_ranks_lower(
    one: float, other: float, mrr: float, left: int | None, signal: float
) -> None:
    worse, better = sorted((one, other))
    rank: dict[str, Any] = {"mrr": mrr, "days_to_deadline": left, "signal": signal}
    assert priority(worse, **rank) >= priority(better, **rank) - 1e-6


@given(scores, money, money, days, signals)
def test_more_money_never_ranks_lower(
    score: float | None, one: float, other: float, left: int | None, signal: float
) -> None:
    small, large = sorted((one, other))
    rest: dict[str, Any] = {"days_to_deadline": left, "signal": signal}
    assert priority(score, mrr=large, **rest) >= priority(score, mrr=small, **rest)


@given(scores, money, st.integers(0, 2000), st.integers(0, 2000), signals)
def test_a_nearer_deadline_never_ranks_lower(
    score: float | None, mrr: float, one: int, other: int, signal: float
) -> None:
    near, far = sorted((one, other))
    rest: dict[str, Any] = {"mrr": mrr, "signal": signal}
    assert priority(score, days_to_deadline=near, **rest) >= priority(
        score, days_to_deadline=far, **rest
    )
    assert nearness(far) >= nearness(None)


@given(scores, money, days, signals, signals)
def test_a_graver_sign_never_ranks_lower(
    score: float | None, mrr: float, left: int | None, one: float, other: float
) -> None:
    light, grave = sorted((one, other))
    rest: dict[str, Any] = {"mrr": mrr, "days_to_deadline": left}
    assert priority(score, signal=grave, **rest) >= priority(score, signal=light, **rest) - 1e-6


def test_a_withheld_score_counts_as_a_medium_risk() -> None:
    assert risk(70) < risk(None) < risk(50)


def test_a_healthy_customer_at_its_deadline_without_contact_ranks_above_a_far_one_to_watch() -> (
    None
):
    silent = priority(85, mrr=100_000, days_to_deadline=12, signal=0.5)
    far = priority(60, mrr=100_000, days_to_deadline=200)
    assert silent > far
    assert silent > priority(85, mrr=100_000, days_to_deadline=12)


def test_trials_keep_their_order_though_they_pay_nothing() -> None:
    assert priority(30, mrr=None, days_to_deadline=5) > priority(80, mrr=0, days_to_deadline=5)
