from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import check_grad
from scipy.special import beta, gammaln

from banso.lib import buying as bought
from banso.lib import spending as paid
from banso.lib.buying import ONE_RATE, Buying, NoFit, fit_buying
from banso.lib.purchase_histories import Histories, histories
from banso.lib.spending import Spending, customer_values, fit_spending

CDNOW = Buying(r=0.243, alpha=4.414, a=0.793, b=2.426)
CDS = Spending(p=6.25, q=3.74, v=15.44)
Many = Histories[Any]

positive = st.floats(0.1, 20)
parameters = st.builds(Buying, positive, positive, positive, positive)
spendings = st.builds(Spending, positive, st.floats(1.1, 20), positive)


@st.composite
def seen(draw: st.DrawFn) -> Many:
    """Some buyers as they may have been."""
    rows = draw(st.lists(st.tuples(st.integers(0, 30), st.floats(0.1, 0.99), st.floats(1, 99), st.floats(1, 500)), min_size=1, max_size=8))  # fmt: skip
    x, part, known, spent = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    again = x > 0
    return Histories([*range(len(rows))], x, np.where(again, part * known, 0), known, np.where(again, spent, 0))  # fmt: skip


def _one(x: float, last: float, known: float, spent: float = 0) -> Many:
    return Histories([1], *(np.array([one], dtype=float) for one in (x, last, known, spent)))


def _order(of: Many, by: Any) -> Many:
    return Histories(
        [of.keys[i] for i in by], of.again[by], of.last[by], of.known[by], of.spent[by]
    )


@given(parameters, seen())
@settings(max_examples=40)
def test_the_likelihood_is_the_papers_own(model: Buying, of: Many) -> None:
    """Against the integral over rates and chances of which formula (6) is the solution."""
    x, last, known = of.again[0], of.last[0], of.known[0]
    one = _order(of, np.array([0]))

    def given_rate(rate: float) -> float:
        stays = beta(model.a, model.b + x) * np.exp(-rate * known)
        gone = beta(model.a + 1, model.b + x - 1) * np.exp(-rate * last) if x else 0.0
        density = rate ** (model.r + x) * np.exp(-model.alpha * rate)
        return float(density * (stays + gone) / beta(model.a, model.b))

    # over the logarithm of the rate, whose hill has a tail of e^(r + x) to the left
    top = np.log((model.r + x) / (model.alpha + known))
    peak, tail = given_rate(float(np.exp(top))), -30 / (model.r + x)
    whole, _error = quad(lambda log: given_rate(float(np.exp(top + log))) / peak, tail, 8)
    constant = model.r * np.log(model.alpha) - gammaln(model.r)
    assert model.log_likelihood(one) == pytest.approx(np.log(whole * peak) + constant, rel=1e-5)


@given(parameters, seen(), st.randoms(use_true_random=False))
def test_the_order_of_buyers_says_nothing(model: Buying, of: Many, chance: Any) -> None:
    mixed = np.array(chance.sample(range(len(of)), len(of)))
    assert model.log_likelihood(_order(of, mixed)) == pytest.approx(model.log_likelihood(of))


@given(parameters, seen())
def test_twice_the_same_buyers_are_twice_as_sure(model: Buying, of: Many) -> None:
    twice = _order(of, np.tile(np.arange(len(of)), 2))
    assert model.log_likelihood(twice) == pytest.approx(2 * model.log_likelihood(of))


@given(parameters, seen(), st.floats(0.1, 30), st.floats(1, 100))
def test_the_unit_of_time_says_nothing(model: Buying, of: Many, scale: float, weeks: float) -> None:
    other = Buying(model.r, model.alpha * scale, model.a, model.b)
    longer = Histories(of.keys, of.again, of.last * scale, of.known * scale, of.spent)
    counted = of.again.sum() * np.log(scale)  # densities of so many moments
    same = pytest.approx(model.log_likelihood(of) - counted, rel=1e-6, abs=1e-6)
    assert other.log_likelihood(longer) == same
    assert other.expected(longer, weeks * scale) == pytest.approx(model.expected(of, weeks))
    assert other.alive(longer) == pytest.approx(model.alive(of))


@given(spendings, seen(), st.floats(0.01, 1000))
def test_the_unit_of_money_says_nothing(model: Spending, of: Many, scale: float) -> None:
    other = Spending(model.p, model.q, model.v * scale)
    dearer = Histories(of.keys, of.again, of.last, of.known, of.spent * scale)
    assert other.expected(dearer) == pytest.approx(model.expected(of) * scale)
    paying = int((of.again > 0).sum())
    moved = pytest.approx(model.log_likelihood(of) - paying * np.log(scale), rel=1e-6, abs=1e-6)
    assert other.log_likelihood(dearer) == moved


@given(parameters, seen())
@settings(max_examples=50)
def test_slopes_are_those_of_the_likelihood(model: Buying, of: Many) -> None:
    at = np.log([model.r, model.alpha, model.a, model.b])
    off = check_grad(lambda p: bought._likelihood(p, of)[0], lambda p: bought._likelihood(p, of)[1], at)  # fmt: skip
    assert off < 1e-3 * (1 + np.abs(bought._likelihood(at, of)[1]).max())
    x, z = of.again + 1, of.spent + 1
    off = check_grad(lambda p: paid._likelihood(p, x, z)[0], lambda p: paid._likelihood(p, x, z)[1], at[:3])  # fmt: skip
    assert off < 1e-3 * (1 + np.abs(paid._likelihood(at[:3], x, z)[1]).max())


