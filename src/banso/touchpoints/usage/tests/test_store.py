from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banso.core import sql
from banso.core.models import ImportRun, Workspace
from banso.core.scope import ForeignWorkspace, open_workspace
from banso.core.tests.builders import TODAY
from banso.customers.models import Customer
from banso.customers.tests.builders import a_contact, a_customer
from banso.touchpoints.usage import store
from banso.touchpoints.usage.models import DailyUsage, ImportedUsage
from banso.touchpoints.usage.tests.builders import (
    Sums,
    a_run,
    a_total,
    an_event,
    rollups,
)

STORED = "SELECT count(*) FROM usage_event WHERE workspace_id = %(workspace)s"


def stored_events() -> int:
    return int(sql.rows(STORED)[0][0])


def test_daily_totals_and_events_meet_in_one_rollup(acme: Workspace) -> None:
    customer = a_customer()
    store.add_imported([a_total(customer, events=3, seconds=60, person_key="p1")], run=a_run())
    store.load_events([an_event(customer, person_key="p1")] * 1 + [an_event(customer)])
    assert rollups() == {(customer.pk, TODAY, "report", "p1"): (5, 60, 0)}


def test_the_first_row_of_an_id_is_kept_and_the_second_told_with_both_lines(
    acme: Workspace,
) -> None:
    customer = a_customer()
    first = a_total(customer, source_id="U-x", line=2, events=3)
    told = store.add_imported([first, first._replace(line=9, events=100)], run=a_run())
    assert (told.created, told.unchanged, told.read) == (1, 0, 2)
    assert told.duplicates == [store.Reused("U-x", line=9, first_line=2)]
    assert rollups() == {(customer.pk, TODAY, "report", ""): (3, 0, 0)}


def test_the_same_file_again_changes_nothing_and_tells_the_same_duplicates(
    acme: Workspace,
) -> None:
    customer = a_customer()
    rows = [a_total(customer, source_id=f"U-{n}", line=n + 2) for n in range(3)]
    rows.append(rows[0]._replace(line=7))
    once, twice = (store.add_imported(rows, run=a_run()) for _time in range(2))
    assert (once.created, once.unchanged) == (3, 0)
    assert (twice.created, twice.unchanged) == (0, 3)
    assert once.duplicates == twice.duplicates == [store.Reused("U-0", line=7, first_line=2)]
    assert ImportedUsage.objects.count() == 3


def test_batches_of_one_run_know_each_others_ids(acme: Workspace) -> None:
    customer, run, seen = a_customer(), a_run(), dict[str, int]()
    row = a_total(customer, source_id="U-x", line=2)
    store.add_imported([row], run=run, seen=seen)
    later = store.add_imported([row._replace(line=3001)], run=run, seen=seen)
    assert later.duplicates == [store.Reused("U-x", line=3001, first_line=2)]


def test_a_known_id_with_other_facts_is_told_and_not_taken_over(acme: Workspace) -> None:
    customer = a_customer()
    row = a_total(customer, source_id="U-x", line=2, events=3)
    store.add_imported([row], run=a_run())
    told = store.add_imported([row._replace(line=5, events=4)], run=a_run())
    assert told.duplicates == [store.Reused("U-x", line=5, first_line=2)]
    assert ImportedUsage.objects.get().events == 3


def test_an_event_sent_twice_counts_once(acme: Workspace) -> None:
    customer = a_customer()
    event = an_event(customer)
    again = event._replace(at=event.at + timedelta(hours=3))
    assert store.load_events([event, again]).created == 1
    assert store.load_events([event]).unchanged == 1
    assert stored_events() == 1
    assert rollups() == {(customer.pk, TODAY, "report", "p1"): (1, 0, 0)}


def test_two_workspaces_with_equal_ids_both_count(
    acme: Workspace, other_workspace: Workspace
) -> None:
    ours = a_customer()
    store.load_events([an_event(ours, message_id="m-same")])
    store.add_imported([a_total(ours, source_id="U-same")], run=a_run())
    with open_workspace(other_workspace):
        theirs = a_customer()
        assert store.load_events([an_event(theirs, message_id="m-same")]).created == 1
        told = store.add_imported([a_total(theirs, source_id="U-same")], run=a_run())
        assert told.created == 1
        assert len(rollups()) == 2
    assert {customer for customer, *_rest in rollups()} == {ours.pk}


def test_late_data_lands_on_its_own_day(acme: Workspace) -> None:
    customer = a_customer()
    store.load_events([an_event(customer)])
    late = TODAY - timedelta(days=70)
    store.load_events([an_event(customer, late)])
    assert {day for _c, day, _f, _p in rollups()} == {TODAY, late}


def test_a_day_begins_at_midnight_of_the_workspace(acme: Workspace) -> None:
    customer = a_customer()
    before_midnight = datetime(2026, 11, 19, 14, 59, 59, tzinfo=UTC)
    for at in (before_midnight, before_midnight + timedelta(seconds=1)):
        store.load_events([an_event(customer, at=at)])
    assert sorted(day for _c, day, _f, _p in rollups()) == [date(2026, 11, 19), TODAY]


