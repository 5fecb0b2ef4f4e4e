"""Work around the customers: calls that stand open or were dealt with, tasks."""

from collections.abc import Mapping
from datetime import timedelta

from banso.cli.demo.book import Book, PlannedCustomer
from banso.cli.demo.chance import chance
from banso.cli.demo.ground import begins_on
from banso.cli.demo.past import on_day
from banso.cli.demo.team import CSMS, LEAD_CSM
from banso.core.models import Person
from banso.customers.models import Customer
from banso.insight.health import services as health
from banso.work import services as work
from banso.work.models import CallToAction, Task

PAST_CALLS = 46
# What was raised and dealt with: kind, what it was about, how it ended.
PAST = (
    ("complaint", "承認画面の表示が月初に遅いとのお申し出。", "原因を説明し、設定を見直して解消。"),
    (
        "complaint",
        "請求書の様式変更が反映されないとのお申し出。",
        "様式を直し、その日のうちに確認いただいた。",
    ),
    ("invoice_overdue", "支払期日を過ぎても入金がない。", "経理の方の処理漏れ。翌週に入金を確認。"),
    (
        "onboarding_stuck",
        "マスタの取り込みで止まっている。",
        "取り込みを一緒に行い、試行運用に入った。",
    ),
    (
        "other",
        "担当役員の交代にあたり、導入の経緯の説明を求められた。",
        "訪問して説明。継続の方針を確認。",
    ),
)
# What a CSM has on the list: words, days until it is due (before today: overdue).
TASKS = (
    ("四半期レビューの資料を作る", 2),
    ("新しい推進者の方にあいさつの予定を入れる", 0),
    ("利用状況レポートを送る", 4),
    ("承認ルートの見直し案を共有する", 6),
    ("更新の見積もりを準備する", 9),
    ("AI読取の説明会の日程を決める", -1),
    ("活用事例の取材をお願いする", 12),
    ("未登録のライセンスの配り方を相談する", 3),
)
TASKS_EACH = 4


def write_calls(
    book: Book, customers: Mapping[int, Customer], people: Mapping[str, Person]
) -> None:
    """Open calls of the stories, many that were closed in two years, and what CSMs think."""
    _write_past_calls(book, customers, people)
    for one in book.customers:
        if one.call:
            customer, owner = customers[one.number], people[one.owner]
            with on_day(one.call.since, 9) as at:
                call = work.raise_call(
                    customer.pk, kind=one.call.kind, note=one.call.note, owner_id=owner.pk, by=owner
                )
            CallToAction.objects.filter(pk=call.pk).update(created_at=at)
        if one.judged:
            _judge(one, customers[one.number], people[one.owner])


def _judge(one: PlannedCustomer, customer: Customer, owner: Person) -> None:
    judged = one.judged
    assert judged is not None  # noqa: S101  (asked by the caller)
    with on_day(judged.made_on):
        health.judge(
            customer.pk, mood=judged.mood, note=judged.note, expires_on=judged.expires_on, by=owner
        )


def _write_past_calls(
    book: Book, customers: Mapping[int, Customer], people: Mapping[str, Person]
) -> None:
    luck = chance(book.seed, "past calls")
    begun = begins_on(book.today)
    told = [
        one for one in book.active() if not one.story and one.since < book.today - timedelta(120)
    ]
    for _number in range(PAST_CALLS):
        one = luck.choice(told)
        first = max(one.since, begun) + timedelta(days=20)
        span = (book.today - timedelta(days=40) - first).days
        since = first + timedelta(days=luck.randrange(max(1, span)))
        kind, note, outcome = luck.choice(PAST)
        owner = people[one.owner]
        closed = since + timedelta(days=luck.randrange(3, 19))
        with on_day(since, 9) as at:
            call = work.raise_call(
                customers[one.number].pk, kind=kind, note=note, owner_id=owner.pk, by=owner
            )
        CallToAction.objects.filter(pk=call.pk).update(created_at=at)
        with on_day(closed, 16):
            work.close_call(call.pk, outcome=outcome, by=owner)


def write_tasks(
    book: Book, customers: Mapping[int, Customer], people: Mapping[str, Person]
) -> None:
    """Every CSM has a few tasks of their own making beside those that alerts gave."""
    luck = chance(book.seed, "tasks")
    for mate in CSMS:
        owner = people[mate.key]
        mine = [one for one in book.active() if one.owner == mate.key and not one.story]
        count = TASKS_EACH - 1 if mate == LEAD_CSM else TASKS_EACH
        for (title, days), one in zip(
            luck.sample(TASKS, count), luck.sample(mine, count), strict=True
        ):
            made = book.today - timedelta(days=luck.randrange(2, 9))
            with on_day(made, 17) as at:
                task = work.open_task(
                    customer_id=customers[one.number].pk,
                    owner_id=owner.pk,
                    due_on=book.today + timedelta(days=days),
                    title=title,
                    by=owner,
                )
            Task.objects.filter(pk=task.pk).update(created_at=at)
