"""`banso kpi` on RavenStack: what plain Python makes of the CSV files, for every month.

The data ends with 2024: later months, and terms to renew, do not exist in it.
"""

import csv
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.management import call_command
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from banso.cli import telling
from banso.cli.kpi import kpi as command
from banso.cli.places import REPOSITORY
from banso.cli.supervisor import environment
from banso.core.imports import mappings, planning, running
from banso.core.models import Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import a_workspace
from banso.core.tests.databases import url_of
from banso.customers.models import Customer
from banso.insight.metrics import answers
from banso.insight.metrics.asking import Asked
from banso.lib.periods import Kind, Period, period_of
from tests.ravenstack_by_hand import DAY, Book, Told, days
from tests.ravenstack_notions import Notions
from tests.test_ravenstack import DATA

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is not here")
RATES = ("logo_churn", "retention", "revenue_churn", "grr", "nrr")
RENEWALS = ("renewal_churn", "renewal_rate", "renewal_count")
SUMS = ("mrr", "upsell", "cross_sell")
FILES = ("accounts", "subscriptions", "churn_events")


@pytest.fixture(scope="module")
def imported(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The three tables that figures of the ledger come from, once for all tests.

    Committed, so that the command finds them as a program of its own; then all is taken away.
    """
    folder = tmp_path_factory.mktemp("ravenstack")
    for name in FILES:
        shutil.copy(DATA / "iso" / f"ravenstack_{name}.csv", folder)
    with django_db_blocker.unblock():
        with open_workspace(a_workspace("Raven")):
            plan = planning.plan_import(
                planning.files_in(folder), mapping=mappings.load_mapping("ravenstack")
            )
            running.run_import(plan, run=running.start_run(plan, source="iso", by=None), by=None)
        yield
        call_command("flush", verbosity=0, interactive=False)
        ProcrastinateJob.objects.all()._raw_delete("default")  # no table that is flushed


@pytest.fixture
def ravenstack(imported: None, db: None) -> None:
    """As it was imported: each test looks only."""


@pytest.fixture(scope="module")
def book() -> Book:
    return Book(DATA / "iso")


@cache
def asked(kpi: str, by: str = "", period: Kind = "month") -> list[dict[str, Any]]:
    """The objects that `banso kpi` prints of 2023 and 2024, below its options; asked once."""
    with open_workspace(Workspace.objects.get(name="Raven")):
        return telling.figures(
            kpi,
            first="2023-01",
            last="2024-12",
            period=period,
            by=by,
            as_of=None,
            unit="user",
            attributes="then",
        )


def expect(row: dict[str, Any], told: Told) -> None:
    """Numbers of the files are whole dollars, so sums are exact; a quotient has a float's digits."""
    assert (row["numerator"], row["denominator"]) == (told.numerator, told.denominator), row
    assert row["n"] == told.n, row
    value = told.value
    if value is None:
        assert row["value"] is None
    else:
        assert abs(Fraction(row["value"]) - value) < Fraction(1, 10**12), row


@pytest.mark.parametrize("period", ["month", "quarter", "year"])
@pytest.mark.parametrize("kpi", [*RATES, *RENEWALS, *SUMS])
def test_figures_are_what_the_files_say(
    ravenstack: None, book: Book, kpi: str, period: Kind
) -> None:
    found = asked(kpi, period=period)
    assert len(found) >= {"month": 24, "quarter": 8, "year": 2}[period]
    for row, start, end in days(found):
        expect(row, book.told(kpi, start, end))


@pytest.mark.parametrize("kpi", [*RATES, *SUMS])
def test_figures_of_each_plan_are_what_the_files_say(
    ravenstack: None, book: Book, kpi: str
) -> None:
    found = {(row["by"], start): row for row, start, _end in days(asked(kpi, "plan"))}
    for row, start, end in days(asked(kpi)):
        for plan in book.plans:
            told = book.told(kpi, start, end, plan)
            if told.n:
                expect(found.pop((plan, start)), told)
        rest = [one for (_plan, day), one in found.items() if day == start]
        assert [one["numerator"] for one in rest if one["by"] in book.plans] == [], row
        assert_only_in_gaps(rest)
    assert all(plan not in book.plans for plan, _start in found)


def assert_only_in_gaps(rest: list[dict[str, Any]]) -> None:
    """Who is a customer in a gap at the opening pays for no plan, and adds no money to any."""
    assert all(one["cut"] == "none" for one in rest)
    assert all(one["kpi"] in ("logo_churn", "retention") for one in rest)


@pytest.mark.parametrize("period", ["month", "quarter", "year"])
def test_movements_are_what_the_files_say_and_add_up(
    ravenstack: None, book: Book, period: Kind
) -> None:
    standing = 0
    for row, start, end in days(asked("movements", period=period)):
        told = book.movements(start - DAY, end - DAY)
        assert {kind: amount for kind, amount in row["parts"].items() if amount} == told
        closing = book.told("mrr", start, end).numerator
        opening = sum(one.mrr(start - DAY) for one in book.accounts)
        assert row["numerator"] == closing - opening
        standing += row["numerator"]
    assert standing == 10_159_608  # as the data's own description states


def test_movements_of_each_plan_are_what_the_files_say(ravenstack: None, book: Book) -> None:
    for row, start, end in days(asked("movements", "plan")):
        told = book.movements(start - DAY, end - DAY, row["by"])
        assert {kind: amount for kind, amount in row["parts"].items() if amount} == told


def test_parts_of_a_cut_add_up_to_the_whole(ravenstack: None) -> None:
    for kpi in ("mrr", "movements", "upsell", "nrr", "grr", "revenue_churn", "logo_churn"):
        parts = asked(kpi, "plan")
        for whole in asked(kpi):
            own = [one for one in parts if one["period"] == whole["period"]]
            for column in ("numerator", "denominator", "n"):
                if column == "n" and kpi in ("mrr", "movements"):
                    continue  # who pays for two plans is a customer of each
                if whole[column] is not None:
                    assert sum(one[column] for one in own) == whole[column]


def test_the_program_itself_tells_the_same(ravenstack: None, book: Book) -> None:
    words = ["kpi", "nrr", "--from", "2024-01", "--to", "2024-12", "--period", "year", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "banso", *words],
        cwd=REPOSITORY,
        env=environment() | {"DATABASE_URL": url_of(str(connection.settings_dict["NAME"]))},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for row, start, end in days(json.loads(done.stdout)):
        expect(row, book.told("nrr", start, end))


def test_three_notions_of_churn_disagree_and_customers_who_left_count(
    ravenstack: None, book: Book
) -> None:
    """Subscriptions that ended, events that were told and a flag: none is a customer who left."""
    rows = {name: read(f"ravenstack_{name}.csv") for name in FILES}
    ended = sum(1 for row in rows["subscriptions"] if row["end_date"])
    noticed = len({row["account_id"] for row in rows["churn_events"]})
    flagged = sum(1 for row in rows["accounts"] if row["churn_flag"] == "TRUE")
    left = [one for one in book.moved if one.kind == "churn"]
    assert (ended, noticed, flagged) == (486, 352, 110)
    assert len(left) not in (ended, noticed, flagged)
    told = sum(row["parts"].get("churn", 0) for row in asked("movements"))
    assert told == sum(one.amount for one in left)


def test_who_left_by_contract_notice_and_flag_is_what_the_files_say(
    ravenstack: None, book: Book
) -> None:
    by_hand, months = Notions(DATA / "iso", book), list(months_of_the_data())
    with open_workspace(Workspace.objects.get(name="Raven")):
        names = dict(Customer.objects.values_list("pk", "external_id"))
        reading = answers.read_for(Asked("logo_churn", tuple(months)))
        found = answers.churn_notions(months, reading)
    assert found and found.flagged is not None
    assert {names[one] for one in found.flagged} == by_hand.flagged
    for said in found.said:
        days = (said.period.start, said.period.end)
        assert {names[one] for one in said.left} == by_hand.left(*days)
        assert {names[one] for one in said.noticed} == by_hand.noticed(*days)
        assert said.leaving == said.noticed  # the file has one day for both
    every = [(one.start, one.end) for one in months]
    told = {which: {names[one] for one in ids} for which, ids in found.overlaps()}
    assert told == {which: by_hand.overlap(every, which) for which in told}
    assert len(told) == 7 and len(told[True, True, True]) == 2  # contracts of the others go on


def months_of_the_data() -> Iterator[Period]:
    return (period_of(date(2023 + n // 12, n % 12 + 1, 1), "month") for n in range(24))


def read(name: str) -> list[dict[str, str]]:
    with (DATA / "iso" / name).open(newline="") as file:
        return list(csv.DictReader(file))


def test_months_after_the_data_stand_still(ravenstack: None, book: Book) -> None:
    done = CliRunner().invoke(
        command,
        ["movements", "--from", "2025-01", "--to", "2025-03", "--workspace", "Raven", "--json"],
    )
    assert [(row["numerator"], row["n"]) for row in json.loads(done.output)] == [(0, 0)] * 3