def test_only_touched_days_are_rolled_up(acme: Workspace) -> None:
    customer = a_customer()
    store.load_events([an_event(customer, TODAY - timedelta(days=1))])
    kept = DailyUsage.objects.get().pk
    store.load_events([an_event(customer)])
    assert DailyUsage.objects.filter(pk=kept).exists()


def test_a_customer_of_another_workspace_is_refused(
    acme: Workspace, other_workspace: Workspace
) -> None:
    with open_workspace(other_workspace):
        theirs = a_customer()
    with pytest.raises(ForeignWorkspace), transaction.atomic():
        store.load_events([an_event(theirs)])
    with pytest.raises(ForeignWorkspace), transaction.atomic():
        store.add_imported([a_total(theirs)], run=a_run())
    assert stored_events() == 0 and not ImportedUsage.objects.exists()


@pytest.mark.parametrize("year", [1999, 2028])
def test_a_clock_that_is_years_wrong_is_refused(acme: Workspace, year: int) -> None:
    with pytest.raises(ValueError, match="No partition"), transaction.atomic():
        store.load_events([an_event(a_customer(), date(year, 12, 31))])
    assert stored_events() == 0


def test_partitions_are_made_once_and_hold_their_month(acme: Workspace) -> None:
    months = [date(2025, 12, 31), date(2026, 1, 1)]
    for _time in range(2):
        store.ensure_partitions(months)
    store.load_events([an_event(a_customer(), day) for day in months])
    found = sql.rows(
        "SELECT tableoid::regclass::text FROM usage_event WHERE workspace_id = %(workspace)s"
    )
    assert sorted(name for (name,) in found) == ["usage_event_202512", "usage_event_202601"]


def test_undone_ids_are_free_again(acme: Workspace) -> None:
    customer, run = a_customer(), a_run()
    event, total = an_event(customer), a_total(customer)
    store.load_events([event], run=run)
    store.add_imported([total], run=run)
    assert store.remove_imported(run) == 2
    assert rollups() == {} and stored_events() == 0
    assert store.load_events([event], run=a_run()).created == 1
    assert store.add_imported([total], run=a_run()).created == 1


def test_an_old_id_is_forgotten_after_its_time(acme: Workspace) -> None:
    customer = a_customer()
    event = an_event(customer)
    store.load_events([event])
    store.forget_old_keys(TODAY)
    assert store.load_events([event]).created == 0
    store.forget_old_keys(TODAY + timedelta(days=1))
    assert store.load_events([event]).created == 1


def test_a_contact_is_one_person_in_events_and_totals(acme: Workspace) -> None:
    customer = a_customer()
    contact = a_contact(customer, "髙橋 直子")
    store.load_events([an_event(customer, contact_id=contact.pk, person_key="")])
    store.add_imported([a_total(customer, contact_id=contact.pk)], run=a_run())
    daily = DailyUsage.objects.get()
    assert (daily.contact, daily.person_key, daily.events) == (contact, f"contact:{contact.pk}", 2)


Step = tuple[str, int]
USES = st.lists(
    st.tuples(
        st.integers(0, 1), st.integers(0, 3), st.sampled_from("ab"), st.sampled_from(["", "p"])
    ),
    min_size=1,
    max_size=8,
)
FILES = st.lists(st.tuples(st.booleans(), USES), min_size=1, max_size=5)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(files=FILES, undone=st.sets(st.integers(0, 4)), shuffle=st.randoms(use_true_random=False))
def test_rollups_are_the_plain_sums_whatever_the_order_of_loads_and_undos(
    acme: Workspace,
    files: list[tuple[bool, list[tuple[int, int, str, str]]]],
    undone: set[int],
    shuffle: object,
) -> None:
    with transaction.atomic():
        customers = [a_customer("甲"), a_customer("乙")]
        runs = [a_run() for _file in files]
        steps: list[tuple[Callable[..., object], int]] = [(_load, n) for n in range(len(files))]
        shuffle.shuffle(steps)  # type: ignore[attr-defined]
        for n in undone & set(range(len(files))):
            steps.insert(steps.index((_load, n)) + 1, (_undo, n))
        for step, n in steps:
            step(customers, files[n], runs[n])
        left = [files[n] for n in range(len(files)) if n not in undone]
        assert rollups() == naive(customers, left)
        transaction.set_rollback(True)


File = tuple[bool, list[tuple[int, int, str, str]]]


def _load(customers: list[Customer], file: File, run: ImportRun) -> None:
    raw, uses = file
    for who, ago, feature, person in uses:
        facts = {"feature": feature, "person_key": person}
        day = TODAY - timedelta(days=ago)
        if raw:
            store.load_events([an_event(customers[who], day, **facts)], run=run)
        else:
            total = a_total(customers[who], day, events=3, seconds=5, errors=1, **facts)
            store.add_imported([total], run=run)


def _undo(customers: list[Customer], file: File, run: ImportRun) -> None:
    store.remove_imported(run)


def naive(customers: list[Customer], files: list[File]) -> Sums:
    sums: Sums = {}
    for raw, uses in files:
        for who, ago, feature, person in uses:
            key = (customers[who].pk, TODAY - timedelta(days=ago), feature, person)
            old = sums.get(key, (0, 0, 0))
            sums[key] = tuple(  # type: ignore[assignment]
                a + b for a, b in zip(old, (1, 0, 0) if raw else (3, 5, 1), strict=True)
            )
    return sums
