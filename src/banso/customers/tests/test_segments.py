"""Segments as live saved filters: who is in, who came, who left, and why."""

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from banso.core.models import Person, Workspace
from banso.core.scope import current_workspace
from banso.core.tests.builders import TODAY, drain_jobs, fresh
from banso.customers import services
from banso.customers.fields import known_field
from banso.customers.filters import parse
from banso.customers.merges.unmerging import unmerge
from banso.customers.models import Customer, Segment, SegmentMember, SegmentMove
from banso.customers.queries.lists import matching
from banso.customers.tests.builders import a_contract, a_customer, a_merge, a_segment

HIGH = {"field": "customers.tier", "op": "is", "value": "high"}
RICH = {"field": "customers.mrr", "op": "gte", "value": "200000"}
SOON = {"field": "customers.renewal_on", "op": "within_days", "value": 90}


def members(segment: Segment) -> set[Any]:
    return set(SegmentMember.objects.filter(segment=segment).values_list("customer_id", flat=True))


def moves(segment: Segment) -> list[SegmentMove]:
    return list(SegmentMove.objects.filter(segment=segment).order_by("pk"))


def at(day: int) -> None:
    """So many days after today."""
    workspace = current_workspace()
    workspace.fixed_today = TODAY + timedelta(days=day)
    workspace.save()


def test_the_first_members_are_there_at_once_and_are_no_news(acme: Workspace) -> None:
    high, _low = a_customer(tier="high"), a_customer(tier="low")
    segment = a_segment()
    assert members(segment) == {high.pk} and moves(segment) == [] and segment.filled_at


def test_who_enters_and_leaves_is_told_with_the_condition_that_changed(
    acme: Workspace, bob: Person
) -> None:
    customer = a_customer(tier="low")
    segment = a_segment(conditions=[HIGH, RICH])
    a_contract(customer, amount=2_400_000)
    services.follow_touched()
    assert members(segment) == set() and moves(segment) == []
    services.update_customer(customer.pk, changes={"tier": "high"}, by=bob)
    services.follow_touched()
    services.update_customer(customer.pk, changes={"tier": "tech"}, by=bob)
    services.follow_touched()
    entered, left = moves(segment)
    assert entered.entered and entered.changed == [HIGH] and entered.on == TODAY
    assert not left.entered and left.changed == [HIGH] and members(segment) == set()


def test_a_day_that_passes_moves_members_at_midnight_without_an_event(acme: Workspace) -> None:
    customer = a_customer()
    a_contract(customer, end_on=TODAY + timedelta(days=95))
    segment = a_segment(conditions=[SOON])
    services.follow_touched()
    assert members(segment) == set() and not services.is_due()
    at(5)
    assert services.is_due()
    assert services.retest_everybody() == 1 and not services.is_due()
    [move] = moves(segment)
    assert move.changed == [SOON] and move.on == TODAY + timedelta(days=5)


def test_who_is_binned_leaves_and_who_is_restored_comes_back(acme: Workspace, bob: Person) -> None:
    customer, segment = a_customer(tier="high"), a_segment()
    services.bin_customer(customer.pk, by=bob)
    services.follow_touched()
    assert members(segment) == set()
    services.restore_customer(customer.pk, by=bob)
    services.follow_touched()
    assert members(segment) == {customer.pk}
    assert [(one.entered, one.cause) for one in moves(segment)] == [
        (False, "book"),
        (True, "book"),
    ]


def test_other_conditions_move_members_because_the_segment_was_edited(
    acme: Workspace, bob: Person
) -> None:
    high, low, segment = a_customer(tier="high"), a_customer(tier="low"), a_segment()
    lower = [{**HIGH, "value": "low"}]
    services.save_segment(name="低", conditions=lower, segment_id=segment.pk, by=bob)
    assert members(segment) == {low.pk}
    assert {(one.customer_id, one.entered, one.cause) for one in moves(segment)} == {
        (high.pk, False, "edited"),
        (low.pk, True, "edited"),
    }
    services.save_segment(name="別名", conditions=lower, segment_id=segment.pk, by=bob)
    assert len(moves(segment)) == 2


