"""R10: news may arrive in any order; what stands in the end is the same.

One history of thirty things: companies, a contact, stages, talks, a contract with prices, a
correction and a voided line, events of people who change company and name, late ones, doubles,
files. A thousand orders of it, each with jobs run now and then in between, give one final state.
A thousand orders of thirty-two steps of a ledger give equal figures. Where an order is not possible
(a correction before its line), the figures name why.
"""

import hashlib
import json
from random import Random

from django.db import transaction

from banso.core.scope import open_workspace
from banso.core.tests.builders import a_workspace, drain_jobs
from banso.touchpoints.usage import services as usage
from trials.ground import fresh
from trials.happenings import Happening, an_order, final, history
from trials.ledger_happenings import ledger, prepare, told_figures
from trials.report import Dose, Report

WORKS_AFTER = 0.3  # of the news
TWICE = 0.2  # usage may come again


def run(dose: Dose) -> Report:
    report, random = Report(dose), dose.random()
    with fresh(dose.trial), transaction.atomic(), open_workspace(a_workspace("順不同")):
        usage.make_source("製品", kind="server", by=None)
        expected = after(history(), Random(0))
        report.figure("happenings", len(history()))
        for _n in range(dose.of(1000, ci=4)):
            order = an_order(random, history())
            found = after(order, random)
            report.count("orders")
            told = ", ".join(one.name for one in order)
            if not report.expect(digest(found) == digest(expected), f"another end after: {told}"):
                difference = [key for key in found if found[key] != expected[key]]
                report.violations[-1] += f": {difference} {json.dumps(found, default=str)[:900]}"
        report.figure("final state", digest(expected)[:16])
        tell_dependences(history(), report)
        ledger_orders(dose, report)
        transaction.set_rollback(True)
    return report


def ledger_orders(dose: Dose, report: Report) -> None:
    """Lines of a ledger, recorded in any order: every figure of every month is the same."""
    random = dose.random()
    prepare()
    expected = figures_after(ledger())
    report.figure("steps of the ledger", len(ledger()))
    for _n in range(dose.of(1000, ci=4)):
        order = an_order(random, ledger())
        found = figures_after(order)
        report.count("orders of the ledger")
        told = ", ".join(one.name for one in order)
        if not report.expect(digest(found) == digest(expected), f"other figures after: {told}"):
            report.violations[-1] += f": {[key for key in found if found[key] != expected[key]]}"
    report.figure("figures", digest(expected)[:16])
    tell_dependences(ledger(), report)


def tell_dependences(told: list[Happening], report: Report) -> None:
    for one in {one.why: one for one in told if one.why}.values():
        report.figure(f"true dependence, e.g. {one.name}", one.why)


def figures_after(order: list[Happening]) -> dict[str, object]:
    """Every figure once all of it was told; everything is taken back."""
    with transaction.atomic():
        for one in order:
            one.tell()
        found = told_figures()
        transaction.set_rollback(True)
    return found


def after(order: list[Happening], random: Random) -> dict[str, object]:
    """The final state once all of it was told; everything is taken back."""
    with transaction.atomic():
        for one in order:
            one.tell()
            if not one.after and random.random() < TWICE and not one.name.startswith("customer"):
                one.tell()
            if random.random() < WORKS_AFTER:
                drain_jobs()
        drain_jobs()
        found = final()
        transaction.set_rollback(True)
    return found


def digest(found: dict[str, object]) -> str:
    text = json.dumps(found, default=str, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
