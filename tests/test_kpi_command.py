"""`banso kpi` says what is wrong in one line, and prints one object for each period and part."""

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from banso.cli.kpi import kpi as command
from banso.core.models import Workspace
from banso.customers.tests.builders import a_contract, a_customer
from banso.insight.metrics.asking.registry import MEASURES
from banso.lib.trouble import TroubleInWords

pytestmark = pytest.mark.usefixtures("acme")


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def run(*args: str) -> Result:
    return CliRunner().invoke(command, args)


def objects(*args: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run(*args, "--json").output)
    return found


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["rubbish"], "Choose one of: logo_churn, "),
        (["nrr", "--by", "rubbish"], "Choose one of: plan, "),
        (["nrr", "--by", "reason"], "This cut is not known: reason."),
        (["nrr", "--from", "2026-13"], "Write the month as YYYY-MM."),
        (["nrr", "--to", "9999-12"], "The date is out of range."),
        (["nrr", "--from", "2026-05", "--to", "2026-04"], "The last month comes before"),
        (["nrr", "--from", "1950-01"], "120 at most"),
        (["nrr", "--as-of", "2027-01-01"], "Choose today or a day before."),
        (["nrr", "--workspace", "Nobody"], "no such workspace"),
    ],
)
def test_what_cannot_be_told_is_said_in_words(args: list[str], words: str) -> None:
    trouble = run(*args).exception
    assert isinstance(trouble, TroubleInWords) and words in str(trouble)


def test_of_two_workspaces_one_must_be_named(acme: Workspace, other_workspace: Workspace) -> None:
    assert isinstance(run("nrr").exception, TroubleInWords)
    assert [one["n"] for one in objects("nrr", "--workspace", acme.name)] == [0] * 12


@pytest.mark.parametrize("kpi", MEASURES)
def test_every_kpi_of_an_empty_workspace_is_told(kpi: str) -> None:
    assert not any(one["n"] for one in objects(kpi))


def test_the_twelve_months_up_to_each_month_are_told_by_their_months() -> None:
    a_contract(a_customer("甲社"))
    found = objects("nrr", "--period", "trailing", "--from", "2026-09", "--to", "2026-10")
    assert [(one["period"], one["start"], one["end"]) for one in found] == [
        ("2025-10/2026-09", "2025-10-01", "2026-10-01"),
        ("2025-11/2026-10", "2025-11-01", "2026-11-01"),
    ]
    assert "12 months that end with it" in " ".join(run("--help").output.split())


def test_money_has_the_digits_of_its_currency_and_a_bound_is_marked() -> None:
    a_contract(amount=2_800_000)
    [mrr] = objects("mrr", "--from", "2026-10", "--to", "2026-10")
    assert (mrr["value"], mrr["numerator"]) == (233_333, 233_333.333333)
    [ltv] = objects("ltv", "--from", "2026-10", "--to", "2026-10")
    assert ltv["value"] == 14_000_000 and "capped" in ltv["notes"]
    shown = run("ltv", "--from", "2026-10", "--to", "2026-10").output
    assert "≥ 14,000,000" in shown and "0.00%" in shown and "233,333 " in shown
    assert "at least so much, ≥" in " ".join(run("--help").output.split())


def test_there_is_one_object_for_each_period_and_part() -> None:
    for tier in ("high", "low"):
        a_contract(a_customer(tier, tier=tier))
    found = objects(
        "mrr", "--from", "2026-04", "--to", "2026-09", "--period", "half", "--by", "tier"
    )
    assert [(one["period"], one["cut"], one["value"], one["n"]) for one in found] == [
        ("FY2026-H1", "high", 100_000, 1),
        ("FY2026-H1", "low", 100_000, 1),
    ]
    assert {"period", "by", "numerator", "denominator", "value", "n"} <= found[0].keys()
