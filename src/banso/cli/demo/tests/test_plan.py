"""The planned book has the shape of a Japanese B2B SaaS company's."""

from collections import Counter
from dataclasses import asdict
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

import pytest

from banso.cli.demo import stories
from banso.cli.demo.book import Book, retention
from banso.cli.demo.catalogue import TIER_MRR
from banso.cli.demo.dates import add_months
from banso.cli.demo.plan import plan_book
from banso.cli.demo.roster import ACTIVE
from banso.cli.demo.team import AGENTS, CSMS, HEAD, LEAD_CSM

DAYS = (
    date(2026, 11, 22), date(2026, 4, 1), date(2027, 1, 4), date(2027, 3, 31), date(2028, 2, 29),
    date(2026, 10, 1), date(2026, 8, 14),
)  # fmt: skip
BOOKS = [(1, day) for day in DAYS] + [(7, DAYS[0]), (42, DAYS[3])]


@pytest.fixture(params=BOOKS, ids=lambda pair: f"{pair[0]}-{pair[1]}")
def book(request: pytest.FixtureRequest) -> Book:
    return _planned(*request.param)


@cache
def _planned(seed: int, today: date) -> Book:
    """Planned once; tests only read it."""
    return plan_book(seed, today)


def test_the_same_seed_and_day_plan_the_same_book() -> None:
    first, again = (plan_book(3, DAYS[0]) for _ in range(2))
    assert list(map(asdict, first.customers)) == list(map(asdict, again.customers))
    assert asdict(plan_book(4, DAYS[0]).customers[0]) != asdict(first.customers[0])


def test_there_are_262_active_30_churned_and_8_on_trial(book: Book) -> None:
    assert Counter(one.state for one in book.customers) == {
        "active": 262,
        "churned": 30,
        "trial": 8,
    }
    assert Counter(one.tier for one in book.active()) == ACTIVE


def test_tiers_pay_what_they_should_on_average(book: Book) -> None:
    for tier, wanted in TIER_MRR.items():
        paid = [one.mrr_on(book.today) for one in book.active() if one.tier == tier]
        assert sum(paid) / len(paid) == pytest.approx(wanted, rel=0.03)


def test_active_customers_pay_and_churned_ones_and_trials_do_not(book: Book) -> None:
    for one in book.customers:
        assert (one.mrr_on(book.today) > 0) == (one.state == "active"), one.external_id


def test_a_year_keeps_93_to_95_and_grows_to_104_to_107_percent(book: Book) -> None:
    year = retention(book.customers, start=add_months(book.today, -12), end=book.today)
    assert 0.93 <= year.grr <= 0.95
    assert 1.04 <= year.nrr <= 1.07


def test_four_in_five_are_billed_by_the_year_and_most_end_with_a_half_year(book: Book) -> None:
    mains = [one.contracts[0] for one in book.active()]
    annual = [contract for contract in mains if contract.billing == "annual"]
    assert len(annual) / len(mains) == pytest.approx(0.8, abs=0.03)
    ends = [contract.lines[-1].covers_until for contract in annual]
    heavy = [end for end in ends if end and (end.month, end.day) in {(4, 1), (10, 1)}]
    assert len(heavy) / len(annual) > 0.55


def test_customers_leave_after_the_half_years_and_in_some_months_nobody_does(book: Book) -> None:
    left = [one.leaves_on for one in book.customers if one.state == "churned" and one.leaves_on]
    assert all(add_months(book.today, -25) < day <= book.today for day in left)
    months = Counter(day.month for day in left)
    assert months[4] + months[10] >= 20
    assert len({(day.year, day.month) for day in left}) <= 10


def test_ledgers_have_no_gap_and_cover_today_only_for_customers(book: Book) -> None:
    for contract in (row for one in book.customers for row in one.contracts):
        assert contract.lines[0].kind == "new"
        assert all(line.kind != "new" for line in contract.lines[1:])
        for before, line in pairwise(contract.lines):
            assert before.effective_on <= line.effective_on <= (before.covers_until or date.max)
        assert all(line.effective_on <= book.today for line in contract.lines)