@given(parameters, seen(), st.floats(1, 200))
def test_more_time_brings_more_purchases_and_nobody_is_more_than_alive(
    model: Buying, of: Many, weeks: float
) -> None:
    soon, later = model.expected(of, weeks), model.expected(of, weeks * 2)
    assert np.all(soon >= 0) and np.all(later >= soon - 1e-9)
    assert np.all((model.alive(of) >= 0) & (model.alive(of) <= 1))
    assert np.all(model.alive(of)[of.again == 0] == 1)


@given(parameters, seen())
def test_who_stays_away_longer_is_less_likely_alive(model: Buying, of: Many) -> None:
    longer = Histories(of.keys, of.again, of.last, of.known + 10, of.spent)
    assert np.all(model.alive(longer) <= model.alive(of) + 1e-12)


def test_what_is_expected_is_what_formula_ten_says() -> None:
    """The worked example of B. Hardie's note on the model in Excel: 2 purchases, the last in week 30.43 of 38.86."""
    assert CDNOW.expected(_one(2, 30.43, 38.86), 39)[0] == pytest.approx(1.226, abs=2e-3)


def test_one_stop_chance_of_one_is_no_hole() -> None:
    either = [
        Buying(0.5, 5, a, 2).expected(_one(2, 10, 20), 30)[0] for a in (1 - 1e-4, 1, 1 + 1e-4)
    ]
    assert either == sorted(either, reverse=True)
    assert either[0] == pytest.approx(either[2], rel=1e-3)


def test_who_bought_very_often_is_counted_too() -> None:
    [often] = CDNOW.expected(_one(900, 50, 50), 520)
    assert 100 < often < 9000


def test_parameters_that_made_purchases_are_found_again() -> None:
    true = Buying(r=0.8, alpha=6, a=0.6, b=2.5)
    found = fit_buying(_made(true, 6000))
    for one in ("r", "alpha", "a", "b"):
        assert getattr(found, one) == pytest.approx(getattr(true, one), rel=0.25)


def _made(model: Buying, n: int) -> Many:
    """Buyers made by the model's own story, watched for 52 weeks."""
    chance = np.random.default_rng(7)
    rates = chance.gamma(model.r, 1 / model.alpha, n)
    stops = chance.beta(model.a, model.b, n)
    rows = [_life(chance, rate, stop) for rate, stop in zip(rates, stops, strict=True)]
    x, last = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    return Histories([*range(n)], x, last, np.full(n, 52.0), np.zeros(n))


def _life(chance: Any, rate: float, stop: float) -> tuple[int, float]:
    times, now = [0.0], chance.exponential(1 / max(rate, 1e-12))
    while now <= 52:
        times.append(now)
        if chance.random() < stop:
            break
        now += chance.exponential(1 / rate)
    return len(times) - 1, times[-1]


def test_amounts_that_were_made_by_the_model_are_found_again() -> None:
    chance, n, true = np.random.default_rng(7), 6000, Spending(p=6, q=4, v=15)
    x = chance.integers(1, 9, n).astype(float)
    z = chance.gamma(true.p * x, 1 / (chance.gamma(true.q, 1 / true.v, n) * x))
    found = fit_spending(Histories([*range(n)], x, x, x, z))
    assert (found.p, found.q, found.v) == pytest.approx((6, 4, 15), rel=0.15)
    assert found.mean == pytest.approx(30, rel=0.05)


def test_few_purchases_are_drawn_to_the_mean_and_many_tell_their_own() -> None:
    """Note 025: the weight of what was seen grows with how often."""
    once, often = (CDS.expected(_one(x, 1, 2, 100))[0] for x in (1, 500))
    assert CDS.mean < once < often < 100
    assert often == pytest.approx(100, rel=0.01)
    assert CDS.expected(_one(0, 0, 2))[0] == CDS.mean


def test_a_value_is_purchases_times_their_worth_less_what_waiting_costs() -> None:
    of = _one(2, 30, 39, 22)
    plain = customer_values(CDNOW, CDS, of, months=12)
    weeks = 12 * 365.25 / 12 / 7
    assert plain == pytest.approx(CDNOW.expected(of, weeks) * CDS.expected(of))
    [waiting] = customer_values(CDNOW, CDS, of, months=12, monthly_discount=0.01)
    assert plain[0] / 1.01**12 < waiting < plain[0]
    half = customer_values(CDNOW, CDS, of, months=12, margin=0.5)
    assert half == pytest.approx(plain / 2)


def test_where_nobody_came_again_nothing_is_fitted() -> None:
    day = date(2026, 1, 1)
    once = histories([(n, day, 1.0) for n in range(50)], day + timedelta(days=90))
    for fit in (fit_buying, fit_spending):
        with pytest.raises(NoFit):
            fit(once)


def test_buyers_who_are_all_alike_still_give_figures() -> None:
    of = Histories(
        [*range(40)], np.full(40, 5.0), np.full(40, 50.0), np.full(40, 52.0), np.full(40, 10.0)
    )
    assert np.all(np.isfinite(fit_buying(of).expected(of, 52)))
    assert fit_spending(of).expected(of) == pytest.approx(np.full(40, 10.0), rel=0.01)


def test_where_all_buy_at_one_rate_what_is_expected_goes_on_as_rates_draw_together() -> None:
    rows = [(n % 3, date(2026, 1, 1) + timedelta(days=17 * n), 1.0) for n in range(12)]
    seen = histories(sorted(rows), date(2026, 9, 1))
    near, far = (Buying(r, r * 9.7, 0.03, 0.08).expected(seen, 52.0) for r in (ONE_RATE - 1, 1.2e6))
    assert np.isfinite(far).all() and far == pytest.approx(near, rel=1e-3)
