"""What must be true when all hands have stopped."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID

from banso.core.models import Event
from banso.customers.fields import annotate, known_field
from banso.customers.models import (
    BulkEdit,
    ChangeKind,
    Contract,
    ContractChange,
    Customer,
    StageChange,
)
from banso.work.models import Task
from trials.races.counted import check_figures
from trials.races.hands import START, Hands, Story
from trials.report import Report

FIRST_TIER = "tech"


def check(hands: Hands, story: Story, report: Report) -> None:
    """No update lost untold; the ledger sums up; nothing was done twice; nobody met a deadlock."""
    for name, count in {**story.done}.items():
        report.count(name, count)
    report.count("refused in words", sum(story.refused.values()))
    for words in story.troubles:
        report.expect(False, words)
    customers = {one.pk: one for one in Customer.objects.filter(pk__in=hands.customers)}
    _check_attributes(customers, story, report)
    for pk, customer in customers.items():
        _check_chain(customer, "customers.owner_changed", _text(customer.main_owner_id), report)
        _check_stages(customer, report)
        _check_tier(customer, story.tiers[pk], report)
    for contract in Contract.with_deleted.filter(pk__in=hands.contracts):
        _check_ledger(contract, story.written[contract.pk], report)
    _check_mrr(customers.values(), report)
    check_figures(START, report)
    _check_once(story, report)
    _check_tasks(hands, report)
    _check_edits(report)


def _text(one: UUID | None) -> str | None:
    return str(one) if one else None


def _check_attributes(customers: dict[UUID, Customer], story: Story, report: Report) -> None:
    for (pk, key), value in story.attributes.items():
        found = customers[pk].attributes.get(key)
        report.expect(found == value, f"{key} of a customer is {found}, was told to be {value}")


def _check_chain(customer: Customer, name: str, last: Any, report: Report) -> None:
    """Each change begins where the one before ended, and the last is what stands."""
    steps = Event.objects.filter(customer_id=customer.pk, name=name).order_by("pk")
    value = None
    for facts in steps.values_list("facts", flat=True):
        report.expect(facts["before"] == value, f"{name}: {facts['before']} after {value}")
        value = facts["after"]
    report.expect(value == last, f"{name}: {last} stands, {value} was told last")


def _check_stages(customer: Customer, report: Report) -> None:
    """The customer is where the latest step of its history says."""
    steps = StageChange.objects.filter(customer=customer).order_by("-entered_on", "-pk")
    step = steps.first()
    stands = (customer.stage, customer.stage_since)
    report.expect(
        step is not None and stands == (step.stage, step.entered_on),
        f"a customer is {stands}, its history says {step}",
    )


def _check_tier(
    customer: Customer, told: Iterable[tuple[float, float, str]], report: Report
) -> None:
    """What stands was written by somebody whom nobody followed: told before another had asked."""
    writes = list(told)
    latest_ask = max((asked for asked, _told, _value in writes), default=0.0)
    possible = {value for _asked, heard, value in writes if heard >= latest_ask} or {FIRST_TIER}
    report.expect(customer.tier in possible, f"tier {customer.tier} stands, not of {possible}")


def _check_ledger(contract: Contract, written: int, report: Report) -> None:
    """As many live lines as were told; the contract is as the latest of them says."""
    live = list(
        ContractChange.objects.filter(contract=contract, voided_at=None).order_by(
            "effective_on", "pk"
        )
    )
    report.expect(len(live) == 1 + written, f"{len(live)} live lines, {1 + written} were told")
    if signed := [one for one in live if one.kind != ChangeKind.END]:
        stands = (contract.amount, contract.term_months)
        says = (signed[-1].amount, signed[-1].term_months)
        report.expect(stands == says, f"the contract is {stands}, its ledger says {says}")


def _check_mrr(customers: Iterable[Customer], report: Report) -> None:
    """The list's MRR of several days is the sum of the lines in force, added up by hand."""
    mrr = known_field("customers.mrr")
    assert mrr is not None
    for day in (START, date(2025, 6, 30), date(2026, 11, 20)):
        pks = [one.pk for one in customers]
        shown = annotate(Customer.objects.filter(pk__in=pks), ["customers.mrr"], on=day)
        for customer in shown:
            said = getattr(customer, mrr.alias)
            summed = _summed(customer.pk, day)
            report.expect(Decimal(said or 0) == summed, f"MRR {said} on {day}, lines say {summed}")


def _summed(customer: UUID, day: date) -> Decimal:
    total = Decimal(0)
    for contract in Contract.objects.filter(customer_id=customer):
        lines = ContractChange.objects.filter(contract=contract, voided_at=None)
        line = lines.filter(effective_on__lte=day).order_by("-effective_on", "-pk").first()
        if line and (line.covers_until is None or day < line.covers_until):
            total += line.mrr
    return total


def _check_once(story: Story, report: Report) -> None:
    for key, ids in story.created.items():
        stand = Task.objects.filter(title=key).count()
        report.expect(len(ids) == stand == 1, f"{key}: {stand} tasks, {len(ids)} ids were told")
    for origin, tasks in story.origins.items():
        stand = Task.objects.filter(origin=origin).count()
        report.expect(len(tasks) == stand == 1, f"{origin}: {stand} tasks, {len(tasks)} were told")


def _check_tasks(hands: Hands, report: Report) -> None:
    """Finished and reopened by turns, and the last is what stands."""
    for task in Task.objects.filter(pk__in=hands.tasks):
        told = Event.objects.filter(subject_id=str(task.pk), name__startswith="work.task_")
        verbs = list(told.order_by("pk").values_list("name", flat=True))[1:]
        turns = all(a != b for a, b in pairwise(verbs))
        report.expect(turns, "a task was finished or reopened twice in a row")
        is_done = bool(verbs) and verbs[-1] == "work.task_finished"
        report.expect(bool(task.done_at) == is_done, "a task is not as was told last")


def _check_edits(report: Report) -> None:
    """Every bulk edit came to its end, with a row of each customer told."""
    open_ones = BulkEdit.objects.exclude(state__in=["done", "undone"]).count()
    report.expect(not open_ones, f"{open_ones} bulk edits are stuck")
    for edit in BulkEdit.objects.filter(state="undone"):
        told = edit.report["restored"] + edit.report["kept"]
        report.expect(told == edit.report["changed"], f"{told} told of {edit.report['changed']}")