def test_whatever_is_told_of_a_customer_has_its_segments_tested_by_a_job(
    acme: Workspace, bob: Person
) -> None:
    customer, segment = a_customer(tier="low"), a_segment()
    drain_jobs()
    services.update_customer(customer.pk, changes={"tier": "high"}, by=bob)
    drain_jobs()
    services.update_customer(customer.pk, changes={"tier": "tech"}, by=bob)
    assert members(segment) == {customer.pk}
    drain_jobs()
    assert members(segment) == set()


def test_usage_and_scores_are_followed_too(acme: Workspace) -> None:
    customer = a_customer()
    shaky = {"field": "health.band", "op": "not_empty"}
    assert (field := known_field("health.band")) and field.ready
    segment = a_segment(conditions=[shaky])
    assert segment.filled_at is None  # nobody has a score today
    a_contract(customer)
    drain_jobs()
    assert fresh(segment).filled_at and members(segment) == {customer.pk}


STEPS = some.lists(
    some.tuples(
        some.sampled_from(["tier", "industry", "sign", "bin", "restore", "stage", "day"]),
        some.integers(0, 3),
        some.integers(0, 5),
    ),
    min_size=1,
    max_size=8,
)
CONDITIONS: list[list[dict[str, Any]]] = [
    [HIGH],
    [RICH, {"field": "customers.tier", "op": "is_not", "value": "tech"}],
    [SOON],
    [{"field": "customers.industry", "op": "contains", "value": "製造"}],
    [{"field": "customers.stage_days", "op": "gte", "value": 3}],
    [{"field": "customers.mrr", "op": "empty"}],
    [],
]


def do(step: tuple[str, int, int], customers: list[Customer], bob: Person) -> None:
    what, which, much = step
    one = Customer.with_deleted.get(pk=customers[which].pk)
    if what == "day":
        at(much)
        services.retest_everybody()
    elif what == "restore" or one.deleted_at:
        if one.deleted_at:
            services.restore_customer(one.pk, by=bob)
    elif what == "bin":
        services.bin_customer(one.pk, by=bob)
    elif what == "sign":
        a_contract(one, amount=much * 1_200_000, end_on=TODAY + timedelta(days=30 * much + 1))
    elif what == "stage":
        day = TODAY - timedelta(days=much)
        services.change_stage(one.pk, stage="adoption", entered_on=day, by=bob)
    else:
        words = {"tier": ["high", "low", "tech"], "industry": ["製造業", "小売", "ｾｲｿﾞｳ"]}
        services.update_customer(one.pk, changes={what: words[what][much % 3]}, by=bob)


@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_following_what_is_told_gives_the_members_of_a_full_run(
    acme: Workspace, bob: Person, steps: list[tuple[str, int, int]]
) -> None:
    at(0)
    customers = [a_customer(f"社{nth}") for nth in range(4)]
    segments = list(Segment.objects.all()) or [a_segment(conditions=one) for one in CONDITIONS]
    for step in steps:
        do(step, customers, bob)
        assert services.follow_touched()
    today = current_workspace().today()
    for segment in segments:
        fitting = matching(conditions=parse(segment.conditions), on=today)
        assert members(segment) == set(fitting.values_list("pk", flat=True))
        assert fresh(segment).size == len(members(segment))
    assert services.retest_everybody() == 0
    for one in Customer.objects.all():
        services.bin_customer(one.pk, by=bob)
    assert services.follow_touched()


def test_a_customer_deleted_outright_is_counted_no_more(acme: Workspace) -> None:
    gone, _stays = a_customer(tier="high"), a_customer(tier="high")
    segment = a_segment()
    gone.delete()
    services.retest_everybody()
    assert fresh(segment).size == 1 == len(members(segment))


def test_who_is_merged_into_another_leaves_and_comes_back_when_they_are_two_again(
    acme: Workspace, bob: Person
) -> None:
    stays, goes = a_customer("甲", tier="high"), a_customer("乙", tier="high")
    segment = a_segment()
    merge = a_merge(stays, goes)
    services.follow_touched()
    assert members(segment) == {stays.pk}
    unmerge(merge.pk, by=bob)
    services.follow_touched()
    assert members(segment) == {stays.pk, goes.pk}
