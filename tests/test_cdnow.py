"""Published estimates of the CDNOW set (23,570 customers of 1997, a tenth of them) are met."""

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from banso.lib.buying import Buying, fit_buying
from banso.lib.purchase_histories import Histories, histories
from banso.lib.spending import WEEKS_A_MONTH, Spending, customer_values, fit_spending

ABOVE = [up / "shared" / "data" / "cdnow" for up in Path(__file__).resolve().parents[2:]]
DATA = next((path for path in ABOVE if path.is_dir()), ABOVE[0])
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is not here")

CALIBRATED, HELD_OUT = date(1997, 9, 30), date(1998, 6, 30)  # weeks 1-39 and 40-78
WEEKS, MONTHS = 39, 9
Floats = NDArray[np.float64]
Bought = list[tuple[str, date, float]]


@pytest.fixture(scope="module")
def bought() -> Bought:
    lines = (DATA / "CDNOW_sample.txt").read_text().split("\n")
    rows = [line.split() for line in lines if line.strip()]
    return [(own, date.fromisoformat(day), float(usd)) for _all, own, day, _n, usd in rows]  # fmt: skip


@pytest.fixture(scope="module")
def seen(bought: Bought) -> Histories[str]:
    return histories(bought, CALIBRATED)


@pytest.fixture(scope="module")
def fitted(seen: Histories[str]) -> tuple[Buying, Spending]:
    return fit_buying(seen), fit_spending(seen)


def test_histories_are_the_published_summary(seen: Histories[str]) -> None:
    with (DATA / "cdnow_customers_summary_with_transactions.csv").open() as file:
        told = list(csv.DictReader(file))
    assert [int(one) for one in seen.keys] == [int(row["ID"]) for row in told]
    for column, ours, off in [
        ("x", seen.again, 0),
        ("t_x", seen.last, 0.006),
        ("T", seen.known, 0.006),
        ("zbar", seen.spent, 0.006),
    ]:
        assert np.abs(ours - np.array([float(row[column]) for row in told])).max() <= off


def test_parameters_are_within_one_percent_of_the_published(
    seen: Histories[str], fitted: tuple[Buying, Spending]
) -> None:
    buying, spending = fitted
    ours = [buying.r, buying.alpha, buying.a, buying.b, spending.p, spending.q, spending.v]
    _tell("r alpha a b p q v", [round(one, 4) for one in ours])
    assert ours == pytest.approx([0.243, 4.414, 0.793, 2.426, 6.25, 3.74, 15.44], rel=0.01)
    assert buying.log_likelihood(seen) == pytest.approx(-9582.4, abs=0.1)
    assert spending.log_likelihood(seen) == pytest.approx(-4055.9, abs=0.1)


def test_the_weeks_held_out_are_foretold_better_than_by_the_formula(
    bought: Bought, seen: Histories[str], fitted: tuple[Buying, Spending]
) -> None:
    """docs/decisions/0034 tells what this prints."""
    buying, spending = fitted
    later, spent = _held_out(bought, seen)
    purchases = _scored("purchases: BG/NBD", buying.expected(seen, WEEKS), later)
    as_before = _scored("purchases: as often as before", seen.again / seen.known * WEEKS, later)
    values = customer_values(buying, spending, seen, months=MONTHS)
    model = _scored("spend: BG/NBD and Gamma-Gamma", values, spent)
    arpu, churn = _formula(bought, seen)
    _tell("churn a month", round(churn, 4))
    stays = (1 - (1 - churn) ** MONTHS) / churn
    flat = np.full(len(seen), _together(bought, seen))
    simple = [
        _scored("spend: ARPU ÷ churn", flat / churn, spent),
        _scored("spend: ARPU ÷ churn, of nine months", flat * stays, spent),
        _scored("spend: their own ARPU ÷ churn", arpu / churn, spent),
        _scored("spend: their own ARPU ÷ churn, of nine months", arpu * stays, spent),
    ]
    assert purchases["total"] == pytest.approx(0.88, abs=0.01)
    for name in ("mae", "rmse"):
        assert purchases[name] < as_before[name]
        assert all(model[name] < one[name] for one in simple)


def _held_out(bought: Bought, seen: Histories[str]) -> tuple[Floats, Floats]:
    """Days with a purchase, and spend, of each of them in the weeks held out."""
    place = {key: n for n, key in enumerate(seen.keys)}
    days, spent = np.zeros(len(seen)), np.zeros(len(seen))
    for key, _day in {(key, day) for key, day, _usd in bought if CALIBRATED < day <= HELD_OUT}:
        days[place[key]] += 1
    for key, day, usd in bought:
        spent[place[key]] += usd if CALIBRATED < day <= HELD_OUT else 0
    return days, spent


def _tell(name: str, figures: object) -> None:
    print(f"{name}: {figures}")  # noqa: T201 - `-s` shows what the decision tells


def _scored(name: str, told: Floats, came: Floats) -> dict[str, float]:
    off = told - came
    scores = {
        "mae": float(np.abs(off).mean()),
        "rmse": float(np.sqrt((off**2).mean())),
        "total": float(told.sum() / came.sum()),
    }
    _tell(name, {key: round(value, 3) for key, value in scores.items()})
    return scores


def _spend(bought: Bought, seen: Histories[str]) -> Floats:
    spend = dict.fromkeys(seen.keys, 0.0)
    for key, day, usd in bought:
        spend[key] += usd if day <= CALIBRATED else 0
    return np.array(list(spend.values()))


def _together(bought: Bought, seen: Histories[str]) -> float:
    return float(_spend(bought, seen).sum() / (seen.known / WEEKS_A_MONTH).sum())


def _formula(bought: Bought, seen: Histories[str]) -> tuple[Floats, float]:
    """What each spent a month; and churn of a month: who bought in April-June and not in July-September."""
    spring, summer = ({key for key, day, _usd in bought if day.year == 1997 and day.month in of} for of in ((4, 5, 6), (7, 8, 9)))  # fmt: skip
    return _spend(bought, seen) / (seen.known / WEEKS_A_MONTH), 1 - (len(spring & summer) / len(spring)) ** (1 / 3)  # fmt: skip