def test_a_renewal_falls_on_the_end_before_it_and_changes_no_price(book: Book) -> None:
    for one in book.customers:
        lines = one.contracts[0].lines
        for before, line in pairwise(lines):
            if line.kind == "renewal":
                assert line.effective_on == before.covers_until
                assert line.mrr == before.mrr
            if line.kind == "expansion":
                assert line.mrr > before.mrr
            if line.kind == "contraction":
                assert line.mrr < before.mrr


def test_everybody_who_left_said_so_before_and_gave_a_reason(book: Book) -> None:
    for one in book.customers:
        if one.state == "churned":
            assert one.notice and one.notice.reason and one.notice.detail
            assert one.notice.noticed_on < one.notice.effective_on == one.leaves_on
            assert [stage for stage, _day in one.stages][-2:] == ["leaving", "churned"]


def test_nothing_but_ends_of_contracts_lies_ahead_of_today(book: Book) -> None:
    for one in book.customers:
        days = [one.since, *(day for _stage, day in one.stages), *one.touches]
        days += [who.presence_since for who in one.contacts if who.presence_since]
        assert max(days) <= book.today, one.external_id
        assert one.touches == sorted(set(one.touches))


def test_high_touch_knows_three_to_eight_people_and_tech_touch_fewer(book: Book) -> None:
    known = {tier: [len(c.contacts) for c in book.active() if c.tier == tier] for tier in ACTIVE}
    assert min(known["high"]) >= 3 and max(known["high"]) <= 8
    assert sum(known["tech"]) / 150 < sum(known["low"]) / 90 < sum(known["high"]) / 22
    for one in book.customers:
        assert len({who.email for who in one.contacts}) == len(one.contacts)


def test_twenty_active_customers_send_no_usage(book: Book) -> None:
    assert sum(not one.sends_usage for one in book.active()) == 20


def test_goals_are_told_in_many_words(book: Book) -> None:
    goals = [one.goals for one in book.customers if one.goals]
    assert len(goals) > 150
    assert len(set(goals)) == len(goals)
    assert not any("{" in goal for goal in goals)


def test_the_lead_csm_has_the_seven_stories_and_no_other_fire(book: Book) -> None:
    mine = [one for one in book.active() if one.owner == LEAD_CSM.key]
    assert {one.story for one in mine} - {""} == {story.key for story in stories.STORIES}
    assert all(one.fate in ("healthy", "withheld") for one in mine if not one.story)
    assert not any(one.sub_owner == LEAD_CSM.key for one in book.customers)
    for contract in (row for one in mine if not one.story for row in one.contracts[:1]):
        line = contract.line_on(book.today)
        assert line is not None
        near = [day for day in (line.notice_on, line.covers_until) if day]
        assert not any(0 <= (day - book.today).days < 60 for day in near)
    assert {one.owner for one in book.customers} == {mate.key for mate in CSMS}


def test_the_team_is_one_head_six_csms_and_two_agents() -> None:
    assert (HEAD.role, len(CSMS), len(AGENTS)) == ("owner", 6, 2)


def test_the_stories_stand_as_told_on_any_day(book: Book) -> None:
    today = book.today
    falling = book.of_story(stories.LOGINS_FALL).contracts[0].lines[-1]
    assert falling.covers_until == today + timedelta(days=42)
    assert falling.notice_on and falling.notice_on < today
    near = book.of_story(stories.NOTICE_NEAR)
    assert near.contracts[0].lines[-1].notice_on == today + timedelta(days=12)
    assert near.touches[-1] <= add_months(today, -5)
    champions = [
        who for who in book.of_story(stories.CHAMPION_GONE).contacts if "champion" in who.roles
    ]
    assert [(who.presence, who.presence_since) for who in champions] == [
        ("moved", stories.champion_moved_on(today))
    ]
    since = {one.call.kind: (today - one.call.since).days for one in book.customers
             if one.call and one.story}  # fmt: skip
    assert since == {"invoice_overdue": 45, "complaint": 9, "onboarding_stuck": 23}
    assert book.of_story(stories.ONBOARDING_STUCK).stages == [
        ("onboarding", book.of_story(stories.ONBOARDING_STUCK).since)
    ]
    assert book.of_story(stories.SEATS_FULL).seats_on(today) == 25
