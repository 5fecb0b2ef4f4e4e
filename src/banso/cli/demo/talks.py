"""What was said on the days on which somebody spoke with a customer: a year of activities."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from banso.cli.demo.book import Book, PlannedCustomer
from banso.cli.demo.chance import chance, weighted
from banso.cli.demo.dates import moment
from banso.core import sql
from banso.core.models import Person
from banso.customers.models import Contact, Customer
from banso.work.models import Activity, Attendee
from banso.work.services.activities import folded

TOLD_FOR = timedelta(days=365)
Talks = dict[tuple[int, date], Activity]


@dataclass(frozen=True, slots=True)
class Talk:
    """What a talk was about, what was said and what was decided."""

    title: str
    body: str
    decisions: str = ""


KINDS = {
    "high": (("visit", 3.0), ("meeting", 5.0), ("call", 2.0)),
    "low": (("meeting", 2.0), ("call", 4.0), ("mail", 2.0)),
    "tech": (("mail", 4.0), ("call", 1.0)),
}
MOODS = (("", 4.0), ("good", 2.0), ("neutral", 3.0), ("bad", 0.4))
LONG = (
    Talk(
        "四半期の活用レビュー",
        "前四半期の利用状況を一緒に確認。\n・申請件数は前の四半期より増加\n・承認の滞留は月末に集中\n"
        "経理部からは、締め日前の通知を早めたいとの要望。",
        "通知を締め日の3日前に変更する。次回までに効果を確認する。",
    ),
    Talk(
        "承認ルートの見直し",
        "組織変更に合わせて承認ルートを整理したいとのご相談。\n現在の7段階を4段階に減らす案を説明した。",
        "当社で変更案を作り、来週お送りする。",
    ),
    Talk(
        "他部署への展開のご相談",
        "営業本部でも使いたいとの声が出ている。\n試行の進め方と費用の考え方を説明。",
        "2部署で1か月の試行を提案する。",
    ),
    Talk("運用の定例会", "問い合わせの残りを確認し、操作の質問にその場で回答。新しい宿題はなし。"),
    Talk(
        "更新に向けた打ち合わせ",
        "来期の予算の状況を伺った。\n継続の意向。ライセンス数は入社人数が決まってから見直したい。",
        "見積もりを2案用意する。",
    ),
)
SHORT = (
    Talk("利用状況の確認", "変わりなく使えているとのこと。新機能の案内を希望。"),
    Talk("設定についてのご質問", "差し戻しの設定を案内。その場で解決。"),
    Talk("請求書の送付先の変更", "送付先の部署が変わるとのご連絡。"),
    Talk("異動のごあいさつ", "ご担当の方が変わるとのこと。引き継ぎの打ち合わせを希望。"),
    Talk("説明会のご案内", "操作説明会の日程をご案内した。2名が参加予定。"),
)


def write(
    book: Book,
    customers: Mapping[int, Customer],
    contacts: Mapping[tuple[int, int], Contact],
    people: Mapping[str, Person],
) -> Talks:
    """The activities of the last year, by customer and day, with one person of each side."""
    talks = {
        (one.number, day): _talk(
            chance(book.seed, "talk", one.number, day), one, customers[one.number], people, day
        )
        for one in book.customers
        for day in one.touches
        if day > book.today - TOLD_FOR
    }
    Activity.objects.bulk_create(talks.values(), batch_size=1000)
    attendees = [
        attendee
        for (number, _day), talk in talks.items()
        for attendee in _attendees(talk, contacts.get((number, 0)))
    ]
    Attendee.objects.bulk_create(attendees, batch_size=1000)
    return talks


def know_events() -> None:
    """Each activity names the event by which the last contact knows of it."""
    sql.run(
        "UPDATE work_activity AS activity SET contacted = event.id FROM core_event AS event"
        " WHERE event.workspace_id = %(workspace)s AND event.name = 'customers.customer_contacted'"
        " AND event.facts->>'origin' = 'work.activity:' || activity.id"
    )


def _talk(
    luck: Random, one: PlannedCustomer, customer: Customer, people: Mapping[str, Person], day: date
) -> Activity:
    kind = weighted(luck, KINDS[one.tier])
    told = luck.choice(SHORT if kind in {"call", "mail"} else LONG)
    at = moment(day, luck.randrange(9, 18), luck.randrange(0, 60, 15))
    activity = Activity(
        customer=customer,
        kind=kind,
        happened_at=at,
        title=told.title,
        body=told.body,
        decisions=told.decisions,
        mood=weighted(luck, MOODS),
        written_by=people[one.owner],
        created_at=at,
    )
    activity.folded = folded(activity)
    return activity


def _attendees(talk: Activity, contact: Contact | None) -> Iterator[Attendee]:
    yield Attendee(activity=talk, member_id=talk.written_by_id)
    if contact:
        yield Attendee(activity=talk, contact=contact)
