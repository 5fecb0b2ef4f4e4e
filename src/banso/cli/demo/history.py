"""What happened with each customer: stages, talks, notices, judgements, open calls."""

from datetime import date, timedelta
from random import Random

from banso.cli.demo import stories
from banso.cli.demo.book import Call, Judged, Notice, PlannedCustomer
from banso.cli.demo.catalogue import REASONS
from banso.cli.demo.dates import add_months

# Days between talks when all is well.
CADENCE = {"high": 21, "low": 55, "tech": 120}
LONGEST_SILENCE = {"healthy": 0.9, "judged": 0.9, "fresh": 0.9, "watch": 1.6, "danger": 3.0}
JUDGED_NOTE = "利用データは届かないが、月例会では順調とのこと。次の拠点への展開も話題に出ている。"
JUDGED_FOR_DAYS = 180
NOTICES_GIVEN, NOTICE_WITHIN_DAYS = 3, 200
CALL_NOTES = {
    stories.INVOICE_OVERDUE: "{month}月分の請求書が未入金。経理の方に2回連絡したが、確認中とのこと。",
    stories.COMPLAINT: "月末の承認が遅く、支払いが1日ずれたとのお申し出。原因調査の回答をお待たせしている。",
    stories.ONBOARDING_STUCK: "承認ルートの設計が社内で決まらず、初期設定の途中で止まっている。",
}
CALLS_OF_WATCHED = 0.13
OTHER_CALLS = (
    ("invoice_overdue", "支払期日を過ぎても入金がない。経理の方は確認中とのこと。"),
    ("complaint", "集計レポートの数字が基幹システムと合わないとのお申し出。"),
    ("other", "契約条件の見直しについて、購買部から問い合わせを受けている。"),
)
CALL_DAYS = {
    stories.INVOICE_OVERDUE: stories.DAYS_OVERDUE,
    stories.COMPLAINT: stories.DAYS_COMPLAINING,
    stories.ONBOARDING_STUCK: stories.DAYS_STUCK,
}


def live_through(luck: Random, one: PlannedCustomer, today: date) -> None:
    """Fill in the customer's history up to today."""
    one.notice = _notice(luck, one)
    one.stages = _stages(luck, one, today)
    one.touches = _touches(luck, one, today)
    one.judged = _judged(luck, one, today)
    if one.story in CALL_DAYS:
        since = today - timedelta(days=CALL_DAYS[one.story])
        note = CALL_NOTES[one.story].format(month=add_months(since, -1).month)
        one.call = Call(one.story, since, note)
    elif (
        not one.story
        and one.state == "active"
        and one.fate == "watch"
        and luck.random() < CALLS_OF_WATCHED
    ):
        kind, note = luck.choice(OTHER_CALLS)
        one.call = Call(kind, today - timedelta(days=luck.randrange(2, 50)), note)


def _notice(luck: Random, one: PlannedCustomer) -> Notice | None:
    if one.leaves_on is None:
        return None
    said = one.leaves_on - timedelta(days=luck.randrange(35, 95))
    return Notice(said, one.leaves_on, *luck.choice(REASONS))


def give_notices(luck: Random, customers: list[PlannedCustomer], today: date) -> None:
    """A few customers in danger have said that they will not renew; their contracts still run."""
    inclined = [one for one in customers if _may_give_notice(one, today)]
    for one in luck.sample(inclined, min(NOTICES_GIVEN, len(inclined))):
        said = today - timedelta(days=luck.randrange(4, 40))
        line = one.contracts[0].lines[-1]
        assert line.covers_until is not None  # noqa: S101  (see _may_give_notice)
        one.notice = Notice(said, line.covers_until, *luck.choice(REASONS))
        one.stages.append(("leaving", said))


def _may_give_notice(one: PlannedCustomer, today: date) -> bool:
    end = one.contracts[0].lines[-1].covers_until
    soon = end is not None and 30 < (end - today).days < NOTICE_WITHIN_DAYS
    return soon and one.state == "active" and one.fate == "danger" and not one.story


def _stages(luck: Random, one: PlannedCustomer, today: date) -> list[tuple[str, date]]:
    if one.state == "trial":
        return [("trial", one.since)]
    steps = [("onboarding", one.since)]
    if one.story != stories.ONBOARDING_STUCK:
        steps.append(("adoption", one.since + timedelta(days=luck.randrange(40, 85))))
        steps.append(("established", one.since + timedelta(days=luck.randrange(170, 300))))
    if one.notice:
        steps.append(("leaving", one.notice.noticed_on))
    if one.state == "churned" and one.leaves_on:
        steps.append(("churned", one.leaves_on))
    last = one.notice.noticed_on if one.notice else today
    kept = [step for step in steps if step[1] <= last or step[0] in ("leaving", "churned")]
    return [step for step in kept if step[1] <= today]


def _touches(luck: Random, one: PlannedCustomer, today: date) -> list[date]:
    """Days before today on which somebody spoke with them, oldest first; the last two years."""
    if one.fate == "withheld":
        return []  # nothing is known of them: that is why
    day = min(one.leaves_on or today, today)
    if one.story == stories.NOTICE_NEAR:
        day = add_months(today, -stories.MONTHS_SILENT)
    elif one.state == "active":
        quiet = CADENCE[one.tier] * LONGEST_SILENCE[one.fate]
        day = today - timedelta(days=round(luck.uniform(0.05, 1.0) * quiet))
    first = max(one.since, add_months(today, -24))
    days: list[date] = []
    while day >= first:
        days.append(_weekday(day))
        day -= timedelta(days=round(CADENCE[one.tier] * luck.uniform(0.5, 1.4)) + 1)
    return sorted({day for day in days if day < today})


def _weekday(day: date) -> date:
    """The Friday before, when the day falls on a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def _judged(luck: Random, one: PlannedCustomer, today: date) -> Judged | None:
    if one.fate != "judged":
        return None
    made = today - timedelta(days=luck.randrange(8, 45))
    return Judged("good", JUDGED_NOTE, made, made + timedelta(days=JUDGED_FOR_DAYS))
